import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../../testing/properties.ts';
import type { Token } from '../testing/deflate64-writer.ts';
import { writeDeflate64 } from '../testing/deflate64-writer.ts';
import { logText } from '../testing/evidence.ts';
import { unpacked } from '../testing/unpacked.ts';
import { Inflate64 } from './inflate64.ts';

const inflate = (bytes: Uint8Array): ReturnType<typeof unpacked> =>
  unpacked((feed) => new Inflate64(feed), bytes);

/** What tokens stand for. */
function textOf(tokens: readonly Token[]): Buffer {
  const bytes: number[] = [];
  for (const token of tokens) {
    if (token instanceof Uint8Array) bytes.push(...token);
    else for (let i = 0; i < token.length; i++) bytes.push(bytes[bytes.length - token.distance] ?? 0);
  }
  return Buffer.from(bytes);
}

/** Not equal to itself at any short distance, as the far copies of tests need it. */
function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return state & 0xff;
    }),
  );
}

describe('Deflate64', () => {
  it('has copies of up to 65,538 bytes, from up to 65,536 bytes back', () => {
    const copies = [3, 4, 10, 11, 257, 258, 259, 65_537, 65_538].flatMap((length) =>
      [1, 2, 32_768, 32_769, 49_152, 49_153, 65_536].map((distance) => ({ distance, length })),
    );
    const tokens = [noise(65_536), ...copies];
    const { bytes, end } = inflate(writeDeflate64(tokens));
    expect(end).toBe('complete');
    expect(bytes.equals(textOf(tokens))).toBe(true);
  });

  it('is deflate in its stored blocks and those of codes of their own', () => {
    const text = Buffer.from(logText(20_000));
    for (const level of [0, 1, 9]) {
      const { bytes, end } = inflate(deflateRawSync(text, { level }));
      expect(end).toBe('complete');
      expect(bytes.equals(text)).toBe(true);
    }
    expect(inflate(deflateRawSync(''))).toMatchObject({ end: 'complete', bytes: Buffer.alloc(0) });
  });

  it('ends where it ends, whatever follows', () => {
    const packed = writeDeflate64([Buffer.from('text')]);
    const { bytes, end, consumed } = inflate(Buffer.concat([packed, noise(100)]));
    expect({ text: bytes.toString(), end, consumed }).toEqual({
      text: 'text',
      end: 'complete',
      consumed: packed.length,
    });
  });

  it('of blocks without content is gone through in steps', () => {
    const empty = Buffer.from([0, 0, 0, 0xff, 0xff]);
    const bytes = Buffer.alloc(empty.length * 1_000_000, empty);
    expect(inflate(bytes)).toMatchObject({ end: 'cut', consumed: bytes.length });
  });
});

describe('damaged Deflate64', () => {
  const text = Buffer.from(logText(400));
  const packed = deflateRawSync(text);

  it.each([
    ['a kind of block that there is not', [0b111]],
    ['a stored block whose lengths differ', [0b001, 5, 0, 5, 0]],
    [
      'more codes than there can be',
      [0b101, 0xe0, 0x93, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92],
    ],
    [
      'a copy from before its beginning',
      [...writeDeflate64([Buffer.from('ab'), { distance: 3, length: 3 }])],
    ],
  ])('with %s ends there', (_, bytes) => {
    expect(inflate(Buffer.from(bytes)).end).toBe('corrupt');
  });

  it('cut at any byte gives what there was, and nothing else', () => {
    let longest = 0;
    for (let length = 0; length < packed.length; length++) {
      const { bytes, end } = inflate(packed.subarray(0, length));
      expect(end).toBe('cut');
      expect(bytes.equals(text.subarray(0, bytes.length))).toBe(true);
      longest = Math.max(longest, bytes.length);
    }
    expect(longest).toBeGreaterThan(text.length - 100);
  });

  it('with any bits flipped ends', () => {
    const flips = fc.array(fc.nat(packed.length * 8 - 1), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(flips, (places) => {
        const bytes = Buffer.from(packed);
        for (const place of places) bytes[place >> 3] = (bytes[place >> 3] ?? 0) ^ (1 << (place & 7));
        return inflate(bytes).consumed <= bytes.length;
      }),
      propertyRuns(4),
    );
  });

  it('of nothing but chance ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => inflate(bytes).consumed <= bytes.length),
      propertyRuns(4),
    );
  });
});
