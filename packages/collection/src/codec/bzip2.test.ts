import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../../testing/properties.ts';
import { logText } from '../testing/evidence.ts';
import { samples } from '../testing/samples.ts';
import { unpacked } from '../testing/unpacked.ts';
import { beginsBzip2, Bunzip2 } from './bzip2.ts';

const bunzip2 = (bytes: Uint8Array): ReturnType<typeof unpacked> =>
  unpacked((feed) => new Bunzip2(feed), bytes);
const packed = Buffer.from(samples.bzip2, 'base64');
const text = logText(300);

function withByte(at: number, value: number): Buffer {
  const changed = Buffer.from(packed);
  changed[at] = value;
  return changed;
}

describe('a bzip2 stream', () => {
  it('is unpacked to its end, whatever follows', () => {
    const { bytes, end, consumed } = bunzip2(Buffer.concat([packed, Buffer.from('rubbish')]));
    expect({ end, consumed }).toEqual({ end: 'complete', consumed: packed.length });
    expect(bytes.toString()).toBe(text);
  });

  it('may be empty', () => {
    const empty = Buffer.from('425a683917724538509000000000', 'hex');
    expect(beginsBzip2(empty)).toBe('yes');
    expect(bunzip2(empty)).toMatchObject({ end: 'complete', bytes: Buffer.alloc(0), consumed: 14 });
  });

  it('is told by its first ten bytes', () => {
    expect(beginsBzip2(packed)).toBe('yes');
    for (let length = 0; length < 10; length++) expect(beginsBzip2(packed.subarray(0, length))).toBe('cut');
    expect(beginsBzip2(Buffer.from('BZh is how it begins'))).toBe('no');
    expect(beginsBzip2(Buffer.from('BZh0'))).toBe('no');
  });

  it('has runs of any length', () => {
    // 45,899,235 zeros: the most that one block can hold.
    const zeros = bunzip2(Buffer.from(samples.bzip2Zeros, 'base64'));
    expect(zeros.end).toBe('complete');
    expect(zeros.bytes.length).toBe(45_899_235);
    expect(zeros.bytes.every((byte) => byte === 0)).toBe(true);
  });
});

describe('a damaged bzip2 stream', () => {
  it('cut at any byte gives whole blocks, and nothing else', () => {
    for (let length = 0; length < packed.length; length++) {
      const { bytes, end } = bunzip2(packed.subarray(0, length));
      expect(end).toBe('cut');
      // The mark of the end and its checksum have ten bytes, which need not begin with a byte.
      const isBlockThere = length >= packed.length - 10;
      expect(bytes.toString() === (isBlockThere ? text : '') || length === packed.length - 11).toBe(true);
    }
  });

  it('whose checksums do not fit ends there, and what came out is kept', () => {
    for (const at of [10, packed.length - 2]) {
      const { bytes, end } = bunzip2(withByte(at, (packed[at] ?? 0) ^ 0xff));
      expect(end).toBe('corrupt');
      expect(bytes.toString()).toBe(text);
    }
  });

  it('of a kind that nobody writes any more is told as such', () => {
    // The bit behind the checksum of the block.
    expect(bunzip2(withByte(14, (packed[14] ?? 0) | 0x80)).end).toMatchObject({ reason: 'no-reader' });
  });

  it('with any bits flipped ends, and never as if nothing were wrong', () => {
    const flips = fc.uniqueArray(fc.nat(packed.length * 8 - 1), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, (places) => {
        const bytes = Buffer.from(packed);
        for (const place of places) bytes[place >> 3] = (bytes[place >> 3] ?? 0) ^ (1 << (place & 7));
        const { end, bytes: out } = bunzip2(bytes);
        return end !== 'complete' || out.toString() === text;
      }),
      propertyRuns(4),
    );
  });

  it('of nothing but chance behind its beginning ends', () => {
    const tail = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(
        tail,
        (bytes) => bunzip2(Buffer.concat([packed.subarray(0, 14), bytes])).end !== 'complete',
      ),
      propertyRuns(4),
    );
  });
});
