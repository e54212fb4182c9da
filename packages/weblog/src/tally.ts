import { hourOf, maxTime, minTime, timeAt, type Shape, type ShapeSummary, type Ticks } from '@postern/core';

const ticksPerMillisecond = 10_000n;
/** `2021-03-03 06` or `2021-03-03T06`: the same bytes, the same hour. */
const hourBytes = 13;
/** `2021-03-03 06:40:12`. */
export const timeBytes = 19;

/** Records per hour over all shapes of a source. */
export type Hours = Map<number, number>;

/**
 * Counts the records of one shape, with their first and last time and how many fell into which hour. Nearly all lines
 * have the hour of the line before, so that thirteen equal bytes spare reading the time; minutes to milliseconds are
 * kept as one number.
 */
export class Tally {
  records = 0;
  first: Ticks | undefined;
  last: Ticks | undefined;
  private readonly hours: Hours;
  /** What the lines of the hour begin with; zeros where there is none. */
  readonly head: Uint8Array = new Uint8Array(hourBytes);
  private hourStart: Ticks = 0n;
  private inHour = 0;
  /** Milliseconds since the hour began, of its first and its last record. */
  lowest = 0;
  highest = 0;

  constructor(hours: Hours) {
    this.hours = hours;
  }

  /** Counts the time that stands at `at`, at least {@link timeBytes} long; false if it is none. */
  noteTime(bytes: Uint8Array, at: number, to: number): boolean {
    const { head } = this;
    for (let i = 0; i < hourBytes; i++) if (bytes[at + i] !== head[i]) return this.turn(bytes, at, to);
    const offset = withinHour(bytes, at, to);
    if (offset < 0) return false;
    this.inHour++;
    if (offset < this.lowest) this.lowest = offset;
    if (offset > this.highest) this.highest = offset;
    return true;
  }

  /** Counts so many records whose lines began with {@link head}, with the hour's first and last time as they are now. */
  addToHour(records: number, lowest: number, highest: number): void {
    this.records += records;
    this.inHour += records;
    this.lowest = lowest;
    this.highest = highest;
  }

  /** Counts a time that was read elsewhere. */
  noteTicks(ticks: Ticks): void {
    this.settle();
    this.add(ticks, ticks, 1);
  }

  summary(shape: Shape): ShapeSummary {
    this.settle();
    return { shape, records: this.records, first: this.first, last: this.last };
  }

  /** Begins another hour. */
  private turn(bytes: Uint8Array, at: number, to: number): boolean {
    const ticks = timeAt(bytes, at);
    const offset = withinHour(bytes, at, to);
    if (ticks === undefined || offset < 0 || ticks < 0n) return false;
    this.settle();
    this.head.set(bytes.subarray(at, at + hourBytes));
    this.hourStart = ticks - (ticks % 36_000_000_000n);
    this.inHour = 1;
    this.lowest = offset;
    this.highest = offset;
    return true;
  }

  /** Adds the hour counted so far to the whole, and forgets it. */
  private settle(): void {
    if (this.inHour === 0) return;
    const { hourStart, lowest, highest, inHour } = this;
    this.inHour = 0;
    this.head.fill(0);
    const at = (offset: number): Ticks => hourStart + BigInt(offset) * ticksPerMillisecond;
    this.add(at(lowest), at(highest), inHour);
  }

  private add(from: Ticks, to: Ticks, records: number): void {
    this.first = minTime(this.first, from);
    this.last = maxTime(this.last, to);
    const hour = hourOf(from);
    this.hours.set(hour, (this.hours.get(hour) ?? 0) + records);
  }
}

/** Milliseconds since the hour began, from `…:40:12` or `…:40:12.987`; -1 if they cannot be read. */
function withinHour(bytes: Uint8Array, at: number, to: number): number {
  const minute = twoDigits(bytes, at + 14);
  const second = twoDigits(bytes, at + 17);
  if (minute < 0 || second < 0 || minute > 59 || second > 59) return -1;
  if (bytes[at + 13] !== 0x3a || bytes[at + 16] !== 0x3a) return -1;
  const seconds = minute * 60 + second;
  return seconds * 1000 + (at + 22 < to && bytes[at + 19] === 0x2e ? milliseconds(bytes, at + 20) : 0);
}

function milliseconds(bytes: Uint8Array, at: number): number {
  const tens = twoDigits(bytes, at);
  const ones = (bytes[at + 2] ?? 0) - 0x30;
  return tens < 0 || ones < 0 || ones > 9 ? 0 : tens * 10 + ones;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 0x30;
  const ones = (bytes[at + 1] ?? 0) - 0x30;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

/** `…Z` or nothing after the seconds and their fraction: the time is UTC, and {@link Tally.noteTime} may read it. */
export function isUtc(bytes: Uint8Array, at: number, to: number): boolean {
  let i = at + timeBytes;
  while (i < to && (bytes[i] === 0x2e || ((bytes[i] ?? 0) >= 0x30 && (bytes[i] ?? 0) <= 0x39))) i++;
  return i >= to || (bytes[i] !== 0x2b && bytes[i] !== 0x2d);
}
