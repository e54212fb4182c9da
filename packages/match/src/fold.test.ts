import { describe, expect, test } from 'vitest';
import { foldScanned, foldText } from './fold.ts';

const cases: readonly (readonly [string, string])[] = [
  ['ABC/Xyz.ASPX', 'abc/xyz.aspx'],
  ['ß', 'ß'],
  ['\u1e9e', 'ß'],
  ['ΟΔΟΣ', 'οδοσ'],
  ['ΟΔΟΣ ΟΔΟΣ', 'οδοσ οδοσ'],
  ['ÀÉ', 'àé'],
  ['\u{10400}', '\u{10428}'],
];

/** Every code point but the surrogates. */
function* codePoints(): Generator<string> {
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
  }
}

describe('foldText', () => {
  test.each<readonly [string, string]>([...cases, ['\u0130', 'i'], ['\u212a', 'k']])(
    '%s becomes %s',
    (text, folded) => {
      expect(foldText(text)).toBe(folded);
    },
  );

  test('one code point becomes one', () => {
    const longer = Array.from(codePoints()).filter((char) => Array.from(foldText(char)).length !== 1);
    expect(longer).toEqual([]);
  });
});

describe('foldScanned', () => {
  test.each<readonly [string, string]>([...cases, ['X\u0130X', 'x\u0130x'], ['\u212aA', '\u212aa']])(
    '%s becomes %s',
    (text, folded) => {
      expect(foldScanned(text)).toBe(folded);
    },
  );

  test('differs from foldText in two letters, and nothing outside of ASCII becomes ASCII', () => {
    const chars = Array.from(codePoints());
    expect(chars.filter((char) => foldScanned(char) !== foldText(char))).toEqual(['\u0130', '\u212a']);
    expect(chars.filter((char) => char > '\u007f' && foldScanned(char) <= '\u007f')).toEqual([]);
  });
});
