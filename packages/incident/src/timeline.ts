import { compareText, formatTime, parseTime, ticksPerSecond } from '@postern/core';
import type { Claim, Finding, Stage, Ticks, TimelineEntry } from '@postern/core';
import { isPrivate } from './addresses.ts';
import { isDefence } from './defence.ts';
import type { FindingDraft } from './findings.ts';
import { shown } from './findings.ts';
import type { ImplantDraft } from './implants.ts';
import { compareTimes } from './intervals.ts';
import { mayBeCourtRemoval } from './limit-texts.ts';
import { say } from './messages.ts';
import { groupBy } from './ordered.ts';

export interface TimelineMatter {
  readonly drafts: readonly FindingDraft[];
  readonly implants: readonly ImplantDraft[];
  /** Builds seen for the first time: server id, name, time. */
  readonly builds: readonly {
    readonly server: string;
    readonly name: string;
    readonly first: Ticks | undefined;
  }[];
  readonly claims: readonly Claim[];
}

/** Lanes for attackers, defenders and public statements. Statements are about the campaign, never about this server. */
export function timelineOf({ drafts, implants, builds, claims }: TimelineMatter): TimelineEntry[] {
  const told = toldByImplants(drafts, implants);
  const entries = [
    ...eventsOf(drafts.filter((draft) => !told.has(draft))).flatMap((draft) => findingEntries(draft)),
    ...implants.flatMap((implant) => implantEntries(implant)),
    ...builds.flatMap(({ server, name, first }) =>
      entry(first, 'defender', say('timeline.build', { name }), server),
    ),
    ...claims.flatMap((claim) => claimEntries(claim)),
  ];
  return entries.toSorted(
    (a, b) =>
      compareTimes(parseTime(a.time), parseTime(b.time)) ||
      compareText(a.ref, b.ref) ||
      compareText(a.title, b.title),
  );
}

/** Records of one act within this time are one event, whoever wrote them. */
const oneEvent = 60n * ticksPerSecond;

/** One finding for each event: the strongest of those of one act and target that begin at one time. */
function eventsOf(drafts: readonly FindingDraft[]): FindingDraft[] {
  const groups = groupBy(drafts, ({ finding }) =>
    JSON.stringify([finding.act === '' ? finding.id : finding.act, finding.targets, isAttack(finding)]),
  );
  return [...groups.values()].flatMap((group) => {
    const events: FindingDraft[][] = [];
    for (const draft of group.toSorted((a, b) => compareTimes(a.first, b.first))) {
      const event = events.at(-1);
      if (event?.[0] !== undefined && isSoonAfter(draft, event[0])) event.push(draft);
      else events.push([draft]);
    }
    return events.flatMap((event) => tellingOf(event));
  });
}

const stageOrder: readonly Stage[] = ['success', 'use', 'aftermath', 'attempt', 'probe'];

/** The strongest, at the time of the first. */
function tellingOf(event: readonly FindingDraft[]): FindingDraft[] {
  const rank = ({ finding }: FindingDraft): number =>
    (finding.witness === 'direct' ? 0 : 10) + stageOrder.indexOf(finding.stage);
  const [strongest] = event.toSorted((a, b) => rank(a) - rank(b) || compareTimes(a.first, b.first));
  return strongest === undefined ? [] : [{ ...strongest, first: event[0]?.first }];
}

/** Soon after, and not plainly by another visitor: what two addresses from outside did is two events. */
function isSoonAfter(draft: FindingDraft, event: FindingDraft): boolean {
  const [a, b] = [event.first, draft.first];
  if (a === undefined || b === undefined || b - a > oneEvent) return false;
  const [one, other] = [outsideOf(event), outsideOf(draft)];
  return one.length === 0 || other.length === 0 || one.some((address) => other.includes(address));
}

function outsideOf({ finding }: FindingDraft): string[] {
  return finding.entities.addresses.flatMap(({ value }) => (isPrivate(value) ? [] : [value]));
}

/** Findings that the entries of a back door's making and use tell already. */
function toldByImplants(
  drafts: readonly FindingDraft[],
  implants: readonly ImplantDraft[],
): Set<FindingDraft> {
  const byId = new Map(drafts.map((draft) => [draft.finding.id, draft]));
  return new Set(
    implants.flatMap(({ group, placed, use }) =>
      group.findings
        .flatMap((id) => byId.get(id) ?? [])
        .filter(({ finding: { act }, first }) => {
          if (act === 'page-used') return use.count > 0;
          const isMaking = act === 'page-content' || act === 'page-written';
          const apart = first === undefined || placed === undefined ? undefined : first - placed.time;
          return isMaking && apart !== undefined && apart <= oneEvent && apart >= -oneEvent;
        }),
    ),
  );
}

function entry(
  time: Ticks | undefined,
  lane: TimelineEntry['lane'],
  title: string,
  ref: string,
): TimelineEntry[] {
  return time === undefined ? [] : [{ time: formatTime(time), lane, title, ref }];
}

function findingEntries({ finding, first }: FindingDraft): TimelineEntry[] {
  if (isDefenders(finding)) return entry(first, 'defender', finding.rule.title, finding.id);
  return isAttack(finding) ? entry(first, 'attacker', finding.rule.title, finding.id) : [];
}

function isDefenders({ act, recorders }: Finding): boolean {
  return isDefence(act) || recorders.some((recorder) => /Windows Defender/i.test(recorder));
}

function isAttack(finding: Finding): boolean {
  return !isDefenders(finding) && finding.setAside === undefined && finding.witness !== 'lead';
}

function implantEntries({ id, name, placed, use, removed, state }: ImplantDraft): TimelineEntry[] {
  const title = shown(name);
  const court =
    state !== 'present' && mayBeCourtRemoval(use.count, use.first)
      ? entry(use.first, 'defender', say('timeline.court', { name: title }), id)
      : [];
  return [
    ...entry(placed?.time, 'attacker', say('timeline.placed', { name: title }), id),
    ...(use.count > 0 ? entry(use.first, 'attacker', say('timeline.used', { name: title }), id) : []),
    ...entry(removed, 'defender', say('timeline.removed', { name: title }), id),
    ...court,
  ];
}

/** Statements on other matters stand in the ledger, for comparison, and on no time line of this campaign. */
function claimEntries({
  id,
  date,
  datePrecision,
  claimant,
  statement,
  status,
  about,
}: Claim): TimelineEntry[] {
  if (status !== 'published' || datePrecision !== 'day' || about.scope === 'other') return [];
  return [{ time: date, lane: 'statement', title: say('timeline.claim', { claimant, statement }), ref: id }];
}
