import {
  formatTime,
  parseTime,
  ticksPerDay,
  type Amount,
  type Stretch,
  type Time,
  type Window,
} from '@postern/core';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `28 Feb 2021`, from ISO text; the year alone is left out where it was said before. The text itself where it is none. */
export function day(time: Time, yearSaid?: string): string {
  const m = /^(\d{4})-(\d{2})-(\d{2})(?!\d)/.exec(time);
  const [, year, month, date] = m ?? [];
  const name = months[Number(month) - 1];
  if (year === undefined || name === undefined) return time;
  return year === yearSaid ? `${Number(date)} ${name}` : `${Number(date)} ${name} ${year}`;
}

/** `28 Feb 03:14:07`, or with its year where that is not the one that was said. */
export function moment(time: Time, yearSaid?: string): string {
  const clock = /T(\d{2}:\d{2}:\d{2})/.exec(time)?.[1];
  const date = day(time, yearSaid);
  return clock === undefined ? date : `${date} ${clock}`;
}

/** `1 Feb – 17 Mar 2021`, `4–9 Mar 2021`, with both years only where they differ, with none where it was said. */
export function span(window: Window, yearSaid?: string): string {
  const [from, to] = [day(window.from), day(window.to)];
  const [fromDate, fromMonth, fromYear] = from.split(' ');
  const [, toMonth, toYear] = to.split(' ');
  const end = day(window.to, yearSaid);
  if (from === to) return end;
  if (fromYear === undefined || fromYear !== toYear) return `${day(window.from, yearSaid)} – ${end}`;
  return fromMonth === toMonth ? `${fromDate}–${end}` : `${fromDate} ${fromMonth} – ${end}`;
}

/**
 * A counted stretch as people say it: one that ends at midnight ends on the day before, and of one that lasts two days
 * and more a day counts that is in it for the most part.
 */
export function daysOf({ from, to }: Stretch): Window {
  const end = parseTime(to);
  const begin = parseTime(from);
  if (end === undefined || begin === undefined || end <= begin) return { from, to };
  const slack = end - begin >= 2n * ticksPerDay ? ticksPerDay / 2n : 0n;
  return { from: formatTime(begin + slack, 'day'), to: formatTime(end - slack - 1n, 'day') };
}

export function yearOf(time: Time | undefined): string | undefined {
  return time === undefined ? undefined : /^\d{4}(?=-)/.exec(time)?.[0];
}

/** Not inside of paths, file names and ids. */
const isoDate = /(?<![\w\\/.-])\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z)?(?![\w\\/-]|\.\w)/
  .source;
const isoRange = new RegExp(`(?<from>${isoDate})(?: to | – | and )(?<to>${isoDate})`, 'g');
const isoAlone = new RegExp(isoDate, 'g');

/** A sentence with its ISO days and times in the words of people: `12–19 Feb`, `28 Feb 2021 03:14:07`. */
export function humanDates(text: string, yearSaid?: string): string {
  return text
    .replaceAll(isoRange, (whole, from: string, to: string) =>
      whole.includes('T') ? whole : span({ from, to }, yearSaid),
    )
    .replaceAll(isoAlone, (time) => moment(time, yearSaid));
}

/** `2.4 MB`, `at least 427 kB`; empty where nothing is known. */
export function amountText({ lower, upper }: Amount): string {
  if (upper === null) return lower === 0 ? '' : `at least ${byteText(lower)}`;
  return upper === 0 ? '' : byteText(upper);
}

/** `1.3 GB`, decimal units. */
export function byteText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  // 999.6 would be shown as 1000.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return bytes === 1 ? '1 byte' : `${Math.round(bytes)} bytes`;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `41,882`, the same everywhere. */
export function countText(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** `once`, `214 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : `${countText(count)} times`;
}

/** `1 file`, `41,882 files`. */
export function counted(count: number, one: string, many: string): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
