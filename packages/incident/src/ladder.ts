import { ticksPerHour } from '@postern/core';
import type { Verdict } from '@postern/core';
import { isFixedAt } from './exposure.ts';
import { satisfies } from './coverage.ts';
import type { FindingDraft } from './findings.ts';
import { holds, intersect, later } from './intervals.ts';
import type { Interval } from './intervals.ts';
import type { CampaignMatter } from './matter.ts';
import { answeredShare } from './questions.ts';
import type { AskedQuestion } from './questions.ts';
import { hasIndependentPair, witnessesFor } from './witnesses.ts';
import type { Witness } from './witnesses.ts';

/** The step of the ladder that a server stands on, and what put it there. */
export interface Step {
  readonly verdict: Verdict;
  readonly atLeast?: Verdict;
  readonly witnesses: readonly Witness[];
  readonly attempts: readonly FindingDraft[];
  /** Questions whose missing answers would decide. */
  readonly undecided: readonly AskedQuestion[];
}

/** Half of the window must be seen before its silence says anything. */
const enoughShare = 0.5;
/** A hole this long in all logs that would show an attempt hides one. */
const holeHours = 6n;
/** Logs are written in batches: the last day before collection may lag. */
const tailHours = 24n;

/** Judgement section 1: the first step that its needs allow, from the worst on. */
export function stepOf(matter: CampaignMatter): Step {
  const witnesses = witnessesFor(matter.drafts, matter.server, matter.pack.id);
  const attempts = attemptsOn(matter);
  const base = { witnesses, attempts, undecided: undecidedOf(matter, attempts) };
  if (witnesses.some(({ strength }) => strength === 'direct') || hasIndependentPair(witnesses)) {
    return { ...base, verdict: 'compromised' };
  }
  if (witnesses.length > 0) return { ...base, verdict: 'likely-compromised' };
  const verdict = negativeVerdict(matter, attempts);
  const isSure = base.undecided.length === 0 && isAnswered(matter) && matter.complete;
  return isSure ? { ...base, verdict } : { ...base, verdict: 'undetermined', atLeast: verdict };
}

function negativeVerdict(matter: CampaignMatter, attempts: readonly FindingDraft[]): Verdict {
  if (attempts.length > 0) return 'attacked';
  return wasOpen(matter) ? 'exposed' : 'nothing-found';
}

/** True if a build or an answer shows that the server was open within the window. */
export function wasOpen({ exposure, window }: CampaignMatter): boolean {
  return exposure.some(
    ({ state, from, to }) =>
      state === 'vulnerable' &&
      (from === undefined || from <= window.to) &&
      (to === undefined || to >= window.from),
  );
}

/**
 * Attempts on a server: recorded on it or aimed at it. What it passed on to another one is an attempt on itself too.
 * Those that came when the fix was there cannot have succeeded and still were attempts.
 */
export function attemptsOn({ drafts, server, pack }: CampaignMatter): FindingDraft[] {
  return drafts.filter(({ finding, packs }) => {
    if (finding.setAside !== undefined || !packs.includes(pack.id)) return false;
    if (finding.stage === 'attempt') return finding.recordedOn === server || finding.targets.includes(server);
    const isOther = finding.recordedOn === server && !finding.targets.includes(server);
    return (
      isOther && finding.stage === 'success' && /^(?:iis|httpproxy|httperr)/.test(finding.recorders[0] ?? '')
    );
  });
}

/**
 * Whether the logs that would show an attempt speak for enough of the window at all. Attempts that were seen change
 * nothing in that: one more may lie in what was not, and seeing one must not make the verdict milder.
 */
function isAnswered(matter: CampaignMatter): boolean {
  if (matter.isCutAway) return false;
  if (matter.window.from >= matter.window.to) return isClosedBefore(matter);
  const entry = entryQuestion(matter);
  return entry !== undefined && answeredShare(entry) >= enoughShare;
}

/** An empty window is answered only if the door was closed before the campaign; not if the evidence ends before it. */
function isClosedBefore({ evidence, window }: CampaignMatter): boolean {
  return evidence === undefined || evidence.to > window.from;
}

function undecidedOf(matter: CampaignMatter, attempts: readonly FindingDraft[]): AskedQuestion[] {
  const entry = entryQuestion(matter);
  const isOpen = entry !== undefined && (answeredShare(entry) < enoughShare || hasHole(matter, entry));
  const open = attempts.flatMap((draft) => unansweredFor(matter, draft));
  return [...new Set([...open, ...(isOpen ? [entry] : [])])];
}

/** The success questions that are not covered at the time of some request of this finding. */
function unansweredFor(matter: CampaignMatter, { finding, sightings }: FindingDraft): AskedQuestion[] {
  const questions = successQuestions(matter);
  if (questions.length === 0) return matter.questions.slice(0, 1);
  const cves = matter.pack.campaign.cves.filter(
    (cve) => finding.cves.includes(cve) && questions.some((q) => q.cve === cve),
  );
  const [entry] =
    cves.length > 0 ? cves : matter.pack.campaign.cves.filter((cve) => questions.some((q) => q.cve === cve));
  const asked = questions.filter(({ cve }) => cve === entry);
  return asked.filter((question) =>
    sightings.some(({ time }) => {
      if (time === undefined) return true;
      const wasFixed = finding.cves.length > 0 && isFixedAt(matter.exposure, finding.cves, time);
      return !wasFixed && !holds(question.answered, time);
    }),
  );
}

function successQuestions({ questions }: CampaignMatter): AskedQuestion[] {
  return questions.filter(({ question }) => question === 'success');
}

/** The attempt question of the campaign's first CVE that has one: the door that all else comes through. */
export function entryQuestion({ pack, questions }: CampaignMatter): AskedQuestion | undefined {
  const asked = questions.filter(({ question }) => question === 'attempt');
  for (const cve of pack.campaign.cves) {
    const found = asked.find((question) => question.cve === cve);
    if (found !== undefined) return found;
  }
  return asked[0];
}

/** A hole in what would show an attempt, inside of what the evidence spans; at its beginning only one that somebody made. */
function hasHole(matter: CampaignMatter, { missing, asked, want }: AskedQuestion): boolean {
  const { evidence, views, server } = matter;
  const inside = evidence === undefined ? [] : intersect(missing, [evidence]);
  const families = want.anyOf.flat();
  const removed = views
    .filter((view) => view.server === server && families.some((family) => satisfies(family, view.family)))
    .flatMap(({ gaps }) => gaps.filter(({ cause }) => cause === 'removed-or-cleared' || cause === 'damaged'));
  return inside.some((hole) => {
    if (removed.some((gap) => intersect([hole], [gap]).length > 0)) return true;
    return !isHead(hole, asked, missing) && isLong(hole, asked);
  });
}

/** Before the first log of all alternatives begins: the beginning of the evidence, not a hole in it. */
function isHead(hole: Interval, asked: Interval, missing: readonly Interval[]): boolean {
  const [first] = missing;
  return first !== undefined && first.from === asked.from && later(first.from, hole.from) < first.to;
}

function isLong(hole: Interval, asked: Interval): boolean {
  const hours = (hole.to - hole.from) / ticksPerHour;
  return hole.to >= asked.to ? hours >= tailHours : hours >= holeHours;
}
