import { listItems, shapeOfRecord, slotTypes, type Batch, type Shape, type SlotPlace } from '@postern/core';
import { EventShape } from '../event-shape.ts';
import { keyNames } from '../field-plan.ts';
import { jsonEscapes } from './escape.ts';
import { SlotReader } from './slot-reader.ts';
import { encoded, TextSink, type TextPiece } from './text-sink.ts';
import { isBare, isList, jsonKey, writeScalar, type JsonKey, type ValueStyle } from './value-text.ts';

const style: ValueStyle = { escapes: jsonEscapes, braces: true };
const quote = 0x22;
const slots = new SlotReader();

/** What is the same for all records of a shape, ready to be written. */
interface FlatLayout {
  readonly constants: TextPiece;
  readonly keys: readonly JsonKey[];
}

const layouts = new WeakMap<Shape, FlatLayout>();

/**
 * Writes a record of any reader as one line of JSON in the names that Sigma rules use: the constants of its shape,
 * then its fields; those that are absent are left out. Values are as rules compare them (GUIDs in braces), integers
 * are numbers, lists are lists.
 */
export function writeFlatJson(sink: TextSink, batch: Batch, record: number): void {
  const shape = shapeOfRecord(batch, record);
  const layout = layouts.get(shape) ?? newLayout(shape);
  const start = sink.length;
  sink.begin();
  sink.piece(layout.constants);
  slots.begin(batch, record);
  for (let slot = 0; slot < layout.keys.length; slot++) {
    const place = slots.place(slot, -1);
    const names = layout.keys[slot];
    if (place.type === slotTypes.null || names === undefined) continue;
    sink.piece(sink.length > start + 1 ? names.nextKey : names.key);
    writeValue(sink, batch, place);
  }
  sink.reserve(1);
  sink.byte(0x7d);
}

/** As {@link writeFlatJson}, as a text of its own. */
export function eventToFlatJson(batch: Batch, record: number): string {
  const sink = new TextSink(4096);
  writeFlatJson(sink, batch, record);
  return sink.toString();
}

function newLayout(shape: Shape): FlatLayout {
  const types = shape instanceof EventShape ? shape.parts.keyTypes : undefined;
  const constants = [...shape.constants].map(([name, value]) => {
    const key = keyNames.find((known) => known === name);
    const isNumber = key !== undefined && types !== undefined && isBare(types[key]);
    return JSON.stringify(name) + ':' + (isNumber ? value : JSON.stringify(value));
  });
  const layout = {
    constants: encoded(`{${constants.join(',')}`),
    keys: shape.fields.map(jsonKey),
  };
  layouts.set(shape, layout);
  return layout;
}

function writeValue(sink: TextSink, batch: Batch, place: SlotPlace): void {
  if (!isList(place.type)) return writeOne(sink, batch, place);
  const items = listItems(batch.buffer, place);
  const [only] = items;
  if (items.length === 1 && only !== undefined) return writeOne(sink, batch, only);
  sink.text('[');
  for (const [index, item] of items.entries()) {
    if (index > 0) sink.text(',');
    writeOne(sink, batch, item);
  }
  sink.text(']');
}

function writeOne(sink: TextSink, batch: Batch, place: SlotPlace): void {
  // A value that is JSON already stands as it is.
  const isQuoted = !isBare(place.type) && place.type !== slotTypes.jsonValue;
  sink.reserve(1);
  if (isQuoted) sink.byte(quote);
  if (place.type === slotTypes.jsonValue) sink.copy(batch.buffer, place.offset, place.length);
  else writeScalar(sink, batch.buffer, place, style);
  sink.reserve(1);
  if (isQuoted) sink.byte(quote);
}
