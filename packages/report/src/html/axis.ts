import {
  formatTime,
  parseTime,
  ticksPerDay,
  ticksPerHour,
  type Ticks,
  type Time,
  type Window,
} from '@postern/core';
import { day } from '../dates.ts';

/** A range of time on paper. */
export interface Axis {
  readonly from: Ticks;
  readonly to: Ticks;
}

/** The range of some times, a little wider, at least a day; undefined without any. */
export function axisOf(times: readonly Time[]): Axis | undefined {
  const ticks = times
    .flatMap((time) => parseTime(time) ?? [])
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const [first, last] = [ticks[0], ticks.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (last - first >= 2n * ticksPerDay) return { from: first, to: last };
  const from = first - (first % ticksPerDay);
  return { from, to: last - (last % ticksPerDay) + ticksPerDay };
}

/** Where a time lies, from 0 to 100; outside of the axis at its ends. */
export function percentAt({ from, to }: Axis, time: Time): number {
  const at = parseTime(time);
  if (at === undefined || to <= from) return 0;
  return Math.max(0, Math.min(100, (Number(at - from) / Number(to - from)) * 100));
}

export function isWithin({ from, to }: Axis, time: Time): boolean {
  const at = parseTime(time);
  return at !== undefined && at >= from && at <= to;
}

/** The part of a window that lies on the axis, in percent; undefined where none does. */
export function stretchOf(
  axis: Axis,
  { from, to }: Window,
): { readonly left: number; readonly width: number } | undefined {
  const [begin, end] = [parseTime(from), parseTime(to)];
  if (begin === undefined || end === undefined || end < axis.from || begin > axis.to) return undefined;
  const left = percentAt(axis, from);
  return { left, width: Math.max(0, percentAt(axis, to) - left) };
}

export interface Tick {
  readonly percent: number;
  readonly label: string;
}

/** Marks at hours, days, weeks, months or years: never more than about twelve. */
export function ticksOf(axis: Axis): readonly Tick[] {
  const days = Number(axis.to - axis.from) / Number(ticksPerDay);
  const times = days <= 2 ? hourMarks(axis) : dayMarks(axis, days);
  return times.map((time) => ({ percent: percentAt(axis, time), label: labelOf(time, days) }));
}

function hourMarks({ from, to }: Axis): readonly Time[] {
  const step = 4n * ticksPerHour;
  const count = Number((to - from) / step) + 1;
  return Array.from({ length: count }, (_, i) => formatTime(from + BigInt(i) * step));
}

/** Days of the month that are marked, the less the longer the axis. */
function dayMarks(axis: Axis, days: number): readonly Time[] {
  const firstYear = Number(formatTime(axis.from).slice(0, 4));
  const lastYear = Number(formatTime(axis.to).slice(0, 4));
  const years = Array.from({ length: lastYear - firstYear + 1 }, (_, i) => firstYear + i);
  const step = Math.max(1, Math.ceil(days / 365 / 12));
  const months = days > 1500 ? [1] : days > 420 ? [1, 4, 7, 10] : [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  const dates = days <= 12 ? everyDay : days <= 90 ? [1, 8, 15, 22] : [1];
  return years
    .filter((year) => (year - firstYear) % step === 0)
    .flatMap((year) => months.flatMap((month) => dates.map((date) => `${year}-${two(month)}-${two(date)}`)))
    .filter((time) => isWithin(axis, time));
}

const everyDay = Array.from({ length: 31 }, (_, i) => i + 1);

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function labelOf(time: Time, days: number): string {
  if (days <= 2) return time.slice(11, 16);
  const [date = '', month = '', year = ''] = day(time).split(' ');
  if (days > 420) return `${month} ${year}`;
  return days > 90 ? month : `${date} ${month}`;
}
