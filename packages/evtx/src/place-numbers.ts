import type { Chunk } from './chunk.ts';
import { chunkBytes } from './format.ts';

/** Numbers of places of the chunk that is being read, void without clearing as soon as it is another. */
export interface PlaceNumbers {
  /** The number of the place at an offset of the chunk; {@link unknown} where none was set. */
  readonly get: (offset: number) => number;
  readonly set: (offset: number, number: number) => void;
  readonly clear: () => void;
}

export const unknown = -2;

/** Closures, as those of the chunk. */
export function placeNumbers(chunk: Chunk): PlaceNumbers {
  const numberAt = new Int32Array(chunkBytes);
  const epochAt = new Float64Array(chunkBytes);
  return {
    get: (offset) => (epochAt[offset] === chunk.epoch ? (numberAt[offset] ?? unknown) : unknown),
    set: (offset, number) => {
      epochAt[offset] = chunk.epoch;
      numberAt[offset] = number;
    },
    clear: () => epochAt.fill(0),
  };
}
