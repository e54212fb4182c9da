import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { compareText, foldPath, stableId } from './ids.ts';
import { sha256Hex } from './sha256.ts';

describe('sha256Hex', () => {
  it('equals the platform on every length around a block', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = new Uint8Array(length).fill(length);
      expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  it('equals the platform on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
      }),
      propertyRuns(),
    );
  });
});

describe('stableId', () => {
  it('tells parts apart however they are cut', () => {
    const ids = [['a', 'b'], ['ab'], ['a', '', 'b'], ['a', undefined, 'b'], ['a|=1:b'], []].map((p) =>
      stableId('f', p),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is fixed for all time', () => {
    expect(stableId('source', ['C:\\inetpub\\x.log', 'abc'])).toBe(
      stableId('source', ['C:\\inetpub\\x.log', 'abc']),
    );
    expect(stableId('source', ['x'])).toBe('source-519d71ecc11b0317');
  });

  it("is the same by the platform's own hash", () => {
    const platform = (text: string): string => createHash('sha256').update(text).digest('hex');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '|', 'é', '\ud800', '\udc00', '€') }), (text) => {
        expect(stableId('x', [text], platform)).toBe(stableId('x', [text]));
      }),
      propertyRuns(),
    );
  });
});

it.each([
  ['C:/InetPub/wwwroot/', 'c:\\inetpub\\wwwroot'],
  ['\\\\?\\C:\\ProgramData\\COM1\\x', 'c:\\programdata\\com1\\x'],
  ['C:\\', 'c:\\'],
])('folds %s to %s', (path, folded) => expect(foldPath(path)).toBe(folded));

it('orders by code unit', () =>
  expect(['b', 'Z', 'a', 'ä'].toSorted(compareText)).toEqual(['Z', 'a', 'b', 'ä']));
