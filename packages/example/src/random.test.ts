import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { createRandom } from './random.ts';

test('one seed gives one stream, another seed another', () => {
  const draw = (seed: string): number[] => {
    const random = createRandom(seed);
    return Array.from({ length: 8 }, () => random.next());
  };
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
  expect(draw('')).not.toEqual(draw('0'));
});

test('the stream is the same on every machine and in every version', () => {
  const random = createRandom('postern');
  expect([random.guid(), random.hex(6), random.between(1, 6), random.text('ab', 8)]).toMatchInlineSnapshot(`
    [
      "367b50ba-2345-4d1d-89b0-7114468ded2e",
      "703e6c",
      6,
      "bbbaaaaa",
    ]
  `);
});

test('numbers stay in their range and reach both ends', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: 0, max: 5 }),
      (seed, low, span) => {
        const random = createRandom(seed);
        const seen = new Set(Array.from({ length: 400 }, () => random.between(low, low + span)));
        expect([...seen].toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: span + 1 }, (_, index) => low + index),
        );
      },
    ),
    propertyRuns(),
  );
});

test('a sample has no member twice', () => {
  fc.assert(
    fc.property(fc.string(), fc.uniqueArray(fc.integer()), fc.nat(20), (seed, list, count) => {
      const chosen = createRandom(seed).sample(list, count);
      expect(chosen).toHaveLength(Math.min(count, list.length));
      expect(new Set(chosen).size).toBe(chosen.length);
      expect(chosen.every((member) => list.includes(member))).toBe(true);
    }),
    propertyRuns(),
  );
});

test('picking from nothing is refused', () => {
  expect(() => createRandom('x').pick([])).toThrow('nothing to pick');
});
