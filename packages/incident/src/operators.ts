import { compareText, formatTime, limits, maxTime, minTime, stableId } from '@postern/core';
import type { Amount, Operator, OperatorAction, OperatorKind, Operators, Ticks } from '@postern/core';
import { foldAgent } from './entities.ts';
import { shown } from './findings.ts';
import type { FindingDraft } from './findings.ts';
import type { VisitorGroup } from './grouping.ts';
import { groupVisitors, visitorSightings } from './grouping.ts';
import type { ImplantDraft, ImplantHands } from './implants.ts';
import { compareTimes } from './intervals.ts';
import { say } from './messages.ts';
import { groupBy, push, sorted } from './ordered.ts';
import type { Proxies } from './proxies.ts';
import { isWitness } from './sighting.ts';
import type { Sighting } from './sighting.ts';

/** A visitor with a kind, an id, and its back doors. */
export interface OperatorDraft {
  readonly id: string;
  readonly kind: OperatorKind;
  readonly group: VisitorGroup;
  readonly placed: readonly string[];
  readonly used: readonly string[];
}

export interface OperatorsDraft {
  readonly atLeast: number;
  readonly atMost: number;
  readonly basis: string;
  readonly list: readonly OperatorDraft[];
}

/** Visitors that are no intruders and are listed one by one; more are only counted in findings. */
const othersListed = 100;
const minutes = 600_000_000n;
/** A request this long before a file appears may have made it: the runs seen took 13 seconds and nine minutes. */
const before = 15n * minutes;
const after = 2n * minutes;

/** Judgement section 7: groupings with reasons, and a range for their number. */
export function draftOperators(
  drafts: readonly FindingDraft[],
  implants: readonly ImplantDraft[],
  proxies: Proxies,
): OperatorsDraft {
  const groups = groupVisitors(visitorSightings(drafts, proxies), proxies);
  const placers = placersOf(groups, implants);
  const all = groups.map((group) => draftOf(group, implants, placers.get(group) ?? []));
  const intruders = all.filter(({ kind }) => kind === 'intruder').toSorted(compareDrafts);
  const others = all
    .filter(({ kind }) => kind !== 'intruder')
    .toSorted(compareDrafts)
    .slice(0, othersListed);
  const cameIn = drafts.some(({ sightings }) => sightings.some((s) => isIntrusion(s)));
  if (intruders.length === 0 && cameIn)
    return { ...nameless(drafts), list: [namelessDraft(drafts), ...others] };
  const isHidden = intruders.some(({ group }) => group.isHidden);
  const atLeast = certainlyApart(intruders);
  const atMost = intruders.reduce((sum, { group }) => sum + profilesOf(group), 0);
  const key = isHidden
    ? 'operators.proxy'
    : intruders.length === 0
      ? 'operators.none'
      : atLeast === atMost
        ? 'operators.exact'
        : 'operators.range';
  return { atLeast, atMost, basis: say(key), list: [...intruders, ...others] };
}

/** Who placed and who used each back door. */
export function handsOf(list: readonly OperatorDraft[]): ImplantHands {
  const placedBy = new Map<string, string>();
  const usedBy = new Map<string, string[]>();
  for (const { id, placed, used } of list) {
    for (const implant of placed) placedBy.set(implant, id);
    for (const implant of new Set([...placed, ...used])) push(usedBy, implant, id);
  }
  return { placedBy, usedBy };
}

function isIntrusion(sighting: Sighting): boolean {
  const { stage } = sighting.rule;
  return isWitness(sighting) && (stage === 'success' || stage === 'use' || stage === 'aftermath');
}

function draftOf(
  group: VisitorGroup,
  implants: readonly ImplantDraft[],
  placed: readonly string[],
): OperatorDraft {
  const own = new Set(group.sightings);
  const used = implants
    .filter(({ group: { sightings } }) => sightings.some((s) => own.has(s) && s.implant?.event === 'used'))
    .map(({ id }) => id);
  const main = group.addresses[0] === undefined ? group.agents[0] : firstAddress(group);
  return { id: stableId('operator', [main ?? 'unknown']), kind: kindOf(group, placed), group, placed, used };
}

