import { slotTypes, shapeOfRecord, type Batch, type SlotPlace } from '@postern/core';
import { EventShape } from '../event-shape.ts';
import { jsonEscapes } from './escape.ts';
import { writeFlatJson } from './flat-json.ts';
import { jsonLayoutOf, memberOf, type JsonElement, type JsonLeaf, type JsonMember } from './json-layout.ts';
import { SlotReader } from './slot-reader.ts';
import { encoded, keyOf, TextSink } from './text-sink.ts';
import { isBare, isList, writeScalar, type ValueStyle } from './value-text.ts';

/** `evtx_dump` writes GUIDs without braces; whoever reads its JSON expects it so. */
const style: ValueStyle = { escapes: jsonEscapes, braces: false };
const comma = 0x2c;
const quote = 0x22;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const nothing = encoded('null');
const attributesKey = encoded('"#attributes":{');
const textKey = encoded('"#text":');

/** For pieces that are made once per layout: a sink for each of them cost some ten megabytes. */
const room = new TextSink(4096);
const layouts = new WeakMap<EventShape, readonly JsonMember[]>();

/**
 * Writes a record as one line of JSON in the form of `evtx_dump`: `Event.System`, attributes under `#attributes`,
 * `Data` under its name. Integers are numbers (64-bit ones in full), hexadecimal values texts, times have seven
 * digits. Elements with one name are a list. Records of other readers, and those that cannot be read, are written flat
 * ({@link writeFlatJson}).
 */
export function writeJson(sink: TextSink, batch: Batch, record: number): void {
  const shape = shapeOfRecord(batch, record);
  if (!(shape instanceof EventShape)) return writeFlatJson(sink, batch, record);
  const layout = layouts.get(shape) ?? newLayout(shape);
  writer.begin(sink, batch, record);
  writer.object(undefined, layout);
}

/** As {@link writeJson}, as a text of its own. */
export function eventToJson(batch: Batch, record: number): string {
  const sink = new TextSink(4096);
  writeJson(sink, batch, record);
  return sink.toString();
}

function newLayout(shape: EventShape): readonly JsonMember[] {
  const layout = [...jsonLayoutOf(shape).map(settled), ...recoveredMark(shape)];
  layouts.set(shape, layout);
  return layout;
}

/** A record that is no part of the log says so beside its event: `"Recovered":"carved"`. */
function recoveredMark({ constants }: EventShape): readonly JsonMember[] {
  const how = constants.get('Recovered');
  if (how === undefined) return [];
  room.clear();
  room.text(`"Recovered":${JSON.stringify(how)}`);
  return [memberOf(keyOf(room), true, [])];
}

/** With values that are the same in all records written once and for all. */
function settled(member: JsonMember): JsonMember {
  const elements = member.elements.map(settledElement);
  if (!member.isFixed) return memberOf(member, false, elements);
  room.clear();
  writer.fixed(room, memberOf(member, true, elements));
  return memberOf(keyOf(room), true, []);
}

function settledElement({ attributes, text, members, dependsOn }: JsonElement): JsonElement {
  return { attributes, text, members: members.map(settled), dependsOn };
}

class JsonWriter {
  private sink = new TextSink(0);
  private readonly slots = new SlotReader();

  begin(sink: TextSink, batch: Batch, record: number): void {
    sink.begin();
    this.sink = sink;
    this.slots.begin(batch, record);
  }

  /** A member in which no value differs from record to record. */
  fixed(sink: TextSink, member: JsonMember): void {
    this.sink = sink;
    sink.piece(member.key);
    this.valueOf(member.elements);
  }

