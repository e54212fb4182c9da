import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime } from '@postern/core';
import { propertyRuns } from '../../../../testing/properties.ts';
import { axisOf, percentAt, stretchOf, ticksOf } from './axis.ts';

const axis = axisOf(['2021-02-01T00:00:00Z', '2021-03-01T00:00:00Z', 'nonsense'])!;

describe('axisOf', () => {
  it('spans the times, at least a day, and ignores what is no time', () => {
    expect(formatTime(axis.from, 'day')).toBe('2021-02-01');
    expect(formatTime(axis.to, 'day')).toBe('2021-03-01');
    const short = axisOf(['2021-03-14T06:40:12Z'])!;
    expect([formatTime(short.from), formatTime(short.to)]).toEqual([
      '2021-03-14T00:00:00Z',
      '2021-03-15T00:00:00Z',
    ]);
    expect(axisOf(['nonsense'])).toBeUndefined();
  });
});

describe('places on the axis', () => {
  it('are percentages, cut at its ends', () => {
    expect(percentAt(axis, '2021-02-15T00:00:00Z')).toBe(50);
    expect(percentAt(axis, '2020-01-01')).toBe(0);
    expect(percentAt(axis, '2022-01-01')).toBe(100);
    expect(stretchOf(axis, { from: '2020-01-01', to: '2021-02-08' })).toEqual({ left: 0, width: 25 });
    expect(stretchOf(axis, { from: '2020-01-01', to: '2020-02-08' })).toBeUndefined();
    expect(stretchOf(axis, { from: 'x', to: 'y' })).toBeUndefined();
  });
});

describe('ticksOf', () => {
  it('marks weeks in a month and hours in a day', () => {
    expect(ticksOf(axis).map(({ label }) => label)).toEqual(['1 Feb', '8 Feb', '15 Feb', '22 Feb', '1 Mar']);
    const day = axisOf(['2021-03-14T06:40:12Z'])!;
    expect(ticksOf(day).map(({ label }) => label)).toContain('08:00');
  });

  it('is never crowded, however long the time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 400 }), (years, days) => {
        const from = '2000-01-01T00:00:00Z';
        const to = `${String(2000 + years).padStart(4, '0')}-${days > 200 ? '06' : '01'}-${days > 100 ? '20' : '04'}T00:00:00Z`;
        const ticks = ticksOf(axisOf([from, to])!);
        expect(ticks.length).toBeLessThanOrEqual(20);
        for (const { percent } of ticks) expect(percent >= 0 && percent <= 100).toBe(true);
      }),
      propertyRuns(),
    );
  });
});
