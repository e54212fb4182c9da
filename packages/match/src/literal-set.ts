import { makeAutomaton, makeLinked, type DenseTables, type LinkedTables } from './automaton.ts';
import { makeGramFilter, type GramFilter } from './gram-filter.ts';
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
  /** Tells most texts in which nothing stands before `narrow.body` is asked. */
  readonly filter: GramFilter | undefined;
  /** All others, by UTF-16 units of folded text; undefined where there are none. */
  readonly wide: PlaceTables | undefined;
  /** Size of the tables. */
  readonly bytes: number;
}

/** Literals by where they must stand. Undefined: none. */
export interface PlaceTables {
  /** Anywhere. */
  readonly body: DenseTables | LinkedTables | undefined;
  /** At the start, or as the whole text: `id * 2`, plus 1 for the whole. */
  readonly head: TrieTables | undefined;
  /** At the end, from the last letter to the first. */
  readonly tail: TrieTables | undefined;
}

/**
 * Compiles literals for {@link LiteralScanner}. The same literals give the same tables.
 *
 * @param literals folded in the way of `folding`; those of several pieces must be ASCII. Empty ones are never found.
 */
export function compileLiterals(literals: readonly Literal[], folding: Folding): LiteralTables {
  const all = literals.filter(({ pieces }) => pieces.length > 1 || (pieces[0] ?? '') !== '');
  const narrow = all.filter(isNarrow);
  const wide = all.filter((literal) => !isNarrow(literal));
  const classes = letterClassesOf(
    narrow.map(({ pieces }) => pieces),
    folding,
  );
  const narrowWords = narrow.map((literal) => ({ ...literal, word: classesOf(literal.pieces, classes) }));
  const wideWords = wide.map((literal) => ({ ...literal, word: unitsOf(literal.pieces.join('')) }));
  const narrowTables = placeTables(narrowWords, (trie) => makeAutomaton(trie, classes.bits));
  const wideTables = wide.length === 0 ? undefined : placeTables(wideWords, makeLinked);
  const bytes = bytesOf(narrowTables) + bytesOf(wideTables);
  const filter = wide.length === 0 ? filterOf(narrow) : undefined;
  return { folding, classes, narrow: narrowTables, filter, wide: wideTables, bytes };
}

function filterOf(literals: readonly Literal[]): GramFilter | undefined {
  const body = literals.filter(({ anchor }) => anchor === 'anywhere');
  if (body.length === 0 || body.some(({ pieces }) => pieces.length > 1)) return undefined;
  return makeGramFilter(body.map(({ pieces }) => pieces.join('')));
}

function bytesOf(tables: PlaceTables | undefined): number {
  const arrays = [tables?.body, tables?.head, tables?.tail].flatMap((table) =>
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

interface Word extends Literal {
  readonly word: Uint16Array;
}

function placeTables(
  words: readonly Word[],
  makeBody: (trie: TrieBuilder) => DenseTables | LinkedTables,
): PlaceTables {
  const body = trieOf(
    words.filter(({ anchor }) => anchor === 'anywhere'),
    ({ id }) => id,
  );
  const head = trieOf(
    words.filter(({ anchor }) => anchor === 'start' || anchor === 'whole'),
    ({ id, anchor }) => id * 2 + (anchor === 'whole' ? 1 : 0),
  );
  const tails = words.filter(({ anchor }) => anchor === 'end');
  const tail = trieOf(
    tails.map((word) => ({ ...word, word: word.word.toReversed() })),
    ({ id }) => id,
  );
  return {
    body: body === undefined ? undefined : makeBody(body),
    head: head?.finish(),
    tail: tail?.finish(),
  };
}

function trieOf(words: readonly Word[], outputOf: (word: Word) => number): TrieBuilder | undefined {
  if (words.length === 0) return undefined;
  const trie = new TrieBuilder();
  for (const word of words) trie.add(word.word, outputOf(word));
  return trie;
}
