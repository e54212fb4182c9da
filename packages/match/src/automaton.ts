import { byDepth, trieStep, type TrieBuilder, type TrieTables } from './trie.ts';

/**
 * An automaton of Aho and Corasick whose every step is one look into a table. States from `accept` on are those at
 * which something ends.
 */
export interface DenseTables {
  readonly kind: 'dense';
  /** Classes, with that of all other letters: entries of one state. A power of two would be up to twice as many. */
  readonly width: number;
  /** `state * width + class` → next state. */
  readonly next: Uint16Array;
  readonly accept: number;
  /** State - accept → its first output in `ids`; one entry more than such states. */
  readonly outStart: Int32Array;
  readonly ids: Int32Array;
  /** State - accept → the next shorter state at which something ends, or 0. */
  readonly link: Int32Array;
}

/** The same without the table, for sets too large for one: a trie, and where to go on when it has no step. */
export interface LinkedTables extends TrieTables {
  readonly kind: 'linked';
  readonly fail: Int32Array;
  /** State → the longest state, itself or a suffix, at which something ends, or 0. */
  readonly ending: Int32Array;
}

/** States of a dense table are 16 bit: the table stays under 13 MB. */
export const denseStates = 65_535;

/** The form that is as small as its literals. */
export function makeLinked(builder: TrieBuilder): LinkedTables {
  const trie = builder.finish();
  const order = byDepth(builder);
  const fail = new Int32Array(builder.states);
  const ending = new Int32Array(builder.states);
  for (const state of order) {
    if (state !== 0) fail[state] = failureOf(builder, trie, fail, state);
    const hasOutput = (trie.outStart[state] ?? 0) < (trie.outStart[state + 1] ?? 0);
    ending[state] = hasOutput ? state : (ending[fail[state] ?? 0] ?? 0);
  }
  return { kind: 'linked', ...trie, fail, ending };
}

function failureOf(builder: TrieBuilder, trie: TrieTables, fail: Int32Array, state: number): number {
  const parent = builder.parent[state] ?? 0;
  if (parent === 0) return 0;
  return linkedStep({ ...trie, fail }, fail[parent] ?? 0, builder.symbol[state] ?? 0);
}

/** Where a linked automaton goes from `state` by `symbol`. */
export function linkedStep(
  tables: Pick<LinkedTables, 'stepFrom' | 'stepSymbol' | 'stepTo' | 'fail'>,
  state: number,
  symbol: number,
): number {
  let from = state;
  for (;;) {
    const to = trieStep(tables, from, symbol);
    if (to !== 0 || from === 0) return to;
    from = tables.fail[from] ?? 0;
  }
}

/** The faster form, for up to {@link denseStates}. */
export function makeDense(builder: TrieBuilder, width: number): DenseTables {
  const linked = makeLinked(builder);
  const order = byDepth(builder);
  const { numbers, accept } = renumber(order, linked.ending);
  const next = new Uint16Array(builder.states * width);
  const children = childrenOf(builder);
  for (const state of order) {
    const row = (numbers[state] ?? 0) * width;
    const above = (numbers[linked.fail[state] ?? 0] ?? 0) * width;
    if (state !== 0) next.copyWithin(row, above, above + width);
    for (let child = children.first[state] ?? 0; child !== 0; child = children.next[child] ?? 0)
      next[row + (builder.symbol[child] ?? 0)] = numbers[child] ?? 0;
  }
  return { kind: 'dense', width, next, accept, ...denseOutputs(linked, numbers, accept) };
}

/** Those at which nothing ends first; among them, and among the others, the ones near the root first. */
function renumber(
  order: Int32Array,
  ending: Int32Array,
): { readonly numbers: Int32Array; readonly accept: number } {
  const numbers = new Int32Array(order.length);
  let accept = 0;
  for (const state of order) if (ending[state] === 0) numbers[state] = accept++;
  let number = accept;
  for (const state of order) if (ending[state] !== 0) numbers[state] = number++;
  return { numbers, accept };
}

function childrenOf(builder: TrieBuilder): { readonly first: Int32Array; readonly next: Int32Array } {
  const first = new Int32Array(builder.states);
  const next = new Int32Array(builder.states);
  for (let state = builder.states - 1; state > 0; state--) {
    const parent = builder.parent[state] ?? 0;
    next[state] = first[parent] ?? 0;
    first[parent] = state;
  }
  return { first, next };
}

function denseOutputs(
  { ending, fail, outStart, ids }: LinkedTables,
  numbers: Int32Array,
  accept: number,
): Pick<DenseTables, 'outStart' | 'ids' | 'link'> {
  const ends = new Int32Array(numbers.length - accept);
  for (let state = 0; state < numbers.length; state++) {
    const number = numbers[state] ?? 0;
    if (number >= accept) ends[number - accept] = state;
  }
  const starts = new Int32Array(ends.length + 1);
  const link = new Int32Array(ends.length);
  const sorted = new Int32Array(ids.length);
  let at = 0;
  for (const [index, state] of ends.entries()) {
    starts[index] = at;
    for (let i = outStart[state] ?? 0; i < (outStart[state + 1] ?? 0); i++) sorted[at++] = ids[i] ?? 0;
    link[index] = numbers[ending[fail[state] ?? 0] ?? 0] ?? 0;
  }
  starts[ends.length] = at;
  return { outStart: starts, ids: sorted, link };
}
