import { describe, expect, it } from 'vitest';
import {
  byteText,
  countText,
  counted,
  day,
  daysOf,
  humanDates,
  moment,
  span,
  times,
  yearOf,
} from './dates.ts';

describe('days and times', () => {
  it('says a day with its year, unless that was said', () => {
    expect(day('2021-02-28T05:24:31Z')).toBe('28 Feb 2021');
    expect(day('2021-02-28', '2021')).toBe('28 Feb');
    expect(day('2022-02-28', '2021')).toBe('28 Feb 2022');
    expect(moment('2021-02-28T05:24:31.2719999Z', '2021')).toBe('28 Feb 05:24:31');
    expect(moment('2021-03-02')).toBe('2 Mar 2021');
  });

  it.each(['', 'soon', '2021-13-01', '2021-02', '20210228', '2021-02-281'])('leaves %j as it is', (text) => {
    expect(day(text)).toBe(text);
  });

  it.each([
    ['2021-02-14', '2021-02-20', undefined, '14–20 Feb 2021'],
    ['2021-02-14', '2021-02-20', '2021', '14–20 Feb'],
    ['2021-02-01', '2021-03-17', undefined, '1 Feb – 17 Mar 2021'],
    ['2020-12-31', '2021-01-02', undefined, '31 Dec 2020 – 2 Jan 2021'],
    ['2020-12-31', '2021-01-02', '2021', '31 Dec 2020 – 2 Jan'],
    ['2021-02-14T01:00:00Z', '2021-02-14T09:00:00Z', '2021', '14 Feb'],
    ['a', 'b', undefined, 'a – b'],
  ])('%s to %s, %s said: %s', (from, to, year, expected) => {
    expect(span({ from, to }, year)).toBe(expected);
  });

  it('ends a half-open window on the day before', () => {
    expect(daysOf({ from: '2021-02-14T00:00:00Z', to: '2021-02-21T00:00:00Z' }).to).toBe('2021-02-20');
    expect(daysOf({ from: '2021-02-14T00:00:00Z', to: '2021-02-21T15:00:00Z' }).to).toBe('2021-02-21');
    expect(daysOf({ from: '2021-02-14T00:00:00Z', to: '2021-02-21T05:00:00Z' }).to).toBe('2021-02-20');
    expect(daysOf({ from: '2021-02-20T22:00:00Z', to: '2021-02-21T05:00:00Z' })).toEqual({
      from: '2021-02-20',
      to: '2021-02-21',
    });
    expect(daysOf({ from: 'x', to: 'y' })).toEqual({ from: 'x', to: 'y' });
  });

  it('knows the year of a time', () => {
    expect(yearOf('2021-02-14')).toBe('2021');
    expect(yearOf('soon')).toBeUndefined();
    expect(yearOf(undefined)).toBeUndefined();
  });
});

describe('humanDates', () => {
  it.each([
    ['HttpProxy 2021-02-12 to 2021-02-19: removed', 'HttpProxy 12–19 Feb 2021: removed'],
    ['kept until 2021-03-30.', 'kept until 30 Mar 2021.'],
    ['at 2021-03-14T06:40:12.987Z, then', 'at 14 Mar 2021 06:40:12, then'],
    ['CVE-2021-26855 in exchange-2021', 'CVE-2021-26855 in exchange-2021'],
    ['C:\\logs\\2021-03-03\\a.log', 'C:\\logs\\2021-03-03\\a.log'],
    ['ECPServer_2021-03-03.log and 2021-03-03.log', 'ECPServer_2021-03-03.log and 2021-03-03.log'],
  ])('%s → %s', (text, expected) => {
    expect(humanDates(text)).toBe(expected);
  });

  it('leaves out the year that was said', () => {
    expect(humanDates('2021-02-12 to 2021-02-19, and 2022-01-01', '2021')).toBe('12–19 Feb, and 1 Jan 2022');
  });
});

describe('numbers', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [9960, '10 kB'],
    [999_600, '1.0 MB'],
    [1_300_000_000, '1.3 GB'],
    [3e15, '3000 TB'],
  ])('%d bytes: %s', (bytes, expected) => {
    expect(byteText(bytes)).toBe(expected);
  });

  it('groups digits and finds the plural', () => {
    expect([0, 999, 1000, 41_882, 1_234_567].map(countText)).toEqual([
      '0',
      '999',
      '1,000',
      '41,882',
      '1,234,567',
    ]);
    expect([times(1), times(214)]).toEqual(['once', '214 times']);
    expect([counted(1, 'file', 'files'), counted(2000, 'file', 'files')]).toEqual(['1 file', '2,000 files']);
  });
});
