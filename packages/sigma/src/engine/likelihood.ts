import type { Literal } from '@postern/match';
import type { Likelihood } from './triggers.ts';

/** Records of a group after which its triggers are chosen anew, by what was found in them: some, more, and many. */
export const choosingAfter: readonly number[] = [1_000, 4_000, 20_000];

/** So many records the guess counts for beside what was seen. */
const guessWeight = 100;

/** What was seen so far. */
export interface Sightings {
  /** Atom → records in which it was found, of those in which it was searched. */
  readonly found: Likelihood;
  readonly searched: Likelihood;
}

/**
 * A literal shorter than this that may stand anywhere makes all literals of its column be searched letter by letter: a
 * rule that can do with another trigger should.
 */
const shortLetters = 5;
const costOfShort = 0.003;

export interface Chances {
  readonly likelihood: Likelihood;
  /** The same with what it costs more to look for an atom than for others. */
  readonly expense: Likelihood;
}

/** A guess by the length of the literals, corrected by what was seen. */
export function likelihoodOf(literals: readonly (readonly Literal[])[], seen: Sightings): Chances {
  const guesses = new Map<number, number>();
  const costs = new Map<number, number>();
  for (const { id, pieces, anchor } of literals.flat()) {
    const { length } = pieces.join('-');
    guesses.set(id, (guesses.get(id) ?? 0) + guess(length + (anchor === 'anywhere' ? 0 : 2)));
    if (anchor === 'anywhere' && length < shortLetters) costs.set(id, costOfShort);
  }
  const likelihood = (atom: number): number => {
    const expected = Math.min(1, guesses.get(atom) ?? 1) * guessWeight;
    return (seen.found(atom) + expected) / (seen.searched(atom) + guessWeight);
  };
  return { likelihood, expense: (atom) => likelihood(atom) + (costs.get(atom) ?? 0) };
}

/** Each letter makes a literal rarer; the very short ones stand nearly everywhere. */
function guess(length: number): number {
  return 0.75 ** length;
}
