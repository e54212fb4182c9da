// Coverage lists what something hangs on by itself and the rest in groups: nothing that weakens a verdict is lost.

import type { SourceFacts } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import { caseOf, family, hit, source } from './testing/facts.ts';

const folder = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\HttpProxy\\Ecp';
const hour = (k: number) => `2021-02-0${1 + Math.floor(k / 24)} ${String(k % 24).padStart(2, '0')}`;

/** So many hourly logs, some of them changed. */
function hourly(count: number, change: (k: number) => Partial<SourceFacts> = () => ({})): SourceFacts[] {
  return Array.from({ length: count }, (_, k) =>
    source(`h${k}`, {
      originalPath: `${folder}\\HttpProxy_${k}-1.LOG`,
      bytes: 1000 + k,
      records: 3,
      families: [family('httpproxy-ecp', [`${hour(k)}:00:00`, `${hour(k + 1)}:00:00`])],
      ...change(k),
    }),
  );
}

const coverage = (sources: readonly SourceFacts[], hits: ReturnType<typeof hit>[] = []) =>
  assess(caseOf({ sources, hits })).coverage;

test('logs that are alike in all but name are one group, with their sums and times', () => {
  const { sources, groups } = coverage(hourly(40));
  expect(sources).toEqual([]);
  expect(groups).toMatchObject([
    {
      folder,
      kind: 'exchange-log',
      family: 'httpproxy-ecp',
      sources: 40,
      bytes: 40 * 1000 + (39 * 40) / 2,
      records: 120,
      first: '2021-02-01T00:00:00Z',
      last: '2021-02-02T15:59:59Z',
      clock: { basis: 'utc-by-format' },
    },
  ]);
});

test('few stand by themselves', () => {
  const { sources, groups } = coverage(hourly(3));
  expect([sources.length, groups.length]).toEqual([3, 0]);
});

describe('by itself stands', () => {
  const one = (change: Partial<SourceFacts>) => coverage(hourly(40, (k) => (k === 7 ? change : {})));
  const issue = { code: 'X', severity: 'warning', message: 'torn' } as const;

  test.each([
    ['a damaged one', { damaged: 2 }],
    ['a recovered one', { recovered: 1 }],
    ['one with an issue', { issues: [issue] }],
    ['an excerpt', { excerpt: true }],
    ['a copy', { duplicateOf: 'h1', families: [] }],
  ])('%s', (_, change) => {
    const { sources, groups } = one(change);
    expect(sources.map(({ id }) => id)).toEqual(['h7']);
    expect(groups.map(({ sources: count }) => count)).toEqual([39]);
  });

  test('one that evidence names', () => {
    const hits = [hit('attempt', '2021-02-01 07:10:00', { 'c-ip': '203.0.113.7' }, { source: 'h7' })];
    expect(coverage(hourly(40), hits).sources.map(({ id }) => id)).toEqual(['h7']);
  });

  test('one with a gap inside', () => {
    const long = source('long', {
      originalPath: `${folder}\\long.log`,
      families: [family('httpproxy-ecp', ['2021-01-03', '2021-02-12'], ['2021-02-19', '2021-03-18'])],
    });
    const iis = source('iis', { kind: 'iis', families: [family('iis-front', ['2021-01-03', '2021-03-18'])] });
    expect(coverage([...hourly(40), long, iis]).sources.map(({ id, gaps }) => [id, gaps.length])).toEqual([
      ['long', 1],
      ['iis', 0],
    ]);
  });
});

test('sources with another clock, server or folder are another group', () => {
  const other = hourly(8, (k) => ({
    id: `o${k}`,
    sha256: `o${k}`,
    hosts: new Map([['EX02.corp.example', 3]]),
  }));
  const events = Array.from({ length: 8 }, (_, k) =>
    source(`e${k}`, {
      kind: 'windows-events-json',
      collection: 'other',
      originalPath: `${folder}\\e${k}.json`,
      clockDifferences: new Map([[18_000, 50]]),
      families: [family('windows:Security', [`${hour(k)}:00:00`, `${hour(k + 1)}:00:00`])],
    }),
  );
  const elsewhere = hourly(8, (k) => ({ id: `w${k}`, sha256: `w${k}`, originalPath: `D:\\copy\\h${k}.log` }));
  const { groups, sources } = coverage([...hourly(8), ...other, ...events, ...elsewhere]);
  expect(sources).toEqual([]);
  expect(groups.map(({ sources: count }) => count)).toEqual([8, 8, 8, 8]);
  expect(new Set(groups.map(({ server }) => server)).size).toBe(2);
  expect(groups.some(({ clock }) => clock.offsetSeconds === 18_000)).toBe(true);
});

test('a tree of thousands of folders becomes few groups, and every file is counted', () => {
  const tree = Array.from({ length: 3000 }, (_, k) =>
    source(`p${k}`, {
      kind: 'web-page',
      records: 0,
      originalPath: `C:\\inetpub\\wwwroot\\a${k % 7}\\b${k % 300}\\c${k}\\x.aspx`,
      hosts: new Map(),
    }),
  );
  const { groups, sources } = coverage([...hourly(8), ...tree]);
  expect(groups.length + sources.length).toBeLessThan(60);
  expect(groups.reduce((sum, group) => sum + group.sources, sources.length)).toBe(3008);
  expect(groups.every(({ folder: place }) => /^C:\\(?:inetpub|Program Files)/.test(place))).toBe(true);
});
