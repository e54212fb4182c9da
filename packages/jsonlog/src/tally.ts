import {
  decodeSlot,
  daysFromCivil,
  parseTime,
  slotTypes,
  ticksFromUnixSeconds,
  ticksPerSecond,
  unixEpochTicks,
  type ReadSummary,
  type Shape,
  type ShapeSummary,
  type Ticks,
} from '@postern/core';

const secondsTo1970 = Number(unixEpochTicks / ticksPerSecond);

/** A moment in two numbers: a bigint per record costs more than the rest of the counting. */
export interface Moment {
  /** Seconds since 1970; NaN where there is no readable time. */
  seconds: number;
  /** 100 ns within the second. */
  fraction: number;
  /** The text named its zone (`Z`, `+01:00`). */
  zoned: boolean;
}

/** Reads the bytes of a JSON or CSV value as a time into `moment`. The fixed ISO form goes without a string. */
export function readMoment(bytes: Uint8Array, from: number, length: number, moment: Moment): void {
  if (length >= 19 && length <= 30 && readFixed(bytes, from, from + length, moment)) return;
  const text = decodeSlot(bytes, from, length, slotTypes.jsonString) ?? '';
  setMoment(parseTime(text), moment);
  moment.zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(16));
}

/** As {@link readMoment} for seconds since 1970, as core reads them. */
export function readUnixMoment(bytes: Uint8Array, from: number, length: number, moment: Moment): void {
  const text = decodeSlot(bytes, from, length, slotTypes.utf8) ?? '';
  const seconds = /^-?\d{1,11}(\.\d+)?$/.test(text) ? Number(text) : 0;
  setMoment(seconds === 0 ? undefined : ticksFromUnixSeconds(seconds), moment);
  moment.zoned = true;
}

/** Puts a time that was read elsewhere into `moment`. */
export function setMoment(ticks: Ticks | undefined, moment: Moment): void {
  moment.seconds = Number.NaN;
  if (ticks === undefined) return;
  moment.seconds = Number(ticks / ticksPerSecond) - secondsTo1970;
  moment.fraction = Number(ticks % ticksPerSecond);
}

function readFixed(bytes: Uint8Array, from: number, to: number, moment: Moment): boolean {
  const year = number(bytes, from, 4);
  const month = number(bytes, from + 5, 2);
  const day = number(bytes, from + 8, 2);
  const hour = number(bytes, from + 11, 2);
  const minute = number(bytes, from + 14, 2);
  const second = number(bytes, from + 17, 2);
  if (Math.min(year, month, day, hour, minute, second) < 0 || !hasMarks(bytes, from)) return false;
  // What is odd (the 31st, leap seconds) goes the slow way, where core decides.
  if (month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59) return false;
  const fraction = fractionAt(bytes, from + 19, to);
  if (fraction < 0) return false;
  moment.seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  moment.fraction = fraction;
  moment.zoned = bytes[to - 1] === 0x5a;
  return true;
}

function hasMarks(bytes: Uint8Array, from: number): boolean {
  const between = bytes[from + 10];
  if (between !== 0x54 && between !== 0x20) return false;
  return (
    bytes[from + 4] === 0x2d &&
    bytes[from + 7] === 0x2d &&
    bytes[from + 13] === 0x3a &&
    bytes[from + 16] === 0x3a
  );
}

/** 100 ns from `.123` with an optional `Z`; -1 for anything else. */
function fractionAt(bytes: Uint8Array, from: number, to: number): number {
  const end = bytes[to - 1] === 0x5a ? to - 1 : to;
  if (from === end) return 0;
  if (bytes[from] !== 0x2e || from + 1 === end || end - from > 10) return -1;
  let value = 0;
  for (let i = from + 1; i < from + 8; i++) {
    const digit = i < end ? (bytes[i] ?? 0) - 0x30 : 0;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return number(bytes, from + 1, end - from - 1) < 0 ? -1 : value;
}

function number(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** First, last and number of the records of one shape. */
export class ShapeTally {
  readonly shape: Shape;
  records = 0;
  private first: Moment | undefined;
  private last: Moment | undefined;

  constructor(shape: Shape) {
    this.shape = shape;
  }

  see(moment: Moment): void {
    if (this.first === undefined || isBefore(moment, this.first)) this.first = { ...moment };
    if (this.last === undefined || isBefore(this.last, moment)) this.last = { ...moment };
  }

  summary(): ShapeSummary {
    return { shape: this.shape, records: this.records, first: ticksOf(this.first), last: ticksOf(this.last) };
  }
}

function isBefore(a: Moment, b: Moment): boolean {
  return a.seconds < b.seconds || (a.seconds === b.seconds && a.fraction < b.fraction);
}

function ticksOf(moment: Moment | undefined): Ticks | undefined {
  if (moment === undefined) return undefined;
  return unixEpochTicks + BigInt(moment.seconds) * ticksPerSecond + BigInt(moment.fraction);
}

/** The counts of a whole source, record by record. */
export class Tally {
  damaged = 0;
  stopped = false;
  private readonly hours = new Map<number, number>();
  private readonly shapes: ShapeTally[] = [];
  private hour = Number.NaN;
  private inHour = 0;

  shape(shape: Shape): ShapeTally {
    const tally = new ShapeTally(shape);
    this.shapes.push(tally);
    return tally;
  }

  /** Counts a record with a readable time; its shape's number of records is raised by the caller. */
  see(tally: ShapeTally, moment: Moment): void {
    tally.see(moment);
    const hour = Math.floor((moment.seconds + secondsTo1970) / 3600);
    if (hour !== this.hour) this.closeHour(hour);
    this.inHour++;
  }

  summary(): ReadSummary {
    this.closeHour(Number.NaN);
    const shapes = this.shapes.filter((shape) => shape.records > 0).map((shape) => shape.summary());
    const firsts = shapes.flatMap(({ first }) => (first === undefined ? [] : [first]));
    const lasts = shapes.flatMap(({ last }) => (last === undefined ? [] : [last]));
    return {
      records: shapes.reduce((sum, shape) => sum + shape.records, 0),
      damaged: this.damaged,
      recovered: 0,
      first: extreme(firsts, (a, b) => a < b),
      last: extreme(lasts, (a, b) => a > b),
      hours: new Map([...this.hours].toSorted(([a], [b]) => a - b)),
      shapes,
      stopped: this.stopped,
    };
  }

  /** Records come mostly in order: the map is touched once per run of records in one hour. */
  private closeHour(next: number): void {
    if (this.inHour > 0) this.hours.set(this.hour, (this.hours.get(this.hour) ?? 0) + this.inHour);
    this.hour = next;
    this.inHour = 0;
  }
}

function extreme(all: readonly Ticks[], wins: (a: Ticks, b: Ticks) => boolean): Ticks | undefined {
  let best: Ticks | undefined;
  for (const one of all) if (best === undefined || wins(one, best)) best = one;
  return best;
}
