// The same evidence gives the same bytes: again, in another order, on another number of threads.

import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { assessmentJson, findingsJsonl, hashesCsv, timelineCsv } from '@postern/report';
import type { ScanOptions } from '@postern/scan';
import { evidenceFolder, freshFolder, scanPaths, shortStory, writeFiles, type Tree } from './scanning.ts';

let tree: Tree = new Map();
/** Two servers, each in a folder of its own. */
let folders: readonly string[] = [];
let first: readonly string[] = [];

/** All lines that a scan writes and that must not change from run to run. */
async function outputs(paths: readonly string[], options: Partial<ScanOptions> = {}): Promise<string[]> {
  const result = await scanPaths(paths, options);
  const pieces = [
    ...assessmentJson(result.assessment),
    ...findingsJsonl(result.findings()),
    ...timelineCsv(result.assessment),
    ...hashesCsv(result.hashes),
  ];
  return pieces.join('').split('\n');
}

/** The first few lines that are not as in the first run: a failure that can be read. */
function changed(lines: readonly string[]): readonly string[] {
  const shown = lines.flatMap((line, i) => (line === first[i] ? [] : [`${i}: ${line.slice(0, 200)}`]));
  return [...(lines.length === first.length ? [] : [`${lines.length} lines`]), ...shown.slice(0, 5)];
}

beforeAll(async () => {
  tree = shortStory('two-servers').files;
  const evidence = evidenceFolder(tree);
  folders = [...new Set([...tree.keys()].map((path) => path.split('/')[0] ?? ''))].map((host) =>
    join(evidence, host),
  );
  first = await outputs(folders);
});

test('the evidence is worth comparing: an intrusion on one of two servers', () => {
  expect(folders).toHaveLength(2);
  expect(first.some((line) => line.includes('"verdict":"compromised"'))).toBe(true);
  expect(first.length).toBeGreaterThan(1000);
});

test('scanned again', async () => {
  expect(changed(await outputs(folders))).toEqual([]);
});

test('with the folders in the other order, and one of them twice', async () => {
  expect(changed(await outputs([...folders, ...folders].toReversed()))).toEqual([]);
});

test('written in another order, to another place', async () => {
  const copy = writeFiles(join(freshFolder(), 'b'), new Map([...tree].toReversed()));
  expect(
    changed(await outputs(folders.map((folder) => join(copy, folder.split(/[\\/]/).at(-1) ?? '')))),
  ).toEqual([]);
});

test('with two threads, and with three', async () => {
  expect(changed(await outputs(folders, { jobs: 2 }))).toEqual([]);
  expect(changed(await outputs(folders, { jobs: 3 }))).toEqual([]);
});
