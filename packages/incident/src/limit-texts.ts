import { formatTime, minTime, ticksPerDay } from '@postern/core';
import type { Limit, Ticks } from '@postern/core';
import { askedText, cutToAsked } from './asked.ts';
import { daysOf, holds, lengthOf } from './intervals.ts';
import { entryQuestion } from './ladder.ts';
import type { Step } from './ladder.ts';
import type { CampaignMatter } from './matter.ts';
import { say } from './messages.ts';
import type { MessageKey } from './messages.ts';
import { groupBy, sorted } from './ordered.ts';
import { answeredShare } from './questions.ts';
import { satisfies } from './coverage.ts';
import type { FamilyView } from './coverage.ts';
import type { SeenGap } from './gaps.ts';

/** Families named in one limit; more are counted. */
const titlesListed = 3;

/** What could not be seen and what it weakens, the most suspicious first. */
export function limitsOf(matter: CampaignMatter, step: Step): Limit[] {
  return [
    ...presumption(matter, step),
    ...askedLimit(matter),
    ...(matter.complete ? [] : [{ text: say('limit.incomplete'), coverageRef: 'run' }]),
    ...entryLimit(matter, step),
    ...gapLimits(matter),
    ...absentLimits(matter),
    ...questionLimits(matter),
    ...courtLimits(matter),
    ...heldLimit(matter, step),
  ];
}

/** Judgement section 1: carried by every *undetermined*. */
function presumption({ door }: CampaignMatter, { verdict }: Step): Limit[] {
  if (verdict !== 'undetermined' || door.duringCampaign === 'closed') return [];
  return [{ text: say('limit.presumption'), coverageRef: 'presumption' }];
}

function askedLimit({ asked, outside }: CampaignMatter): Limit[] {
  if (asked === undefined) return [];
  const more = outside === 0 ? '' : ` ${say('limit.asked-more', { count: outside })}`;
  return [{ text: say('limit.asked', { times: askedText(asked) }) + more, coverageRef: 'asked' }];
}

function entryLimit(matter: CampaignMatter, { verdict, witnesses, attempts }: Step): Limit[] {
  if (verdict !== 'compromised' && verdict !== 'likely-compromised') return [];
  const sawEntry =
    attempts.length > 0 ||
    witnesses.some(
      ({ draft }) => draft.finding.stage === 'success' && draft.finding.recorders.some((r) => r !== 'file'),
    );
  if (sawEntry) return [];
  const first = witnesses.reduce<Ticks | undefined>(
    (time, { draft }) => minTime(time, draft.first),
    undefined,
  );
  const text = say(hasLogsOfEntry(matter, first) ? 'limit.entry-unseen' : 'limit.entry-unknown');
  return [{ text, coverageRef: matter.pack.campaign.cves[0] ?? matter.pack.id }];
}

/** The logs that would show the way in are there: of the first sign, or of most of the time where it has no time. */
function hasLogsOfEntry(matter: CampaignMatter, first: Ticks | undefined): boolean {
  const entry = entryQuestion(matter);
  if (entry === undefined) return false;
  return first === undefined ? answeredShare(entry) >= 0.5 : holds(entry.answered, first);
}

/** Families that the pack's questions name. */
function wantedViews({ views, server, pack }: CampaignMatter): FamilyView[] {
  const wanted = sorted(pack.wants.flatMap(({ anyOf }) => anyOf.flat()));
  return views.filter(
    (view) => view.server === server && wanted.some((family) => satisfies(family, view.family)),
  );
}

const causeOrder = [
  'removed-or-cleared',
  'damaged',
  'not-read',
  'unknown',
  'trimmed',
  'not-collected',
  'server-down',
  'server-down-recorded',
  'no-traffic',
] as const;

function causeWord({ cause, isRecorded }: SeenGap): string {
  return isRecorded === true ? `${cause}-recorded` : cause;
}

/** One sentence per cause and days, families with the same gap together. */
function gapLimits(matter: CampaignMatter): Limit[] {
  const gaps = wantedViews(matter)
    .filter(({ first }) => first !== undefined)
    .flatMap((view) =>
      view.gaps
        .filter(({ from, to }) => from < matter.window.to && to > matter.window.from)
        .map((gap) => ({ view, gap })),
    );
  const groups = groupBy(gaps, ({ gap }) => [causeWord(gap), daysOf(gap).from, daysOf(gap).to].join('\0'));
  const ordered = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return causeOrder.flatMap((cause) =>
    ordered
      .filter(([key]) => key.startsWith(`${cause}\0`))
      .map(([key, members]): Limit => {
        const [, from = '', to = ''] = key.split('\0');
        const messageKey: MessageKey = `limit.gap.${cause}`;
        const text = say(messageKey, { title: titles(members.map(({ view }) => view.title)), from, to });
        return { text, coverageRef: members[0]?.view.family ?? cause };
      }),
  );
}

function absentLimits(matter: CampaignMatter): Limit[] {
  return wantedViews(matter)
    .filter(({ first, covered }) => first === undefined && covered.length === 0)
    .map(({ title, family, gaps }) => {
      const isUnread = gaps.some(({ cause }) => cause === 'not-read');
      return {
        text: say(isUnread ? 'limit.family-not-read' : 'limit.family-absent', { title }),
        coverageRef: family,
      };
    });
}

/** CVEs of which the same question lacks the same days stand in one sentence. */
function questionLimits({ questions }: CampaignMatter): Limit[] {
  const lacking = questions.flatMap(({ question, cve, missing, asked }) => {
    const days = Math.ceil(Number(lengthOf(missing)) / Number(ticksPerDay));
    const total = Math.ceil(Number(asked.to - asked.from) / Number(ticksPerDay));
    return days < 1 ? [] : [{ question, cve, days, total }];
  });
  const groups = groupBy(lacking, ({ question, days, total }) => `${question}\0${days}\0${total}`);
  return [...groups.values()].flatMap((group) => {
    const [one] = group;
    if (one === undefined) return [];
    const text = say('limit.question', { ...one, cve: sorted(group.map(({ cve }) => cve)).join(', ') });
    return [{ text, coverageRef: `${one.question}:${one.cve}` }];
  });
}

/** Judgement section 2: shown, never decided. */
function courtLimits({ implants }: CampaignMatter): Limit[] {
  return implants
    .filter(({ use, state }) => mayBeCourtRemoval(use.count, use.first) && state !== 'present')
    .map(({ name, id }) => ({ text: say('limit.court-removal', { name }), coverageRef: id }));
}

/** One request with data in the days of the court-authorised operation (justice.gov, 2021-04-13). */
export function mayBeCourtRemoval(uses: number, first: bigint | undefined): boolean {
  if (uses !== 1 || first === undefined) return false;
  const day = formatTime(first, 'day');
  return day >= '2021-04-09' && day <= '2021-04-13';
}

/** How long a negative verdict holds. */
function heldLimit({ evidence: all, asked }: CampaignMatter, { verdict }: Step): Limit[] {
  const evidence = all === undefined ? undefined : cutToAsked(all, asked);
  if (evidence === undefined || verdict === 'compromised' || verdict === 'likely-compromised') return [];
  return [{ text: say('limit.held', { date: formatTime(evidence.to - 1n, 'day') }), coverageRef: 'window' }];
}

function titles(all: readonly string[]): string {
  const names = sorted(all);
  const rest = names.length - titlesListed;
  return rest > 0 ? `${names.slice(0, titlesListed).join(', ')} +${rest}` : names.join(', ');
}
