import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { matchesAny, wildcards } from './wildcard.ts';

test.each([
  ['/owa/*', '/owa/auth', true],
  ['/owa/*', '/owa/', true],
  ['/owa/*', '/owa', false],
  ['*healthmailbox*', 'corp\\healthmailbox12', true],
  ['*.aspx', 'x.aspx/y', false],
  ['/owa/*/x.ashx', '/owa/x.ashx', false],
  ['a*a', 'a', false],
  ['', '', true],
  ['', 'x', false],
  ['*', '', true],
  ['AMProbe*', 'amprobe/1', true],
])('%s of %s', (pattern, text, isMatched) => {
  expect(matchesAny(wildcards([pattern]), text)).toBe(isMatched);
});

test('no patterns match nothing', () => {
  expect(matchesAny([], 'x')).toBe(false);
  expect(matchesAny(undefined, 'x')).toBe(false);
});

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });

test('as a regular expression would', () => {
  fc.assert(
    fc.property(pattern, letters, (wild, text) => {
      const source = wild.replaceAll('.', String.raw`\.`).replaceAll('*', '.*');
      expect(matchesAny(wildcards([wild]), text)).toBe(new RegExp(`^${source}$`).test(text));
    }),
    propertyRuns(10),
  );
});
