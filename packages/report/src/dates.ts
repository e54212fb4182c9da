import type { Time, Window } from '@postern/core';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `28 Feb 2021`, from ISO text; the text itself where it is none. */
export function day(time: Time): string {
  const m = /^(\d{4})-(\d{2})-(\d{2})/.exec(time);
  if (m === null) return time;
  return `${Number(m[3])} ${months[Number(m[2]) - 1] ?? m[2]} ${m[1]}`;
}

/** `28 Feb 03:14:07`: the year is said once elsewhere. */
export function moment(time: Time): string {
  const clock = /T(\d{2}:\d{2}:\d{2})/.exec(time)?.[1];
  const date = day(time).replace(/ \d{4}$/, '');
  return clock === undefined ? date : `${date} ${clock}`;
}

/** `1 Feb – 17 Mar 2021`, with both years only where they differ. */
export function span(window: Window): string {
  const [from, to] = [day(window.from), day(window.to)];
  if (from === to) return from;
  const year = / \d{4}$/.exec(from)?.[0] ?? '';
  return to.endsWith(year) ? `${from.slice(0, from.length - year.length)} – ${to}` : `${from} – ${to}`;
}

/** `4–9 Mar` or `28 Feb – 9 Mar`, for the margin. */
export function shortSpan(first: Time, last: Time): string {
  const [from, to] = [day(first).replace(/ \d{4}$/, ''), day(last).replace(/ \d{4}$/, '')];
  if (from === to) return from;
  const [fromDay, fromMonth] = from.split(' ');
  return to.endsWith(` ${fromMonth}`) ? `${fromDay}–${to}` : `${from} – ${to}`;
}

/** `1.3 GB`, decimal units. */
export function byteText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0
    ? `${bytes} bytes`
    : `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `41,882`, the same everywhere. */
export function countText(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** `used once`, `used 214 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : `${countText(count)} times`;
}
