import type { BitReader } from './bit-reader.ts';
import { StreamFault } from './decoder.ts';

/** Codes have at most so many bits. */
const longest = 20;
/** Codes up to this length are looked up at once; longer ones are rare. */
const tableBits = 10;

/** A canonical prefix code of bzip2. */
export interface BlockCode {
  /** By the next ten bits: the symbol times 32, and the length of its code; 0 where it is longer or there is none. */
  readonly table: Uint16Array;
  /** By length: the first code that is longer, and what to add to a code to have its place among the symbols. */
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  /** Symbols by length of their code. */
  readonly symbols: Uint16Array;
}

/** @throws StreamFault `corrupt` where more codes are asked for than there are */
export function blockCode(lengths: Uint8Array): BlockCode {
  const code: BlockCode = {
    table: new Uint16Array(1 << tableBits),
    limits: new Int32Array(longest + 1),
    offsets: new Int32Array(longest + 1),
    symbols: new Uint16Array(lengths.length),
  };
  for (let length = 1, next = 0, place = 0; length <= longest; length++, next <<= 1) {
    code.offsets[length] = place - next;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      if (next >= 1 << length) throw new StreamFault('corrupt');
      if (length <= tableBits) fill(code.table, { symbol, length, code: next });
      code.symbols[place++] = symbol;
      next++;
    }
    code.limits[length] = next;
  }
  return code;
}

function fill(
  table: Uint16Array,
  { symbol, length, code }: { readonly symbol: number; readonly length: number; readonly code: number },
): void {
  const free = tableBits - length;
  table.fill((symbol << 5) | length, code << free, (code + 1) << free);
}

/** @throws StreamFault */
export function readSymbol(bits: BitReader, { table, limits, offsets, symbols }: BlockCode): number {
  const entry = table[bits.peek(tableBits)] ?? 0;
  if (entry !== 0) {
    bits.skip(entry & 31);
    return entry >>> 5;
  }
  const ahead = bits.peek(longest);
  for (let length = tableBits + 1; length <= longest; length++) {
    const code = ahead >>> (longest - length);
    if (code >= (limits[length] ?? 0)) continue;
    bits.skip(length);
    return symbols[code + (offsets[length] ?? 0)] ?? 0;
  }
  throw new StreamFault('corrupt');
}
