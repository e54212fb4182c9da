import { compareText } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../../testing/properties.ts';
import { burstsOf, correlated, correlationText, idOf } from '../testing/correlations.ts';

const K = idOf('K').slice(24).replace(/^0+/, '');
const L = idOf('L').slice(24).replace(/^0+/, '');

function of(type: string, rest: string, name = 'K'): string {
  return correlationText(name, `type: ${type}\n${rest}`);
}

const threeOf = of('event_count', 'rules: [A]\ntimespan: 5m\ncondition:\n  gte: 3');

describe('event_count', () => {
  test('what is exactly the timespan apart belongs together', () => {
    expect(burstsOf([threeOf], ['A 00:00', 'A 00:01', 'A 00:05'])).toEqual([`${K}: 0,1,2 = 3`]);
    expect(burstsOf([threeOf], ['A 00:00', 'A 00:01', 'A 00:05:01'])).toEqual([]);
  });

  test('the window slides: it is bound to no clock', () => {
    expect(burstsOf([threeOf], ['A 00:04', 'A 00:06', 'A 00:08'])).toEqual([`${K}: 0,1,2 = 3`]);
  });

  test('one hit for each burst, not for each event', () => {
    const steady = Array.from({ length: 20 }, (_, i) => `A 00:${String(i * 2).padStart(2, '0')}`);
    expect(burstsOf([threeOf], steady)).toEqual([`${K}: ${[...steady.keys()].join(',')} = 3`]);
  });

  test('a burst ends when it thins out, and another may begin', () => {
    const lines = ['A 00:00', 'A 00:01', 'A 00:02', 'A 00:30', 'A 01:00', 'A 01:01', 'A 01:02'];
    expect(burstsOf([threeOf], lines)).toEqual([`${K}: 0,1,2 = 3`, `${K}: 4,5,6 = 3`]);
  });

  test('single events far apart are bursts of their own', () => {
    const any = of('event_count', 'rules: [A]\ntimespan: 5m\ncondition:\n  gte: 1');
    expect(burstsOf([any], ['A 00:00', 'A 02:00'])).toEqual([`${K}: 0 = 1`, `${K}: 1 = 1`]);
  });

  test('events may come in any order, from any host', () => {
    const lines = ['A 00:04 host=b', 'A 00:00 host=a', 'A 00:02 host=b'];
    expect(burstsOf([threeOf], lines)).toEqual([`${K}: 1,2,0 = 3`]);
  });

  test('a record that two rules match is one event', () => {
    const both = of('event_count', 'rules: [A, B]\ntimespan: 5m\ncondition:\n  gte: 3');
    expect(burstsOf([both], ['A 00:00 record=1', 'B 00:00 record=1', 'A 00:01 record=2'])).toEqual([]);
    expect(burstsOf([both], ['A 00:00 record=1', 'B 00:00 record=2', 'A 00:01 record=3'])).toHaveLength(1);
  });

  test.each([
    ['gt: 2', 3],
    ['gt: 3', undefined],
    ['gte: 2\n  lte: 3', 3],
    ['gte: 1\n  lt: 3', undefined],
    ['lt: 4', 3],
    ['lt: 3', undefined],
    ['eq: 3', 3],
    ['eq: 2', undefined],
    ['neq: 3', undefined],
    ['neq: 2', 3],
  ])('%s of three events in one window: %s', (condition, value) => {
    const rule = of('event_count', `rules: [A]\ntimespan: 5m\ncondition:\n  ${condition}`);
    const found = burstsOf([rule], ['A 00:00', 'A 00:01', 'A 00:02']);
    expect(found).toEqual(value === undefined ? [] : [`${K}: 0,1,2 = ${value}`]);
  });

  test('what more events could spoil is judged when the window has all of them', () => {
    const few = of('event_count', 'rules: [A]\ntimespan: 5m\ncondition:\n  gte: 2\n  lte: 3');
    const many = ['A 00:00', 'A 00:01', 'A 00:02', 'A 00:03', 'A 00:04'];
    expect(burstsOf([few], many)).toEqual([]);
    expect(burstsOf([few], ['A 00:00', 'A 00:01', 'A 01:00'])).toEqual([`${K}: 0,1 = 2`]);
  });
});

