import { limits } from '@postern/core';
import type { EventLayout, LayoutLeaf } from './event-layout.ts';
import { namedLeaves, type NamedLeaf } from './field-names.ts';

/** Names whose values belong to the shape: rules are chosen by them. */
export const keyNames = ['Channel', 'EventID', 'Provider_Name'] as const;
export type KeyName = (typeof keyNames)[number];

/** How the slots of a record are filled from its values. */
export interface FieldPlan {
  /** Slot → name. */
  readonly fields: readonly string[];
  /** Slot → value of the record, {@link absent}, {@link writtenTime}, or below that a compound (see {@link compoundAt}). */
  readonly values: Int32Array;
  /** The same with 0 for all that is no value, and the slots of these: so that the usual ones need no question. */
  readonly direct: readonly number[];
  readonly special: readonly number[];
  readonly compounds: readonly Compound[];
  /** Texts that the templates fix. */
  readonly constants: ReadonlyMap<string, string>;
  /** Values of the record that are part of its shape, -1 where the templates fix them or have none. */
  readonly keys: Readonly<Record<KeyName, number>>;
  readonly time: { readonly slot: number; readonly value: number; readonly isText: boolean };
  /** Where each leaf of the layout is found again. */
  readonly places: ReadonlyMap<LayoutLeaf, LeafPlace>;
}

/** A leaf's text: fixed, part of the shape, or a slot (one item of it, if `item` is not -1). */
export type LeafPlace =
  | { readonly kind: 'fixed'; readonly text: string }
  | { readonly kind: 'key'; readonly name: KeyName }
  | { readonly kind: 'slot'; readonly slot: number; readonly item: number };

/** Several values with one name, or pieces of one text. Numbers are values of the record. */
export interface Compound {
  readonly kind: 'list' | 'joined';
  readonly pieces: readonly (string | number)[];
  /** All pieces are values. */
  readonly isPlain: boolean;
}

/** In {@link FieldPlan.values}: the instance has no such value. */
export const absent = -1;
/** In {@link FieldPlan.values}: the time in the record's header. */
export const writtenTime = -2;

/** In {@link FieldPlan.values}, for a compound: its index, and back. */
export const compoundAt = (index: number): number => -3 - index;

const timeName = 'TimeCreated_SystemTime';

/** Undefined where the event would have more fields than the limit. */
export function planFields(layout: EventLayout): FieldPlan | undefined {
  const builder = new PlanBuilder();
  const leaves = namedLeaves(layout);
  for (const group of groupsOf(leaves)) builder.add(group);
  builder.addTime(layout.isWritten);
  return builder.fields.length > limits.fieldsPerShape ? undefined : builder.plan();
}

/** Leaves with one name in one part of the event, those with the best claim to it first. */
function groupsOf(leaves: readonly NamedLeaf[]): readonly (readonly NamedLeaf[])[] {
  const groups = new Map<string, NamedLeaf[]>();
  for (const leaf of leaves) {
    const key = `${leaf.rank} ${leaf.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [leaf]);
    else group.push(leaf);
  }
  // Keys before all others, so that no value of the event's own can pass for its channel.
  return [...groups.values()].toSorted((a, b) => claimOf(a) - claimOf(b));
}

function claimOf(group: readonly NamedLeaf[]): number {
  const [first] = group;
  return first === undefined || keyOf(first) !== undefined ? -1 : first.rank;
}

function keyOf({ name, rank, leaf }: NamedLeaf): KeyName | undefined {
  const key = keyNames.find((known) => known === name);
  return rank === 1 && leaf.source.kind !== 'pieces' ? key : undefined;
}

class PlanBuilder {
  readonly fields: string[] = [];
  private readonly values: number[] = [];
  private readonly compounds: Compound[] = [];
  private readonly constants = new Map<string, string>();
  private readonly keys: Record<KeyName, number> = {
    Channel: absent,
    EventID: absent,
    Provider_Name: absent,
  };
  private time = { slot: -1, value: absent, isText: false };
  private readonly places = new Map<LayoutLeaf, LeafPlace>();
  private readonly taken = new Set<string>(keyNames);

  add(group: readonly NamedLeaf[]): void {
    const [first] = group;
    if (first === undefined) return;
    const key = group.length === 1 ? keyOf(first) : undefined;
    if (key !== undefined) return this.addKey(key, first.leaf);
    const name = this.freeName(first);
    const [only] = group.length === 1 ? group : [];
    if (only?.leaf.source.kind === 'fixed') return this.addFixed(name, only.leaf, only.leaf.source.text);
    this.addSlot(name, group);
  }

  /** The time of the event, or the one in its record's header where it has none. */
  addTime(isText: boolean): void {
    const slot = this.fields.indexOf(timeName);
    const value = this.values[slot] ?? absent;
    if (slot >= 0 && value >= 0) this.time = { slot, value, isText };
    else {
      this.time = { slot: this.fields.length, value: absent, isText: false };
      this.fields.push(this.taken.has(timeName) ? `#${timeName}` : timeName);
      this.values.push(writtenTime);
    }
  }

  plan(): FieldPlan {
    const { fields, values, compounds, constants, keys, time, places } = this;
    const direct = Array.from(values, (value) => Math.max(value, 0));
    const special = [...values.keys()].filter((slot) => (values[slot] ?? absent) < 0);
    return {
      fields,
      values: Int32Array.from(values),
      direct,
      special,
      compounds,
      constants,
      keys,
      time,
      places,
    };
  }

  private addKey(name: KeyName, leaf: LayoutLeaf): void {
    const { source } = leaf;
    if (source.kind === 'value') this.keys[name] = source.value;
    else if (source.kind === 'fixed') this.constants.set(name, source.text);
    this.places.set(leaf, { kind: 'key', name });
  }

  private addFixed(name: string, leaf: LayoutLeaf, text: string): void {
    this.constants.set(name, text);
    this.places.set(leaf, { kind: 'fixed', text });
  }

  private addSlot(name: string, group: readonly NamedLeaf[]): void {
    const slot = this.fields.length;
    const values = group.map(({ leaf }) => this.valueOf(leaf));
    this.fields.push(name);
    if (values.length === 1) this.values.push(values[0] ?? absent);
    else
      this.values.push(
        this.compound(
          'list',
          group.map((named, i) => piece(named, values[i])),
        ),
      );
    for (const [index, { leaf }] of group.entries()) {
      this.places.set(leaf, { kind: 'slot', slot, item: group.length === 1 ? -1 : index });
    }
  }

  private valueOf({ source }: LayoutLeaf): number {
    if (source.kind === 'value') return source.value;
    return source.kind === 'fixed' ? absent : this.compound('joined', source.pieces);
  }

  private compound(kind: Compound['kind'], pieces: Compound['pieces']): number {
    const isPlain = pieces.every((one) => typeof one === 'number' && one >= absent);
    return compoundAt(this.compounds.push({ kind, pieces, isPlain }) - 1);
  }

  private freeName({ name, path }: NamedLeaf): string {
    const free = this.taken.has(name) ? this.numbered(path) : name;
    this.taken.add(free);
    return free;
  }

  private numbered(path: string): string {
    if (!this.taken.has(path)) return path;
    let number = 2;
    while (this.taken.has(`${path}#${number}`)) number++;
    return `${path}#${number}`;
  }
}

function piece({ leaf }: NamedLeaf, value: number | undefined): string | number {
  return leaf.source.kind === 'fixed' ? leaf.source.text : (value ?? absent);
}
