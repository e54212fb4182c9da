import { formatTime, ticksPerDay, ticksPerSecond } from '@postern/core';
import type { Stretch, Ticks, Window } from '@postern/core';

/** A stretch of time, `to` not included. */
export interface Interval {
  readonly from: Ticks;
  readonly to: Ticks;
}

/** Sorted, without overlaps and without empty ones; touching stretches become one. */
export function unite(list: readonly Interval[]): Interval[] {
  const united: Interval[] = [];
  for (const next of list.filter((i) => i.from < i.to).toSorted(compareIntervals)) {
    const last = united.at(-1);
    if (last === undefined || next.from > last.to) united.push(next);
    else if (next.to > last.to) united[united.length - 1] = { from: last.from, to: next.to };
  }
  return united;
}

/** What both hold. Both must be united. */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const common: Interval[] = [];
  let second = 0;
  for (const x of a) {
    while (second < b.length && endOf(b, second) <= x.from) second++;
    for (let k = second; k < b.length; k++) {
      const y = b[k];
      if (y === undefined || y.from >= x.to) break;
      common.push({ from: later(x.from, y.from), to: earlier(x.to, y.to) });
    }
  }
  return common;
}

/** What `a` holds and `b` does not. Both must be united. */
export function subtract(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  return a.flatMap((x) => {
    const rest: Interval[] = [];
    let from = x.from;
    for (const y of b) {
      if (y.to <= from || y.from >= x.to) continue;
      if (y.from > from) rest.push({ from, to: y.from });
      from = later(from, y.to);
    }
    if (from < x.to) rest.push({ from, to: x.to });
    return rest;
  });
}

/** Ticks held in all; the list must be united. */
export function lengthOf(list: readonly Interval[]): Ticks {
  return list.reduce((sum, i) => sum + i.to - i.from, 0n);
}

export function holds(list: readonly Interval[], time: Ticks): boolean {
  return list.some((i) => i.from <= time && time < i.to);
}

/** As coverage writes it: counted, `to` not included. */
export function toStretch({ from, to }: Interval): Stretch {
  return { from: formatTime(from), to: formatTime(to) };
}

/** As people say it: `to` is the last record, or the last second where the interval ends with a whole one. */
export function toWindow({ from, to }: Interval): Window {
  const last = to > from ? to - 1n : to;
  return {
    from: formatTime(from),
    to: to % ticksPerSecond === 0n ? formatTime(last, 'second') : formatTime(last),
  };
}

const halfDay = ticksPerDay / 2n;

/**
 * The days of an interval, as people say them: one that ends at midnight ends on the day before, and of one that lasts
 * two days and more a day counts that is in it for the most part.
 */
export function daysOf({ from, to }: Interval): { readonly from: string; readonly to: string } {
  const slack = to - from >= 2n * ticksPerDay ? halfDay : 0n;
  const last = to > from ? to - slack - 1n : to;
  return { from: formatTime(from + slack, 'day'), to: formatTime(last, 'day') };
}

export function later(a: Ticks, b: Ticks): Ticks {
  return a > b ? a : b;
}

export function earlier(a: Ticks, b: Ticks): Ticks {
  return a < b ? a : b;
}

/** Orders times; what has none comes last. */
export function compareTimes(a: Ticks | undefined, b: Ticks | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}

function compareIntervals(a: Interval, b: Interval): number {
  return compareTimes(a.from, b.from) || compareTimes(a.to, b.to);
}

function endOf(list: readonly Interval[], index: number): Ticks {
  return list[index]?.to ?? 0n;
}
