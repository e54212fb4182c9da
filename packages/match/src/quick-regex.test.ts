// What the quick form does not find, the pattern does not find; and no text makes it go through many more steps than it
// has letters.

import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { makeQuickRegex } from './quick-regex.ts';
import { compileRegex } from './regex.ts';

const units = [
  'a',
  'b',
  'K',
  '.',
  '\\.',
  '\\\\',
  '\\d',
  '\\w',
  '\\s',
  '\\W',
  '\\S',
  '[ab]',
  '[^a]',
  '[a-k ]',
  '[\\w.-]',
  '[\\s\\S]',
  '[]a]',
  '[^]a]',
  '[\\W_]',
  '`',
  '{',
  '"',
];
const quantifiers = ['', '', '', '+', '*', '?', '{2}', '{1,3}', '{2,}', '+?', '*?'];
const unit = fc
  .tuple(fc.constantFrom(...units), fc.constantFrom(...quantifiers))
  .map((both) => both.join(''));
const sequence = fc.array(unit, { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
const group = fc
  .tuple(
    fc.constantFrom('(', '(?:', '(?P<n>'),
    fc.array(sequence, { minLength: 1, maxLength: 3 }),
    fc.constantFrom(...quantifiers),
  )
  .map(([head, parts, quantifier]) => `${head}${parts.join('|')})${quantifier}`);
const place = fc.constantFrom('^', '$', '\\b', '\\B');
const pattern = fc
  .tuple(
    fc.constantFrom('', '', '(?i)'),
    fc.array(fc.oneof({ weight: 4, arbitrary: sequence }, { weight: 2, arbitrary: group }, place), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([flag, parts]) => flag + parts.join(''));
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'k',
      'A',
      'K',
      '.',
      '\\',
      '7',
      ' ',
      '\n',
      '\r',
      '\v',
      '_',
      '`',
      '{',
      ']',
      '"',
      '\u212a',
      '\u00e9',
    ),
    {
      maxLength: 12,
    },
  )
  .map((all) => all.join(''));
const options = fc.record({ ignoreCase: fc.boolean(), multiline: fc.boolean(), dotAll: fc.boolean() });

function accepted(source: string, flags: number): RE2JS | undefined {
  try {
    return RE2JS.compile(source, flags);
  } catch {
    return undefined;
  }
}

test('with the quick form before it a pattern finds what it finds alone', () => {
  let quick = 0;
  let found = 0;
  fc.assert(
    fc.property(pattern, options, fc.array(text, { minLength: 1, maxLength: 8 }), (source, given, texts) => {
      const flags =
        (given.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
        (given.multiline ? RE2JS.MULTILINE : 0) |
        (given.dotAll ? RE2JS.DOTALL : 0);
      const alone = accepted(source, flags);
      if (alone === undefined) return;
      const both = compileRegex(source, given);
      if (makeQuickRegex(source, given) !== undefined) quick++;
      for (const sample of texts) {
        const expected = alone.test(sample);
        if (expected) found++;
        expect([source, given, sample, both.test(sample)]).toEqual([source, given, sample, expected]);
      }
    }),
    propertyRuns(10),
  );
  expect(quick).toBeGreaterThan(50);
  expect(found).toBeGreaterThan(50);
});

describe('a pattern has a quick form', () => {
  test.each([
    ['\\s[a-fA-F0-9]{64}\\s[a-fA-F0-9]{16}', 1000],
    ['\\\\[a-zA-Z0-9]{1,32}\\.[a-zA-Z0-9]{1,6}\\.[ "\']{1}', 1000],
    ['\\w+`(?:\\w+|-|.)`[\\w+|\\s]', 100],
    ['"(?:\\{\\d\\})+"\\s*-f', 100],
    ['(?i)\\$\\{`?e`?n`?v`?:`?p`?a`?t`?h`?\\}', 500],
    ['set.*&&', 200],
  ])('for texts in which no backtracking is long: %s', (source, least) => {
    expect(makeQuickRegex(source, {})?.longestText).toBeGreaterThanOrEqual(least);
  });

  test.each(['(a|a)*$', '(a+)+b', '^(\\w+\\s?)*$', '(?:a?){20}a{20}', 'a.*b.*c.*d.*e', '(x+x+)+y'])(
    'but not where backtracking has no end: %s',
    (source) => {
      expect(makeQuickRegex(source, {})).toBeUndefined();
    },
  );

  test.each(['[[:alpha:]]x', '\\x41', '\\pL', 'a(?i)b', '(?i:b)', '\u00e9', '[a-\\d]', '\\Qa\\E'])(
    'nor what means something else in another language: %s',
    (source) => {
      expect(makeQuickRegex(source, {})).toBeUndefined();
    },
  );
});
