import { entriesBytes, gramKernel, manyGrams, mostMiddles, type GramSearch } from './gram-kernel.ts';
import { hashMultiplier, type Gram, type GramTable } from './gram-table.ts';
import type { WorkMemory } from './work-memory.ts';

/** Looks for words that may begin a gram; addresses are those in the work memory it was made for. */
export interface WordSearch {
  readonly buffer: ArrayBuffer;
  /** The first such word from `at` on; one not below `last` where there is none. */
  next(at: number, last: number): number;
}

/** A search by kernel, with its tables in the memory; undefined where they find no room. */
export function searchIn(memory: WorkMemory, table: GramTable): WordSearch | undefined {
  const filter = memory.take(table.filter.length + entriesBytes + mostMiddles * 16);
  if (filter === undefined) return undefined;
  const entries = filter + table.filter.length;
  const middles = middlesOf(table.grams);
  const numbers = new Uint8Array(memory.buffer, filter, table.filter.length);
  writeEntries(table, numbers, new Int32Array(memory.buffer, entries, entriesBytes / 4));
  writeMiddles(middles, new Int32Array(memory.buffer, entries + entriesBytes, mostMiddles * 4));
  const search = memory.kernel(gramKernel)[searchFor(table, middles.length)];
  const { shift } = table;
  return { buffer: memory.buffer, next: (at, last) => search(at, last, filter, shift, entries) };
}

function searchFor({ stride }: GramTable, middles: number): GramSearch {
  if (stride === 4) return 'words';
  if (stride === 1) return 'bytes';
  if (middles > mostMiddles) return 'halves';
  if (middles > 4) return 'middles8';
  return middles > 2 ? 'middles4' : 'middles2';
}

/** Grams that may begin in the middle of a word; those of stride 1 have a search of their own. */
function middlesOf(grams: readonly Gram[]): readonly number[] {
  return [...new Set(grams.filter(({ stride }) => stride === 2).map(({ value }) => value))];
}

/** Gives each gram a number; literals share grams, and those that are the same have the same one. */
function writeEntries({ grams, shift }: GramTable, filter: Uint8Array, entries: Int32Array): void {
  let count = 0;
  for (const { value, stride } of grams) {
    const hash = Math.imul(value, hashMultiplier) >>> shift;
    const known = filter[hash] ?? 0;
    const isSame = known > 0 && known < manyGrams && entries[known * 2] === value;
    if (!isSame) filter[hash] = known > 0 || count + 1 === manyGrams ? manyGrams : ++count;
    const number = filter[hash] ?? 0;
    entries[number * 2] = value;
    entries[number * 2 + 1] = (entries[number * 2 + 1] ?? 0) | stride;
  }
}

/** Those that are left free repeat the first: what they find is found anyway. */
function writeMiddles(middles: readonly number[], places: Int32Array): void {
  const [first = 0] = middles;
  for (let i = 0; i < mostMiddles; i++) places.fill(middles[i] ?? first, i * 4, i * 4 + 4);
}
