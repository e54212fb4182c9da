import { describe, expect, test } from 'vitest';
import { asciiLookalikes, foldText } from './fold.ts';

describe('foldText', () => {
  test.each([
    ['ABC/Xyz.ASPX', 'abc/xyz.aspx'],
    ['\u0130', 'i'],
    ['\u212a', 'k'],
    ['ß', 'ß'],
    ['\u1e9e', 'ß'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['ΟΔΟΣ ΟΔΟΣ', 'οδοσ οδοσ'],
    ['ÀÉ', 'àé'],
    ['\u{10400}', '\u{10428}'],
  ])('%s becomes %s', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  test('one code point becomes one, and only the known letters become ASCII', () => {
    const intoAscii: string[] = [];
    for (let code = 0x80; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const folded = foldText(String.fromCodePoint(code));
      if (Array.from(folded).length !== 1)
        throw new Error(`U+${code.toString(16)} becomes ${folded.length} units`);
      if ((folded.codePointAt(0) ?? 0) < 0x80) intoAscii.push(String.fromCodePoint(code));
    }
    expect(intoAscii.toSorted()).toEqual(['\u0130', '\u212a']);
    expect([asciiLookalikes.get('i'), asciiLookalikes.get('k')]).toEqual(intoAscii.toSorted());
  });
});
