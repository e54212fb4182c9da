import { decodeSlot, decodeUtf8, listTexts } from './decode.ts';
import { slotTypes, type Batch, type Shape, type TimeField } from './shape.ts';
import {
  parseTime,
  ticksFromUnixSeconds,
  unixEpochTicks,
  daysFromCivil,
  ticksPerSecond,
  type Ticks,
} from './time.ts';
import { viewOf } from './view-of.ts';

/** The shape of a record. */
export function shapeOfRecord(batch: Batch, record: number): Shape {
  const shape = batch.shapes[batch.shapeOf[record] ?? 0];
  if (shape === undefined) throw new TypeError('a batch names a shape that it does not carry');
  return shape;
}

/** The text of a slot, with the format's own escapes resolved; undefined where it is absent. */
export function slotText(batch: Batch, record: number, slot: number): string | undefined {
  const s = (batch.slotStart[record] ?? 0) + slot;
  if (s >= (batch.slotStart[record + 1] ?? 0)) return undefined;
  return decodeSlot(batch.buffer, batch.offset[s] ?? 0, batch.length[s] ?? 0, batch.type[s] ?? 0);
}

/** The texts of a slot that is a list, one for each item; of any other slot its one text. Undefined where it is absent. */
export function slotTexts(batch: Batch, record: number, slot: number): readonly string[] | undefined {
  const s = (batch.slotStart[record] ?? 0) + slot;
  if (s >= (batch.slotStart[record + 1] ?? 0)) return undefined;
  const type = batch.type[s] ?? 0;
  if (type === slotTypes.null) return undefined;
  return listTexts(batch.buffer, batch.offset[s] ?? 0, batch.length[s] ?? 0, type);
}

/** A field by name: a constant of the shape, else its slot; undefined where the record has none. */
export function fieldText(batch: Batch, record: number, name: string): string | undefined {
  const shape = shapeOfRecord(batch, record);
  const constant = shape.constants.get(name);
  if (constant !== undefined) return constant;
  const slot = shape.fields.indexOf(name);
  return slot < 0 ? undefined : slotText(batch, record, slot);
}

/**
 * The record as it stands in the source, decoded as UTF-8, cut at `limit` bytes; a binary record as its constants and
 * fields, `Name=value` with a space between them, cut at `limit` characters.
 */
export function recordText(batch: Batch, record: number, limit = 8192): string {
  if (shapeOfRecord(batch, record).binary === true) return fieldsText(batch, record, limit);
  const start = batch.start[record] ?? 0;
  return decodeUtf8(batch.buffer, start, Math.min(batch.end[record] ?? start, start + limit));
}

function fieldsText(batch: Batch, record: number, limit: number): string {
  const shape = shapeOfRecord(batch, record);
  let text = [...shape.constants].map(([name, value]) => `${name}=${value}`).join(' ');
  for (const [slot, name] of shape.fields.entries()) {
    if (text.length >= limit) break;
    const value = slotText(batch, record, slot);
    if (value !== undefined && value !== '') text += ` ${name}=${value}`;
  }
  return text.slice(0, limit);
}

/** The time of a record by its source's own clock; undefined where it has none or it cannot be read. */
export function recordTime(batch: Batch, record: number): Ticks | undefined {
  const field = shapeOfRecord(batch, record).time;
  return field === undefined ? undefined : readTime(batch, record, field);
}

function readTime(batch: Batch, record: number, field: TimeField): Ticks | undefined {
  switch (field.kind) {
    case 'date-and-time': {
      const together = timeTogether(batch, record, field.date, field.time);
      if (together !== undefined) return together;
      const date = typeof field.date === 'string' ? field.date : slotText(batch, record, field.date);
      const time = slotText(batch, record, field.time);
      return date === undefined || time === undefined ? undefined : parseTime(`${date} ${time}`);
    }
    case 'iso':
      return isoTime(batch, record, field.slot) ?? parseTime(slotText(batch, record, field.slot) ?? '');
    case 'unix-seconds':
      return unixSeconds(slotText(batch, record, field.slot));
    case 'filetime':
      return filetimeAt(batch, record, field.slot);
  }
}

