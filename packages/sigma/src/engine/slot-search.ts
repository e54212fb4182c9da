import { arrayOf, slotTypes, type Batch } from '@postern/core';
import type { Literal, LiteralScanner } from '@postern/match';

/** Longer values with escapes are decoded the usual way. */
const scratchBytes = 65_536;
const quote = 0x22;
const backslash = 0x5c;

/** Room for one value without its escapes. */
const scratch = new Uint8Array(scratchBytes);

/**
 * Searches a slot where it lies, without decoding it.
 *
 * @returns false if that is not possible or not enough: the decoded texts must be searched then. What was found until
 *   then is true all the same.
 */
export function searchSlot(scanner: LiteralScanner, batch: Batch, record: number, slot: number): boolean {
  const s = (batch.slotStart[record] ?? 0) + slot;
  if (s >= (batch.slotStart[record + 1] ?? 0)) return true;
  return searchValue(scanner, batch.buffer, batch.offset[s] ?? 0, batch.length[s] ?? 0, batch.type[s] ?? 0);
}

// oxlint-disable-next-line max-params -- a value, without an object made for each
function searchValue(
  scanner: LiteralScanner,
  bytes: Uint8Array,
  from: number,
  length: number,
  type: number,
): boolean {
  const to = from + length;
  switch (type) {
    case slotTypes.null:
      return true;
    case slotTypes.utf16:
      // A byte too many is a character of its own once it is decoded.
      if (length % 2 === 0) scanner.utf16(bytes, from, length >> 1);
      return length % 2 === 0;
    case slotTypes.utf8:
    case slotTypes.latin1:
      return !scanner.bytes(bytes, from, to);
    case slotTypes.csvQuoted:
      return !holdsByte(bytes, from, to, quote) && !scanner.bytes(bytes, from, to);
    case slotTypes.jsonString:
      return searchJson(scanner, bytes, from, to);
    case slotTypes.jsonValue:
      return isScalar(bytes, from, length) && !scanner.bytes(bytes, from, to);
    case slotTypes.list:
      return searchList(scanner, bytes, from, to);
    case slotTypes.ansi:
      return searchAnsi(scanner, bytes, from, to);
    case arrayOf | slotTypes.utf16:
      return searchTexts(scanner, bytes, from, to);
    default:
      return false;
  }
}

/** Without the NULs that end it; one inside is left out of the decoded text, so that what is around it adjoins. */
// oxlint-disable-next-line max-params -- a value, without an object made for each
function searchAnsi(scanner: LiteralScanner, bytes: Uint8Array, from: number, to: number): boolean {
  let end = to;
  while (end > from && bytes[end - 1] === 0) end--;
  return !holdsByte(bytes, from, end, 0) && !scanner.bytes(bytes, from, end);
}

/** Texts that end with NUL; the last one may lack it. */
// oxlint-disable-next-line max-params -- a value, without an object made for each
function searchTexts(scanner: LiteralScanner, bytes: Uint8Array, from: number, to: number): boolean {
  const end = to - ((to - from) % 2);
  let start = from;
  for (let at = from; at < end; at += 2) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0) continue;
    scanner.utf16(bytes, start, (at - start) >> 1);
    start = at + 2;
  }
  scanner.utf16(bytes, start, (end - start) >> 1);
  return true;
}

/** Bytes of one entry: offset, length and type. */
const entryBytes = 12;

function searchList(scanner: LiteralScanner, bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at + entryBytes <= to; at += entryBytes) {
    const type = wordAt(bytes, at + 8) & 0xff;
    // Entries are made by readers, and do not hold themselves.
    if (!searchValue(scanner, bytes, wordAt(bytes, at), wordAt(bytes, at + 4), type)) return false;
  }
  return true;
}

function wordAt(bytes: Uint8Array, at: number): number {
  const word =
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24);
  return word >>> 0;
}

/** What may stand in a value of a binary type once it is written as text, letter case folded. */
const binaryText = /^[0-9a-fxstzruelniy{}:.+ -]*$/;

/** Whether a literal could stand in numbers, times, GUIDs, SIDs and other bytes. */
export function fitsBinary(literals: readonly Literal[]): boolean {
  return literals.some(({ pieces }) => pieces.every((piece) => binaryText.test(piece)));
}

/** Whether a slot is a number, a time, a GUID, a SID or other bytes: no text and nothing made of texts. */
export function isBinary(batch: Batch, record: number, slot: number): boolean {
  const type = batch.type[(batch.slotStart[record] ?? 0) + slot] ?? 0;
  return type >= slotTypes.int8 && type <= slotTypes.bytes;
}

function holdsByte(bytes: Uint8Array, from: number, to: number, byte: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === byte) return true;
  return false;
}

function searchJson(scanner: LiteralScanner, bytes: Uint8Array, from: number, to: number): boolean {
  if (!holdsByte(bytes, from, to, backslash)) return !scanner.bytes(bytes, from, to);
  const length = unescape(bytes, from, to);
  return length >= 0 && !scanner.bytes(scratch, 0, length);
}

/** The character that a JSON escape of one letter stands for; 0: it is none of them. */
const escapes = new Uint8Array(256);
for (const [letter, char] of Object.entries({
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}))
  escapes[letter.charCodeAt(0)] = char.charCodeAt(0);

/** Writes the value to {@link scratch}; its length, or -1 where it is too long or needs a real decoder. */
function unescape(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > scratchBytes) return -1;
  let length = 0;
  for (let at = from; at < to; at++) {
    let byte = bytes[at] ?? 0;
    if (byte < 0x20) return -1;
    if (byte === backslash) {
      byte = at + 1 < to ? (escapes[bytes[++at] ?? 0] ?? 0) : 0;
      if (byte === 0) return -1;
    }
    scratch[length++] = byte;
  }
  return length;
}

/** A number or a boolean, which stands for itself; lists, objects and null do not. */
function isScalar(bytes: Uint8Array, from: number, length: number): boolean {
  const first = bytes[from];
  return length > 0 && first !== 0x5b && first !== 0x7b && first !== 0x6e;
}
