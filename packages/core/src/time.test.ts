import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { formatTime, hourOf, parseTime, ticksOfHour, unixEpochTicks } from './time.ts';

describe('time', () => {
  it.each([
    ['2021-03-14T06:40:12.987Z', '2021-03-14T06:40:12.987Z'],
    ['2021-03-14 06:40:12', '2021-03-14T06:40:12Z'],
    ['2021-03-14T06:40:12.1234567Z', '2021-03-14T06:40:12.1234567Z'],
    ['2021-03-14T06:40:12.123456789Z', '2021-03-14T06:40:12.1234567Z'],
    ['2021-03-14T01:40:12-05:00', '2021-03-14T06:40:12Z'],
    ['2021-03-14T12:10:12+0530', '2021-03-14T06:40:12Z'],
    ['2021-03-14', '2021-03-14T00:00:00Z'],
    ['1601-01-01T00:00:00Z', '1601-01-01T00:00:00Z'],
    ['2024-02-29 23:59:59', '2024-02-29T23:59:59Z'],
  ])('reads %s as %s', (text, iso) => {
    const ticks = parseTime(text);
    expect(ticks).toBeDefined();
    expect(formatTime(ticks ?? 0n)).toBe(iso);
  });

  it.each([
    '',
    '-',
    '2021-13-01 00:00:00',
    '2021-00-10',
    '2021-03-14T25:00:00Z',
    '14.03.2021 06:40',
    '2021-03-14Tx',
  ])('refuses %j', (text) => expect(parseTime(text)).toBeUndefined());

  it('gives back every 100 ns it was given', () => {
    const ticks = fc.bigInt({ min: 0n, max: unixEpochTicks * 3n });
    fc.assert(
      fc.property(ticks, (t) => parseTime(formatTime(t, 'tick')) === t),
      propertyRuns(),
    );
  });

  it('counts hours from 1601', () => {
    expect(hourOf(ticksOfHour(3_681_234))).toBe(3_681_234);
    expect(formatTime(ticksOfHour(hourOf(parseTime('2021-03-03T07:59:59Z') ?? 0n)))).toBe(
      '2021-03-03T07:00:00Z',
    );
  });
});
