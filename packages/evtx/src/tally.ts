import { maxTime, minTime, type ReadSummary, type Shape, type SourceFamily, type Ticks } from '@postern/core';

/** Times are kept as two halves of 32 bits: a bigint per record would cost more than reading it. */
const half = 0x1_0000_0000;
/** Later ones than the year 9999 are no times: the upper half of its end. */
const highOfYear10000 = 617_110_111;

/** First, last and number of the records of one shape. */
class ShapeTally {
  records = 0;
  readonly recorder: RecorderTally;
  readonly shape: Shape;
  private firstHigh = Infinity;
  private firstLow = 0;
  private lastHigh = -1;
  private lastLow = 0;

  constructor(shape: Shape, recorder: RecorderTally) {
    this.shape = shape;
    this.recorder = recorder;
  }

  see(high: number, low: number): void {
    if (high < this.firstHigh || (high === this.firstHigh && low < this.firstLow)) {
      this.firstHigh = high;
      this.firstLow = low;
    }
    if (high > this.lastHigh || (high === this.lastHigh && low > this.lastLow)) {
      this.lastHigh = high;
      this.lastLow = low;
    }
  }

  get first(): Ticks | undefined {
    return this.lastHigh < 0 ? undefined : ticksOf(this.firstHigh, this.firstLow);
  }

  get last(): Ticks | undefined {
    return this.lastHigh < 0 ? undefined : ticksOf(this.lastHigh, this.lastLow);
  }
}

/** An hour in units of 2^11 ticks: the largest power of two that divides it. A time in them is a whole number that is exact. */
const unitsPerHour = 17_578_125;

/** The hours of one recorder. Records come mostly in order: the map is touched once per run of records in one hour. */
class RecorderTally {
  readonly recorder: string;
  /** Hours since 1601 and their records. */
  private readonly hours = new Map<number, number>();
  private inHour = 0;
  private hour = 0;
  private from = 0;
  private to = 0;

  constructor(recorder: string) {
    this.recorder = recorder;
  }

  see(high: number, low: number): void {
    const units = high * 0x20_0000 + (low >>> 11);
    if (units < this.from || units >= this.to) this.turnTo(units);
    this.inHour++;
  }

  sorted(): ReadonlyMap<number, number> {
    this.close();
    return new Map([...this.hours].toSorted(([a], [b]) => a - b));
  }

  private turnTo(units: number): void {
    this.close();
    this.hour = Math.floor(units / unitsPerHour);
    this.from = this.hour * unitsPerHour;
    this.to = this.from + unitsPerHour;
  }

  private close(): void {
    if (this.inHour > 0) this.hours.set(this.hour, (this.hours.get(this.hour) ?? 0) + this.inHour);
    this.inHour = 0;
  }
}

function ticksOf(high: number, low: number): Ticks {
  return BigInt(high) * BigInt(half) + BigInt(low);
}

/** The counts of a whole source, made for every record, wanted or not. */
export class Tally {
  damaged = 0;
  recovered = 0;
  stopped = false;
  private readonly shapes: ShapeTally[] = [];
  private readonly recorders = new Map<string, RecorderTally>();

  /** The next shape, numbered from 0 on. */
  add(shape: Shape): void {
    const recorder = this.recorders.get(shape.recorder) ?? new RecorderTally(shape.recorder);
    this.recorders.set(shape.recorder, recorder);
    this.shapes.push(new ShapeTally(shape, recorder));
  }

  /** Counts a record; false if its time is none, so that it is in no hour. */
  see(shape: number, high: number, low: number): boolean {
    const tally = this.shapes[shape];
    if (tally === undefined) return false;
    tally.records++;
    if ((high === 0 && low === 0) || high >= highOfYear10000) return false;
    tally.see(high, low);
    tally.recorder.see(high, low);
    return true;
  }

  summary(): ReadSummary {
    const shapes = this.shapes.filter(({ records }) => records > 0);
    const recorders = [...this.recorders.values()].map((one) => familyOf(one, shapes));
    const covered = recorders.filter(({ records }) => records > 0);
    return {
      records: shapes.reduce((sum, { records }) => sum + records, 0),
      damaged: this.damaged,
      recovered: this.recovered,
      first: covered.map(({ first }) => first).reduce(minTime, undefined),
      last: covered.map(({ last }) => last).reduce(maxTime, undefined),
      hours: together(covered),
      shapes: shapes.map(({ shape, records, first, last }) => ({ shape, records, first, last })),
      recorders: covered,
      stopped: this.stopped,
    };
  }
}

function familyOf(recorder: RecorderTally, shapes: readonly ShapeTally[]): SourceFamily {
  const own = shapes.filter((shape) => shape.recorder === recorder);
  return {
    family: recorder.recorder,
    records: own.reduce((sum, { records }) => sum + records, 0),
    first: own.map(({ first }) => first).reduce(minTime, undefined),
    last: own.map(({ last }) => last).reduce(maxTime, undefined),
    hours: recorder.sorted(),
  };
}

function together(families: readonly SourceFamily[]): ReadonlyMap<number, number> {
  const hours = new Map<number, number>();
  for (const family of families) {
    for (const [hour, count] of family.hours) hours.set(hour, (hours.get(hour) ?? 0) + count);
  }
  return new Map([...hours].toSorted(([a], [b]) => a - b));
}
