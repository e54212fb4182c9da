import { denseStates, makeDense, makeLinked, type DenseTables, type LinkedTables } from './automaton.ts';
import { makeGramFilter, type GramFilter } from './gram-filter.ts';
import { makeGramIndex, type GramIndex, type SpelledWord, type Word } from './gram-index.ts';
import { classesOf, letterClassesOf, type LetterClasses } from './letter-classes.ts';
import type { Folding, Literal } from './literal.ts';
import { TrieBuilder, type TrieTables } from './trie.ts';

/**
 * Literals made ready to be looked for, all of them in one pass. Plain data over typed arrays: it can be cloned, kept
 * on disk, and shared by threads.
 */
export interface LiteralTables {
  readonly folding: Folding;
  readonly classes: LetterClasses;
  /** Literals that are ASCII (apart from dashes), by letter classes. */
  readonly narrow: PlaceTables;
  /** Tells most texts in which nothing stands before `narrow.body` is asked; never where there are `narrow.grams`. */
  readonly filter: GramFilter | undefined;
  /** All others, by UTF-16 units of folded text; undefined where there are none. */
  readonly wide: WideTables | undefined;
  /** Size of the tables. */
  readonly bytes: number;
}

/** Literals by where they must stand. Undefined: none. */
export interface PlaceTables {
  /** Anywhere. */
  readonly body: DenseTables | LinkedTables | undefined;
  /** Anywhere, in sets too large for a small automaton: those long enough for it. */
  readonly grams: GramIndex | undefined;
  /** At the start, or as the whole text: `id * 2`, plus 1 for the whole. */
  readonly head: TrieTables | undefined;
  /** At the end, from the last letter to the first. */
  readonly tail: TrieTables | undefined;
}

export interface WideTables extends PlaceTables {
  /** Units of the longest one. */
  readonly longest: number;
}

/**
 * Compiles literals for {@link LiteralScanner}. The same literals give the same tables.
 *
 * @param literals folded in the way of `folding`; those of several pieces must be ASCII. Empty ones are never found.
 * @param smallStates an automaton with more states gives way to an index by grams
 */
export function compileLiterals(
  literals: readonly Literal[],
  folding: Folding,
  smallStates: number = mostSmallStates,
): LiteralTables {
  const all = literals.filter(({ pieces }) => pieces.length > 1 || (pieces[0] ?? '') !== '');
  const narrow = all.filter(isNarrow);
  const wide = all.filter((literal) => !isNarrow(literal));
  const classes = letterClassesOf(
    narrow.map(({ pieces }) => pieces),
    folding,
  );
  const narrowWords = narrow.map(({ id, anchor, pieces }): PlacedWord => ({
    id,
    anchor,
    word: classesOf(pieces, classes),
    text: pieces.join('\0'),
  }));
  const wideWords = wide.map(({ id, anchor, pieces }): PlacedWord => {
    const text = pieces.join('');
    return { id, anchor, word: unitsOf(text), text };
  });
  const bits = 32 - Math.clz32(classes.count - 1);
  const narrowTables = placeTables(narrowWords, bits, (words) =>
    narrowBody(words, classes.count, smallStates),
  );
  const wideTables = wide.length === 0 ? undefined : wideTablesOf(wideWords);
  const bytes = bytesOf(narrowTables) + bytesOf(wideTables);
  const filter = narrowTables.grams === undefined ? filterOf(narrow, wide.length > 0) : undefined;
  return { folding, classes, narrow: narrowTables, filter, wide: wideTables, bytes };
}

function wideTablesOf(words: readonly PlacedWord[]): WideTables {
  const tables = placeTables(words, 0, (body) => ({ body: makeLinked(trieOf(body)), grams: undefined }));
  return { ...tables, longest: words.reduce((longest, { word }) => Math.max(longest, word.length), 0) };
}

/** Of literals with dashes nothing need be looked for: where a typographic dash stands, the automaton is asked. */
function filterOf(literals: readonly Literal[], hasWide: boolean): GramFilter | undefined {
  const body = literals.filter(({ anchor }) => anchor === 'anywhere');
  const plain = body.filter(({ pieces }) => pieces.length === 1);
  return makeGramFilter(
    plain.map(({ pieces }) => pieces.join('')),
    hasWide || plain.length < body.length,
  );
}

function bytesOf(tables: PlaceTables | undefined): number {
  const arrays = [tables?.body, tables?.grams, tables?.head, tables?.tail].flatMap((table) =>
    Object.values<unknown>({ ...table }),
  );
  return arrays.reduce<number>((sum, array) => sum + (ArrayBuffer.isView(array) ? array.byteLength : 0), 0);
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\u0000-\u007f]*$/;

function isNarrow({ pieces }: Literal): boolean {
  return pieces.every((piece) => ascii.test(piece));
}

function unitsOf(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}

interface PlacedWord extends SpelledWord {
  readonly anchor: Literal['anchor'];
}

interface Body {
  readonly body: DenseTables | LinkedTables | undefined;
  readonly grams: GramIndex | undefined;
}

function placeTables(
  words: readonly PlacedWord[],
  bits: number,
  makeBody: (words: readonly SpelledWord[]) => Body,
): PlaceTables {
  const body = words.filter(({ anchor }) => anchor === 'anywhere');
  const heads = words.filter(({ anchor }) => anchor === 'start' || anchor === 'whole');
  const tails = words.filter(({ anchor }) => anchor === 'end');
  const head = heads.map(({ id, word, anchor }) => ({ id: id * 2 + (anchor === 'whole' ? 1 : 0), word }));
  const tail = tails.map(({ id, word }) => ({ id, word: word.toReversed() }));
  return {
    ...(body.length === 0 ? { body: undefined, grams: undefined } : makeBody(body)),
    head: head.length === 0 ? undefined : trieOf(head).finish(bits),
    tail: tail.length === 0 ? undefined : trieOf(tail).finish(bits),
  };
}

/** With more states a table leaves the first cache, and each letter waits for the second or third. */
const mostSmallStates = 256;

/** A small automaton, or an index and an automaton for what is too short for it. */
function narrowBody(words: readonly SpelledWord[], width: number, smallStates: number): Body {
  const whole = trieOf(words);
  if (whole.states <= smallStates) return { body: makeDense(whole, width), grams: undefined };
  const { index, left } = makeGramIndex(words);
  return { body: left.length === 0 ? undefined : automatonOf(trieOf(left), width), grams: index };
}

function automatonOf(trie: TrieBuilder, width: number): DenseTables | LinkedTables {
  return trie.states <= denseStates ? makeDense(trie, width) : makeLinked(trie);
}

function trieOf(words: readonly Word[]): TrieBuilder {
  const trie = new TrieBuilder();
  for (const { id, word } of words) trie.add(word, id);
  return trie;
}
