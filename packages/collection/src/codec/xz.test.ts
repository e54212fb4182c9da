import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../../testing/properties.ts';
import { archiveLimits } from '../archive-limits.ts';
import { logText, programBytes } from '../testing/evidence.ts';
import { samples } from '../testing/samples.ts';
import { unpacked } from '../testing/unpacked.ts';
import { beginsXz, Xz } from './xz.ts';

const text = logText(300);
const program = programBytes().toString('latin1');

function unxz(bytes: Uint8Array): ReturnType<typeof unpacked> {
  return unpacked((feed) => new Xz(feed, archiveLimits), bytes);
}

function sample(name: keyof typeof samples): Buffer {
  return Buffer.from(samples[name], 'base64');
}

describe('an xz stream', () => {
  it.each([
    ['CRC-64', 'xz', text],
    ['no check', 'xzWithoutCheck', text],
    ['CRC-32', 'xzCrc32', text],
    ['SHA-256', 'xzSha256', text],
    ['several blocks', 'xzBlocks', text],
    ['a filter for programs', 'xzX86', program],
    ['a filter of differences', 'xzDelta', text],
    ['nothing in it', 'xzEmpty', ''],
  ] as const)('with %s is unpacked to its end, whatever follows', (_, name, expected) => {
    const packed = sample(name);
    const { bytes, end, consumed } = unxz(Buffer.concat([packed, Buffer.from('rubbish')]));
    expect({ end, consumed }).toEqual({ end: 'complete', consumed: packed.length });
    expect(bytes.toString('latin1')).toBe(expected);
  });

  it('is told by its first bytes', () => {
    expect(beginsXz(sample('xz'))).toBe('yes');
    expect(beginsXz(sample('xz').subarray(0, 8))).toBe('cut');
    expect(beginsXz(Buffer.from('no xz at all'))).toBe('no');
  });

  it('with a filter that is not known is told as such', () => {
    expect(unxz(sample('xzArm')).end).toMatchObject({
      reason: 'no-reader',
      detail: expect.stringContaining('ARM') as unknown,
    });
  });
});

describe('a damaged xz stream', () => {
  it('cut at any byte gives what there was, and nothing else', () => {
    const packed = sample('xzBlocks');
    for (let length = 0; length < packed.length; length++) {
      const { bytes, end } = unxz(packed.subarray(0, length));
      expect(end).toBe('cut');
      expect(text.startsWith(bytes.toString())).toBe(true);
    }
  });

  it.each([
    ['xz', 8],
    ['xzCrc32', 4],
    ['xzSha256', 32],
  ] as const)('has its check compared, and what came out is kept: %s', (name, length) => {
    const packed = sample(name);
    // The check stands before the index and the footer, which have 8 and 12 bytes here.
    const at = packed.length - 12 - 8 - length;
    packed[at] = (packed[at] ?? 0) ^ 1;
    const { bytes, end } = unxz(packed);
    expect(end).toBe('corrupt');
    expect(bytes.toString()).toBe(text);
  });

  it('with any bits flipped before its index ends, and never as if nothing were wrong', () => {
    const packed = sample('xz');
    const flips = fc.uniqueArray(fc.nat((packed.length - 20) * 8 - 1), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, (places) => {
        const bytes = Buffer.from(packed);
        for (const place of places) bytes[place >> 3] = (bytes[place >> 3] ?? 0) ^ (1 << (place & 7));
        const { end, bytes: out } = unxz(bytes);
        return end !== 'complete' || out.toString() === text;
      }),
      propertyRuns(4),
    );
  });
});
