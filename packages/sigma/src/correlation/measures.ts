import type { CompiledCorrelation } from './correlation-set.ts';
import type { Item } from './item.ts';

/** What one window comes to, kept up to date as items come and go. */
export interface Measure {
  add(item: Item): void;
  remove(item: Item): void;
  /** Undefined where there is nothing to be judged (no number in the window). */
  value(): number | undefined;
}

/** The measure of a correlation. That of `temporal_ordered` is its own: see `OrderedMeasure`. */
export function makeMeasure({ type, percentile }: CompiledCorrelation): Measure {
  switch (type) {
    case 'event_count':
      return new EventCount();
    case 'value_count':
      return new DistinctCount(({ value }) => value);
    case 'temporal':
    case 'temporal_ordered':
      return new DistinctCount(({ source }) => source);
    case 'value_sum':
    case 'value_avg':
      return new Sum(type === 'value_avg');
    case 'value_percentile':
      return new Percentile(percentile);
    case 'value_median':
      return new Percentile(50);
  }
}

class EventCount implements Measure {
  private count = 0;

  add(): void {
    this.count++;
  }

  remove(): void {
    this.count--;
  }

  value(): number {
    return this.count;
  }
}

class DistinctCount implements Measure {
  private readonly counts = new Map<string | number, number>();
  private readonly keyOf: (item: Item) => string | number | undefined;

  constructor(keyOf: (item: Item) => string | number | undefined) {
    this.keyOf = keyOf;
  }

  add(item: Item): void {
    const key = this.keyOf(item);
    if (key !== undefined) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  remove(item: Item): void {
    const key = this.keyOf(item);
    if (key === undefined) return;
    const left = (this.counts.get(key) ?? 0) - 1;
    if (left > 0) this.counts.set(key, left);
    else this.counts.delete(key);
  }

  value(): number {
    return this.counts.size;
  }
}

/** Exact for whole numbers; fractions are added up anew when the window empties. */
class Sum implements Measure {
  private sum = 0;
  private count = 0;
  private readonly isAverage: boolean;

  constructor(isAverage: boolean) {
    this.isAverage = isAverage;
  }

  add({ value }: Item): void {
    if (typeof value !== 'number') return;
    this.sum += value;
    this.count++;
  }

  remove({ value }: Item): void {
    if (typeof value !== 'number') return;
    this.count--;
    this.sum = this.count === 0 ? 0 : this.sum - value;
  }

  value(): number | undefined {
    if (this.count === 0) return undefined;
    return this.isAverage ? this.sum / this.count : this.sum;
  }
}

/** The rank among the sorted values, between two of them by linear interpolation. */
class Percentile implements Measure {
  private readonly sorted: number[] = [];
  private readonly percentile: number;

  constructor(percentile: number) {
    this.percentile = percentile;
  }

  add({ value }: Item): void {
    if (typeof value === 'number') this.sorted.splice(this.place(value), 0, value);
  }

  remove({ value }: Item): void {
    if (typeof value === 'number') this.sorted.splice(this.place(value), 1);
  }

  value(): number | undefined {
    const { sorted, percentile } = this;
    if (sorted.length === 0) return undefined;
    const rank = (percentile / 100) * (sorted.length - 1);
    const below = sorted[Math.floor(rank)] ?? 0;
    const above = sorted[Math.ceil(rank)] ?? below;
    return below + (above - below) * (rank - Math.floor(rank));
  }

  /** Index of the first value that is not smaller. */
  private place(value: number): number {
    let from = 0;
    let to = this.sorted.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.sorted[middle] ?? 0) < value) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** A number as a log writes it, `0x…` too; undefined for any other text. */
export function numberOf(text: string): number | undefined {
  const isNumber = /^\s*(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?|0x[0-9a-f]{1,16})\s*$/i.test(text);
  const value = isNumber ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}