describe('groups', () => {
  const byUser = of('event_count', 'rules: [A]\ntimespan: 5m\ngroup-by: [u]\ncondition:\n  gte: 2');

  test('are apart from each other, without minding letter case', () => {
    expect(burstsOf([byUser], ['A 00:00 u=eve', 'A 00:01 u=bob', 'A 00:02 u=EVE'])).toEqual([
      `${K}: 0,2 = 2 (eve)`,
    ]);
  });

  test('hits without the field are left out and counted', () => {
    const { hits, issues } = correlated([byUser], ['A 00:00', 'A 00:01', 'A 00:02 u=eve']);
    expect(hits).toEqual([]);
    expect(issues).toMatchObject([{ code: 'POSTERN_SIGMA_CORRELATION_NO_GROUP', count: 2 }]);
  });

  test('hits without a time are left out and counted', () => {
    const { hits, issues } = correlated([byUser], ['A - u=eve', 'A 00:02 u=eve']);
    expect(hits).toEqual([]);
    expect(issues).toMatchObject([{ code: 'POSTERN_SIGMA_CORRELATION_NO_TIME', count: 1 }]);
  });

  test('all fields of the group count', () => {
    const two = of('event_count', 'rules: [A]\ntimespan: 5m\ngroup-by: [u, h]\ncondition:\n  gte: 2');
    const lines = ['A 00:00 u=a h=1', 'A 00:01 u=a h=2', 'A 00:02 u=b h=1', 'A 00:03 u=a h=1'];
    expect(burstsOf([two], lines)).toEqual([`${K}: 0,3 = 2 (a,1)`]);
  });

  test('an alias stands for the field of each rule', () => {
    const rule = of(
      'temporal',
      'rules: [A, B]\ntimespan: 5m\ngroup-by: [who]\naliases:\n  who:\n    A: user\n    B: account',
    );
    const lines = ['A 00:00 user=eve', 'B 00:01 account=bob', 'B 00:02 account=Eve'];
    expect(burstsOf([rule], lines)).toEqual([`${K}: 0,2 = 2 (eve)`]);
  });
});

describe('value_count', () => {
  test('counts distinct values, without minding letter case', () => {
    const rule = of('value_count', 'rules: [A]\ntimespan: 5m\ncondition:\n  field: u\n  gte: 2');
    expect(burstsOf([rule], ['A 00:00 u=a', 'A 00:01 u=A', 'A 00:02', 'A 00:03 u=b'])).toEqual([
      `${K}: 0,1,3 = 2`,
    ]);
    expect(burstsOf([rule], ['A 00:00 u=a', 'A 00:01 u=a', 'A 00:06:01 u=b'])).toEqual([]);
  });

  test('a value that leaves the window counts no more', () => {
    const rule = of('value_count', 'rules: [A]\ntimespan: 5m\ncondition:\n  field: u\n  gte: 3');
    expect(burstsOf([rule], ['A 00:00 u=a', 'A 00:01 u=b', 'A 00:06 u=c'])).toEqual([]);
  });

  test('several fields are counted as tuples', () => {
    const rule = of('value_count', 'rules: [A]\ntimespan: 5m\ncondition:\n  field: [u, v]\n  gte: 3');
    const lines = ['A 00:00 u=a v=1', 'A 00:01 u=a v=2', 'A 00:02 u=b v=1', 'A 00:02 u=b'];
    expect(burstsOf([rule], lines)).toEqual([`${K}: 0,1,2 = 3`]);
  });
});

