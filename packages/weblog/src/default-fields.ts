import { DASH, isDigit } from './bytes.ts';
import type { Cells } from './cells.ts';

const head = 'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent)';
const everything =
  'date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken';

/**
 * Layouts that servers write, for logs whose `#Fields` is lost: IIS 7 as installed (14 values), IIS 8 and later as
 * installed (15), that with the client's address behind a proxy (16), with the byte counts (17), all fields (22), all
 * with the client's address (23); HTTPERR before and since Windows 10 (13, 14). No two of a family have the same number.
 */
const layouts = {
  iis: [
    `${head} sc-status sc-substatus sc-win32-status time-taken`,
    `${head} cs(Referer) sc-status sc-substatus sc-win32-status time-taken`,
    `${head} cs(Referer) sc-status sc-substatus sc-win32-status time-taken X-Forwarded-For`,
    `${head} cs(Referer) sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken`,
    everything,
    `${everything} X-Forwarded-For`,
  ],
  httperr: [
    'date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename',
    'date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status s-siteid s-reason s-queuename',
  ],
} as const;

const byCount: Readonly<Record<'iis' | 'httperr', ReadonlyMap<number, readonly string[]>>> = {
  iis: countFields(layouts.iis),
  httperr: countFields(layouts.httperr),
};

function countFields(texts: readonly string[]): ReadonlyMap<number, readonly string[]> {
  return new Map(texts.map((text) => text.split(' ')).map((fields) => [fields.length, fields]));
}

type Check = (bytes: Uint8Array, from: number, to: number) => boolean;

/** What a value must look like, so that a layout is taken only for lines that really have it. */
const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['date', (bytes, from, to) => to - from === 10 && isPattern(bytes, from, 'dddd-dd-dd')],
  ['time', (bytes, from, to) => to - from >= 8 && isPattern(bytes, from, 'dd:dd:dd')],
  ['s-ip', isAddress],
  ['c-ip', isAddress],
  ['cs-method', (bytes, from, to) => every(bytes, from, to, isMethodByte)],
  ['cs-uri-stem', (bytes, from, to) => '/*-'.includes(String.fromCharCode(bytes[from] ?? 0)) && to > from],
  ['s-port', isNumber],
  ['c-port', isNumber],
  [
    'sc-status',
    (bytes, from, to) => isDash(bytes, from, to) || (to - from === 3 && every(bytes, from, to, isDigit)),
  ],
  ['sc-substatus', isNumber],
  ['sc-win32-status', isNumber],
  ['sc-bytes', isNumber],
  ['cs-bytes', isNumber],
  ['time-taken', isNumber],
  ['cs-version', (bytes, from, to) => isDash(bytes, from, to) || isPattern(bytes, from, 'HTTP')],
]);

/** The default fields that a line's values fit, by number and by look; undefined if none do. */
export function fittingFields(
  kind: 'iis' | 'httperr',
  bytes: Uint8Array,
  cells: Cells,
): readonly string[] | undefined {
  const fields = byCount[kind].get(cells.count);
  const fits = fields?.every(
    (field, i) => checks.get(field)?.(bytes, cells.from[i] ?? 0, cells.to[i] ?? 0) ?? true,
  );
  return fits === true ? fields : undefined;
}

function isPattern(bytes: Uint8Array, from: number, pattern: string): boolean {
  for (let i = 0; i < pattern.length; i++) {
    const byte = bytes[from + i] ?? 0;
    if (pattern[i] === 'd' ? !isDigit(byte) : byte !== pattern.charCodeAt(i)) return false;
  }
  return true;
}

function every(bytes: Uint8Array, from: number, to: number, test: (byte: number) => boolean): boolean {
  for (let i = from; i < to; i++) if (!test(bytes[i] ?? 0)) return false;
  return to > from;
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

/** Clients may send any token; HTTP.sys logs even `t3`. */
function isMethodByte(byte: number): boolean {
  return isLetter(byte) || isDigit(byte) || byte === 0x5f || byte === DASH;
}

function isDash(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === 1 && bytes[from] === DASH;
}

function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  return isDash(bytes, from, to) || every(bytes, from, to, isDigit);
}

/** IPv4, or IPv6 with or without a zone. A look, not a proof. */
function isAddress(bytes: Uint8Array, from: number, to: number): boolean {
  let marks = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x25 && marks >= 2) return true;
    if (byte === 0x2e || byte === 0x3a) marks++;
    else if (!isDigit(byte) && !((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)) return false;
  }
  return marks >= 2;
}