function firstAddress({ sightings, addresses }: VisitorGroup): string | undefined {
  return (
    sightings.find(({ entities }) => entities.addresses.length > 0)?.entities.addresses[0]?.value ??
    addresses[0]
  );
}

function kindOf({ sightings }: VisitorGroup, placed: readonly string[]): OperatorKind {
  if (placed.length > 0 || sightings.some((s) => isIntrusion(s))) return 'intruder';
  const visitor = sightings.find((s) => s.visitor !== undefined)?.visitor;
  if (visitor !== undefined) return visitor;
  return sightings.every(({ rule }) => rule.stage === 'probe') ? 'scanner' : 'unknown';
}

/** The one visitor whose request stands next to the making of a back door; of several none is named. */
function placersOf(
  groups: readonly VisitorGroup[],
  implants: readonly ImplantDraft[],
): ReadonlyMap<VisitorGroup, readonly string[]> {
  const placers = new Map<VisitorGroup, string[]>();
  for (const implant of implants) {
    const named = groups.filter(({ sightings }) =>
      sightings.some((s) => s.implant?.event === 'placed' && implant.group.sightings.includes(s)),
    );
    const near = named.length > 0 ? named : nearest(groups, implant);
    if (near.length === 1 && near[0] !== undefined) push(placers, near[0], implant.id);
  }
  return placers;
}

function nearest(
  groups: readonly VisitorGroup[],
  { placed, group: { server } }: ImplantDraft,
): VisitorGroup[] {
  if (placed === undefined) return [];
  const isNear = (s: Sighting): boolean =>
    s.time !== undefined &&
    (s.targets.includes(server) || s.recordedOn === server) &&
    s.time >= placed.time - before &&
    (s.time <= placed.time + after ||
      (s.rule.stage === 'use' && s.last !== undefined && s.time <= placed.time && s.last >= placed.time));
  const came = groups.filter(({ sightings }) => sightings.some((s) => isNear(s) && isIntrusion(s)));
  if (came.length > 0) return came;
  return groups.filter(({ sightings }) =>
    sightings.some((s) => isNear(s) && s.rule.stage === 'attempt' && s.visitor === undefined),
  );
}

/**
 * How many cannot well be one: those that made an entry of their own (a back door, a session) with agents of their
 * own. Who only used what was there may be the one who placed it, from elsewhere.
 */
function certainlyApart(intruders: readonly OperatorDraft[]): number {
  const entered = intruders.filter(
    ({ placed, group }) =>
      placed.length > 0 || group.sightings.some((s) => isIntrusion(s) && s.rule.stage === 'success'),
  );
  const apart: OperatorDraft[] = [];
  for (const one of entered) {
    const agents = new Set(one.group.agents);
    const isApart = apart.every(({ group }) => !group.agents.some((agent) => agents.has(agent)));
    if (isApart && (agents.size > 0 || apart.length === 0)) apart.push(one);
  }
  return Math.max(intruders.length > 0 ? 1 : 0, apart.length);
}

/** One address may stand for several people: agents whose times of use never overlap may be others. */
function profilesOf({ sightings }: VisitorGroup): number {
  const came = sightings.filter(
    (s) => isIntrusion(s) && s.time !== undefined && s.entities.agents.length > 0,
  );
  const ranges = [...groupBy(came, ({ entities }) => entities.agents[0] ?? '').values()].map((list) => ({
    from: list.reduce<Ticks | undefined>((time, s) => minTime(time, s.time), undefined) ?? 0n,
    to: list.reduce<Ticks | undefined>((time, s) => maxTime(time, s.last), undefined) ?? 0n,
  }));
  let count = 0;
  let end: Ticks | undefined;
  for (const { from, to } of ranges.toSorted((a, b) => compareTimes(a.to, b.to))) {
    if (end !== undefined && from <= end) continue;
    count += 1;
    end = to;
  }
  return Math.max(1, count);
}

function nameless(drafts: readonly FindingDraft[]): Pick<OperatorsDraft, 'atLeast' | 'atMost' | 'basis'> {
  const placed = drafts.filter(({ sightings }) =>
    sightings.some((s) => isIntrusion(s) && s.implant?.event === 'placed'),
  );
  return {
    atLeast: 1,
    atMost: Math.max(1, new Set(placed.flatMap(({ finding }) => finding.entities.paths)).size),
    basis: say('operators.no-address'),
  };
}

