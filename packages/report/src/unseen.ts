import type { Assessment, CampaignVerdict, FamilyCoverage, Gap, Limit, Server } from '@postern/core';
import { counted, daysOf, humanDates, span } from './dates.ts';
import { groupBy } from './groups.ts';
import { isIntrusion } from './headline.ts';
import { tellingPaths } from './paths.ts';
import { familyTitles, recorderName } from './recorders.ts';
import { fill, words } from './words.ts';

/** Something that could not be seen, and what that leaves open. */
export interface Unseen {
  readonly what: string;
  readonly weakens: string;
}

type Weakness = keyof typeof words.weakens;

/** What the silence of a recorder leaves open, by the beginning of its name. */
const weaknessOf: readonly (readonly [prefix: string, weakness: Weakness])[] = [
  ['windows:', 'run'],
  ['ews', 'done'],
  ['admin-audit', 'done'],
  ['rps', 'done'],
  ['oab', 'done'],
  ['file', 'pages'],
  ['httpproxy', 'entry'],
  ['iis', 'entry'],
  ['httperr', 'entry'],
  ['ecp', 'entry'],
];

interface Matter {
  readonly families: readonly FamilyCoverage[];
  readonly titles: ReadonlyMap<string, string>;
  readonly campaign: CampaignVerdict;
  readonly firstWitness: string | undefined;
  readonly yearSaid: string | undefined;
}

/**
 * The limits of a verdict for people, in the order of the assessment, the most important first: families that are silent
 * for the same days or not there at all are said together, with what that leaves open. Limits of single questions follow
 * from these and are left to the report, unless there are no others; the presumption stands with the verdict.
 */
export function unseenOf(
  assessment: Assessment,
  server: Server,
  campaign: CampaignVerdict,
  yearSaid: string | undefined,
): readonly Unseen[] {
  const matter = {
    families: assessment.coverage.families.filter((family) => family.server === server.id),
    titles: familyTitles(assessment),
    campaign,
    firstWitness: firstWitnessOf(assessment, campaign),
    yearSaid,
  };
  const limits = campaign.limits.filter(
    ({ coverageRef }) => coverageRef !== 'presumption' && coverageRef !== 'review',
  );
  const told = limits.filter((limit) => !isQuestion(limit));
  const said = (told.length > 0 ? told : limits).map((limit) => unseenBy(limit, matter));
  return [...groupBy(said, ({ what }) => what).values()].flatMap((same) => same.slice(0, 1));
}

/** The presumption of every undetermined verdict, if it is among the limits. */
export function presumptionOf({ limits }: CampaignVerdict): string | undefined {
  return limits.find(({ coverageRef }) => coverageRef === 'presumption')?.text;
}

/** What people ruled on this server, and what the verdict would be without that; undefined where they ruled nothing. */
export function rulingsOf(
  { findings }: Assessment,
  server: Server,
  { limits }: CampaignVerdict,
): string | undefined {
  const ruled = findings.filter(({ review, recordedOn }) => review !== undefined && recordedOn === server.id);
  const without = limits.find(({ coverageRef }) => coverageRef === 'review')?.text;
  if (ruled.length === 0) return without;
  return fill(words.ruled, {
    findings: counted(ruled.length, 'finding', 'findings'),
    verdict: without ?? words.ruledSame,
  });
}

function isQuestion({ coverageRef }: Limit): boolean {
  return /^(?:attempt|success|use):/.test(coverageRef);
}

function firstWitnessOf({ findings }: Assessment, { because }: CampaignVerdict): string | undefined {
  const times = findings.filter(({ id }) => because.includes(id)).flatMap(({ first }) => first ?? []);
  return times.toSorted()[0];
}

