import { expect, test } from 'vitest';
import { DEFAULT_REQUESTS_PER_DAY, parseSize, requestsPerDay } from './size.ts';

test.each([
  ['3GB', { bytes: 3e9 }],
  ['500 mb', { bytes: 5e8 }],
  ['1.5G', { bytes: 1.5e9 }],
  ['1000', { bytes: 1000 }],
  ['2000/day', { requestsPerDay: 2000 }],
])('reads %s', (text, size) => {
  expect(parseSize(text)).toEqual(size);
});

test.each(['', 'big', '-3GB', '3TB', '1e9', '/day'])('refuses %j', (text) => {
  expect(parseSize(text)).toBeUndefined();
});

test('more bytes are more requests, and there are always some', () => {
  expect(requestsPerDay(undefined)).toBe(DEFAULT_REQUESTS_PER_DAY);
  expect(requestsPerDay({ requestsPerDay: 77 })).toBe(77);
  expect(requestsPerDay({ bytes: 0 })).toBeGreaterThan(0);
  expect(requestsPerDay({ bytes: 3e9 })).toBeGreaterThan(10 * requestsPerDay({ bytes: 2e8 }));
});
