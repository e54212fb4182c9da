import { expect, test } from 'vitest';
import { BuildsSeen, normaliseBuild } from './builds-seen.ts';
import { eachBatch } from './testing/records.ts';

test.each([
  ['15.01.2106.002', '15.1.2106.2'],
  ['15.1.2106.13', '15.1.2106.13'],
  [' 15.02.0858.005 ', '15.2.858.5'],
  ['14.3.513.0', '14.3.513.0'],
  // The version of the log's format, not of the product.
  ['15.0.0.0', undefined],
  ['15.1.2106', undefined],
  ['15.1.2106.x', undefined],
  ['', undefined],
])('%s is %s', (text, build) => {
  expect(normaliseBuild(text)).toBe(build);
});

function seenIn(rows: readonly string[], version = '15.01.2106.002'): ReturnType<BuildsSeen['facts']> {
  const builds = new BuildsSeen();
  const log = [
    '#Software: Microsoft Exchange Server',
    `#Version: ${version}`,
    '#Log-type: HttpProxy Logs',
    '#Date: 2021-03-03T00:00:00.000Z',
    '#Fields: DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ServerHostName',
    ...rows,
    '',
  ].join('\r\n');
  const path =
    'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\HttpProxy\\Ecp\\HttpProxy_2021030300-1.LOG';
  eachBatch(log, path, (batch) => {
    for (let record = 0; record < batch.count; record++) builds.see(batch, record, 'ex01');
  });
  return builds.facts();
}

test('header and columns each tell the build, with the hours of the records', () => {
  const facts = seenIn([
    '2021-03-03T10:00:00.000Z,a,15,1,2106,2,EX01',
    '2021-03-03T08:00:00.000Z,b,15,1,2106,2,EX01',
    '2021-03-03T12:00:00.000Z,c,15,1,2106,13,EX01',
  ]);
  const hour = 36_000_000_000n;
  expect(
    facts.map(({ build, basis, host, first, last }) => [basis, build, host, (last ?? 0n) - (first ?? 0n)]),
  ).toEqual([
    ['log-column', '15.1.2106.13', 'ex01', 0n],
    ['log-column', '15.1.2106.2', 'ex01', 2n * hour],
    ['log-header', '15.1.2106.2', 'ex01', 4n * hour],
  ]);
});

test('the version of a format is no build', () => {
  expect(seenIn(['2021-03-03T10:00:00.000Z,a,,,,,EX01'], '15.0.0.0')).toEqual([]);
});
