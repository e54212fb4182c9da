import type { Decoder, StreamEnd } from './decoder.ts';
import type { Feed } from './feed.ts';

const pieceBytes = 262_144;

/** Gives bytes that are not packed, as they are. */
export function copied(feed: Feed): Decoder {
  let bytes: Uint8Array = new Uint8Array(0);
  return {
    get consumed() {
      return feed.consumed;
    },
    step(): StreamEnd | 'more' {
      bytes = feed.some(pieceBytes);
      return bytes.length === 0 ? 'complete' : 'more';
    },
    take: () => bytes,
  };
}
