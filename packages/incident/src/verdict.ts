import { compareText } from '@postern/core';
import type { CampaignVerdict, Confidence, Finding, Limit, Verdict, Window } from '@postern/core';
import { cutToAsked } from './asked.ts';
import type { FindingDraft } from './findings.ts';
import { compareTimes, intersect, toWindow } from './intervals.ts';
import { entryQuestion, stepOf, wasOpen } from './ladder.ts';
import type { Step } from './ladder.ts';
import { limitsOf } from './limit-texts.ts';
import type { CampaignMatter } from './matter.ts';
import { toExposure } from './exposure.ts';
import { say } from './messages.ts';
import { groupBy } from './ordered.ts';
import { answeredShare } from './questions.ts';
import { wouldChange } from './would-change.ts';
import { areIndependent } from './witnesses.ts';

/** Findings that a verdict names as its reasons. */
const reasonsListed = 20;

/** The verdict of one pack on one server, with its reasons, what speaks against it, its limits and what would change it. */
export function judgeCampaign(matter: CampaignMatter, more: readonly Limit[]): CampaignVerdict {
  const step = stepOf(matter);
  const window = spokenFor(matter, step.verdict);
  return {
    pack: matter.pack.id,
    verdict: step.verdict,
    ...(step.atLeast === undefined ? {} : { atLeast: step.atLeast }),
    confidence: confidenceOf(matter, step),
    door: matter.door,
    because: becauseOf(step),
    against: againstOf(matter, step),
    limits: [...limitsOf(matter, step), ...reviewLimit(matter, step), ...more],
    wouldChange: wouldChange(matter, step),
    exposure: matter.exposure.map((span) => toExposure(span)),
    ...(window === undefined ? {} : { window }),
  };
}

/** Judgement section 1: by witnesses for the positive verdicts, by coverage for the negative ones. */
export function confidenceOf(matter: CampaignMatter, { verdict, witnesses }: Step): Confidence {
  if (verdict === 'compromised' || verdict === 'likely-compromised') {
    const direct = witnesses.filter(({ strength }) => strength === 'direct');
    if (direct.some((one) => witnesses.some((other) => areIndependent(one, other)))) return 'high';
    return verdict === 'compromised' ? 'moderate' : 'low';
  }
  if (verdict === 'undetermined') return 'low';
  const entry = entryQuestion(matter);
  const share =
    (entry === undefined ? (matter.window.from >= matter.window.to ? 1 : 0) : answeredShare(entry)) *
    askedShare(matter);
  return share >= 0.95 ? 'high' : share >= 0.75 ? 'moderate' : 'low';
}

/** Who asks for three days of a campaign has seen three days of it, however well. */
function askedShare({ whole, window }: CampaignMatter): number {
  const all = whole.to - whole.from;
  return all <= 0n ? 1 : Number(window.to - window.from) / Number(all);
}

/**
 * The strongest first: direct before indirect, then in the order of time; of each act one before the second of any, so
 * that a hundred records of one act do not hide the only one of another.
 */
function becauseOf({ witnesses, attempts }: Step): string[] {
  const rank = ({ finding }: FindingDraft): number => (finding.witness === 'direct' ? 0 : 1);
  const compare = (a: FindingDraft, b: FindingDraft): number =>
    rank(a) - rank(b) || compareTimes(a.first, b.first) || compareText(a.finding.id, b.finding.id);
  const drafts = (witnesses.length > 0 ? witnesses.map(({ draft }) => draft) : attempts).toSorted(compare);
  const byAct = [...groupBy(drafts, ({ finding }) => finding.act).values()];
  const first = byAct.flatMap(([strongest]) => strongest ?? []);
  const rest = drafts.filter((draft) => !first.includes(draft));
  return [...first, ...rest].slice(0, reasonsListed).map(({ finding }) => finding.id);
}

function againstOf(matter: CampaignMatter, step: Step): string[] {
  return step.witnesses.length > 0 ? againstPositive(matter, step) : againstNegative(matter, step);
}

