import { DAYS } from './calendar.ts';
import { WEEK_SHARE } from './traffic.ts';

/** How much to write: a goal in bytes, or the requests of people on a working day. */
export type ExampleSize = { readonly bytes: number } | { readonly requestsPerDay: number };

/** About 60 MB in all. */
export const DEFAULT_REQUESTS_PER_DAY = 420;

/**
 * Measured at 300 MB and 1 GB: what the files hold that does not grow with the requests of people (headers, probes,
 * strangers), and all rows and events of one request of a person. Sizes come out within six in a hundred.
 */
const FIXED_BYTES = 38_000_000;
const BYTES_PER_REQUEST = 1620;

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['K', 1e3],
  ['M', 1e6],
  ['G', 1e9],
]);

/** Requests of people on a working day that make about the size asked for; at least a handful. */
export function requestsPerDay(size: ExampleSize | undefined): number {
  if (size === undefined) return DEFAULT_REQUESTS_PER_DAY;
  if ('requestsPerDay' in size) return Math.max(1, Math.round(size.requestsPerDay));
  const perDay = (size.bytes - FIXED_BYTES) / (DAYS * WEEK_SHARE * BYTES_PER_REQUEST);
  return Math.max(20, Math.round(perDay));
}

/**
 * Reads a size as people write it: `3GB`, `500 MB`, or `2000/day` for requests of people on a working day.
 *
 * @returns undefined for anything else
 */
export function parseSize(text: string): ExampleSize | undefined {
  const found = /^\s*(?<number>\d+(?:\.\d+)?)\s*(?<unit>[KMG]?B?|\/day)\s*$/i.exec(text)?.groups;
  const number = Number(found?.['number'] ?? Number.NaN);
  const unit = (found?.['unit'] ?? '').toUpperCase();
  if (!Number.isFinite(number)) return undefined;
  if (unit === '/DAY') return { requestsPerDay: number };
  const factor = UNITS.get(unit.replace('B', ''));
  return factor === undefined ? undefined : { bytes: number * factor };
}
