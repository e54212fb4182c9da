import { hashMultiplier } from './gram-table.ts';

/** A word of symbols (letter classes), and what a find of it is called. */
export interface Word {
  readonly id: number;
  readonly word: Uint16Array;
}

/** A word, and the ASCII text that it stands for in lower case; a typographic dash is a NUL there. */
export interface SpelledWord extends Word {
  readonly text: string;
}

/**
 * Long literals, each looked for by four of its letters (a gram) and compared where those stand. Plain data.
 *
 * Where an automaton of thousands of literals waits for memory at each letter, one look at every other letter at a bit
 * table that stays in the first cache tells nearly all places where nothing stands: measured, a fifth of the time.
 */
export interface GramIndex {
  /** One bit for each hash of a gram. */
  readonly bits: Int32Array;
  /** Hash → bit. */
  readonly bitShift: number;
  /** Open hash table: gram, then `first entry << countBits | entries`; 0 in the second place: empty. */
  readonly slots: Int32Array;
  readonly slotShift: number;
  /** For each entry: id, first symbol, symbols, and how far into the word its gram stands. */
  readonly entries: Int32Array;
  readonly symbols: Uint16Array;
}

/** Letters of a gram. */
export const gramLetters = 4;
/** Every so many letters of a text is looked. */
export const gramStride = 2;
/** With fewer letters a word need not have a gram at a place that is looked at. */
export const shortestIndexed: number = gramLetters + gramStride - 1;
/** Words that one gram may stand for: more of them would be compared at one place. */
const mostAlike = 8;
export const countBits = 4;
export const entryWords = 4;

/** Bits of the table for each gram: one in 32 is set. */
const bitsPerGram = 32;
const leastBits = 10;
/** 32 kB, the first cache. */
const mostBits = 18;

/**
 * Makes an index of what can be looked for by grams. The others (short ones, and those that differ from too many in no
 * gram) are left.
 */
export function makeGramIndex(words: readonly SpelledWord[]): {
  readonly index: GramIndex | undefined;
  readonly left: readonly Word[];
} {
  const long = words.filter(({ text }) => text.length >= shortestIndexed);
  const counts = countGrams(long);
  const buckets = new Map<number, Entry[]>();
  const taken = long.filter((word) => place(word, counts, buckets));
  const indexed = new Set(taken);
  const left = words.filter((word) => !indexed.has(word));
  return { index: taken.length === 0 ? undefined : layOut(taken, buckets), left };
}

interface Entry {
  readonly word: SpelledWord;
  /** Where in the word its gram stands. */
  readonly at: number;
}

/** How many words hold a gram: what many rules speak of, many records hold. */
function countGrams(words: readonly SpelledWord[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { text } of words) {
    for (let at = 0; at + gramLetters <= text.length; at++) {
      const gram = gramAt(text, at);
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
  }
  return counts;
}

/** Finds a gram for each way in which the looks may fall on the word; false: there is none for one of them. */
function place(
  word: SpelledWord,
  counts: ReadonlyMap<number, number>,
  buckets: Map<number, Entry[]>,
): boolean {
  const places = Array.from({ length: gramStride }, (_, residue) =>
    bestPlace(word.text, residue, counts, buckets),
  );
  if (places.includes(-1)) return false;
  for (const at of places) {
    const gram = gramAt(word.text, at);
    const bucket = buckets.get(gram);
    if (bucket === undefined) buckets.set(gram, [{ word, at }]);
    else bucket.push({ word, at });
  }
  return true;
}

// oxlint-disable-next-line max-params -- what the places are judged by
function bestPlace(
  text: string,
  residue: number,
  counts: ReadonlyMap<number, number>,
  buckets: ReadonlyMap<number, readonly Entry[]>,
): number {
  let best = -1;
  let least = Infinity;
  for (let at = residue; at + gramLetters <= text.length; at += gramStride) {
    if (text.slice(at, at + gramLetters).includes('\0')) continue;
    const gram = gramAt(text, at);
    // Two places of one word may share a gram.
    if ((buckets.get(gram)?.length ?? 0) > mostAlike - gramStride) continue;
    const weight = (counts.get(gram) ?? 0) * 2 ** commonLetters(text, at);
    if (weight < least) [best, least] = [at, weight];
  }
  return best;
}

const common = 'etaoinsrlcdmpuhfgw /\\.-_';

function commonLetters(text: string, at: number): number {
  let count = 0;
  for (let i = at; i < at + gramLetters; i++) if (common.includes(text[i] ?? '')) count++;
  return count;
}

/**
 * Four letters as they are in two 32-bit words of UTF-16 laid over each other (the second one byte higher), so that a
 * look at such a text needs no shuffling: letters 0, 2, 1, 3.
 */
function gramAt(text: string, at: number): number {
  return gramOf(
    text.charCodeAt(at),
    text.charCodeAt(at + 1),
    text.charCodeAt(at + 2),
    text.charCodeAt(at + 3),
  );
}

/** The gram of four units, case folded: bit 5 of each set. */
// oxlint-disable-next-line max-params -- four letters
export function gramOf(a: number, b: number, c: number, d: number): number {
  return (a & 0xff) | ((c & 0xff) << 8) | ((b & 0xff) << 16) | (d << 24) | 0x20202020;
}

function layOut(words: readonly SpelledWord[], buckets: ReadonlyMap<number, readonly Entry[]>): GramIndex {
  const starts = new Map<SpelledWord, number>();
  let length = 0;
  for (const word of words) {
    starts.set(word, length);
    length += word.word.length;
  }
  const symbols = new Uint16Array(length);
  for (const [{ word }, start] of starts) symbols.set(word, start);
  const entries: number[] = [];
  const table = emptyTable(buckets.size);
  for (const [gram, bucket] of buckets) {
    insert(table, gram, ((entries.length / entryWords) << countBits) | bucket.length);
    for (const { word, at } of bucket) entries.push(word.id, starts.get(word) ?? 0, word.word.length, at);
  }
  return { ...table, entries: Int32Array.from(entries), symbols };
}

type Table = Pick<GramIndex, 'bits' | 'bitShift' | 'slots' | 'slotShift'>;

function emptyTable(grams: number): Table {
  const bits = Math.min(mostBits, Math.max(leastBits, Math.ceil(Math.log2(grams * bitsPerGram))));
  const slots = Math.ceil(Math.log2(grams * 2 + 1));
  return {
    bits: new Int32Array(1 << (bits - 5)),
    bitShift: 32 - bits,
    slots: new Int32Array(2 << slots),
    slotShift: 32 - slots,
  };
}

function insert({ bits, bitShift, slots, slotShift }: Table, gram: number, value: number): void {
  const hash = Math.imul(gram, hashMultiplier);
  const bit = hash >>> bitShift;
  bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  let slot = (hash >>> slotShift) * 2;
  while (slots[slot + 1] !== 0) slot = (slot + 2) & (slots.length - 1);
  slots[slot] = gram;
  slots[slot + 1] = value;
}

/** What the table has for a gram with this hash; 0: nothing. */
export function entriesOf({ slots, slotShift }: GramIndex, gram: number, hash: number): number {
  for (let slot = (hash >>> slotShift) * 2; ; slot = (slot + 2) & (slots.length - 1)) {
    const value = slots[slot + 1] ?? 0;
    if (value === 0 || slots[slot] === gram) return value;
  }
}
