// U+0130 and the capital sigma are the only two letters that `toLowerCase` treats differently from the simple
// mapping: the first becomes two characters, the second depends on its neighbours.
const special = /[\u0130\u03a3]/;

/**
 * Folds letter case by Unicode's simple lower-casing: one code point becomes one code point, whatever stands beside
 * it and whatever the language of the machine. `İ` becomes `i`, the Kelvin sign `k`, `Σ` always `σ`, `ß` stays.
 */
export function foldText(text: string): string {
  if (!special.test(text)) return text.toLowerCase();
  return text.replaceAll('\u0130', 'i').replaceAll('\u03a3', '\u03c3').toLowerCase();
}

/**
 * The letters outside ASCII that a comparison without case takes for an ASCII letter: İ and the Kelvin sign by
 * {@link foldText}, the long s only in regular expressions. A scanner of raw bytes that folds ASCII alone must look for
 * these too if it is to miss nothing that {@link foldText} lets match.
 */
export const asciiLookalikes: ReadonlyMap<string, string> = new Map([
  ['i', '\u0130'],
  ['k', '\u212a'],
  ['s', '\u017f'],
]);
