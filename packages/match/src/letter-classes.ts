import type { Folding } from './literal.ts';

/**
 * The letters that a set of literals tells apart, numbered; 0 is every other one. What is not ASCII has no class, but
 * for the letters that fold into ASCII and the typographic dashes, which stand for one another.
 */
export interface LetterClasses {
  /** ASCII code → class; capital letters have that of the small ones. */
  readonly ofAscii: Uint8Array;
  /** Class of U+2013, U+2014 and U+2015; 0 where no literal has one. */
  readonly dash: number;
  /** Class of İ. */
  readonly dottedI: number;
  /** Class of the Kelvin sign. */
  readonly kelvin: number;
  /** How many there are, with that of all other letters. */
  readonly count: number;
}

/** The class of the typographic dash, wherever literals have one; letters come after it. */
export const dashClass = 1;

/** Numbers the letters of some literals, each cut in pieces at typographic dashes; all ASCII. */
export function letterClassesOf(literals: readonly (readonly string[])[], folding: Folding): LetterClasses {
  const hasDash = literals.some((pieces) => pieces.length > 1);
  const ofAscii = new Uint8Array(128);
  let count = dashClass + 1;
  for (const piece of literals.flat()) {
    for (let i = 0; i < piece.length; i++) {
      const code = piece.charCodeAt(i);
      if (ofAscii[code] === 0) ofAscii[code] = count++;
    }
  }
  for (let code = 0x41; code <= 0x5a; code++) ofAscii[code] = ofAscii[code | 0x20] ?? 0;
  const folds = folding === 'unicode';
  return {
    ofAscii,
    dash: hasDash ? dashClass : 0,
    dottedI: folds ? (ofAscii[0x69] ?? 0) : 0,
    kelvin: folds ? (ofAscii[0x6b] ?? 0) : 0,
    count,
  };
}

/** The class of a UTF-16 unit beyond ASCII. */
export function classBeyondAscii(classes: LetterClasses, unit: number): number {
  if (unit >= 0x2013 && unit <= 0x2015) return classes.dash;
  if (unit === 0x130) return classes.dottedI;
  return unit === 0x212a ? classes.kelvin : 0;
}

/** Whether some unit beyond ASCII has a class. */
export function seesBeyondAscii({ dash, dottedI, kelvin }: LetterClasses): boolean {
  return (dash | dottedI | kelvin) !== 0;
}

/** A literal as classes, its pieces joined by the class of the dash. */
export function classesOf(pieces: readonly string[], classes: LetterClasses): Uint16Array {
  const text = pieces.join('\u2013');
  return Uint16Array.from({ length: text.length }, (_, i) => {
    const code = text.charCodeAt(i);
    return code < 0x80 ? (classes.ofAscii[code] ?? 0) : dashClass;
  });
}
