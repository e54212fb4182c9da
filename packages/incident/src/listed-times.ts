import { ticksPerDay } from '@postern/core';
import type { ListedFile, Ticks } from '@postern/core';
import { corrected } from './clocks.ts';
import type { Clocks } from './clocks.ts';

/** A page changed this long after it was made was a page of the product or the owner until then. */
const changedLater = 30n * ticksPerDay;

/** When a listing says that what lies there now came to be: its making, or its change where that came much later. */
export function listedTime(
  { created, modified, source }: ListedFile,
  clocks: Clocks,
): { readonly time: Ticks; readonly isChange: boolean } | undefined {
  if (created === undefined) return undefined;
  const isChange = modified !== undefined && modified >= created + changedLater;
  return { time: corrected(clocks, source, isChange ? modified : created), isChange };
}
