// What is said without the engine is held against what the engine says: where it finds a rule, the answer was "may match".

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { compileYara, yaraEngineUrl } from './yara.ts';
import { yaraMayMatch } from './yara-needs.ts';

const wasm = readFileSync(fileURLToPath(yaraEngineUrl()));
const nobody = { filename: 'a.aspx', filepath: 'c:\\a.aspx', extension: '.aspx', filetype: '' };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const wide = (text: string): string => Array.from(text, (letter) => `${letter}\0`).join('');

const rule = (condition: string, strings = '$a = "alpha"\n $b = "beta"'): string =>
  `rule R { meta: note = "condition: strings: $x" strings: ${strings}\n condition: ${condition} }`;
const mayMatch = (text: string, content: string): boolean => yaraMayMatch([{ text }])(bytesOf(content));

describe('a rule whose needs are known', () => {
  test.each([
    ['$a and $b', 'alpha beta', 'alpha'],
    ['$a or $b', 'beta', 'gamma'],
    ['any of them', 'beta', 'gamma'],
    ['all of ($a, $b)', 'alpha beta', 'beta'],
    ['2 of ($*)', 'alpha beta', 'alpha alpha'],
    ['filesize < 64KB and ($a at 0 or $b)', 'alpha', 'gamma'],
    ['filesize >= 1 and any of ($b*)', 'beta', 'alpha'],
    ['$a /* or 1 */ and $b // or 1\n', 'alpha beta', 'alpha'],
  ])('%s', (condition, yes, no) => {
    expect(mayMatch(rule(condition), yes)).toBe(true);
    expect(mayMatch(rule(condition), no)).toBe(false);
  });

  test.each([
    ['$a = "AlPha" nocase', 'ALPHA', 'ALPH'],
    ['$a = "alpha" wide', wide('alpha'), 'alpha'],
    ['$a = "alpha" ascii wide fullword', 'alpha', 'alph'],
    ['$a = "a\\x6c\\"\\\\\\t"', 'al"\\\t', 'al"'],
    ['$a = "é\\xff"', 'é', 'e'],
    ['$a = { 61 6C 70 }', 'alpha', 'beta'],
    [
      '$a = /<add\\s[^>]{0,20}name="x"[^>]{0,20}auto="false"/',
      '<add name="x" auto="false"',
      '<add name="x" auto="true"',
    ],
    ['$a = /\\b(eval|execute)\\s*\\(\\s*Request\\s*[.\\[(]/ nocase', 'REQUEST', 'Reque'],
  ])('%s', (strings, yes, no) => {
    const content = yes === 'é' ? Uint8Array.from([0xc3, 0xa9, 0xff]) : bytesOf(yes);
    expect(yaraMayMatch([{ text: rule('$a', strings) }])(content)).toBe(true);
    expect(mayMatch(rule('$a', strings), no)).toBe(false);
  });
});

describe('nothing is left out', () => {
  test.each([
    'not $a',
    'none of them',
    '#a > 2',
    'for any of them : ($ at 0)',
    'uint16(0) == 0x5A4D and $a',
    'any of them in (0..10)',
    '50% of them',
    '$a at 0 + 1',
    'filename == "a.aspx" or $a',
    'true',
    'Other and $a',
  ])('%s', (condition) => expect(mayMatch(rule(condition), 'gamma')).toBe(true));

  test.each([
    '$a = "a" xor',
    '$a = "alpha" base64',
    '$a = { 61 ?? 70 }',
    '$a = /a{,5}lpha/',
    '$a = /alpha|beta/',
    '$a = "x"',
  ])('%s', (strings) => expect(mayMatch(rule('$a', strings), 'gamma')).toBe(true));

  test('where a file includes another, or has a rule that is not known beside others', () => {
    expect(mayMatch(`include "x.yar"\n${rule('$a')}`, 'gamma')).toBe(true);
    expect(mayMatch(`${rule('$a')}\n${rule('not $b').replace('rule R', 'rule S')}`, 'gamma')).toBe(true);
    expect(mayMatch(rule('$a').slice(0, -8), 'gamma')).toBe(true);
  });
});

const definitions = [
  '"ab"',
  '"aB" nocase',
  '"ab" wide',
  '"ab" ascii wide',
  '{ 61 62 }',
  '{ 61 [0-2] 62 }',
  '/a[bc]{1,2}b/',
  '/bca?/ nocase',
  '"ab" xor',
];
const conditions = [
  '$s0',
  '$s0 and $s1',
  '$s0 or $s1 and $s2',
  '($s0 or $s1) and $s2',
  'any of them',
  'all of them',
  '2 of ($s*)',
  'filesize < 9 and 2 of ($s0, $s2)',
  '$s1 at 0',
  'not $s0',
  '#s0 == 2',
];

test('whatever the engine finds may match', () => {
  let found = 0;
  let spared = 0;
  const pieces = fc.constantFrom('a', 'b', 'c', 'A', 'B', '\0', 'ab', 'a\0b\0', 'bca');
  fc.assert(
    fc.property(
      fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(...definitions))),
      fc.constantFrom(...conditions),
      fc.array(
        fc.array(pieces, { maxLength: 6 }).map((all) => all.join('')),
        { minLength: 1, maxLength: 8 },
      ),
      (strings, condition, contents) => {
        const used = strings
          .map((value, i) => `$s${i} = ${value}`)
          .filter(
            (_, i) =>
              /them|\*/.test(condition) || condition.includes(`$s${i}`) || condition.includes(`#s${i}`),
          );
        const text = rule(condition, used.join('\n'));
        const engine = compileYara([{ path: 'r.yar', text }], wasm);
        expect(engine.diagnostics).toEqual([]);
        const may = yaraMayMatch([{ text }]);
        for (const content of contents) {
          const isFound = engine.scan(bytesOf(content), nobody).rules.length > 0;
          const isSpared = !may(bytesOf(content));
          expect({ text, content, isMissed: isFound && isSpared }).toMatchObject({ isMissed: false });
          found += isFound ? 1 : 0;
          spared += isSpared ? 1 : 0;
        }
        engine.close();
      },
    ),
    propertyRuns(),
  );
  expect(found).toBeGreaterThan(20);
  expect(spared).toBeGreaterThan(20);
});

test('of the campaign no rule can match a page that holds nothing of it', () => {
  const text = readFileSync(
    new URL('../../../packs/exchange-2021/yara/campaign.yar', import.meta.url),
    'utf8',
  );
  expect(
    mayMatch(text, '<%@ Page Language="C#" %><html><body><form runat="server">Hello</form></body></html>'),
  ).toBe(false);
  expect(
    mayMatch(
      text,
      Buffer.from(
        'PHNjcmlwdCBsYW5ndWFnZT0iSlNjcmlwdCIgcnVuYXQ9InNlcnZlciI+ZnVuY3Rpb24gUGFnZV9Mb2FkKCl7ZXZhbChSZXF1ZXN0WyJ4Il0pfTwvc2NyaXB0Pg==',
        'base64',
      ).toString(),
    ),
  ).toBe(true);
});
