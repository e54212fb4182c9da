import { StreamFault } from './decoder.ts';

/** A canonical prefix code of deflate, as a table over the next bits of the input, the first of them lowest. */
export interface PrefixCode {
  /** By the next `bits` bits: the symbol times 16, and the length of its code; 0 where no code begins so. */
  readonly table: Uint16Array;
  readonly bits: number;
}

/** Codes have at most so many bits (RFC 1951, 3.2.7). */
export const longestCode = 15;

/**
 * Makes the code of which symbol `i` has `lengths[i]` bits (RFC 1951, 3.2.2). Codes that are never given out are kept
 * as such: an encoder with one distance leaves some.
 *
 * @throws StreamFault `corrupt` where more codes are asked for than there are
 */
export function prefixCode(lengths: Uint8Array): PrefixCode {
  const bits = Math.max(1, ...lengths);
  const firsts = firstCodes(lengths);
  const table = new Uint16Array(1 << bits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) continue;
    const code = firsts[length] ?? 0;
    firsts[length] = code + 1;
    for (let i = reversed(code, length); i < table.length; i += 1 << length)
      table[i] = (symbol << 4) | length;
  }
  return { table, bits };
}

function firstCodes(lengths: Uint8Array): Uint32Array {
  const counts = new Uint32Array(longestCode + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const firsts = new Uint32Array(longestCode + 1);
  for (let length = 1, code = 0; length <= longestCode; length++) {
    code = (code + (counts[length - 1] ?? 0)) << 1;
    firsts[length] = code;
    if (code + (counts[length] ?? 0) > 1 << length) throw new StreamFault('corrupt');
  }
  return firsts;
}

/** Codes stand in the stream with their highest bit first. */
function reversed(code: number, length: number): number {
  let bits = 0;
  for (let i = 0; i < length; i++) bits |= ((code >>> i) & 1) << (length - 1 - i);
  return bits;
}
