import { isPosternError } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { foldText } from './fold.ts';
import { compileRegex, type RegexOptions } from './regex.ts';
import { requiredTexts } from './regex-literal.ts';

function finds(pattern: string, text: string, options?: RegexOptions): boolean {
  return compileRegex(pattern, options).test(text);
}

describe('compileRegex', () => {
  test('searches anywhere and minds letter case', () => {
    expect(finds('b+c', 'aabbcc')).toBe(true);
    expect(finds('B', 'b')).toBe(false);
    expect(finds('B', 'b', { ignoreCase: true })).toBe(true);
    expect(finds('(?i)B', 'b')).toBe(true);
  });

  test('knows lines and line breaks by flag', () => {
    expect(finds('^b', 'a\nb')).toBe(false);
    expect(finds('^b', 'a\nb', { multiline: true })).toBe(true);
    expect(finds('a.b', 'a\nb')).toBe(false);
    expect(finds('a.b', 'a\nb', { dotAll: true })).toBe(true);
  });

  test('a dot is one character, also outside the first plane', () => {
    expect(finds('^.$', '\u{1f600}')).toBe(true);
  });

  test.each([
    '(?=a)',
    '(?<!a)b',
    '(a)\\1',
    'a++',
    '(?>a)',
    '(',
    '[a',
    'a{1001}',
    '((((a{100}){100}){100}){100})',
    '\\u0041',
  ])('refuses %s with a reason', (pattern) => {
    expect(() => compileRegex(pattern)).toThrow(expect.objectContaining({ code: 'POSTERN_MATCH_REGEX' }));
    expect(() => compileRegex(pattern)).toThrow(/cannot be run: ./);
  });

  test('needs no more time than the text is long where others backtrack', () => {
    // An engine that backtracks does not end before the test's time is over.
    expect(finds('(a|a)*$', `${'a'.repeat(2000)}b`)).toBe(true);
    expect(finds('^(\\w+\\s?)*$', `${'word '.repeat(2000)}!`)).toBe(false);
  });
});

describe('required texts', () => {
  test.each<readonly [string, readonly string[], number]>([
    ['(set).*&&\\s?set.*(environment|invoke)', ['set', '&&'], 8],
    ['\\s[a-fA-F0-9]{64}\\s[a-fA-F0-9]{16}', [], 82],
    ['^ab?c+d$', ['a', 'c', 'd'], 3],
    ['(?i)abc{2,3}\\b', ['abc'], 4],
    ['a|b', [], 0],
    ['x(?:ab){3}y', ['x', 'ab', 'y'], 8],
    ['x(?:ab)*y', ['x', 'y'], 2],
  ])('of %s are %j, %i units at least', (pattern, literals, length) => {
    expect(requiredTexts(pattern)).toEqual({ literals, length });
  });
});

describe('literal', () => {
  test.each([
    ['powershell', 'powershell'],
    ['Set-Oab.*ExternalUrl', 'externalurl'],
    ['^/owa/[a-z]+\\.aspx$', '/owa/'],
    ['abc?defgh', 'defgh'],
    ['abcd*efg', 'abc'],
    ['abcd+ef', 'abcd'],
    ['abc{0,3}defg', 'defg'],
    ['abc{2}', 'abc'],
    ['(?i)CMD\\.exe', 'cmd.exe'],
    ['(abcde)x', 'abcde'],
    ['(?:abcde)?xy', 'xy'],
    ['(ab|cd)efg', 'efg'],
    ['x(a(b|[)]c)d)yz', 'yz'],
    ['[abc]de', 'de'],
    ['[]a]bc', 'bc'],
    ['[^]a]bc', 'bc'],
    ['[[:alpha:]\\]]bc', 'bc'],
    ['a\\\\b', 'a\\b'],
    ['\\bword\\b', 'word'],
    ['a{b', 'a{b'],
    ['(?P<name>abc)', 'abc'],
    ['(?<name>abc)', 'abc'],
    ['(?i:abc)d', 'abc'],
  ])('of %s is %s', (pattern, literal) => {
    expect(compileRegex(pattern).literal).toBe(literal);
  });

  test.each([
    '',
    '.*',
    'abc|def',
    '(abc)*',
    '(a|b)',
    '[a-z]+',
    '\\Qa.b\\E',
    '\\x41bcd',
    '\\pNabc',
    'a(?i)*',
    'a?',
  ])('of %s is none', (pattern) => {
    expect(compileRegex(pattern).literal).toBeUndefined();
  });

  const atom = fc.constantFrom(
    'a',
    'b',
    'k',
    's',
    '.',
    '\\.',
    '[ab]',
    '[^a]',
    '\\w',
    '\\s',
    '-',
    '{',
    '\\b',
    '^',
    '$',
    '\\{',
    '[]x]',
    '\u212a',
    '\\x41',
    '(?i)',
  );
  const repeat = fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{0,2}', '{1,}', '{,2}', '+?', '{2}{3}');
  const { pattern: patterns } = fc.letrec<{ pattern: string; term: string }>((tie) => ({
    term: fc.oneof(
      { maxDepth: 3 },
      atom,
      fc
        .tuple(fc.constantFrom('(', '(?:', '(?<n>'), tie('pattern'))
        .map(([open, inner]) => `${open}${inner})`),
    ),
    pattern: fc
      .array(fc.tuple(tie('term'), repeat, fc.constantFrom('', '', '', '', '|')), { maxLength: 6 })
      .map((terms) => terms.map((term) => term.join('')).join('')),
  }));
  const texts = fc.string({
    unit: fc.constantFrom(...Array.from('abkABKs.-{}x 2,\u212a\u017f')),
    maxLength: 12,
  });

  test('stands in every text that the pattern finds', () => {
    let found = 0;
    fc.assert(
      fc.property(
        patterns,
        fc.array(texts, { maxLength: 20 }),
        fc.boolean(),
        (pattern, samples, ignoreCase) => {
          const regex = compiled(pattern, { ignoreCase });
          if (regex === undefined) return;
          const { literals, length } = requiredTexts(pattern);
          expect(literals.length > 0).toBe(regex.literal !== undefined);
          for (const sample of samples.filter((text) => regex.test(text))) {
            expect(sample.length).toBeGreaterThanOrEqual(length);
            for (const literal of literals) {
              found++;
              // The long s folds to itself, and a regular expression takes it for an s all the same.
              expect(foldText(sample).replaceAll('\u017f', 's')).toContain(foldText(literal));
            }
          }
        },
      ),
      propertyRuns(40),
    );
    expect(found).toBeGreaterThan(0);
  });
});

function compiled(pattern: string, options: RegexOptions): ReturnType<typeof compileRegex> | undefined {
  try {
    return compileRegex(pattern, options);
  } catch (error) {
    if (isPosternError(error)) return undefined;
    throw error;
  }
}
