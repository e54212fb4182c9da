import type { Watch } from './inflate.ts';
import type { Opening, Place } from './opening.ts';
import { limitReached } from './archive-limits.ts';

/** The engine takes its input in pieces, so what it has consumed is known to within this. */
const slackBytes = 262_144;

/**
 * What to mind while the entry at `place` is unpacked: the stop, the progress (of the evidence itself, not of what was
 * unpacked from it before), and the ratio that tells bombs.
 *
 * @param packed packed size of the entry, where it is known
 */
export function watchOf(opening: Opening, { depth, path }: Place, packed?: number): Watch {
  const { limits } = opening;
  return {
    limits,
    isStopped: opening.isStopped,
    onBytes: depth <= 1 ? (bytes) => opening.onProgress(bytes, path) : () => undefined,
    mayWrite(consumed, written) {
      if (written <= limits.archiveRatioFrom) return undefined;
      const isBomb = written > limits.archiveRatio * (packed ?? consumed + slackBytes);
      return isBomb ? limitReached(limits, 'archiveRatio') : undefined;
    },
  };
}
