import { slotTypes, type Batch, type Shape, type TimeField } from './shape.ts';
import {
  parseTime,
  ticksFromUnixSeconds,
  unixEpochTicks,
  daysFromCivil,
  ticksPerSecond,
  type Ticks,
} from './time.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** The shape of a record. */
export function shapeOfRecord(batch: Batch, record: number): Shape {
  const shape = batch.shapes[batch.shapeOf[record] ?? 0];
  if (shape === undefined) throw new TypeError('a batch names a shape that it does not carry');
  return shape;
}

/** Bytes to text; broken sequences become U+FFFD. Short ASCII, the usual case, avoids the decoder's fixed cost. */
export function decodeUtf8(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > 48) return utf8.decode(bytes.subarray(from, to));
  let text = '';
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= 0x80) return utf8.decode(bytes.subarray(from, to));
    text += String.fromCharCode(byte);
  }
  return text;
}

/** One byte, one character: nothing is lost and nothing fails. */
export function decodeLatin1(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i] ?? 0);
  return text;
}

/** The text of a slot, with the format's own escapes resolved; undefined where it is absent. */
export function slotText(batch: Batch, record: number, slot: number): string | undefined {
  const s = (batch.slotStart[record] ?? 0) + slot;
  if (s >= (batch.slotStart[record + 1] ?? 0)) return undefined;
  return decodeSlot(batch.buffer, batch.offset[s] ?? 0, batch.length[s] ?? 0, batch.type[s] ?? 0);
}

/** As {@link slotText}, for one value anywhere in `bytes`. Binary Windows types are decoded by the reader that has them. */
export function decodeSlot(
  bytes: Uint8Array,
  offset: number,
  length: number,
  type: number,
): string | undefined {
  const to = offset + length;
  switch (type) {
    case slotTypes.null:
      return undefined;
    case slotTypes.utf16:
      return utf16.decode(bytes.subarray(offset, to));
    case slotTypes.latin1:
      return decodeLatin1(bytes, offset, to);
    case slotTypes.csvQuoted:
      return decodeUtf8(bytes, offset, to).replaceAll('""', '"');
    case slotTypes.jsonString:
      return unescapeJson(decodeUtf8(bytes, offset, to));
    case slotTypes.plusText:
      return decodeUtf8(bytes, offset, to).replaceAll('+', ' ');
    case slotTypes.ecpText:
      return decodeUtf8(bytes, offset, to).replaceAll('""', '"').replaceAll("''", "'");
    default:
      return decodeUtf8(bytes, offset, to);
  }
}

function unescapeJson(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : text;
  } catch {
    // Control characters or a broken escape: the text as it stands says more than nothing.
    return text;
  }
}

/** A field by name: a constant of the shape, else its slot; undefined where the record has none. */
export function fieldText(batch: Batch, record: number, name: string): string | undefined {
  const shape = shapeOfRecord(batch, record);
  const constant = shape.constants.get(name);
  if (constant !== undefined) return constant;
  const slot = shape.fields.indexOf(name);
  return slot < 0 ? undefined : slotText(batch, record, slot);
}

/** The record as it stands in the source, decoded as UTF-8, cut at `limit` bytes. */
export function recordText(batch: Batch, record: number, limit = 8192): string {
  const start = batch.start[record] ?? 0;
  return decodeUtf8(batch.buffer, start, Math.min(batch.end[record] ?? start, start + limit));
}

/** The time of a record by its source's own clock; undefined where it has none or it cannot be read. */
export function recordTime(batch: Batch, record: number): Ticks | undefined {
  const field = shapeOfRecord(batch, record).time;
  return field === undefined ? undefined : readTime(batch, record, field);
}

function readTime(batch: Batch, record: number, field: TimeField): Ticks | undefined {
  switch (field.kind) {
    case 'date-and-time': {
      const date = typeof field.date === 'string' ? field.date : slotText(batch, record, field.date);
      const time = slotText(batch, record, field.time);
      return date === undefined || time === undefined ? undefined : parseTime(`${date} ${time}`);
    }
    case 'iso':
      return parseTime(slotText(batch, record, field.slot) ?? '');
    case 'unix-seconds':
      return unixSeconds(slotText(batch, record, field.slot));
    case 'filetime':
      return filetimeAt(batch, record, field.slot);
  }
}

function unixSeconds(text: string | undefined): Ticks | undefined {
  if (text === undefined || !/^-?\d{1,11}(\.\d+)?$/.test(text)) return undefined;
  const seconds = Number(text);
  return seconds === 0 ? undefined : ticksFromUnixSeconds(seconds);
}

function filetimeAt(batch: Batch, record: number, slot: number): Ticks | undefined {
  const s = (batch.slotStart[record] ?? 0) + slot;
  if (batch.type[s] !== slotTypes.filetime || batch.length[s] !== 8) return undefined;
  const view = new DataView(batch.buffer.buffer, batch.buffer.byteOffset + (batch.offset[s] ?? 0), 8);
  return view.getBigUint64(0, true);
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
