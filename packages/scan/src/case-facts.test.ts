import type { Issue, Skipped } from '@postern/core';
import { expect, test } from 'vitest';
import { archivesIn, openingIssues, skippedIssue, unread } from './case-facts.ts';
import { stopped } from './pool.ts';
import { entryOf } from './testing/results.ts';

test('archives are files of the server where their place on it is known', () => {
  const place = 'EX01/C/inetpub/wwwroot/aspnet_client/out.zip';
  const containers = [
    { path: place, bytes: 9, sha256: 'aa' },
    { path: 'inner.zip', bytes: 5, sha256: 'bb' },
    { path: 'C/empty.zip', bytes: 5, sha256: 'cc' },
  ];
  const entries = [
    entryOf(`${place}!/a.pst`, { container: place, collection: 'EX01' }),
    entryOf('inner.zip!/b', { container: 'inner.zip' }),
  ];
  const file = {
    path: 'C:\\inetpub\\wwwroot\\aspnet_client\\out.zip',
    collection: 'EX01',
    bytes: 9,
    sha256: 'aa',
  };
  expect(archivesIn({ entries, containers, issues: [] })).toEqual([file]);
  const cut = {
    code: 'POSTERN_COLLECTION_ENTRY_DAMAGED',
    severity: 'warning',
    message: 'cut',
    source: place,
  } as const;
  expect(archivesIn({ entries, containers, issues: [cut] })).toEqual([{ ...file, isCut: true }]);
});

test('what has no result is listed with the reason', () => {
  const entry = entryOf('a.log', { size: 7 });
  expect(unread(entry, stopped)).toMatchObject({ path: 'a.log', reason: 'stopped', bytes: 7 });
  expect(unread(entry, { failure: 'EIO' })).toEqual({
    path: 'a.log',
    reason: 'unreadable',
    bytes: 7,
    detail: 'this source could not be read to its end: EIO',
  });
});

test.each([
  ['encrypted', 1],
  ['damaged', 1],
  ['limit', 1],
  ['unsafe-name', 1],
  ['unreadable', 1],
  ['empty', 0],
  ['link', 0],
  ['stopped', 0],
  ['no-reader', 0],
] as const)('%s is told at once %i times', (reason, times) => {
  const skipped: Skipped = { path: 'a.zip', reason, bytes: 1, detail: 'why' };
  const issues = skippedIssue(skipped);
  expect(issues).toHaveLength(times);
  expect(issues.map(({ source }) => source)).toEqual(Array(times).fill('a.zip'));
});

test('of a collection with many damaged entries three are told at once, and how many more', () => {
  const skipped = Array.from({ length: 50 }, (_, k): Skipped => ({
    path: `${k}.log`,
    reason: 'damaged',
    bytes: 1,
  }));
  const cut: Issue = {
    code: 'POSTERN_COLLECTION_TRUNCATED',
    severity: 'error',
    message: 'cut',
    source: 'a.zip',
  };
  const told = openingIssues({ issues: [cut], skipped });
  expect(told.map(({ source }) => source)).toEqual(['a.zip', '0.log', '1.log', '2.log', undefined]);
  expect(told.at(-1)?.message).toContain('47 more like this');
});
