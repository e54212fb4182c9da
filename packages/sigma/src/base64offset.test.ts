import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { selects } from './testing/records.ts';

function encoded(before: string, text: string, after: string, encoding: BufferEncoding = 'utf8'): string {
  return Buffer.concat([Buffer.from(before), Buffer.from(text, encoding), Buffer.from(after)]).toString(
    'base64',
  );
}

function finds(item: string, text: string, value: string): boolean {
  return selects(`F|${item}: ${JSON.stringify(text)}`, { F: value });
}

describe('base64offset finds a text wherever it begins in the groups of three', () => {
  test.each(['a', 'ab', 'abc', 'abcd', 'abcde', 'abcdef', 'é', 'straße', '漢字', '\u{1f600}'])(
    '%j',
    (text) => {
      for (const before of ['', 'x', 'xy', 'xyz', 'wxyz'])
        for (const after of ['', 'x', 'xy'])
          expect(finds('base64offset|contains', text, encoded(before, text, after))).toBe(true);
    },
  );

  test.each(['http', 'net', 'é'])('wide: %j', (text) => {
    for (const before of ['', 'x', 'xy', 'xyz'])
      expect(finds('wide|base64offset|contains', text, encoded(before, text, 'z', 'utf16le'))).toBe(true);
  });

  test('any text in any other', () => {
    const inner = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 9 })
      .filter((text) => !/[*?\\]/.test(text));
    const outer = fc.string({ maxLength: 7 });
    fc.assert(
      fc.property(outer, inner, outer, (before, text, after) => {
        expect(finds('base64offset|contains', text, encoded(before, text, after))).toBe(true);
      }),
      propertyRuns(),
    );
  });

  test('and not where it is not', () => {
    for (const before of ['', 'x', 'xy'])
      expect(finds('base64offset|contains', 'secret', encoded(before, 'public', 'x'))).toBe(false);
  });

  test('its three texts are alternatives, also under all', () => {
    const value = `${encoded('x', 'first', '')} ${encoded('', 'second', '')}`;
    expect(selects('F|base64offset|contains|all: [first, second]', { F: value })).toBe(true);
    expect(selects('F|base64offset|contains|all: [first, third]', { F: value })).toBe(false);
  });
});