/** What a page or a packed file of the organisation's own would look like too. */
const mayBeOwn = /^(?:page-(?:written|content|used|compiled)|archive-(?:staged|fetched))$/;

function againstPositive(matter: CampaignMatter, { witnesses, attempts, verdict }: Step): string[] {
  const against: string[] = [];
  const entry = entryQuestion(matter);
  const sawRequests = witnesses.some(({ records }) =>
    records.some(({ recorder }) => /^(?:iis|http)/.test(recorder)),
  );
  if (attempts.length === 0 && !sawRequests && entry !== undefined && answeredShare(entry) >= 0.5)
    against.push(say('against.no-attempt'));
  const use = matter.questions.filter(({ question }) => question === 'use');
  const unused = matter.implants.length > 0 && matter.implants.every((implant) => implant.use.count === 0);
  if (unused && use.some((question) => answeredShare(question) >= 0.5)) against.push(say('against.no-use'));
  if (!sawRequests && entry !== undefined && answeredShare(entry) === 0)
    against.push(say('against.host-only'));
  const allMayBeOwn = witnesses.every(({ draft }) => mayBeOwn.test(draft.finding.act));
  if (verdict === 'likely-compromised' && allMayBeOwn && attempts.length === 0)
    against.push(say('against.own-files'));
  return against;
}

function againstNegative(matter: CampaignMatter, { verdict, attempts }: Step): string[] {
  const against: string[] = [];
  if (verdict !== 'exposed' && wasOpen(matter)) against.push(say('against.exposed'));
  if (attempts.some(({ finding }) => finding.flawProved === true)) against.push(say('against.proved'));
  const leads = matter.drafts.filter(
    ({ finding }) =>
      finding.witness === 'lead' &&
      finding.stage !== 'attempt' &&
      finding.recordedOn === matter.server &&
      isHigh(finding.rule.level),
  );
  return [
    ...against,
    ...leads
      .toSorted((a, b) => compareLeads(a.finding, b.finding))
      .map(({ finding }) => finding.id)
      .slice(0, reasonsListed),
  ];
}

/** The gravest first, then the oldest: a screen has room for three. */
function compareLeads(a: Finding, b: Finding): number {
  return (
    highLevels.indexOf(a.rule.level) - highLevels.indexOf(b.rule.level) ||
    compareText(a.first ?? '~', b.first ?? '~') ||
    compareText(a.id, b.id)
  );
}

const highLevels: readonly string[] = ['critical', 'high', 'medium'];

function isHigh(level: string): boolean {
  return highLevels.includes(level);
}

/** What the verdict speaks for: what was seen; for the negative ones only inside the campaign's window. */
function spokenFor(matter: CampaignMatter, verdict: Verdict): Window | undefined {
  const { window } = matter;
  const evidence = matter.evidence === undefined ? undefined : cutToAsked(matter.evidence, matter.asked);
  if (verdict === 'compromised' || verdict === 'likely-compromised')
    return evidence === undefined ? undefined : toWindow(evidence);
  const answered =
    entryQuestion(matter)?.answered ?? (evidence === undefined ? [] : intersect([evidence], [window]));
  const [first, last] = [answered[0], answered.at(-1)];
  return first === undefined || last === undefined ? undefined : toWindow({ from: first.from, to: last.to });
}

/** The verdict before the rulings of people, where they change it. */
function reviewLimit(matter: CampaignMatter, step: Step): Limit[] {
  if (!matter.drafts.some(({ asideByReview }) => asideByReview)) return [];
  const drafts = matter.drafts.map((draft) => (draft.asideByReview ? withoutReview(draft) : draft));
  const { verdict } = stepOf({ ...matter, drafts });
  return verdict === step.verdict ? [] : [{ text: say('limit.review', { verdict }), coverageRef: 'review' }];
}

function withoutReview(draft: FindingDraft): FindingDraft {
  const { setAside: _, ...finding } = draft.finding;
  return { ...draft, finding };
}