describe('temporal', () => {
  const all = of('temporal', 'rules: [A, B, C]\ntimespan: 5m');

  test('wants all rules, in any order', () => {
    expect(burstsOf([all], ['C 00:00', 'A 00:01', 'B 00:02'])).toEqual([`${K}: 0,1,2 = 3`]);
    expect(burstsOf([all], ['C 00:00', 'A 00:01', 'A 00:02'])).toEqual([]);
    expect(burstsOf([all], ['C 00:00', 'A 00:01', 'B 00:05:01'])).toEqual([]);
  });

  test('with a number that many will do', () => {
    const two = of('temporal', 'rules: [A, B, C]\ntimespan: 5m\ncondition:\n  gte: 2');
    expect(burstsOf([two], ['C 00:00', 'C 00:01', 'B 00:02'])).toEqual([`${K}: 0,1,2 = 2`]);
  });

  test('never joins different groups', () => {
    const grouped = of('temporal', 'rules: [A, B]\ntimespan: 5m\ngroup-by: [u]');
    expect(burstsOf([grouped], ['A 00:00 u=a', 'B 00:01 u=b'])).toEqual([]);
  });

  test('an extended condition says which rules', () => {
    const rule = of('temporal', 'rules: [A, B, C]\ntimespan: 5m\ncondition: A and (B or C)');
    expect(burstsOf([rule], ['A 00:00', 'C 00:01'])).toEqual([`${K}: 0,1 = 2`]);
    expect(burstsOf([rule], ['B 00:00', 'C 00:01'])).toEqual([]);
    const without = of('temporal', 'rules: [A, B]\ntimespan: 5m\ncondition: A and not B');
    expect(burstsOf([without], ['A 00:00', 'B 00:01', 'A 00:20'])).toEqual([`${K}: 2 = 1`]);
  });
});

describe('temporal_ordered', () => {
  const inOrder = of('temporal_ordered', 'rules: [A, B, C]\ntimespan: 5m');

  test.each([
    [['A 00:00', 'B 00:01', 'C 00:02'], '0,1,2'],
    [['A 00:00', 'C 00:01', 'B 00:02'], undefined],
    [['A 00:00', 'C 00:01', 'B 00:02', 'C 00:03'], '0,1,2,3'],
    [['C 00:00', 'A 00:01', 'B 00:02'], undefined],
    // The first A is too early, the second is not: any chain will do.
    [['A 00:00', 'A 00:04', 'B 00:05', 'C 00:06'], '1,2,3'],
    [['A 00:00', 'B 00:04', 'C 00:05:01'], undefined],
    [['A 00:00', 'B 00:00', 'C 00:00'], '0,1,2'],
    [['C 00:00 record=1', 'B 00:00 record=2', 'A 00:00 record=3'], '0,1,2'],
    [['A 00:00', 'B 00:01', 'A 00:03', 'C 00:05'], '0,1,2,3'],
  ])('%j: %s', (lines, events) => {
    expect(burstsOf([inOrder], lines)).toEqual(events === undefined ? [] : [`${K}: ${events} = 3`]);
  });
});

describe('values', () => {
  const by = (type: string, condition: string): string =>
    of(type, `rules: [A]\ntimespan: 5m\ncondition:\n  field: n\n  ${condition}`);
  const lines = ['A 00:00 n=10', 'A 00:01 n=20', 'A 00:02 n=many', 'A 00:03 n=0x1e', 'A 00:04'];

  test.each([
    ['value_sum', 'gte: 60', 60],
    ['value_sum', 'gt: 60', undefined],
    ['value_avg', 'eq: 20', 20],
    ['value_avg', 'gt: 20', undefined],
    ['value_median', 'eq: 20', 20],
    ['value_percentile', 'eq: 20', 20],
    ['value_percentile', 'percentile: 75\n  eq: 25', 25],
    ['value_percentile', 'percentile: 100\n  eq: 30', 30],
    ['value_percentile', 'percentile: 0\n  eq: 10', 10],
  ])('%s %s: %s', (type, condition, value) => {
    expect(burstsOf([by(type, condition)], lines)).toEqual(
      value === undefined ? [] : [`${K}: 0,1,3 = ${value}`],
    );
  });

  test('what leaves the window leaves the sum', () => {
    expect(burstsOf([by('value_sum', 'gte: 30')], ['A 00:00 n=20', 'A 00:06 n=20'])).toEqual([]);
    expect(burstsOf([by('value_percentile', 'gte: 15')], ['A 00:00 n=20', 'A 00:06 n=1'])).toEqual([
      `${K}: 0 = 20`,
    ]);
  });

  test('nothing that is a number gives no hit', () => {
    expect(burstsOf([by('value_sum', 'lt: 5')], ['A 00:00 n=many'])).toEqual([]);
  });
});

