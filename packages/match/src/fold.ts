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

/** The only letters outside ASCII whose lower case is an ASCII letter: İ (`i`) and the Kelvin sign (`k`). */
const intoAscii = /[\u0130\u212a]/;

/**
 * As {@link foldText}, but İ and the Kelvin sign stay as they are. So whatever fits an ASCII text after this also does
 * after folding the ASCII bytes alone, which is all that a scanner of raw bytes does.
 */
export function foldScanned(text: string): string {
  if (!intoAscii.test(text)) return foldText(text);
  return text
    .split(/([\u0130\u212a])/)
    .map((piece) => (intoAscii.test(piece) ? piece : foldText(piece)))
    .join('');
}
