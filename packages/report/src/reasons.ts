import {
  compareText,
  type Assessment,
  type CampaignVerdict,
  type Finding,
  type Implant,
  type Server,
  type Time,
} from '@postern/core';
import { amountText, countText, day, moment, span, times } from './dates.ts';
import { groupBy } from './groups.ts';
import { defang } from './harmless.ts';
import { implantsOf, nameOf, stateText } from './headline.ts';
import { outline, telling } from './paths.ts';
import { familyTitles, recorderNames } from './recorders.ts';
import { fill, words } from './words.ts';

/** One line of *why*: an act, told by its strongest finding, or a back door with all that is known of it. */
export interface Reason {
  /** Its place in the list of all reasons: the report has it under the same number. */
  readonly number: number;
  readonly first?: Time;
  readonly last?: Time;
  /** `28 Feb 03:14:07` or `3–11 Mar`; empty where no time is known. */
  readonly when: string;
  readonly text: string;
  /** `HttpProxy + ECP`. */
  readonly recorders: string;
  /** Ids of what it stands for, the first one the strongest. */
  readonly refs: readonly string[];
  /** The lower, the more it says: what is left out first where there is no room. */
  readonly rank: number;
}

interface Matter {
  readonly assessment: Assessment;
  readonly titles: ReadonlyMap<string, string>;
  readonly yearSaid: string | undefined;
  /** Nothing witnesses directly that somebody got in: a page that nobody knows is not called more than that. */
  readonly isLikely: boolean;
}

/**
 * Why the verdict is what it is, in the order of time: one line per act and one per back door, which takes the place of
 * the findings it is made of. The same list, with the same numbers, stands in the report.
 */
export function reasonsOf(
  assessment: Assessment,
  server: Server,
  campaign: CampaignVerdict,
  yearSaid: string | undefined,
): readonly Reason[] {
  const isLikely = campaign.verdict === 'likely-compromised';
  const matter = { assessment, titles: familyTitles(assessment), yearSaid, isLikely };
  const byId = new Map(assessment.findings.map((finding) => [finding.id, finding]));
  const implants = implantsOf(assessment, server.id);
  const told = new Set(implants.flatMap(({ findings }) => findings));
  const counted = campaign.because.flatMap((id) => byId.get(id) ?? []);
  const byAct = groupBy(
    counted.filter(({ id }) => !told.has(id)),
    ({ act, id }) => (act === '' ? id : act),
  );
  return [
    ...[...byAct.values()].map((findings) => actReason(findings, server, matter)),
    ...implants
      .toSorted((a, b) => b.uses - a.uses)
      .map((implant, i) => implantReason(implant, byId, matter, implantRanks[i] ?? lastRank)),
  ]
    .toSorted((a, b) => compareText(a.first ?? '~', b.first ?? '~') || compareText(a.text, b.text))
    .map((reason, i) => ({ ...reason, number: i + 1 }));
}

type Unnumbered = Omit<Reason, 'number'>;

/** The most telling so many of them, still in the order of time. */
export function strongestReasons(reasons: readonly Reason[], count: number): readonly Reason[] {
  const chosen = new Set(reasons.toSorted((a, b) => a.rank - b.rank).slice(0, count));
  return reasons.filter((reason) => chosen.has(reason));
}

function actReason(findings: readonly Finding[], server: Server, matter: Matter): Unnumbered {
  const [strongest] = findings.toSorted(
    (a, b) => strengthOf(a) - strengthOf(b) || a.rule.title.length - b.rule.title.length,
  );
  const same = findings.filter(({ rule }) => rule.id === strongest?.rule.id);
  const count = same.reduce((sum, finding) => sum + finding.count, 0);
  const first = findings.flatMap((finding) => finding.first ?? []).toSorted()[0];
  const last = findings
    .flatMap((finding) => finding.last ?? [])
    .toSorted()
    .at(-1);
  return {
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
    when: whenOf(first, last, matter.yearSaid),
    text: actText(strongest, count, matter.assessment) + aimText(strongest, server, matter.assessment),
    recorders: recorderNames(findings.flatMap(({ recorders }) => recorders).slice(0, 3), matter.titles),
    refs: [...new Set([...(strongest === undefined ? [] : [strongest.id]), ...findings.map(({ id }) => id)])],
    rank: strongest === undefined ? 99 : rankOf(strongest, findings, matter),
  };
}

