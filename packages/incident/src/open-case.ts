import type { CaseFacts, Pivots } from '@postern/core';
import { judgeSeen } from './assess.ts';
import type { FullAssessment } from './assess.ts';
import { pivotsIn } from './pivots.ts';
import { seeAll, seeMore } from './seen.ts';
import type { Followed } from './seen.ts';

/** A case after the first pass: what to follow, and the judgement once it was followed. */
export interface OpenCase {
  readonly pivots: Pivots;
  readonly judge: (followed: Followed) => FullAssessment;
}

/**
 * What the first pass learned is looked at once, for what the second pass follows and for the judgement.
 *
 * @param facts of the first pass; `hits`, `issues` and `complete` are completed by what is followed
 */
export function openCase(facts: CaseFacts): OpenCase {
  const seen = seeAll(facts);
  return { pivots: pivotsIn(seen), judge: (followed) => judgeSeen(seeMore(seen, followed)) };
}
