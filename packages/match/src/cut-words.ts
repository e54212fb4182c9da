/** A word of symbols, and what a find of it is called. */
export interface Word {
  readonly id: number;
  readonly word: Uint16Array;
}

/**
 * What follows the beginnings by which long words are looked for. Plain data. Number k is called `~k` by the automaton.
 */
export interface Rests {
  /** Number → id of the word. */
  readonly ids: Int32Array;
  /** Number → its first symbol in `symbols`; one entry more than rests. */
  readonly start: Int32Array;
  readonly symbols: Uint16Array;
}

/** Symbols by which a cut word is looked for: with so many hardly anything else is found. */
const keptSymbols = 8;
/** Words cut to the same beginning are compared one by one; where there are more, they stay whole. */
const mostAlike = 8;

/** Cuts long words, so that an automaton of many of them stays small. */
export function cutWords(words: readonly Word[]): { readonly words: readonly Word[]; readonly rests: Rests } {
  const alike = new Map<string, number>();
  for (const { word } of words) {
    const key = beginningOf(word);
    alike.set(key, (alike.get(key) ?? 0) + 1);
  }
  const cut: Word[] = [];
  const kept = words.map((word): Word => {
    if (word.word.length <= keptSymbols || (alike.get(beginningOf(word.word)) ?? 0) > mostAlike) return word;
    return { id: ~(cut.push(word) - 1), word: word.word.subarray(0, keptSymbols) };
  });
  return { words: kept, rests: restsOf(cut) };
}

function beginningOf(word: Uint16Array): string {
  return word.subarray(0, keptSymbols).join();
}

function restsOf(words: readonly Word[]): Rests {
  const rests = words.map(({ word }) => word.subarray(keptSymbols));
  const start = new Int32Array(words.length + 1);
  rests.forEach((rest, number) => {
    start[number + 1] = (start[number] ?? 0) + rest.length;
  });
  const symbols = new Uint16Array(start[words.length] ?? 0);
  rests.forEach((rest, number) => {
    symbols.set(rest, start[number] ?? 0);
  });
  return { ids: Int32Array.from(words, ({ id }) => id), start, symbols };
}