/** How they got in, what left the server, what was run on it, whose secrets were copied: what the reader will be asked. */
const askedFor: ReadonlyMap<string, number> = new Map([
  ['session', 0.9],
  ['shell-process', 1.2],
  ['credentials-dumped', 1.4],
]);

function rankOf(strongest: Finding, findings: readonly Finding[], matter: Matter): number {
  if (hasLeft(findings, matter)) return 1;
  const asked = strongest.witness === 'lead' ? undefined : askedFor.get(strongest.act);
  return asked ?? 2 + strengthOf(strongest);
}

function hasLeft(findings: readonly Finding[], { assessment: { impact } }: Matter): boolean {
  const ids = new Set(findings.map(({ id }) => id));
  return impact.some(({ how, findings: all }) => how === 'left' && all.some((id) => ids.has(id)));
}

const witnessRank = { direct: 0, indirect: 10, lead: 20 } as const;
const levelRank = { critical: 0, high: 0.1, medium: 0.2, low: 0.3, informational: 0.4 } as const;
const stageRank = { success: 0, use: 1, aftermath: 2, attempt: 3, probe: 4 } as const;

function strengthOf({ witness, stage, rule }: Finding): number {
  return witnessRank[witness] + stageRank[stage] + levelRank[rule.level];
}

/** The same day: the moment it began; else the days. */
function whenOf(first: Time | undefined, last: Time | undefined, yearSaid: string | undefined): string {
  if (first === undefined) return '';
  if (last === undefined || last.slice(0, 10) === first.slice(0, 10)) return moment(first, yearSaid);
  return span({ from: first, to: last }, yearSaid);
}

/** The rule's title without the log it names, which the recorder says; archives with their size. */
function actText(finding: Finding | undefined, count: number, assessment: Assessment): string {
  if (finding === undefined) return '';
  const title = finding.rule.title.replace(/ \((?:[^()]*\blog|IIS|HttpProxy|listing|Security \d+)\)$/, '');
  if (finding.act.startsWith('archive')) return archiveText(title, finding, assessment);
  return count > 1 ? `${title}, ${times(count)}` : title;
}

/** What a server passed on to another was done to that one. */
function aimText(finding: Finding | undefined, server: Server, { servers }: Assessment): string {
  if (finding === undefined || finding.targets.length === 0 || finding.targets.includes(server.id)) return '';
  const names = servers.filter(({ id }) => finding.targets.includes(id)).map(nameOf);
  return names.length === 0 ? '' : fill(words.aimedAt, { name: names.join(', ') });
}

function archiveText(title: string, finding: Finding, { impact }: Assessment): string {
  const taken = impact.find(
    ({ findings, kind }) => (kind === 'archive' || kind === 'file') && findings.includes(finding.id),
  );
  // A command's own path is no archive.
  const named = [...finding.entities.paths, ...finding.entities.urls].find(
    (each) => !/\.(?:exe|com|dll)$/i.test(each),
  );
  const what = taken?.what ?? named;
  if (what === undefined) return title;
  const bytes = taken === undefined ? '' : amountText(taken.bytes);
  return bytes === ''
    ? `${title}: ${telling(what)}`
    : fill(words.archiveOf, { title, what: telling(what), bytes });
}

/** The most used back door goes before all, the next one after the way in and what left; more of them only make it longer. */
const implantRanks = [0, 1.1];
const lastRank = 1.6;

