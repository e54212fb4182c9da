// Event logs that were collected only as the CSV of EvtxECmd: the same judgement as from the logs and from JSON lines.

import type { Assessment } from '@postern/core';
import { beforeAll, expect, test } from 'vitest';
import { asEvtxecmd, jsonLinesOf } from './as-evtxecmd.ts';
import { evidenceFolder, scanPaths, shortStory, type Tree } from './scanning.ts';

let logs: readonly Uint8Array[] = [];
let logFiles: Tree = new Map();
let otherFiles: Tree = new Map();
let csv: Tree = new Map();
let fromLogs: Assessment;

async function scanned(files: Tree): Promise<Assessment> {
  const { assessment } = await scanPaths([evidenceFolder(new Map([...otherFiles, ...files]))]);
  return assessment;
}

/** All that is concluded, without the places where it stands and how often. */
function judged({ servers, findings, implants, operators }: Assessment): unknown {
  return {
    servers,
    findings: findings.map(({ evidence: _evidence, evidenceTotal: _total, count: _count, ...told }) => told),
    implants: implants.map(({ id, url, path, placedAt, state }) => ({ id, url, path, placedAt, state })),
    operators,
  };
}

function countsOf({ findings }: Assessment): readonly (readonly [id: string, count: number])[] {
  return findings.map(({ id, count }) => [id, count] as const);
}

beforeAll(async () => {
  const { files } = shortStory('attack');
  const isLog = ([path]: readonly [string, unknown]): boolean => path.endsWith('.evtx');
  logFiles = new Map([...files].filter(isLog));
  otherFiles = new Map([...files].filter((file) => !isLog(file)));
  logs = [...logFiles.values()].map((data) =>
    typeof data === 'string' ? Buffer.from(data, 'latin1') : data,
  );
  csv = new Map([['EventLogs/20210318080000_EvtxECmd_Output.csv', Buffer.from(asEvtxecmd(logs))]]);
  fromLogs = await scanned(logFiles);
});

test('the CSV is judged as the logs are, and covers what they cover', async () => {
  const assessment = await scanned(csv);
  expect(judged(assessment)).toEqual(judged(fromLogs));
  expect(countsOf(assessment)).toEqual(countsOf(fromLogs));
  const records = ({ coverage }: Assessment, kind: string): number =>
    coverage.sources
      .filter((source) => source.kind === kind)
      .reduce((sum, source) => sum + source.records, 0);
  expect(records(assessment, 'windows-events-csv')).toBe(records(fromLogs, 'evtx'));
  expect(assessment.coverage.families).toEqual(fromLogs.coverage.families);
  expect(assessment.coverage.questions).toEqual(fromLogs.coverage.questions);
});

test('JSON lines of the same events are judged so, too', async () => {
  const lines = logs.flatMap(jsonLinesOf).map((line) => `${line}\n`);
  const assessment = await scanned(new Map([['events.json', Buffer.from(lines.join(''))]]));
  expect(judged(assessment)).toEqual(judged(fromLogs));
});

test('the logs and the CSV of them are no two witnesses', async () => {
  expect(judged(await scanned(new Map([...logFiles, ...csv])))).toEqual(judged(fromLogs));
});