describe('chains', () => {
  const many = of('event_count', 'rules: [A]\ntimespan: 5m\ngroup-by: [u]\ncondition:\n  gte: 3');
  const then = of('temporal_ordered', 'rules: [K, B]\ntimespan: 10m\ngroup-by: [u]', 'L');
  const attempts = ['A 00:00 u=eve', 'A 00:01 u=eve', 'A 00:02 u=eve'];

  test('a correlation is made of the hits of another, which tell their events', () => {
    expect(burstsOf([then, many], [...attempts, 'B 00:12 u=eve'])).toEqual([`${L}: 0,1,2,3 = 2 (eve)`]);
    expect(burstsOf([then, many], [...attempts, 'B 00:13 u=eve'])).toEqual([]);
    expect(burstsOf([then, many], [...attempts, 'B 00:03 u=bob'])).toEqual([]);
  });

  test('what follows must not begin before the other has ended', () => {
    expect(burstsOf([then, many], [...attempts, 'B 00:01 u=eve'])).toEqual([]);
    const either = of('temporal', 'rules: [K, B]\ntimespan: 10m\ngroup-by: [u]', 'L');
    expect(burstsOf([either, many], [...attempts, 'B 00:01 u=eve'])).toHaveLength(1);
  });

  test('with generate the parts are shown too', () => {
    const loud = of('temporal_ordered', 'rules: [K, B]\ntimespan: 10m\ngroup-by: [u]\ngenerate: true', 'L');
    expect(burstsOf([loud, many], [...attempts, 'B 00:03 u=eve'])).toEqual([
      `${K}: 0,1,2 = 3 (eve)`,
      `${L}: 0,1,2,3 = 2 (eve)`,
    ]);
  });
});

const minutes = fc.array(
  fc.record({ rule: fc.constantFrom('A', 'B', 'C'), at: fc.nat(40), user: fc.constantFrom('a', 'b') }),
  { maxLength: 14 },
);

function linesOf(events: readonly { rule: string; at: number; user: string }[]): readonly string[] {
  return events.map(({ rule, at, user }) => `${rule} 00:${String(at).padStart(2, '0')} u=${user}`);
}

describe('any events', () => {
  test('the order they are given in changes nothing', () => {
    fc.assert(
      fc.property(minutes, fc.array(fc.nat(), { minLength: 14, maxLength: 14 }), (events, seeds) => {
        const rules = [
          of('event_count', 'rules: [A, B]\ntimespan: 5m\ngroup-by: [u]\ncondition:\n  gte: 3'),
          of('temporal_ordered', 'rules: [A, B, C]\ntimespan: 5m', 'L'),
        ];
        const numbered = linesOf(events).map((line, i) => `${line} record=${i}`);
        const mixed = numbered
          .map((line, i) => ({ line, key: seeds[i] ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ line }) => line);
        const told = (lines: readonly string[]): unknown =>
          correlated(rules, lines).hits.map((hit) => ({
            ...hit,
            events: hit.events.map((event) => lines[event] ?? '').toSorted(compareText),
          }));
        expect(told(mixed)).toEqual(told(numbered));
      }),
      propertyRuns(),
    );
  });

  test('an event is in a burst exactly if some window of enough events holds it', () => {
    fc.assert(
      fc.property(minutes, (events) => {
        const rule = of('event_count', 'rules: [A, B, C]\ntimespan: 5m\ncondition:\n  gte: 3');
        const found = new Set(correlated([rule], linesOf(events)).hits.flatMap((hit) => hit.events));
        const isIn = (at: number): boolean =>
          events.some((from) => {
            const inside = events.filter((other) => other.at >= from.at && other.at <= from.at + 5);
            return at >= from.at && at <= from.at + 5 && inside.length >= 3;
          });
        expect([...found].toSorted((a, b) => a - b)).toEqual(
          [...events.keys()].filter((i) => isIn(events[i]?.at ?? 0)),
        );
      }),
      propertyRuns(),
    );
  });

  test('a chain is found exactly if there is one', () => {
    fc.assert(
      fc.property(minutes, (events) => {
        const rule = of('temporal_ordered', 'rules: [A, B, C]\ntimespan: 5m');
        const times = (name: string): number[] => events.filter((e) => e.rule === name).map((e) => e.at);
        const exists = times('A').some((a) =>
          times('B').some((b) => times('C').some((c) => a <= b && b <= c && c - a <= 5)),
        );
        expect(correlated([rule], linesOf(events)).hits.length > 0).toBe(exists);
      }),
      propertyRuns(),
    );
  });
});