function implantReason(
  implant: Implant,
  byId: ReadonlyMap<string, Finding>,
  matter: Matter,
  rank: number,
): Unnumbered {
  const findings = implant.findings.flatMap((id) => byId.get(id) ?? []);
  // Where nobody knows since when it was there, the first record of it: when it was found, removed or asked for.
  const known = implant.placedAt?.time ?? implant.firstUsedAt;
  const first = known ?? findings.flatMap((finding) => finding.first ?? []).toSorted()[0];
  const kinds = findings.flatMap(({ recorders }) => recorders);
  return {
    ...(first === undefined ? {} : { first }),
    ...(implant.lastUsedAt === undefined ? {} : { last: implant.lastUsedAt }),
    when: first === undefined ? '' : moment(first, matter.yearSaid),
    text: implantText(implant, matter.yearSaid, {
      recorders: kinds,
      isUnknown: matter.isLikely && isOnlyUnknown(implant, findings),
    }),
    recorders: recorderNames(kinds, matter.titles),
    refs: [implant.id, ...implant.findings],
    rank,
  };
}

/** A name and requests are all that is known of it: neither its content nor a scanner says what it is. */
function isOnlyUnknown({ kind, traits, family }: Implant, findings: readonly Finding[]): boolean {
  const isNamed = findings.every(({ act }) =>
    /^page-(?:written|used|seen|probed|gone|removed|compiled)$/.test(act),
  );
  return kind === 'web-shell' && traits.length === 0 && family === undefined && isNamed;
}

/** `web shell owa\auth\Kw3pQz8a.aspx, still there, used 214 times 4–9 Mar`. */
export function implantText(
  implant: Implant,
  yearSaid: string | undefined,
  { recorders = [], isUnknown = false }: { recorders?: readonly string[]; isUnknown?: boolean } = {},
): string {
  const name = telling(implant.path ?? implant.url ?? implant.family ?? '');
  const use = useText(implant, yearSaid);
  const kind = isUnknown ? words.unknownPage : words.implantKind[implant.kind];
  return [`${kind} ${name}`.trim(), stateText(implant, recorders), use]
    .filter((part) => part !== '')
    .join(', ');
}

function useText({ uses, firstUsedAt, lastUsedAt }: Implant, yearSaid: string | undefined): string {
  if (uses === 0) return '';
  if (firstUsedAt === undefined || lastUsedAt === undefined)
    return fill(words.usedAt, { times: times(uses) });
  const when = span({ from: firstUsedAt, to: lastUsedAt }, yearSaid);
  const isOneDay = firstUsedAt.slice(0, 10) === lastUsedAt.slice(0, 10);
  return fill(isOneDay ? words.usedOn : words.usedIn, { times: times(uses), when });
}

/**
 * Findings and sentences that speak against a verdict, as text; of findings with where and when, for who reads them has
 * to look there: `Remote-control content outside the web folders: IR\banner_kxmf.aspx`.
 */
export function againstTexts(
  assessment: Assessment,
  { against }: CampaignVerdict,
  yearSaid: string | undefined,
): readonly string[] {
  const byId = new Map(assessment.findings.map((finding) => [finding.id, finding]));
  const groups = groupBy(against, (each) => byId.get(each)?.rule.title ?? each);
  return [...groups].map(([text, all]) => {
    const [one] = all.flatMap((each) => byId.get(each) ?? []);
    const said = all.length > 1 ? `${text} (${countText(all.length)})` : text;
    if (one === undefined) return said;
    const where = [placeText(one), one.first === undefined ? '' : day(one.first, yearSaid)];
    const told = where.filter((part) => part !== '').join(', ');
    return told === '' ? said : `${said}: ${told}${all.length > 1 ? ' …' : ''}`;
  });
}

/** The file or page that a finding is about, if it is about one. */
export function placeText({ entities: { paths, urls }, act, setAside }: Finding): string {
  const place = paths[0] ?? urls[0];
  if (place === undefined) return '';
  const isElsewhere = act === 'page-elsewhere' || setAside !== undefined;
  return defang(isElsewhere ? outline(place) : telling(place));
}
