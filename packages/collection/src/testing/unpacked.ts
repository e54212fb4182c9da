import { inputOf } from '@postern/core';
import type { Decoder, StreamEnd } from '../codec/decoder.ts';
import type { Feed } from '../codec/feed.ts';
import { feedOf } from '../codec/feed.ts';

/** What a decoder makes of some bytes. Ends a decoder that goes on for ever. */
export function unpacked(
  decoderOf: (feed: Feed) => Decoder,
  bytes: Uint8Array,
): { readonly bytes: Buffer; readonly end: StreamEnd; readonly consumed: number } {
  const decoder = decoderOf(feedOf(inputOf(bytes), 0, bytes.length));
  const pieces: Buffer[] = [];
  for (let steps = 0; steps < 10_000; steps++) {
    const end = decoder.step();
    pieces.push(Buffer.from(decoder.take()));
    if (end !== 'more') return { bytes: Buffer.concat(pieces), end, consumed: decoder.consumed };
  }
  throw new Error('the decoder does not end');
}
