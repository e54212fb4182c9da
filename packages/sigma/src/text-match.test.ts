import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { base64, base64Offsets, utf8Bytes } from './encodings.ts';
import { wildcard, type Pattern, type PatternPart } from './pattern.ts';
import { compilePattern } from './text-match.ts';

/** By trying everything. */
function fits(pattern: Pattern, text: readonly string[]): boolean {
  const [part, ...rest] = pattern;
  if (part === undefined) return text.length === 0;
  if (part === wildcard.any) return text.some((_, i) => fits(rest, text.slice(i))) || fits(rest, []);
  if (part === wildcard.one) return text.length > 0 && fits(rest, text.slice(1));
  if (part === wildcard.dash)
    return '-/\u2013\u2014\u2015'.includes(text[0] ?? ' ') && fits(rest, text.slice(1));
  const literal = Array.from(part);
  return literal.every((char, i) => text[i] === char) && fits(rest, text.slice(literal.length));
}

describe('compilePattern', () => {
  const part: fc.Arbitrary<PatternPart> = fc.oneof(
    fc.constantFrom<PatternPart>(0, 0, 1, 2),
    fc.constantFrom('a', 'b', 'ab', 'aa', '\u{1f600}', '-'),
  );
  const text = fc.array(fc.constantFrom('a', 'b', '-', '\u2013', '\u{1f600}', '\u{1f601}'), { maxLength: 8 });

  test('is what trying everything says', () => {
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }),
        fc.array(text, { minLength: 1, maxLength: 10 }),
        (pattern, texts) => {
          const compiled = compilePattern(pattern);
          for (const chars of texts)
            expect([pattern, chars, compiled(chars.join(''))]).toEqual([
              pattern,
              chars,
              fits(pattern, chars),
            ]);
        },
      ),
      propertyRuns(20),
    );
  });

  test('needs no long time for many stars', () => {
    const pattern = Array.from({ length: 2000 }, (_, i): PatternPart => (i % 2 === 0 ? 0 : 'a'));
    expect(compilePattern([...pattern, 'b'])('a'.repeat(100_000))).toBe(false);
    expect(compilePattern([...pattern, 'b'])(`${'a'.repeat(100_000)}b`)).toBe(true);
  });
});

describe('base64', () => {
  test('is that of Node', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(255), { maxLength: 20 }), (bytes) => {
        expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      }),
      propertyRuns(2),
    );
  });

  test.each(['f', 'fo', 'foo', 'foob', 'fooba', 'foobar', 'é', 'aé', 'aaé', 'Üñï'])(
    'one of the offsets of %j is in the Base64 of all that holds it',
    (needle) => {
      const offsets = base64Offsets(utf8Bytes(needle));
      expect(offsets.length).toBe(3);
      for (let before = 0; before < 9; before++) {
        for (const [fill, after] of [
          ['\0', ''],
          ['\u007f', 'zz'],
          ['x', '\0'],
        ] as const) {
          const holder = Buffer.from(fill.repeat(before) + needle + after).toString('base64');
          expect(holder).toContain(offsets[before % 3]);
        }
      }
    },
  );
});
