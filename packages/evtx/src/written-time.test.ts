import { parseTime } from '@postern/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { Chunk } from './chunk.ts';
import { WrittenTime } from './written-time.ts';

/** What is read of a text in UTF-16, as one number. */
function read(text: string): bigint | undefined {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), true);
  const time = new WrittenTime();
  if (!time.read(new Chunk(bytes), 0, bytes.length)) return undefined;
  return BigInt(time.high) * 0x1_0000_0000n + BigInt(time.low);
}

const two = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
const year = fc.integer({ min: 1601, max: 9999 }).map(String);
const fraction = fc.oneof(
  fc.constant(''),
  fc.stringMatching(/^[.,][0-9]{0,10}$/),
  fc.stringMatching(/^[.][0-9]{9}$/),
);
const zone = fc.constantFrom('Z', 'Z', '', 'z', '+02:00');
const letter = fc.constantFrom('T', 'T', ' ', 'x', '\u0154');
const parts = fc.tuple(year, two(13), two(32), letter, two(24), two(60), two(61), fraction, zone);

it('reads a written time as the parser does', () => {
  fc.assert(
    fc.property(parts, ([y, month, day, t, hour, minute, second, rest, z]) => {
      const text = `${y}-${month}-${day}${t}${hour}:${minute}:${second}${rest}${z}`;
      expect(read(text)).toBe(parseTime(text));
    }),
    propertyRuns(8),
  );
});

it.each([
  '2013-10-23T16:22:39.123456789Z',
  '2013-10-23T16:22:39Z',
  '2024-02-29T23:59:60.1Z',
  '1601-01-01T00:00:00Z',
  '3000-12-28T23:59:59.9999999Z',
  '2013-10-23T16:22:39.Z',
  '2013-10-23',
  '-',
  '',
])('reads %j', (text) => {
  expect(read(text)).toBe(parseTime(text));
});