function unseenBy(limit: Limit, matter: Matter): Unseen {
  const own = matter.families.filter(({ family }) => family === limit.coverageRef);
  const [family] = own;
  const text = tellingPaths(humanDates(limit.text, matter.yearSaid));
  if (family === undefined) return { what: text, weakens: '' };
  if (family.first === undefined && family.covered.length === 0) return absence(family, matter);
  const gap = family.gaps.find((each) => {
    const { from, to } = daysOf(each);
    return limit.text.includes(from.slice(0, 10)) && limit.text.includes(to.slice(0, 10));
  });
  return gap === undefined ? { what: text, weakens: '' } : silence(gap, matter);
}

/** All families that are not there and whose absence leaves the same open. */
function absence(family: FamilyCoverage, matter: Matter): Unseen {
  const weakness = weaknessBy(family.family);
  const alike = matter.families.filter(
    (other) => other.state === 'absent' && weaknessBy(other.family) === weakness,
  );
  const isAllEvents =
    weakness === 'run' && !matter.families.some((other) => isSeen(other) && isEvents(other));
  const who = isAllEvents ? words.eventLogs : names(alike.length > 0 ? alike : [family], matter);
  return { what: `${who}: ${absentText(family)}`, weakens: weakensText(weakness, undefined, matter) };
}

/** Why nothing is there of a family: it was not collected, or the run did not come to it. */
export function absentText({ gaps }: FamilyCoverage): string {
  return gaps.some(({ cause }) => cause === 'not-read') ? words.absentUnread : words.absent;
}

function isSeen({ first }: FamilyCoverage): boolean {
  return first !== undefined;
}

function isEvents({ family }: FamilyCoverage): boolean {
  return family.startsWith('windows:');
}

/** All families that are silent in the same days for the same cause. */
function silence(gap: Gap, matter: Matter): Unseen {
  const alike = matter.families.filter(({ gaps }) => gaps.some((other) => isSameGap(gap, other)));
  const weaknesses = alike.map(({ family }) => weaknessBy(family));
  const weakness = weaknesses.includes('entry') ? 'entry' : (weaknesses[0] ?? 'none');
  const when = span(daysOf(gap), matter.yearSaid);
  if (gap.recorded === true)
    return { what: `${names(alike, matter)} ${when}: ${words.downRecorded}`, weakens: '' };
  return {
    what: `${names(alike, matter)} ${when}: ${words.gap[gap.cause]}`,
    weakens: weakensText(weakness, gap, matter),
  };
}

function isSameGap(a: Gap, b: Gap): boolean {
  const [one, other] = [daysOf(a), daysOf(b)];
  return a.cause === b.cause && a.recorded === b.recorded && one.from === other.from && one.to === other.to;
}

function weaknessBy(family: string): Weakness {
  return weaknessOf.find(([prefix]) => family.startsWith(prefix))?.[1] ?? 'none';
}

/** Who is known to have come in may have come before; where nobody is, somebody may have. */
function weakensText(weakness: Weakness, gap: Gap | undefined, matter: Matter): string {
  if (weakness !== 'entry') return words.weakens[weakness];
  const { firstWitness, campaign } = matter;
  const isEarlier = gap === undefined || (firstWitness !== undefined && gap.to <= firstWitness);
  return isIntrusion(campaign) && isEarlier ? words.weakens.earlierEntry : words.weakens.entry;
}

const namesShown = 3;

/** Few by name; many channels are "event logs". Of what is there in part the part is named: no back end is not no IIS. */
function names(families: readonly FamilyCoverage[], { titles, families: every }: Matter): string {
  const channels = families.filter(isEvents);
  const others = families.filter((family) => !isEvents(family) || channels.length <= namesShown);
  const seen = new Set(every.filter(isSeen).map(({ family }) => recorderName(family, titles)));
  const nameOf = (one: FamilyCoverage): string => {
    const name = recorderName(one.family, titles);
    return !isSeen(one) && seen.has(name) ? one.title : name;
  };
  const all = [...new Set(others.map(nameOf))];
  const shown =
    all.length > namesShown + 1 ? [...all.slice(0, namesShown), `${all.length - namesShown} more`] : all;
  const grouped = channels.length > namesShown ? [`${channels.length} ${words.eventLogs}`] : [];
  return [...shown, ...grouped].join(', ');
}
