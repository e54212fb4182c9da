import {
  daysFromCivil,
  decodeSlot,
  parseTime,
  slotTypes,
  ticksPerSecond,
  unixEpochTicks,
} from '@postern/core';
import type { Chunk } from './chunk.ts';

const unixEpochSeconds = Number(unixEpochTicks / ticksPerSecond);
const half = 0x1_0000_0000;
/** Bytes of `2021-03-03T06:40:12`, and where its fraction begins. */
const secondsBytes = 38;
const [zero, dash, colon, point] = [0x30, 0x2d, 0x3a, 0x2e] as const;
const [letterT, letterZ] = [0x54, 0x5a] as const;

/** The time of a record that has it as text, in two halves of 32 bits: neither a string nor a bigint is made for it. */
export class WrittenTime {
  high = 0;
  low = 0;

  /** What {@link parseTime} makes of the text; false if it is no time. */
  read(chunk: Chunk, at: number, size: number): boolean {
    const isUsual = size > secondsBytes && size % 2 === 0;
    const seconds = isUsual ? secondsAt(chunk.bytes, at) : -1;
    const fraction = seconds < 0 ? -1 : fractionAt(chunk.bytes, at + secondsBytes, at + size);
    if (fraction < 0) return this.parse(decodeSlot(chunk.bytes, at, size, slotTypes.utf16) ?? '');
    // A second is 78,125 times 2^7 ticks: the product of both would not be exact.
    const units = seconds * 78_125;
    this.high = Math.floor(units / 0x200_0000);
    this.low = (units % 0x200_0000) * 128 + fraction;
    if (this.low < half) return true;
    this.high++;
    this.low -= half;
    return true;
  }

  private parse(text: string): boolean {
    const ticks = parseTime(text);
    if (ticks === undefined) return false;
    this.high = Number(ticks >> 32n);
    this.low = Number(ticks & 0xffff_ffffn);
    return true;
  }
}

/**
 * Seconds since 1601 of the usual form, `2021-03-03T06:40:12`; -1 for any other. The last day of a month is left to the
 * parser, and what is so far away that the product above would not be exact.
 */
function secondsAt(bytes: Uint8Array, at: number): number {
  const year = digits(bytes, at, 4);
  const month = digits(bytes, at + 10, 2);
  const day = digits(bytes, at + 16, 2);
  const hour = digits(bytes, at + 22, 2);
  const minute = digits(bytes, at + 28, 2);
  const second = digits(bytes, at + 34, 2);
  if (year < 1601 || year > 3000 || month < 1 || month > 12) return -1;
  if (day < 1 || day > (month === 2 ? 28 : 30)) return -1;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  if (!isAt(bytes, at + 8, dash) || !isAt(bytes, at + 14, dash) || !isAt(bytes, at + 20, letterT)) return -1;
  if (!isAt(bytes, at + 26, colon) || !isAt(bytes, at + 32, colon)) return -1;
  return unixEpochSeconds + daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
}

/** Ticks of `Z`, or of a point, one to nine digits and `Z`; -1 for anything else. */
function fractionAt(bytes: Uint8Array, at: number, end: number): number {
  if (!isAt(bytes, end - 2, letterZ)) return -1;
  const count = (end - at) / 2 - 2;
  if (count === -1) return 0;
  if (!isAt(bytes, at, point) || count < 1 || count > 9) return -1;
  const value = digits(bytes, at + 2, count);
  if (value < 0) return -1;
  return count > 7 ? Math.floor(value / 10 ** (count - 7)) : value * 10 ** (7 - count);
}

/** A number of UTF-16 digits, -1 if they are none. */
function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + 2 * count; i += 2) {
    const digit = (bytes[i] ?? 0) - zero;
    if (digit < 0 || digit > 9 || bytes[i + 1] !== 0) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function isAt(bytes: Uint8Array, at: number, character: number): boolean {
  return bytes[at] === character && bytes[at + 1] === 0;
}
