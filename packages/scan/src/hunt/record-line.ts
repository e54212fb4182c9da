import type { CollectionEntry } from '@postern/collection';
import {
  fieldText,
  recordTime,
  shapeOfRecord,
  slotText,
  slotTypes,
  ticksPerSecond,
  type Batch,
  type Position,
  type RecordField,
  type RecordLine,
  type Ticks,
} from '@postern/core';
import type { RecordPlace } from '../matchers.ts';
import { part, requestSlots } from '../request.ts';

/** Host (lower case) → seconds to add to its times. */
export type Clocks = ReadonlyMap<string, number>;

/** Copies a record out of its batch, all of it decoded. */
export function recordLine(entry: CollectionEntry, place: RecordPlace, clocks: Clocks): RecordLine {
  const { batch, record } = place;
  const shape = shapeOfRecord(batch, record);
  const channel = shape.constants.get('Channel');
  const host = hostOf(entry, place);
  return {
    time: corrected(recordTime(batch, record), host, clocks),
    file: entry.path,
    originalPath: entry.originalPath,
    at: positionOf(place),
    ...(host === undefined ? {} : { host }),
    ...(channel === undefined ? {} : { channel }),
    family: shape.family,
    fields: fieldsOf(place),
  };
}

function corrected(time: Ticks | undefined, host: string | undefined, clocks: Clocks): Ticks | undefined {
  const seconds = host === undefined ? undefined : clocks.get(host.toLowerCase());
  return time === undefined || seconds === undefined ? time : time + BigInt(seconds) * ticksPerSecond;
}

/** What the record says, else its header, else what the layout of the collection calls the host. */
function hostOf(entry: CollectionEntry, { batch, record }: RecordPlace): string | undefined {
  const shape = shapeOfRecord(batch, record);
  const told = part(batch, record, requestSlots(shape).host) || shape.constants.get('Computer') || entry.host;
  return told === '' ? undefined : told;
}

function positionOf({ batch, record }: RecordPlace): Position {
  const line = batch.line[record] ?? 0;
  const own = fieldText(batch, record, 'EventRecordID');
  return {
    offset: batch.at[record] ?? 0,
    ...(line > 0 ? { line } : {}),
    ...(own === undefined || own === '' ? {} : { record: own }),
  };
}

/** Constants that are header lines or our own marks are no part of the record. */
function isOfRecord(name: string): boolean {
  return !name.startsWith('#') && name !== 'malformed';
}

function fieldsOf({ batch, record }: RecordPlace): readonly RecordField[] {
  const shape = shapeOfRecord(batch, record);
  const fields: RecordField[] = [...shape.constants].filter(([name]) => isOfRecord(name));
  for (const [slot, name] of shape.fields.entries()) {
    const text = slotText(batch, record, slot);
    if (text !== undefined) fields.push([name, isList(batch, record, slot) ? listOf(text) : text]);
  }
  return fields;
}

/** A text may begin with a bracket and is no list for that. */
const texts: ReadonlySet<number> = new Set([
  slotTypes.utf8,
  slotTypes.utf16,
  slotTypes.latin1,
  slotTypes.csvQuoted,
  slotTypes.jsonString,
  slotTypes.plusText,
  slotTypes.ecpText,
]);

function isList(batch: Batch, record: number, slot: number): boolean {
  return !texts.has(batch.type[(batch.slotStart[record] ?? 0) + slot] ?? 0);
}

/** The texts of a JSON list; any other value stays as it is written. */
function listOf(json: string): string | readonly string[] {
  if (!json.startsWith('[')) return json;
  try {
    const value: unknown = JSON.parse(json);
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    return items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  } catch {
    return json;
  }
}
