import { compareText, maxTime, minTime, stableId } from '@postern/core';
import type { OperatorKind, Ticks } from '@postern/core';
import { isDefence } from './defence.ts';
import { neighbourhoodOf } from './addresses.ts';
import type { Clocks } from './clocks.ts';
import type { FindingDraft } from './findings.ts';
import type { VisitorGroup } from './grouping.ts';
import { groupVisitors, visitorSightings } from './grouping.ts';
import type { ImplantDraft, ImplantHands } from './implants.ts';
import { compareTimes } from './intervals.ts';
import { say } from './messages.ts';
import { groupBy, overlaps, push, sorted } from './ordered.ts';
import { placersOf } from './placing.ts';
import type { Proxies } from './proxies.ts';
import { isIntrusion } from './sighting.ts';
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

/** What visitors are told apart with. */
export interface VisitorMatter {
  readonly proxies: Proxies;
  readonly clocks: Clocks;
  /** Records that the second pass kept. */
  readonly followed?: readonly Sighting[];
}

/** Judgement section 7: groupings with reasons, and a range for their number. */
export function draftOperators(
  drafts: readonly FindingDraft[],
  implants: readonly ImplantDraft[],
  { proxies, clocks, followed = [] }: VisitorMatter,
): OperatorsDraft {
  const counted = drafts.filter(({ finding }) => finding.setAside === undefined);
  const groups = groupVisitors(visitorSightings(drafts, proxies), proxies, followed);
  const placers = placersOf(groups, implants, clocks);
  const all = groups.map((group) => draftOf(group, implants, placers.get(group) ?? []));
  const intruders = all.filter(({ kind }) => kind === 'intruder').toSorted(compareDrafts);
  const others = all
    .filter(({ kind }) => kind !== 'intruder')
    .toSorted(compareDrafts)
    .slice(0, othersListed);
  const cameIn = counted.some(({ sightings }) => sightings.some((s) => isIntrusion(s)));
  if (intruders.length === 0 && cameIn)
    return { ...nameless(counted, implants), list: [...namelessDraft(counted), ...others] };
  const isHidden = intruders.some(({ group }) => group.isHidden);
  const atLeast = certainlyApart(intruders);
  const ofNobody = doorsOfNobody(implants, intruders).length;
  const atMost = intruders.reduce((sum, { group }) => sum + mayBe(group), 0) + ofNobody;
  const key = isHidden
    ? 'operators.proxy'
    : intruders.length === 0
      ? 'operators.none'
      : ofNobody > 0
        ? 'operators.unheld'
        : atLeast === atMost
          ? 'operators.exact'
          : 'operators.range';
  return { atLeast, atMost, basis: say(key), list: [...intruders, ...others] };
}

