import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limits, type CaseOptions, type Issue } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { testFolder, writeTree } from '../../collection/src/testing/evidence.ts';
import { writeZip } from '../../collection/src/testing/zip-writer.ts';
import { loadKnowledge } from './knowledge.ts';
import { decidingFirst, scan, type ScanEvents, type ScanResult } from './scan.ts';
import { iisLog } from './testing/records.ts';
import { entryOf } from './testing/results.ts';

const knowledge = loadKnowledge({ packs: [], rules: [], yara: [], indicators: [] });
const options: CaseOptions = {
  tlp: 'AMBER',
  context: {},
  reviews: new Map(),
  clocks: new Map(),
  trustedProxies: [],
  servers: new Map(),
  shown: {},
};
const scanHere = (paths: readonly string[], events: ScanEvents = {}): Promise<ScanResult> =>
  scan(paths, { knowledge, case: options, jobs: 1 }, events);

const log = iisLog([{ url: '/owa/' }]);

test('what decides most verdicts is read first, then the largest', () => {
  const order = decidingFirst([
    entryOf('inetpub/logs/LogFiles/W3SVC1/small.log', { size: 1 }),
    entryOf('inetpub/logs/LogFiles/W3SVC1/large.log', { size: 9 }),
    entryOf('V15/Logging/ECP/Server/ECPServer20210303-1.LOG', { size: 2 }),
    entryOf('inetpub/wwwroot/x.ASPX', { size: 1 }),
  ]);
  expect(order.map(({ path }) => path.split('/').at(-1))).toEqual([
    'x.ASPX',
    'ECPServer20210303-1.LOG',
    'large.log',
    'small.log',
  ]);
});

describe('a collection', () => {
  test('every file of it is a source or is listed, also those inside archives', async () => {
    const inner = writeZip([{ name: 'x/u_ex210304.log', data: log }]);
    const folder = writeTree(
      testFolder(),
      new Map<string, string | Uint8Array>([
        ['u_ex210303.log', log],
        ['again/u_ex210303.log', log],
        ['photo.bin', 'no log'],
        ['empty.log', ''],
        ['C/inetpub/wwwroot/aspnet_client/out.zip', inner],
      ]),
    );
    const { assessment, hashes, files, inputs } = await scanHere([folder]);
    expect(files).toBe(5);
    expect(assessment.coverage.sources).toHaveLength(5);
    expect(assessment.coverage.sources.filter(({ duplicateOf }) => duplicateOf !== undefined)).toHaveLength(
      2,
    );
    expect(assessment.coverage.skipped.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'empty.log empty',
      'photo.bin no-reader',
    ]);
    // The inner archive is hashed as a whole too, under the path that it had on the server.
    expect(hashes).toHaveLength(6);
    expect(hashes.find(({ path }) => path.endsWith('out.zip'))).toMatchObject({
      originalPath: 'C:\\inetpub\\wwwroot\\aspnet_client\\out.zip',
      bytes: inner.length,
    });
    expect(inputs).toEqual([]);
  });

  test('an archive as argument is an input with its hash', async () => {
    const path = join(testFolder(), 'e.zip');
    writeFileSync(path, writeZip([{ name: 'u_ex210303.log', data: log }]));
    const { inputs, hashes } = await scanHere([path]);
    const bytes = readFileSync(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(inputs).toEqual([{ path: 'e.zip', bytes: bytes.length, sha256 }]);
    expect(hashes.map((each) => each.path)).toEqual(['u_ex210303.log']);
  });

  test('of logs only the SHA-256 is made, of all else the other two as well', async () => {
    const folder = writeTree(
      testFolder(),
      new Map([
        ['u_ex210303.log', log],
        ['x.bin', 'x'],
      ]),
    );
    const { hashes } = await scanHere([folder]);
    expect(hashes.map(({ path, sha1, md5 }) => [path, sha1 !== undefined, md5 !== undefined])).toEqual([
      ['u_ex210303.log', false, false],
      ['x.bin', true, true],
    ]);
  });

  test('a page that is judged in part says so in the coverage', async () => {
    const page = `<%@ Page %>${' '.repeat(limits.pageBytes)}`;
    const folder = writeTree(testFolder(), new Map([['C/inetpub/wwwroot/aspnet_client/x.aspx', page]]));
    const { assessment } = await scanHere([folder]);
    expect(assessment.coverage.sources[0]?.issues.map(({ code }) => code)).toEqual([
      expect.stringContaining('POSTERN_WEBSHELL_PARTLY_JUDGED'),
    ]);
  });

  test('without evidence there is no assessment, and the reasons are told', async () => {
    const path = join(testFolder(), 'e.zip');
    writeFileSync(path, writeZip([{ name: '../x.log', data: log }]));
    await expect(scanHere([path])).rejects.toMatchObject({
      code: 'POSTERN_SCAN_NO_EVIDENCE',
      message: expect.stringContaining('no file could be read (../x.log: ".." in the path') as unknown,
    });
  });
});

test('what happens is told: how much there is, how far it is, what is wrong', async () => {
  const path = join(testFolder(), 'e.zip');
  writeFileSync(
    path,
    writeZip([
      { name: 'u_ex210303.log', data: log },
      { name: '../x.log', data: log },
    ]),
  );
  const issues: Issue[] = [];
  const opened: number[][] = [];
  const done: number[] = [];
  await scanHere([path], {
    onIssue: (issue) => issues.push(issue),
    onOpened: (...counts) => opened.push(counts),
    onProgress: (bytes) => done.push(bytes),
  });
  expect(opened).toEqual([[1, log.length]]);
  expect(done.at(-1)).toBe(log.length);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(issues).toContainEqual(
    expect.objectContaining({ code: 'POSTERN_SCAN_SKIPPED', source: '../x.log' }),
  );
});
