/** Time with the precision of the sources: 100 ns since 1601-01-01 UTC (a Windows FILETIME). `Date` cannot hold it. */
export type Ticks = bigint;

/** Ticks of 1970-01-01. */
export const unixEpochTicks: Ticks = 116_444_736_000_000_000n;
export const ticksPerSecond = 10_000_000n;
export const ticksPerHour = 36_000_000_000n;
export const ticksPerDay = 864_000_000_000n;

/** Days from 1970-01-01 to a date of the Gregorian calendar (year 0 to 9999). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isoPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Reads `2021-03-03`, `2021-03-03 06:40:12`, `2021-03-03T06:40:12.1234567Z`, with or without an offset. Without a
 * zone it is UTC. Digits beyond 100 ns are cut. Undefined for anything else.
 */
export function parseTime(text: string): Ticks | undefined {
  const m = isoPattern.exec(text);
  if (m === null) return undefined;
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const [hour, minute, second] = [Number(m[4] ?? 0), Number(m[5] ?? 0), Number(m[6] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > (monthDays[month - 1] ?? 0)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const seconds =
    daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - zoneSeconds(m[8]);
  const fraction = (m[7] ?? '').slice(0, 7).padEnd(7, '0');
  return unixEpochTicks + BigInt(seconds) * ticksPerSecond + BigInt(fraction);
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -60 : 60) * minutes;
}

/** How exact a time is known; decides how many digits are shown. */
export type TimePrecision = 'day' | 'second' | 'millisecond' | 'tick';

/**
 * ISO 8601 in UTC. Without a precision the fraction is as long as it needs to be: none, three or seven digits.
 * The year is at least four digits; times before 1601 do not occur.
 */
export function formatTime(ticks: Ticks, precision?: TimePrecision): string {
  const sinceUnix = ticks - unixEpochTicks;
  const milliseconds = floorDivide(sinceUnix, 10_000n);
  const iso = new Date(Number(milliseconds)).toISOString();
  if (precision === 'day') return iso.slice(0, 10);
  if (precision === 'second') return `${iso.slice(0, 19)}Z`;
  if (precision === 'millisecond') return iso;
  const fraction = sinceUnix - floorDivide(sinceUnix, ticksPerSecond) * ticksPerSecond;
  if (precision === undefined && fraction === 0n) return `${iso.slice(0, 19)}Z`;
  if (precision === undefined && fraction % 10_000n === 0n) return iso;
  return `${iso.slice(0, 19)}.${fraction.toString().padStart(7, '0')}Z`;
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value < 0n && quotient * by !== value ? quotient - 1n : quotient;
}

export function ticksFromUnixSeconds(seconds: number): Ticks {
  return unixEpochTicks + BigInt(Math.round(seconds * 10_000_000));
}

/** The hour a time falls in, counted from 1601: the unit of coverage. */
export function hourOf(ticks: Ticks): number {
  return Number(ticks / ticksPerHour);
}

export function ticksOfHour(hour: number): Ticks {
  return BigInt(hour) * ticksPerHour;
}

export function minTime(a: Ticks | undefined, b: Ticks | undefined): Ticks | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

export function maxTime(a: Ticks | undefined, b: Ticks | undefined): Ticks | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
