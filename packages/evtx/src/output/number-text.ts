import { decodeSlot, slotTypes } from '@postern/core';
import type { TextSink } from './text-sink.ts';

const lowerDigits: Uint8Array = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const upperDigits: Uint8Array = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));
const zero = 0x30;
const minus = 0x2d;
/** Up to here a number stands for one integer only. */
const exact = 0x20_0000_0000_0000;

/** A whole number from 0 to 2^53 in decimal. */
export function writeDecimal(sink: TextSink, value: number): void {
  sink.reserve(20);
  if (value >= 0x8000_0000) return writeLong(sink, value);
  const { bytes, length } = sink;
  const count = digitsOf(value);
  let rest = value | 0;
  for (let at = length + count - 1; at >= length; at--) {
    const next = (rest / 10) | 0;
    bytes[at] = zero + rest - next * 10;
    rest = next;
  }
  sink.length = length + count;
}

function writeLong(sink: TextSink, value: number): void {
  const high = Math.floor(value / 1e9);
  writeDecimal(sink, high);
  writePadded(sink, value - high * 1e9, 9);
}

/** With zeros in front, up to so many digits. */
export function writePadded(sink: TextSink, value: number, count: number): void {
  const { bytes, length } = sink;
  let rest = value | 0;
  for (let at = length + count - 1; at >= length; at--) {
    const next = (rest / 10) | 0;
    bytes[at] = zero + rest - next * 10;
    rest = next;
  }
  sink.length = length + count;
}

function digitsOf(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit && count < 10; limit *= 10) count++;
  return count;
}

/** An integer of up to eight bytes, little-endian, in decimal. */
export function writeInteger(
  sink: TextSink,
  bytes: Uint8Array,
  place: { readonly offset: number; readonly length: number },
  signed: boolean,
): void {
  const { offset, length } = place;
  const isNegative = signed && ((bytes[offset + length - 1] ?? 0) & 0x80) !== 0;
  const low = part(bytes, offset, Math.min(length, 4));
  const high = length > 4 ? part(bytes, offset + 4, length - 4) : 0;
  if (isNegative) return writeNegative(sink, low, high, length);
  const value = high * 0x1_0000_0000 + low;
  if (value < exact) writeDecimal(sink, value);
  else sink.text(String((BigInt(high) << 32n) | BigInt(low)));
}

function writeNegative(sink: TextSink, low: number, high: number, length: number): void {
  if (length > 4)
    return sink.text(String(((BigInt(high) << 32n) | BigInt(low)) - (1n << BigInt(8 * length))));
  sink.reserve(1);
  sink.byte(minus);
  writeDecimal(sink, 2 ** (8 * length) - low);
}

function part(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[offset + i] ?? 0);
  return value;
}

/** `0x1410`: little-endian, lower case, without zeros in front. */
export function writeHexNumber(sink: TextSink, bytes: Uint8Array, offset: number, length: number): void {
  sink.reserve(2 + 2 * length);
  const target = sink.bytes;
  let to = sink.length;
  target[to++] = zero;
  target[to++] = 0x78;
  let last = offset + length - 1;
  while (last > offset && bytes[last] === 0) last--;
  const top = bytes[last] ?? 0;
  if (top > 15) target[to++] = lowerDigits[top >> 4] ?? zero;
  target[to++] = lowerDigits[top & 15] ?? zero;
  for (let at = last - 1; at >= offset; at--) {
    const byte = bytes[at] ?? 0;
    target[to++] = lowerDigits[byte >> 4] ?? zero;
    target[to++] = lowerDigits[byte & 15] ?? zero;
  }
  sink.length = to;
}

/** Upper case, two digits a byte, as they stand. */
export function writeHexBytes(sink: TextSink, bytes: Uint8Array, offset: number, length: number): void {
  sink.reserve(2 * length);
  const target = sink.bytes;
  let to = sink.length;
  for (let at = offset; at < offset + length; at++) {
    const byte = bytes[at] ?? 0;
    target[to++] = upperDigits[byte >> 4] ?? zero;
    target[to++] = upperDigits[byte & 15] ?? zero;
  }
  sink.length = to;
}

/** Which byte of a GUID each pair of digits is, -1 for a dash: three groups little-endian, then bytes as they stand. */
const guidOrder: Int8Array = Int8Array.of(
  3,
  2,
  1,
  0,
  -1,
  5,
  4,
  -1,
  7,
  6,
  -1,
  8,
  9,
  -1,
  10,
  11,
  12,
  13,
  14,
  15,
);

/** A GUID of sixteen bytes, without braces. */
export function writeGuid(sink: TextSink, bytes: Uint8Array, offset: number): void {
  sink.reserve(36);
  const target = sink.bytes;
  let to = sink.length;
  for (let i = 0; i < guidOrder.length; i++) {
    const place = guidOrder[i] ?? 0;
    if (place < 0) {
      target[to++] = minus;
      continue;
    }
    const byte = bytes[offset + place] ?? 0;
    target[to++] = upperDigits[byte >> 4] ?? zero;
    target[to++] = upperDigits[byte & 15] ?? zero;
  }
  sink.length = to;
}

/** `S-1-5-21-…` of eight bytes or more; of one that is cut short, what is there. */
export function writeSid(sink: TextSink, bytes: Uint8Array, offset: number, length: number): void {
  let authority = 0;
  for (let i = 2; i < 8; i++) authority = authority * 256 + (bytes[offset + i] ?? 0);
  if (authority >= 0x1_0000_0000) return sink.text(decodeSlot(bytes, offset, length, slotTypes.sid) ?? '');
  sink.reserve(2);
  sink.byte(0x53);
  sink.byte(minus);
  writeDecimal(sink, bytes[offset] ?? 0);
  writePart(sink, authority);
  const count = Math.min(bytes[offset + 1] ?? 0, (length - 8) >> 2);
  for (let i = 0; i < count; i++) writePart(sink, part(bytes, offset + 8 + 4 * i, 4));
}

function writePart(sink: TextSink, value: number): void {
  sink.reserve(1);
  sink.byte(minus);
  writeDecimal(sink, value);
}
