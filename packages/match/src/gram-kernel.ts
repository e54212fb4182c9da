import { hashMultiplier, type Stride } from './gram-table.ts';
import {
  add,
  and,
  any128,
  atLeast,
  branch,
  call,
  copies32,
  differs,
  equal,
  equal32,
  get,
  giveBack,
  i32,
  isZero,
  lane32,
  load128,
  load32,
  load8,
  loop,
  mul,
  mul32,
  or,
  or128,
  set,
  shiftLeft,
  shiftRight,
  shiftRight32,
  when,
  type Code,
} from './wasm-code.ts';
import type { KernelFunction } from './wasm-module.ts';

/**
 * In the filter, for each hash: the number of the one gram that has it; 0 for none; this where there are several, or
 * more grams than numbers.
 */
export const manyGrams = 255;
/** Behind the filter: of each numbered gram its four bytes and its stride, two integers. */
export const entriesBytes: number = 256 * 8;
/** Behind the entries: the grams that begin in the middle of a word, each four times over. So many at most. */
export const mostMiddles = 8;

/**
 * How a search finds grams that do not begin with a word: `words`: there are none; `middles…`: it compares with so
 * many; `halves` and `bytes`: it looks for them in the filter, at every second or at every byte.
 */
export type GramSearch = 'words' | 'middles2' | 'middles4' | 'middles8' | 'halves' | 'bytes';

const fold = 0x20202020;

/** Where in a word grams may begin, and the strides of those that may. */
type Places = readonly (readonly [place: number, strides: number])[];

const places: Readonly<Record<Stride, Places>> = {
  4: [[0, 7]],
  2: [
    [0, 7],
    [2, 2],
  ],
  1: [
    [0, 7],
    [2, 3],
    [1, 1],
    [3, 1],
  ],
};

// What all functions are called with: the second is the limit of a search, or the strides of a gram that is asked about.
const [at, limit, filter, shift, entries] = [0, 1, 2, 3, 4].map(get) as [Code, Code, Code, Code, Code];
const wantedStrides = limit;

/** `isGram(address, strides, filter, shift, entries)`: 1 if a gram of one of these strides may stand there. */
const isGram = ((): KernelFunction<'isGram'> => {
  const [word, number] = [5, 6];
  const entry = add(entries, shiftLeft(get(number), i32(3)));
  return {
    name: 'isGram',
    parameters: 5,
    integers: 2,
    vectors: 0,
    body: [
      set(word, or(load32(at), i32(fold))),
      set(number, load8(add(filter, shiftRight(mul(get(word), i32(hashMultiplier)), shift)))),
      when(isZero(get(number)), giveBack(i32(0))),
      when(equal(get(number), i32(manyGrams)), giveBack(i32(1))),
      and(equal(load32(entry), get(word)), differs(and(load32(entry, 4), wantedStrides), i32(0))),
    ],
  };
})();

/** Its number in the module. */
const isGramNumber = 0;

const [folding, multiplier, hashes, middle] = [5, 6, 7, 8];

/** Whether anything in the filter speaks of the four words from a place on. */
function inFilter(place: number): Code {
  const folded = or128(load128(at, place), get(folding));
  const looks = [0, 1, 2, 3].map((lane) => load8(add(filter, lane32(get(hashes), lane))));
  return [set(hashes, shiftRight32(mul32(folded, get(multiplier)), shift)), looks.reduce((a, b) => or(a, b))];
}

/** Whether one of the first grams behind the entries begins in the middle of one of the four words. */
function isMiddle(count: number): Code {
  const grams = Array.from({ length: count }, (_, i) => load128(entries, entriesBytes + i * 16));
  const found = grams.map((gram) => equal32(get(middle), gram)).reduce((a, b) => or128(a, b));
  return [set(middle, or128(load128(at, 2), get(folding))), any128(found)];
}

/** Goes over four words at a time; where one of them may hold something, over each of them. */
function search(name: GramSearch, stride: Stride, mayHold: Code): KernelFunction<GramSearch> {
  const one = (word: number): Code =>
    places[stride].map(([place, strides]) =>
      when(
        call(isGramNumber, add(at, i32(word * 4 + place)), i32(strides), filter, shift, entries),
        giveBack(add(at, i32(word * 4))),
      ),
    );
  return {
    name,
    parameters: 5,
    integers: 0,
    vectors: 4,
    body: [
      set(folding, copies32(i32(fold))),
      set(multiplier, copies32(i32(hashMultiplier))),
      loop(
        when(atLeast(at, limit), giveBack(limit)),
        when(mayHold, [0, 1, 2, 3].map(one)),
        set(0, add(at, i32(16))),
        branch(0),
      ),
      limit,
    ],
  };
}

/**
 * `search(at, last, filter, shift, entries)`: the address of the first word from `at` on in which a gram may begin; one
 * not below `last` where there is none. Four words are hashed at once; only the filter is looked into for each.
 */
export const gramKernel: readonly KernelFunction<GramSearch | 'isGram'>[] = [
  isGram,
  search('words', 4, inFilter(0)),
  search('middles2', 2, or(inFilter(0), isMiddle(2))),
  search('middles4', 2, or(inFilter(0), isMiddle(4))),
  search('middles8', 2, or(inFilter(0), isMiddle(8))),
  search('halves', 2, or(inFilter(0), inFilter(2))),
  search(
    'bytes',
    1,
    [0, 1, 2, 3].map((place) => inFilter(place)).reduce((a, b) => or(a, b)),
  ),
];
