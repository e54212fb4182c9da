import { limits, type Shape, type TimeField } from '@postern/core';
import { usuallyLocal } from './event-names.ts';
import type { LayoutNode } from './layout.ts';

/** A shape and how its slots are filled from the values of a record, in the order they stand in the JSON. */
export interface EventShape {
  readonly shape: Shape;
  /** Slot → index of the value; -1: the list of {@link params}. */
  readonly plan: Int32Array;
  /** Values named `param1`, `param2` …, by their number: winlogbeat's form of unnamed data. */
  readonly params: readonly number[];
  /** Index of the value that is the record's time, and how it is written; -1: none. */
  readonly time: number;
  readonly timeIs: 'iso' | 'unix-seconds';
  /** The time is usually local, where its text names no zone. */
  readonly localTime: boolean;
  /** Has a channel or provider, and an event id. */
  readonly isEvent: boolean;
}

/** A value of the layout: where it stands and what it is called. */
export interface Leaf {
  readonly index: number;
  readonly node: LayoutNode;
  readonly path: string;
  /** Index of the first value with the same path: a repeated name, of which the last counts, as JSON parsers have it. */
  readonly group: number;
  /** Text of a value that belongs to the shape, or the class of a time. */
  readonly pinned: string | undefined;
}

interface Wanted {
  readonly name: string;
  readonly rank: number;
  readonly leaf: Leaf;
}

/** Makes the shape of all records that end at `end`. */
export function eventShapeOf(end: LayoutNode): EventShape {
  const leaves = leavesOf(end);
  const constants = constantsOf(leaves);
  const named = nameLeaves(leaves, constants);
  const params = named.some(({ name }) => name === 'Data') || constants.has('Data') ? [] : paramsOf(named);
  const fields = named.map(({ name }) => name);
  const plan = named.map(({ leaf }) => leaf.index);
  if (params.length > 0 && fields.length < limits.fieldsPerShape) {
    fields.push('Data');
    plan.push(-1);
  }
  const time = timeLeaf(leaves);
  const timeIs = time?.pinned === 'number' ? 'unix-seconds' : 'iso';
  const slot = time === undefined ? -1 : plan.indexOf(time.index);
  const channel = constants.get('Channel');
  return {
    shape: {
      family: 'windows-event',
      recorder: `windows:${channel ?? 'unknown'}`,
      fields,
      constants,
      time: slot < 0 ? undefined : timeField(timeIs, slot),
    },
    plan: Int32Array.from(plan),
    params,
    time: slot < 0 ? -1 : (time?.index ?? -1),
    timeIs,
    localTime: slot >= 0 && usuallyLocal.has(fields[slot] ?? ''),
    isEvent: constants.has('EventID') && (channel !== undefined || constants.has('Provider_Name')),
  };
}

function timeField(kind: 'iso' | 'unix-seconds', slot: number): TimeField {
  return { kind, slot };
}

/** The values on the way from the root to `end`. */
export function leavesOf(end: LayoutNode): readonly Leaf[] {
  const way: LayoutNode[] = [];
  for (let node: LayoutNode | undefined = end; node !== undefined; node = node.parent) way.push(node);
  const leaves: Leaf[] = [];
  const groups = new Map<string, number>();
  for (const [back, node] of way.toReversed().entries()) {
    const next = way[way.length - 2 - back];
    // A list of named data is no value itself: its elements are.
    if (node.path === undefined || (node.kind === 'scalar' && next?.kind === 'named')) continue;
    const path = node.path.join('.');
    const index = leaves.length;
    const group = groups.get(path) ?? index;
    groups.set(path, group);
    leaves.push({ index, node, path, group, pinned: pinnedAfter(next) });
  }
  return leaves;
}

function pinnedAfter(next: LayoutNode | undefined): string | undefined {
  return next?.kind === 'value' || next?.kind === 'class' ? next.value : undefined;
}

/** Channel, event id and provider, under the names that rules use and under their own. */
function constantsOf(leaves: readonly Leaf[]): Map<string, string> {
  const constants = new Map<string, string>();
  const all = wantedOf(
    leaves.filter(({ node, pinned }) => node.role?.constant !== undefined && pinned !== undefined),
  );
  for (const { name, leaf } of all) if (!constants.has(name)) constants.set(name, leaf.pinned ?? '');
  return constants;
}

/** All names that the values want, those with the best claim first. */
function wantedOf(leaves: readonly Leaf[]): readonly Wanted[] {
  const all = leaves.flatMap((leaf) =>
    (leaf.node.role?.names ?? []).map(({ name, rank }) => ({ name, rank, leaf })),
  );
  return all.toSorted(
    (a, b) => a.rank - b.rank || a.leaf.group - b.leaf.group || b.leaf.index - a.leaf.index,
  );
}

/** Gives each value a name of its own: none is lost, because another one has the same name. */
function nameLeaves(leaves: readonly Leaf[], constants: ReadonlyMap<string, string>): readonly Wanted[] {
  const taken = new Set(constants.keys());
  const named = new Set<Leaf>();
  const given: Wanted[] = [];
  const give = (wanted: Wanted): void => {
    taken.add(wanted.name);
    named.add(wanted.leaf);
    given.push(wanted);
  };
  for (const wanted of wantedOf(leaves)) {
    const isConstant = wanted.leaf.node.role?.constant !== undefined && wanted.leaf.pinned !== undefined;
    if (isConstant && constants.get(wanted.name) === wanted.leaf.pinned) named.add(wanted.leaf);
    else if (!taken.has(wanted.name)) give(wanted);
  }
  for (const leaf of leaves) {
    if (!named.has(leaf)) give({ name: freeName(leaf.path, taken), rank: 0, leaf });
  }
  return given.toSorted((a, b) => a.leaf.index - b.leaf.index).slice(0, limits.fieldsPerShape);
}

function freeName(path: string, taken: ReadonlySet<string>): string {
  if (!taken.has(path)) return path;
  let number = 2;
  while (taken.has(`${path}#${number}`)) number++;
  return `${path}#${number}`;
}

function paramsOf(named: readonly Wanted[]): readonly number[] {
  const params = named.flatMap(({ name, leaf }) => {
    const number = /^param(\d{1,4})$/i.exec(name)?.[1];
    return number === undefined ? [] : [{ number: Number(number), index: leaf.index }];
  });
  return params.toSorted((a, b) => a.number - b.number).map(({ index }) => index);
}

function timeLeaf(leaves: readonly Leaf[]): Leaf | undefined {
  let best: Leaf | undefined;
  for (const leaf of leaves) {
    if (leaf.pinned === undefined || leaf.node.role?.time === undefined) continue;
    if (best === undefined || leaf.node.role.time < (best.node.role?.time ?? Infinity)) best = leaf;
  }
  return best;
}
