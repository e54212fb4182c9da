// The days the example covers, and how each log writes a time. All numbers are milliseconds since 1970, UTC.

export const SECOND = 1000;
export const MINUTE: number = 60 * SECOND;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;

/** First moment of the collection's logs. */
export const START: number = Date.UTC(2021, 1, 1);
/** 1 February to 17 March 2021. */
export const DAYS = 45;
/** First moment after the collection's logs. */
export const END: number = START + DAYS * DAY;

const TWO = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));
const THREE = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));
const MINUTES = Array.from(
  { length: 1440 },
  (_, minute) => `${TWO[Math.floor(minute / 60)] ?? ''}:${TWO[minute % 60] ?? ''}`,
);

let lastDay = -1;
let lastDate = '';

/** `2021-02-01`. Remembers the last day, because rows come in order of time. */
export function dateOf(time: number): string {
  const day = Math.floor(time / DAY);
  if (day !== lastDay) {
    lastDay = day;
    lastDate = new Date(day * DAY).toISOString().slice(0, 10);
  }
  return lastDate;
}

/** `13:05:59`, as IIS writes it. */
export function clockOf(time: number): string {
  const second = Math.floor((time % DAY) / SECOND);
  return `${MINUTES[Math.floor(second / 60)] ?? ''}:${TWO[second % 60] ?? ''}`;
}

/** `2021-02-01T13:05:59.123Z`, as Exchange's own logs write it. */
export function isoTime(time: number): string {
  return `${dateOf(time)}T${clockOf(time)}.${THREE[time % SECOND] ?? ''}Z`;
}

/** `210201`: the day in the name of an IIS log. */
export function shortDay(time: number): string {
  return dateOf(time).slice(2).replaceAll('-', '');
}

/** `20210201`: the day in the name of an Exchange log. */
export function longDay(time: number): string {
  return dateOf(time).replaceAll('-', '');
}

/** `2021020113`: the hour in the name of an HttpProxy log. */
export function longHour(time: number): string {
  return longDay(time) + clockOf(time).slice(0, 2);
}

/** `3/3/2021 5:53:35 AM`: how the management shell prints a date on an American server. */
export function shellTime(time: number): string {
  const date = new Date(time);
  const hour = date.getUTCHours();
  const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
  return `${day} ${hour % 12 === 0 ? 12 : hour % 12}:${clockOf(time).slice(3)} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** Midnight (UTC) of a day of 2021; months count from 1. */
export function dayOf2021(month: number, day: number): number {
  return Date.UTC(2021, month - 1, day);
}
