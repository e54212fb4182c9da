/**
 * A trie as typed arrays: plain data that threads can share. State 0 is the root; a step is looked up by state and
 * symbol in an open hash table, so its size goes with the literals and not with the alphabet.
 */
export interface TrieTables extends Steps {
  /** `state << bits | symbol` → the state behind, or 0: for tries that are small enough, instead of the hash table. */
  readonly dense: Uint16Array | undefined;
  readonly bits: number;
  /** State → its first output in `ids`; one entry more than states. */
  readonly outStart: Int32Array;
  readonly ids: Int32Array;
}

interface Steps {
  /** Hash slot → state, symbol, and the state behind; a slot without a state behind is empty. */
  readonly stepFrom: Int32Array;
  readonly stepSymbol: Uint16Array;
  readonly stepTo: Int32Array;
}

/** The state behind `state` and `symbol`, or 0. */
export function trieStep(steps: Steps, state: number, symbol: number): number {
  const { stepFrom, stepSymbol, stepTo } = steps;
  const mask = stepTo.length - 1;
  let slot = hashOf(state, symbol) & mask;
  for (;;) {
    const to = stepTo[slot] ?? 0;
    if (to === 0 || (stepFrom[slot] === state && stepSymbol[slot] === symbol)) return to;
    slot = (slot + 1) & mask;
  }
}

function hashOf(state: number, symbol: number): number {
  const mixed = Math.imul(state, 0x9e3779b1 | 0) ^ Math.imul(symbol + 1, 0x85ebca6b | 0);
  return mixed ^ (mixed >>> 15);
}

/** Where there is a table of all steps. */
const noSteps: Steps = {
  stepFrom: new Int32Array(0),
  stepSymbol: new Uint16Array(0),
  stepTo: new Int32Array(0),
};

/** Entries of a table of all steps: one megabyte, and fewer states than 16 bits can tell. */
const denseEntries = 524_288;

/** Builds a trie word by word. */
export class TrieBuilder {
  /** States, with the root. */
  states = 1;
  /** State → the one before it, and the symbol between. */
  parent: Int32Array = new Int32Array(64);
  symbol: Uint16Array = new Uint16Array(64);
  depth: Int32Array = new Int32Array(64);
  stepFrom: Int32Array = new Int32Array(128);
  stepSymbol: Uint16Array = new Uint16Array(128);
  stepTo: Int32Array = new Int32Array(128);
  private readonly outputs: { readonly state: number; readonly id: number }[] = [];

  add(word: ArrayLike<number>, id: number): void {
    let state = 0;
    for (let i = 0; i < word.length; i++) state = this.step(state, word[i] ?? 0);
    this.outputs.push({ state, id });
  }

  /** @param bits that hold any symbol; with them small tries get a table of all steps */
  finish(bits = 0): TrieTables {
    const { stepFrom, stepSymbol, stepTo, states } = this;
    const { outStart, ids } = outputTable(this.outputs, states);
    const dense = bits > 0 && states << bits <= denseEntries ? this.denseSteps(bits) : undefined;
    const steps = dense === undefined ? { stepFrom, stepSymbol, stepTo } : noSteps;
    return { ...steps, outStart, ids, dense, bits };
  }

  private denseSteps(bits: number): Uint16Array {
    const dense = new Uint16Array(this.states << bits);
    for (let state = 1; state < this.states; state++)
      dense[((this.parent[state] ?? 0) << bits) | (this.symbol[state] ?? 0)] = state;
    return dense;
  }

  private step(state: number, symbol: number): number {
    const known = trieStep(this, state, symbol);
    return known === 0 ? this.newState(state, symbol) : known;
  }

  private newState(from: number, symbol: number): number {
    if (this.states === this.parent.length) this.growStates();
    if (this.states * 2 > this.stepTo.length) this.growSteps();
    const state = this.states++;
    this.parent[state] = from;
    this.symbol[state] = symbol;
    this.depth[state] = (this.depth[from] ?? 0) + 1;
    this.insert(state);
    return state;
  }

  private insert(state: number): void {
    const from = this.parent[state] ?? 0;
    const symbol = this.symbol[state] ?? 0;
    const mask = this.stepTo.length - 1;
    let slot = hashOf(from, symbol) & mask;
    while ((this.stepTo[slot] ?? 0) !== 0) slot = (slot + 1) & mask;
    this.stepFrom[slot] = from;
    this.stepSymbol[slot] = symbol;
    this.stepTo[slot] = state;
  }

  private growStates(): void {
    const size = this.parent.length * 2;
    const [parent, symbol, depth] = [this.parent, this.symbol, this.depth];
    this.parent = new Int32Array(size);
    this.parent.set(parent);
    this.symbol = new Uint16Array(size);
    this.symbol.set(symbol);
    this.depth = new Int32Array(size);
    this.depth.set(depth);
  }

  private growSteps(): void {
    const size = this.stepTo.length * 2;
    this.stepFrom = new Int32Array(size);
    this.stepSymbol = new Uint16Array(size);
    this.stepTo = new Int32Array(size);
    for (let state = 1; state < this.states; state++) this.insert(state);
  }
}

function outputTable(
  outputs: readonly { readonly state: number; readonly id: number }[],
  states: number,
): Pick<TrieTables, 'outStart' | 'ids'> {
  const outStart = new Int32Array(states + 1);
  for (const { state } of outputs) outStart[state + 1] = (outStart[state + 1] ?? 0) + 1;
  for (let state = 0; state < states; state++)
    outStart[state + 1] = (outStart[state + 1] ?? 0) + (outStart[state] ?? 0);
  const ids = new Int32Array(outputs.length);
  const next = outStart.slice();
  for (const { state, id } of outputs) {
    const at = next[state] ?? 0;
    ids[at] = id;
    next[state] = at + 1;
  }
  return { outStart, ids };
}

/** All states, those nearer to the root first. */
export function byDepth(builder: TrieBuilder): Int32Array {
  const { states, depth } = builder;
  let deepest = 0;
  for (let state = 0; state < states; state++) deepest = Math.max(deepest, depth[state] ?? 0);
  const starts = new Int32Array(deepest + 2);
  for (let state = 0; state < states; state++) {
    const level = (depth[state] ?? 0) + 1;
    starts[level] = (starts[level] ?? 0) + 1;
  }
  for (let level = 0; level <= deepest; level++)
    starts[level + 1] = (starts[level + 1] ?? 0) + (starts[level] ?? 0);
  const order = new Int32Array(states);
  for (let state = 0; state < states; state++) {
    const level = depth[state] ?? 0;
    const at = starts[level] ?? 0;
    order[at] = state;
    starts[level] = at + 1;
  }
  return order;
}
