import type { EventLayout, LayoutElement, LayoutLeaf } from '../event-layout.ts';
import { ownName } from '../field-names.ts';
import type { FieldPlan, LeafPlace } from '../field-plan.ts';
import type { EventShape } from '../event-shape.ts';
import { encoded, type TextPiece } from './text-sink.ts';
import { isBare, jsonKey, jsonText, type JsonKey } from './value-text.ts';

/** How the records of one shape are written as JSON: the layout with its keys ready and its slots looked up. */
export interface JsonElement {
  readonly attributes: readonly JsonAttribute[];
  readonly text: JsonLeaf | undefined;
  /** Children under one key; several make a list. */
  readonly members: readonly JsonMember[];
  /** Slot without which the element is left out; -1: none. */
  readonly dependsOn: number;
}

export interface JsonMember {
  /** The key, and the same with a comma before it. With the value, where that is the same in all records. */
  readonly key: TextPiece;
  readonly nextKey: TextPiece;
  readonly isFixed: boolean;
  readonly elements: readonly JsonElement[];
  /** The slot of the only thing it holds, as most do; -1: it holds more, or an item of a list. */
  readonly slot: number;
  /** Left out where the value of that slot is null. */
  readonly optional: boolean;
}

export interface JsonAttribute {
  readonly key: TextPiece;
  readonly nextKey: TextPiece;
  readonly leaf: JsonLeaf;
}

/** A text that is the same in all records, as JSON, or a slot (one item of it, if `item` is not -1). */
export interface JsonLeaf {
  readonly fixed: TextPiece | undefined;
  readonly slot: number;
  readonly item: number;
  /** The element is left out where the value is null. */
  readonly optional: boolean;
}

export function jsonLayoutOf(event: EventShape): readonly JsonMember[] {
  return membersOf(event.parts.layout.roots, event);
}

function membersOf(elements: EventLayout['roots'], event: EventShape): readonly JsonMember[] {
  const groups = new Map<string, LayoutElement[]>();
  for (const element of elements) {
    if (element.kind === 'instruction') continue;
    const name = ownName(element);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [element]);
    else group.push(element);
  }
  return [...groups].map(([name, group]) => {
    const elements = group.map((element) => elementOf(element, event));
    return memberOf(jsonKey(name), elements.every(isFixed), elements);
  });
}

function attributeOf(leaf: LayoutLeaf, event: EventShape): JsonAttribute {
  const { key, nextKey } = jsonKey(leaf.name);
  return { key, nextKey, leaf: leafOf(leaf, event) };
}

/** All members are made here, with their parts in one order: what reads them millions of times is faster so. */
export function memberOf(
  { key, nextKey }: JsonKey,
  fixed: boolean,
  elements: readonly JsonElement[],
): JsonMember {
  const [only] = elements;
  const plain = elements.length === 1 && only !== undefined && isPlain(only) ? only.text : undefined;
  const { slot = -1, optional = false } = plain ?? {};
  return { key, nextKey, isFixed: fixed, elements, slot, optional };
}

function isPlain({ attributes, members, dependsOn, text }: JsonElement): boolean {
  return attributes.length === 0 && members.length === 0 && dependsOn < 0 && text?.item === -1;
}

function isFixed({ attributes, text, members, dependsOn }: JsonElement): boolean {
  const leaves = [...attributes.map(({ leaf }) => leaf), ...(text === undefined ? [] : [text])];
  return (
    dependsOn < 0 && leaves.every(({ fixed }) => fixed !== undefined) && members.every((one) => one.isFixed)
  );
}

function elementOf(element: LayoutElement, event: EventShape): JsonElement {
  const isNamed = ownName(element) !== element.name;
  const attributes = element.attributes.filter(({ name }) => !isNamed || name !== 'Name');
  return {
    attributes: attributes.map((leaf) => attributeOf(leaf, event)),
    text: element.text === undefined ? undefined : leafOf(element.text, event),
    members: membersOf(element.children, event),
    dependsOn: element.dependsOn < 0 ? -1 : event.parts.plan.values.indexOf(element.dependsOn),
  };
}

function leafOf(leaf: LayoutLeaf, event: EventShape): JsonLeaf {
  const place = placeOf(leaf, event.parts.plan);
  const { optional } = leaf;
  if (place.kind === 'slot') return { fixed: undefined, slot: place.slot, item: place.item, optional };
  return { fixed: fixedText(place, event), slot: -1, item: -1, optional };
}

/** Names of schemas are in no slot and no constant. */
function placeOf(leaf: LayoutLeaf, plan: FieldPlan): LeafPlace {
  const known = plan.places.get(leaf);
  if (known !== undefined) return known;
  return { kind: 'fixed', text: leaf.source.kind === 'fixed' ? leaf.source.text : '' };
}

function fixedText(place: Exclude<LeafPlace, { kind: 'slot' }>, { constants, parts }: EventShape): TextPiece {
  if (place.kind === 'fixed') return jsonText(place.text);
  const text = constants.get(place.name) ?? '';
  return isBare(parts.keyTypes[place.name]) ? encoded(text) : jsonText(text);
}