/** Date and time as they stand side by side in nearly every line: read without making a string of them. */
function timeTogether(batch: Batch, record: number, date: number | string, time: number): Ticks | undefined {
  if (typeof date === 'string') return undefined;
  const { buffer, offset, length, slotStart } = batch;
  const first = slotStart[record] ?? 0;
  const [d, t] = [first + date, first + time];
  const at = offset[d] ?? 0;
  if (length[d] !== 10 || length[t] !== 8 || offset[t] !== at + 11) return undefined;
  // The last days of a month are left to the parser, which knows how long each is.
  return buffer[at + 8] === 0x33 ? undefined : timeAt(buffer, at);
}

/** What Exchange writes, `2021-03-03T06:40:12.987Z`: read without making a string of it. */
function isoTime(batch: Batch, record: number, slot: number): Ticks | undefined {
  const { buffer, offset, length, type } = batch;
  const s = (batch.slotStart[record] ?? 0) + slot;
  const at = offset[s] ?? 0;
  const isPlain = type[s] === slotTypes.utf8 && length[s] === 24;
  if (!isPlain || s >= (batch.slotStart[record + 1] ?? 0)) return undefined;
  // The last days of a month are left to the parser here, too.
  const isUsual = buffer[at + 10] === 0x54 && buffer[at + 19] === 0x2e && buffer[at + 23] === 0x5a;
  if (!isUsual || buffer[at + 8] === 0x33) return undefined;
  const fraction = digits(buffer, at + 20, 3);
  const seconds = timeAt(buffer, at);
  return seconds === undefined || fraction < 0 ? undefined : seconds + BigInt(fraction * 10_000);
}

function unixSeconds(text: string | undefined): Ticks | undefined {
  if (text === undefined || !/^-?\d{1,11}(\.\d+)?$/.test(text)) return undefined;
  const seconds = Number(text);
  return seconds === 0 ? undefined : ticksFromUnixSeconds(seconds);
}

/** Windows writes 0 for no time; later ones than this are no times but damage. */
const ticksOfYear10000 = 2_650_467_744_000_000_000n;

function filetimeAt(batch: Batch, record: number, slot: number): Ticks | undefined {
  const s = (batch.slotStart[record] ?? 0) + slot;
  if (batch.type[s] !== slotTypes.filetime || batch.length[s] !== 8) return undefined;
  const ticks = viewOf(batch.buffer).getBigUint64(batch.offset[s] ?? 0, true);
  return ticks === 0n || ticks >= ticksOfYear10000 ? undefined : ticks;
}

/**
 * The fixed form `2021-03-03 06:40:12` or `2021-03-03T06:40:12` at `at`, without making a string: what readers use
 * on every line. Undefined if the bytes are anything else.
 */
export function timeAt(bytes: Uint8Array, at: number): Ticks | undefined {
  if (at + 19 > bytes.length) return undefined;
  const year = digits(bytes, at, 4);
  const month = digits(bytes, at + 5, 2);
  const day = digits(bytes, at + 8, 2);
  const hour = digits(bytes, at + 11, 2);
  const minute = digits(bytes, at + 14, 2);
  const second = digits(bytes, at + 17, 2);
  if (Math.min(year, month, day, hour, minute, second) < 0) return undefined;
  if (bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d || bytes[at + 13] !== 0x3a || bytes[at + 16] !== 0x3a)
    return undefined;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
    return undefined;
  const seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  return unixEpochTicks + BigInt(seconds) * ticksPerSecond;
}

function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** A record that outlives its batch. */
export interface KeptRecord {
  readonly shape: Shape;
  readonly offset: number;
  readonly line: number;
  readonly time: Ticks | undefined;
  /** Present fields and constants, decoded. A `Map`, for names come from the evidence. */
  readonly fields: ReadonlyMap<string, string>;
  readonly text: string;
}

/** Copies a record out of its batch, decoding all of it. */
export function keepRecord(batch: Batch, record: number): KeptRecord {
  const shape = shapeOfRecord(batch, record);
  const fields = new Map(shape.constants);
  shape.fields.forEach((name, slot) => {
    const text = slotText(batch, record, slot);
    if (text !== undefined) fields.set(name, text);
  });
  return {
    shape,
    offset: batch.at[record] ?? 0,
    line: batch.line[record] ?? 0,
    time: recordTime(batch, record),
    fields,
    text: recordText(batch, record),
  };
}
