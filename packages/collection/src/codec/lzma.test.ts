import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../../testing/properties.ts';
import type { Decoder } from './decoder.ts';
import type { Feed } from './feed.ts';
import { archiveLimits } from '../archive-limits.ts';
import { logText } from '../testing/evidence.ts';
import { samples } from '../testing/samples.ts';
import { unpacked } from '../testing/unpacked.ts';
import { lzma, Lzma2, zipLzma } from './lzma.ts';

const text = logText(300);
const limits = archiveLimits;

/** The first stream of a 7z archive lies behind its header of 32 bytes; what follows is its directory. */
function streamOf(name: 'lzmaSevenZip' | 'lzma2SevenZip', length: number): Buffer {
  return Buffer.from(samples[name], 'base64').subarray(32, 32 + length);
}

/** Both as 7-Zip names them: 12 KiB to look back. */
const properties = Buffer.from([0x5d, 0, 0x30, 0, 0]);
const streams: readonly (readonly [name: string, decoderOf: (feed: Feed) => Decoder, packed: Buffer])[] = [
  ['LZMA', (feed) => lzma(feed, properties, { limits, size: text.length }), streamOf('lzmaSevenZip', 624)],
  ['LZMA2', (feed) => new Lzma2(feed, 3, limits), streamOf('lzma2SevenZip', 631)],
];

describe.each(streams)('%s', (name, decoderOf, packed) => {
  it('is unpacked to its end, whatever follows', () => {
    const { bytes, end } = unpacked(decoderOf, Buffer.concat([packed, Buffer.alloc(20, 0xff)]));
    expect(end).toBe('complete');
    expect(bytes.toString()).toBe(text);
  });

  it('cut at any byte gives what there was, and nothing else', () => {
    let longest = 0;
    for (let length = 0; length < packed.length - 6; length++) {
      const { bytes, end } = unpacked(decoderOf, packed.subarray(0, length));
      expect(end).toBe('cut');
      expect(text.startsWith(bytes.toString())).toBe(true);
      longest = Math.max(longest, bytes.length);
    }
    expect(longest).toBeGreaterThan(text.length - 300);
  });

  it('with any bits flipped ends, with no more than it should give', () => {
    const flips = fc.uniqueArray(fc.nat(packed.length * 8 - 1), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, (places) => {
        const bytes = Buffer.from(packed);
        for (const place of places) bytes[place >> 3] = (bytes[place >> 3] ?? 0) ^ (1 << (place & 7));
        const out = unpacked(decoderOf, bytes);
        return name === 'LZMA2' || out.bytes.length <= text.length;
      }),
      propertyRuns(4),
    );
  });

  it('of nothing but chance ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const begun = Buffer.concat([packed.subarray(0, 12), bytes]);
        return unpacked(decoderOf, begun).consumed <= begun.length;
      }),
      propertyRuns(4),
    );
  });
});

describe('LZMA without a size', () => {
  it('ends at its mark', () => {
    const file = Buffer.from(samples.lzmaMarked, 'base64');
    const stream = Buffer.concat([file.subarray(13), Buffer.from('rubbish')]);
    const { bytes, end, consumed } = unpacked((feed) => lzma(feed, file.subarray(0, 5), { limits }), stream);
    expect({ end, consumed }).toEqual({ end: 'complete', consumed: stream.length - 7 });
    expect(bytes.toString()).toBe(text);
  });

  it('is not whole without its mark', () => {
    const { end } = unpacked((feed) => lzma(feed, properties, { limits }), streamOf('lzmaSevenZip', 624));
    expect(end).not.toBe('complete');
  });

  it.each([
    ['no properties', Buffer.from([16, 2, 0, 0])],
    ['properties that there are not', Buffer.from([16, 2, 5, 0, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])],
    ['half a header', Buffer.from([16, 2, 5])],
  ])('with %s gives nothing', (_, bytes) => {
    const { bytes: out, end } = unpacked((feed) => zipLzma(feed, { limits }), bytes);
    expect(out).toHaveLength(0);
    expect(['cut', 'corrupt']).toContain(end);
  });
});