  /** `{"#attributes":…,"#text":…,children}`, for an element that has more than a text. */
  object(element: JsonElement | undefined, members: readonly JsonMember[]): void {
    const { sink } = this;
    sink.byte(openBrace);
    let isFirst = element === undefined || !this.attributes(element);
    if (element?.text !== undefined && this.isPresent(element.text)) {
      if (!isFirst) sink.byte(comma);
      isFirst = false;
      sink.piece(textKey);
      this.leaf(element.text);
    }
    for (let i = 0; i < members.length; i++) {
      const member = members[i];
      if (member === undefined) continue;
      const { isFixed, slot } = member;
      if (slot >= 0 ? member.optional && !this.isFilled(slot) : !isFixed && !this.hasElements(member))
        continue;
      sink.piece(isFirst ? member.key : member.nextKey);
      isFirst = false;
      if (slot >= 0) this.slot(slot, -1);
      else if (!isFixed) this.valueOf(member.elements);
    }
    sink.byte(closeBrace);
  }

  private valueOf(elements: readonly JsonElement[]): void {
    const only = elements.length === 1 ? elements[0] : undefined;
    if (only === undefined) this.list(elements);
    else this.element(only);
  }

  private list(elements: readonly JsonElement[]): void {
    let next = openBracket;
    for (const element of elements) {
      if (!this.isThere(element)) continue;
      this.sink.byte(next);
      next = comma;
      this.element(element);
    }
    if (next === openBracket) this.sink.byte(openBracket);
    this.sink.byte(closeBracket);
  }

  private element(element: JsonElement): void {
    if (element.members.length > 0 || this.hasAttributes(element))
      return this.object(element, element.members);
    if (element.text === undefined) return this.sink.piece(nothing);
    this.leaf(element.text);
  }

  private attributes({ attributes }: JsonElement): boolean {
    const { sink } = this;
    let isFirst = true;
    for (let i = 0; i < attributes.length; i++) {
      const attribute = attributes[i];
      if (attribute === undefined || !this.isPresent(attribute.leaf)) continue;
      if (isFirst) sink.piece(attributesKey);
      sink.piece(isFirst ? attribute.key : attribute.nextKey);
      isFirst = false;
      this.leaf(attribute.leaf);
    }
    if (isFirst) return false;
    sink.byte(closeBrace);
    return true;
  }

  private hasAttributes({ attributes }: JsonElement): boolean {
    for (const { leaf } of attributes) if (this.isPresent(leaf)) return true;
    return false;
  }

  private hasElements({ elements }: JsonMember): boolean {
    for (const element of elements) if (this.isThere(element)) return true;
    return false;
  }

  private isThere({ dependsOn, text }: JsonElement): boolean {
    if (dependsOn >= 0 && this.slots.typeOf(dependsOn) === slotTypes.null) return false;
    return text === undefined || !text.optional || this.isPresent(text);
  }

  private isPresent({ fixed, slot }: JsonLeaf): boolean {
    return fixed === undefined ? this.isFilled(slot) : fixed.length > 0;
  }

  private isFilled(slot: number): boolean {
    return this.slots.typeOf(slot) !== slotTypes.null;
  }

  private leaf({ fixed, slot, item }: JsonLeaf): void {
    if (fixed === undefined) this.slot(slot, item);
    else this.sink.piece(fixed);
  }

  private slot(slot: number, item: number): void {
    const place = this.slots.place(slot, item);
    if (isList(place.type)) return this.values(place);
    if (place.type === slotTypes.null) return this.sink.piece(nothing);
    writeJsonScalar(this.sink, this.slots.buffer, place);
  }

  /** An array is an element per item in Windows: one item alone is no list, none is an empty element. */
  private values(place: SlotPlace): void {
    const items = this.slots.items(place);
    const [only] = items;
    if (only === undefined) return this.sink.piece(nothing);
    if (items.length === 1) return writeJsonScalar(this.sink, this.slots.buffer, only);
    let next = openBracket;
    for (const one of items) {
      this.sink.byte(next);
      next = comma;
      writeJsonScalar(this.sink, this.slots.buffer, one);
    }
    this.sink.byte(closeBracket);
  }
}

const writer = new JsonWriter();

/** A value that is no list, with quotes where JSON needs them. */
function writeJsonScalar(sink: TextSink, buffer: Uint8Array, place: SlotPlace): void {
  if (isBare(place.type)) return writeScalar(sink, buffer, place, style);
  sink.byte(quote);
  writeScalar(sink, buffer, place, style);
  sink.byte(quote);
}