function namelessDraft(drafts: readonly FindingDraft[]): OperatorDraft {
  const sightings = drafts.flatMap((draft) => draft.sightings.filter((s) => isIntrusion(s)));
  const group: VisitorGroup = {
    addresses: [],
    agents: [],
    sightings: sightings.toSorted((a, b) => compareTimes(a.time, b.time)),
    reasons: [],
    first: sightings.reduce<Ticks | undefined>((time, s) => minTime(time, s.time), undefined),
    last: sightings.reduce<Ticks | undefined>((time, s) => maxTime(time, s.last), undefined),
    isHidden: false,
  };
  const servers = sorted(sightings.flatMap(({ targets }) => targets));
  return {
    id: stableId('operator', ['no-address', ...servers]),
    kind: 'intruder',
    group,
    placed: [],
    used: [],
  };
}

function compareDrafts(a: OperatorDraft, b: OperatorDraft): number {
  return compareTimes(a.group.first, b.group.first) || compareText(a.id, b.id);
}

/** What else the list needs, known only later. */
export interface OperatorExtras {
  readonly bytesOut: ReadonlyMap<string, Amount>;
  readonly consistentWith: (draft: OperatorDraft) => Operator['consistentWith'];
}

export function toOperators(draft: OperatorsDraft, { bytesOut, consistentWith }: OperatorExtras): Operators {
  const nothing: Amount = { lower: 0, upper: null, basis: say('operator.bytes-unknown') };
  const list = draft.list.map((one, index): Operator => {
    const { id, kind, group, placed, used } = one;
    return {
      id,
      name: letterOf(index),
      kind,
      addresses: group.addresses.slice(0, limits.pivots),
      agents: group.agents.slice(0, 50).map((agent) => shown(foldAgent(agent))),
      ...(group.first === undefined ? {} : { first: formatTime(group.first) }),
      ...(group.last === undefined ? {} : { last: formatTime(group.last) }),
      implants: sorted([...placed, ...used]),
      actions: actionsOf(group.sightings),
      bytesOut: bytesOut.get(id) ?? nothing,
      reasons: reasonsOf(one),
      strength: strengthOf(group),
      consistentWith: consistentWith(one),
    };
  });
  return { atLeast: draft.atLeast, atMost: draft.atMost, basis: draft.basis, list };
}

/** A, B … Z, AA, AB … */
export function letterOf(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? letterOf(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

function actionsOf(sightings: readonly Sighting[]): OperatorAction[] {
  return [...groupBy(sightings, ({ rule }) => `${rule.stage}\0${rule.act}`).values()].flatMap((list) => {
    const [one] = list;
    if (one === undefined) return [];
    const first = list.reduce<Ticks | undefined>((time, s) => minTime(time, s.time), undefined);
    const last = list.reduce<Ticks | undefined>((time, s) => maxTime(time, s.last), undefined);
    return [
      {
        stage: one.rule.stage,
        what: sorted(list.map(({ rule }) => rule.title))[0] ?? one.rule.act,
        count: list.reduce((sum, { count }) => sum + count, 0),
        ...(first === undefined ? {} : { first: formatTime(first) }),
        ...(last === undefined ? {} : { last: formatTime(last) }),
      },
    ];
  });
}

function reasonsOf({ group, placed, used }: OperatorDraft): string[] {
  const reasons = group.reasons.map((reason) => say(`operator.${reason}`));
  if (group.isHidden) reasons.push(say('operator.proxy'));
  if (group.addresses.length === 0) reasons.push(say('operator.no-address'));
  if (placed.length > 0) reasons.push(say('operator.placed'));
  if (used.some((implant) => !placed.includes(implant))) reasons.push(say('operator.shared'));
  return reasons;
}

function strengthOf({ reasons, isHidden, addresses }: VisitorGroup): 'strong' | 'moderate' | 'weak' {
  if (isHidden || addresses.length === 0) return 'weak';
  if (reasons.includes('agent') && !reasons.includes('session')) return 'weak';
  if (reasons.includes('network') && !reasons.includes('session')) return 'moderate';
  return addresses.length === 1 || reasons.includes('session') ? 'strong' : 'moderate';
}