/** Web shells that nobody is known to have placed or used: each may be of somebody else. Told apart by name, not server. */
function doorsOfNobody(implants: readonly ImplantDraft[], intruders: readonly OperatorDraft[]): string[] {
  const held = new Set(intruders.flatMap(({ placed, used }) => [...placed, ...used]));
  const left = implants.filter(
    ({ id, group: { kind, sightings } }) =>
      kind === 'web-shell' &&
      !held.has(id) &&
      sightings.some((s) => isIntrusion(s) && !isDefence(s.rule.act)),
  );
  return sorted(left.map(({ name }) => name.toLowerCase()));
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

/**
 * How many cannot well be one: those that made an entry of their own (a back door, a session), with agents and
 * networks of their own. Who only used what was there may be the one who placed it, from elsewhere.
 */
function certainlyApart(intruders: readonly OperatorDraft[]): number {
  const apart: OperatorDraft[] = [];
  for (const one of intruders.filter((draft) => hasEntered(draft))) {
    if (apart.every((other) => isApart(one, other))) apart.push(one);
  }
  return Math.max(intruders.length > 0 ? 1 : 0, apart.length);
}

function hasEntered({ placed, group }: OperatorDraft): boolean {
  return placed.length > 0 || group.sightings.some((s) => isIntrusion(s) && s.rule.stage === 'success');
}

function isApart(a: OperatorDraft, b: OperatorDraft): boolean {
  const agents = new Set(a.group.agents);
  const networks = new Set(a.group.addresses.map((address) => neighbourhoodOf(address)));
  if (agents.size === 0 || b.group.agents.length === 0) return false;
  return (
    !b.group.agents.some((agent) => agents.has(agent)) &&
    !b.group.addresses.some((address) => networks.has(neighbourhoodOf(address)))
  );
}

/** What may be somebody else: parts that only an agent joins, and agents of one address that never overlap. */
function mayBe({ parts }: VisitorGroup): number {
  const came = parts
    .map((sightings) => sightings.filter((s) => isIntrusion(s)))
    .filter((list) => list.length > 0);
  return Math.max(
    1,
    came.reduce((sum, list) => sum + profilesOf(list), 0),
  );
}

/** One address may stand for several people: agents whose times and back doors have nothing in common may be others. */
function profilesOf(sightings: readonly Sighting[]): number {
  const profiles = [...groupBy(sightings, ({ entities }) => entities.agents[0] ?? '').values()];
  const ranges = profiles.map((list) => ({
    from: list.reduce<Ticks | undefined>((time, s) => minTime(time, s.time), undefined) ?? 0n,
    to: list.reduce<Ticks | undefined>((time, s) => maxTime(time, s.last), undefined) ?? 0n,
    things: new Set(list.map((s) => thingOf(s))),
  }));
  const apart: (typeof ranges)[number][] = [];
  for (const range of ranges.toSorted((a, b) => compareTimes(a.from, b.from) || compareTimes(a.to, b.to))) {
    if (apart.every((other) => range.from > other.to && !overlaps(range.things, other.things)))
      apart.push(range);
  }
  return Math.max(1, apart.length);
}

/** What somebody had to do with: a back door or file, else the act. */
function thingOf({ implant, entities, rule }: Sighting): string {
  return implant?.url ?? implant?.path ?? entities.paths[0] ?? rule.act;
}

function nameless(
  drafts: readonly FindingDraft[],
  implants: readonly ImplantDraft[],
): Pick<OperatorsDraft, 'atLeast' | 'atMost' | 'basis'> {
  const placed = drafts.filter(({ sightings }) =>
    sightings.some((s) => isIntrusion(s) && s.implant?.event === 'placed'),
  );
  return {
    atLeast: 1,
    atMost: Math.max(
      1,
      new Set(placed.flatMap(({ finding }) => finding.entities.paths)).size,
      doorsOfNobody(implants, []).length,
    ),
    basis: say('operators.no-address'),
  };
}

/** Who came in and left no address; nobody where only defenders' scanners tell of it: they are no operators. */
function namelessDraft(drafts: readonly FindingDraft[]): OperatorDraft[] {
  const sightings = drafts.flatMap((draft) =>
    draft.sightings.filter((s) => isIntrusion(s) && !isDefence(s.rule.act)),
  );
  if (sightings.length === 0) return [];
  const group: VisitorGroup = {
    addresses: [],
    agents: [],
    sightings: sightings.toSorted((a, b) => compareTimes(a.time, b.time)),
    followed: [],
    reasons: [],
    parts: [sightings],
    first: sightings.reduce<Ticks | undefined>((time, s) => minTime(time, s.time), undefined),
    last: sightings.reduce<Ticks | undefined>((time, s) => maxTime(time, s.last), undefined),
    isHidden: false,
  };
  const servers = sorted(sightings.flatMap(({ targets }) => targets));
  const one: OperatorDraft = {
    id: stableId('operator', ['no-address', ...servers]),
    kind: 'intruder',
    group,
    placed: [],
    used: [],
  };
  return [one];
}

function compareDrafts(a: OperatorDraft, b: OperatorDraft): number {
  return compareTimes(a.group.first, b.group.first) || compareText(a.id, b.id);
}
