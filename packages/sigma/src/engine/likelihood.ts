import type { Literal } from '@postern/match';
import type { Likelihood } from './triggers.ts';

/** Records of a group after which its triggers are chosen anew, by what was found in them. */
export const choosingAfter: readonly number[] = [1_000, 20_000];

/** So many records the guess counts for beside what was seen. */
const guessWeight = 100;

/** What was found so far. */
export interface Sightings {
  /** Atom → records in which it was found. */
  readonly found: Float64Array;
  /** Column → records in which it was searched. */
  readonly searched: Float64Array;
}

/** A guess by the length of the literals, corrected by what was seen. */
export function likelihoodOf(
  literals: readonly (readonly Literal[])[],
  columnOf: (atom: number) => number,
  sightings: Sightings,
): Likelihood {
  const guesses = new Map<number, number>();
  for (const { id, pieces, anchor } of literals.flat()) {
    const length = pieces.join('-').length + (anchor === 'anywhere' ? 0 : 2);
    guesses.set(id, (guesses.get(id) ?? 0) + guess(length));
  }
  return (atom) => {
    const searched = sightings.searched[columnOf(atom)] ?? 0;
    const expected = Math.min(1, guesses.get(atom) ?? 1) * guessWeight;
    return ((sightings.found[atom] ?? 0) + expected) / (searched + guessWeight);
  };
}

/** Each letter makes a literal rarer; the very short ones stand nearly everywhere. */
function guess(length: number): number {
  return 0.75 ** length;
}
