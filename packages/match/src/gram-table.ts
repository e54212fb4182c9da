import { typicalLines } from './typical.ts';

/**
 * How far apart the places are at which a literal is looked for. A literal of 7 bytes holds a whole 4-byte word at
 * every alignment when each 4th place is looked at; one of 5 bytes when each 2nd is; one of 4 when each is.
 */
export type Stride = 4 | 2 | 1;

/** Four bytes of a literal: found, they say that the literal may start `skip` bytes before them. */
export interface Gram {
  readonly literal: number;
  readonly skip: number;
  readonly stride: Stride;
  /** Case folded: bit 5 of each byte set, in literals and in text alike. */
  readonly value: number;
}

export function strideOf(length: number): Stride {
  if (length >= 7) return 4;
  return length >= 5 ? 2 : 1;
}

/** The pieces by which a literal is found wherever it stands; of several the one that is rarest in typical lines. */
export function gramsOf(literal: Uint8Array, number: number): readonly Gram[] {
  const stride = strideOf(literal.length);
  return Array.from({ length: stride }, (_, residue) => {
    const skip = rarestSkip(literal, residue, stride);
    return { literal: number, skip, stride, value: wordAt(literal, skip) };
  });
}

function rarestSkip(literal: Uint8Array, residue: number, stride: Stride): number {
  let best = residue;
  let rarest = Infinity;
  for (let skip = residue; skip + 4 <= literal.length; skip += stride) {
    const count = typicalCounts().get(wordAt(literal, skip)) ?? 0;
    if (count < rarest) [best, rarest] = [skip, count];
  }
  return best;
}

/** Four bytes as a little-endian word with folded case. */
function wordAt(bytes: Uint8Array, at: number): number {
  const byte = (i: number): number => (bytes[at + i] ?? 0) | 0x20;
  return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
}

let counts: Map<number, number> | undefined;

function typicalCounts(): ReadonlyMap<number, number> {
  if (counts !== undefined) return counts;
  const bytes = new TextEncoder().encode(typicalLines);
  counts = new Map();
  for (let at = 0; at + 4 <= bytes.length; at++) {
    const word = wordAt(bytes, at);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** Grams by hash. `filter` says with one look for which strides a gram can be there: bits 1, 2 and 4. */
export interface GramTable {
  readonly shift: number;
  readonly filter: Uint8Array;
  readonly heads: Int32Array;
  readonly next: Int32Array;
  readonly grams: readonly Gram[];
  /** The smallest stride of any literal. */
  readonly stride: Stride;
}

/** Knuth's multiplier: spreads the bits of a word over the upper end of the product. */
export const hashMultiplier: number = 0x9e3779b1 | 0;

export function makeGramTable(grams: readonly Gram[]): GramTable {
  const bits = tableBits(grams.length);
  const shift = 32 - bits;
  const filter = new Uint8Array(1 << bits);
  const heads = new Int32Array(1 << bits).fill(-1);
  const next = new Int32Array(grams.length);
  grams.forEach((gram, i) => {
    const hash = Math.imul(gram.value, hashMultiplier) >>> shift;
    filter[hash] = (filter[hash] ?? 0) | gram.stride;
    next[i] = heads[hash] ?? -1;
    heads[hash] = i;
  });
  const stride = grams.reduce<Stride>((least, gram) => (gram.stride < least ? gram.stride : least), 4);
  return { shift, filter, heads, next, grams, stride };
}

/** At most about one slot in fifty taken: false alarms cost more than a larger table, up to the size of the L2 cache. */
function tableBits(grams: number): number {
  return Math.min(19, Math.max(16, Math.ceil(Math.log2(grams * 50 + 1))));
}
