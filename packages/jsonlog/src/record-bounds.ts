import type { ObjectScanner } from './object-scanner.ts';

/** One object per line, or objects over many lines: a list, pretty-printed, one behind the other. */
export type RecordMode = 'lines' | 'spread';

const newline = 0x0a;
const openBrace = 0x7b;

/** The longest way to begin a record that is learned. */
export const openerBytes = 512;

/** White space and control characters; not zero bytes, which are counted. */
export function isBlank(byte: number): boolean {
  return (byte <= 0x20 && byte !== 0) || byte === 0x7f;
}

/** White space, record separators (RFC 7464), and the commas and brackets of a list. */
function isBetween(byte: number): boolean {
  return isBlank(byte) || byte === 0x2c || byte === 0x5b || byte === 0x5d;
}

/** The first byte that is not between records, or `to`. Byte order marks stand where files were put together. */
export function skipBetween(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to;) {
    if (isBetween(bytes[at] ?? 0)) at++;
    else if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
    else return at;
  }
  return to;
}

/** The next line break in `from..to`, or -1. */
export function lineBreak(bytes: Uint8Array, from: number, to: number): number {
  // Of the part only: what lies behind `to` in a buffer can be long and stale.
  const found = bytes.subarray(from, to).indexOf(newline);
  return found < 0 ? -1 : from + found;
}

/**
 * Told from the beginning: a list, the heading that evtx_dump puts before each record, or a first object that goes on
 * after its line in white space, means `spread`. A first line torn inside a string does not.
 */
export function recordMode(bytes: Uint8Array, from: number, to: number, scanner: ObjectScanner): RecordMode {
  const first = skipBetween(bytes, from, to);
  if (bytes.subarray(from, first).includes(0x5b)) return 'spread';
  if (recordHeading(bytes, first, to) > 0) return 'spread';
  if (bytes[first] !== openBrace) return 'lines';
  const end = lineBreak(bytes, first, to);
  if (end < 0) return scanner.scan(bytes, first, to) === 'whole' ? 'spread' : 'lines';
  if (skipBlank(bytes, first + 1, end) === end) return 'spread';
  if (scanner.scan(bytes, first, end) !== 'torn') return 'lines';
  // The whole object fits only if the line broke between its parts; a torn string swallows the next line's quotes.
  return scanner.scan(bytes, first, to) === 'broken' ? 'lines' : 'spread';
}

/** The end of a line `Record 12`, as evtx_dump writes before each pretty-printed record; -1 if it is none. */
export function recordHeading(bytes: Uint8Array, from: number, to: number): number {
  const end = lineBreak(bytes, from, Math.min(to, from + 40));
  if (end < 0) return -1;
  return /^Record \d+\s*$/.test(String.fromCharCode(...bytes.subarray(from, end))) ? end : -1;
}

/**
 * How records of a `spread` source begin: `{`, white space and the first name. Learned from the first whole record,
 * it finds the next record behind a damaged one; inner objects begin differently.
 */
export function openerOf(bytes: Uint8Array, from: number, to: number): Uint8Array | undefined {
  const name = skipBlank(bytes, from + 1, to);
  if (bytes[name] !== 0x22) return undefined;
  const close = bytes.subarray(name + 1, to).indexOf(0x22);
  return close < 0 || name + close + 2 - from > openerBytes ? undefined : bytes.slice(from, name + close + 2);
}

/** The next record after `from`; without an opener the next line that begins with `{`. -1: none in sight. */
export function nextOpener(
  bytes: Uint8Array,
  from: number,
  to: number,
  opener: Uint8Array | undefined,
): number {
  return opener === undefined ? nextBraceLine(bytes, from, to) : nextSame(bytes, from, to, opener);
}

function nextSame(bytes: Uint8Array, from: number, to: number, opener: Uint8Array): number {
  for (let at = from; at + opener.length <= to; at++) {
    if (bytes[at] !== openBrace) continue;
    let i = 1;
    while (i < opener.length && bytes[at + i] === opener[i]) i++;
    if (i === opener.length) return at;
  }
  return -1;
}

function nextBraceLine(bytes: Uint8Array, from: number, to: number): number {
  for (let at = lineBreak(bytes, from, to); at >= 0; at = lineBreak(bytes, at + 1, to)) {
    const begin = skipBlank(bytes, at, to);
    if (begin < to && bytes[begin] === openBrace) return begin;
  }
  return -1;
}

function skipBlank(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] ?? 0) <= 0x20) at++;
  return at;
}
