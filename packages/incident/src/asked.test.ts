// `--since` and `--until` bound what is judged; what lies outside is counted and said.

import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import {
  at,
  caseOf,
  front,
  fullLogs,
  hit,
  options,
  page,
  pageSource,
  requests,
  shellPath,
  verdictOf,
} from './testing/facts.ts';

const session = (time: string) => hit('session', time, { 'c-ip': '203.0.113.7' });
const asked = (from?: string, to?: string) =>
  options({
    asked: {
      ...(from === undefined ? {} : { from: at(from) }),
      ...(to === undefined ? {} : { to: at(to) }),
    },
  });
const limitsOf = (facts: Parameters<typeof verdictOf>[0]): string =>
  verdictOf(facts)
    .limits.map(({ text }) => text)
    .join('\n');

describe('what happened outside', () => {
  const facts = caseOf({
    sources: fullLogs(),
    hits: [session('2021-03-03 10:00:00'), session('2021-03-09 10:00:00')],
  });

  test('makes no finding and no verdict, and is counted', () => {
    const later = { ...facts, options: asked('2021-03-10') };
    expect(verdictOf(later)).toMatchObject({
      verdict: 'nothing-found',
      window: { from: '2021-03-10T00:00:00Z', to: '2021-03-17T23:59:59Z' },
    });
    expect(assess(later).findings).toEqual([]);
    expect(assess(later).coverage.setAside).toEqual([
      { what: 'records that rules or checks speak of, outside of the time that was asked for', count: 2 },
    ]);
    expect(limitsOf(later)).toContain('only what happened from 2021-03-10T00:00:00Z on was judged');
    expect(limitsOf(later)).toContain('Outside of that time records speak of an intrusion (2)');
    expect(verdictOf(later).confidence).toBe('low');
  });

  test('from either side, the end not included', () => {
    const count = (from?: string, to?: string) => {
      const { findings } = assess({ ...facts, options: asked(from, to) });
      return findings[0]?.count ?? 0;
    };
    expect([
      count('2021-03-03', '2021-03-10'),
      count('2021-03-04'),
      count(undefined, '2021-03-09'),
      count(undefined, '2021-03-03 10:00:00'),
      count('2021-03-03 10:00:00'),
    ]).toEqual([2, 1, 1, 0, 2]);
  });

  test('leaves its hour uncovered by nobody: questions are asked of the time asked for', () => {
    const hole = caseOf({ sources: fullLogs(['2021-02-01', '2021-02-10']), options: asked('2021-02-15') });
    expect(verdictOf(hole).verdict).toBe('nothing-found');
    expect(assess(hole).coverage.questions.every(({ from }) => from >= '2021-02-15')).toBe(true);
  });
});

test('nothing is said of an intrusion where there is none outside', () => {
  const facts = caseOf({ sources: fullLogs(), options: asked('2021-01-10') });
  expect(limitsOf(facts)).not.toContain('Outside of that time');
  expect(verdictOf(facts).confidence).toBe('moderate');
});

test('a time that holds nothing of the campaign leaves it undetermined', () => {
  const facts = caseOf({ sources: fullLogs(), options: asked('2022-01-01') });
  expect(verdictOf(facts)).toMatchObject({ verdict: 'undetermined', atLeast: 'nothing-found' });
});

test('what lies on the disk lay there when it was collected, whenever it was made', () => {
  const listed = { source: 'mft', created: at('2021-02-01'), basis: 'mft', line: 3 } as const;
  const facts = caseOf({
    sources: [...fullLogs(), pageSource],
    files: [page(shellPath, 'remote-control', { listed })],
    options: asked('2021-03-10'),
  });
  expect(verdictOf(facts).verdict).toBe('compromised');
});

test('a page that was used before and in that time counts', () => {
  const used = front(
    requests('/owa/auth/other.aspx', [{ first: at('2021-03-01 10:00:00'), last: at('2021-03-12 10:00:00') }]),
  );
  const sources = [...fullLogs().filter(({ id }) => id !== 'iis-front'), used];
  const verdict = (from: string) => verdictOf(caseOf({ sources, options: asked(from) })).verdict;
  expect([verdict('2021-03-10'), verdict('2021-03-13')]).toEqual(['likely-compromised', 'nothing-found']);
});
