import type { Chunk } from './chunk.ts';
import { wordsOf } from './known-bytes.ts';
import type { Words } from './words.ts';

/** A piece of markup as it stood where it was first met. Places are counted from its beginning. */
export interface KnownMarkup {
  readonly length: number;
  /** Its bytes, four at a time: `known` where they belong to `mask`. */
  readonly known: readonly number[];
  readonly mask: readonly number[];
  /** Places of the references to names that stand right behind them. */
  readonly here: readonly number[];
  /** Places of the others, and for each the word that it leads to. */
  readonly elsewhere: readonly number[];
  readonly names: readonly number[];
}

/** The chunk that markup stands in, and the words that its names are. */
export interface Surroundings {
  readonly chunk: Chunk;
  readonly words: Words;
  readonly isCopy: IsCopy;
}

/** What of a markup may differ from copy to copy, as places in the window. */
interface Loose {
  readonly references: Int32Array;
  /** Four bytes each that say nothing: links and sizes. */
  readonly others: Int32Array;
}

/** Keeps the markup in `from..to`, with references whose names are good. */
export function keepMarkup(
  { chunk, words }: Surroundings,
  [from, to]: readonly [number, number],
  { references, others }: Loose,
): KnownMarkup {
  const isHere = (reference: number): boolean => chunk.base + chunk.u32(reference) === reference + 4;
  const here = references.filter(isHere);
  const elsewhere = references.filter((reference) => !isHere(reference));
  const mask = new Uint8Array(to - from).fill(0xff);
  for (const place of [...others, ...elsewhere]) mask.fill(0, place - from, place - from + 4);
  // Behind the reference stands the name's link within its bucket, which differs from chunk to chunk.
  for (const place of here) mask.fill(0, place - from, place - from + 8);
  return {
    length: to - from,
    known: wordsOf(chunk.bytes.slice(from, to).map((byte, i) => byte & (mask[i] ?? 0))),
    mask: wordsOf(mask),
    here: Array.from(here, (reference) => reference - from),
    elsewhere: Array.from(elsewhere, (reference) => reference - from),
    names: Array.from(elsewhere, (reference) => words.ofName(chunk, chunk.u32(reference))),
  };
}

/** Tells whether the same markup stands at a place: all else is equal, and references to names lead to equal names. */
export type IsCopy = (at: number, markup: KnownMarkup) => boolean;

/** A closure, as those of {@link Chunk}. */
export function copiesIn(around: Omit<Surroundings, 'isCopy'>): IsCopy {
  const { chunk } = around;
  const { view } = chunk;
  return (at, markup) => {
    const { length, known, mask } = markup;
    if (at + length > chunk.end) return false;
    for (let i = 0; i < known.length; i++) {
      if ((view.getInt32(at + 4 * i, true) & (mask[i] ?? 0)) !== known[i]) return false;
    }
    return hasNames(around, at, markup);
  };
}

function hasNames({ chunk, words }: Omit<Surroundings, 'isCopy'>, at: number, markup: KnownMarkup): boolean {
  const { here, elsewhere, names } = markup;
  // Where a name stands is said from the beginning of the chunk.
  const behind = at - chunk.base + 4;
  for (let i = 0; i < here.length; i++) {
    const place = here[i] ?? 0;
    if (chunk.u32(at + place) !== behind + place) return false;
  }
  for (let i = 0; i < elsewhere.length; i++) {
    const place = elsewhere[i] ?? 0;
    const name = chunk.u32(at + place);
    if (name === behind + place || words.ofName(chunk, name) !== names[i]) return false;
  }
  return true;
}
