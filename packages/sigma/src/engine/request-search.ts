import { slotTypes, type Batch } from '@postern/core';
import type { LiteralScanner } from '@postern/match';

const percent = 0x25;
const ampersand = 0x26;
/** Longer values with escapes are decoded the usual way. */
const scratchBytes = 8192;

/** Room for one value without its escapes. */
const scratch = new Uint8Array(scratchBytes);

/**
 * Searches a path or query of a request where it lies, as it stands and with its percent escapes decoded once: texts
 * are made for no more than what must be looked at more closely.
 *
 * @param bare the value is also searched without what Exchange adds to a query
 * @returns false if that is not possible or not enough: the decoded texts must be searched then. What was found until
 *   then is true all the same.
 */
// oxlint-disable-next-line max-params -- called for every record
export function searchRequest(
  scanner: LiteralScanner,
  batch: Batch,
  record: number,
  slot: number,
  bare: boolean,
): boolean {
  const s = (batch.slotStart[record] ?? 0) + slot;
  const type = s < (batch.slotStart[record + 1] ?? 0) ? batch.type[s] : slotTypes.null;
  if (type !== slotTypes.utf8) return type === slotTypes.null;
  const bytes = batch.buffer;
  const from = batch.offset[s] ?? 0;
  const to = from + (batch.length[s] ?? 0);
  if ((bare && mayHoldInsertion(bytes, from, to)) || scanner.bytes(bytes, from, to)) return false;
  const first = firstPercent(bytes, from, to);
  if (first === to) return true;
  if (to - from > scratchBytes) return false;
  const length = decodeInto(scratch, bytes, from, to);
  return !scanner.bytes(scratch, 0, length);
}

function firstPercent(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== percent) at++;
  return at;
}

/** Exchange's parameters begin with a C. */
function mayHoldInsertion(bytes: Uint8Array, from: number, to: number): boolean {
  let before = ampersand;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (before === ampersand && (byte | 0x20) === 0x63) return true;
    before = byte;
  }
  return false;
}

/** As `percentDecode`; bytes that are no UTF-8 stay. Gives the length. */
// oxlint-disable-next-line max-params -- called for every record
function decodeInto(target: Uint8Array, bytes: Uint8Array, from: number, to: number): number {
  let length = 0;
  for (let at = from; at < to; at++) {
    let byte = bytes[at] ?? 0;
    if (byte === percent && at + 2 < to) {
      const code = (hexDigit(bytes[at + 1] ?? 0) << 4) | hexDigit(bytes[at + 2] ?? 0);
      if (code >= 0) {
        byte = code;
        at += 2;
      }
    }
    target[length++] = byte;
  }
  return length;
}

/** The value of a hex digit; -1 for anything else. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
