// The same evidence however it was packed: the same verdicts, findings, back doors and ids.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Assessment } from '@postern/core';
import { writeTar, type TarPart } from '../packages/collection/src/testing/tar-writer.ts';
import { writeZip, type ZipPart } from '../packages/collection/src/testing/zip-writer.ts';
import {
  evidenceFolder,
  freshFolder,
  scanPaths,
  shortStory,
  verdictsOf,
  writeFiles,
  type Tree,
} from './scanning.ts';

let files: Tree = new Map();
let plain: Assessment;

/** Everything but the paths as collected, which depend on the wrapping and are meant to. */
function withoutPaths(assessment: Assessment): unknown {
  const { skipped, sources, ...coverage } = assessment.coverage;
  const unwrapped = sources.map((source) => ({ ...source, path: '' }));
  const reasons = skipped.map(({ path, ...rest }) => ({ ...rest, name: path.replace(/^.*\//, '') }));
  return { ...assessment, coverage: { ...coverage, skipped: reasons, sources: unwrapped } };
}

const bytesOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
const parts = (tree: Tree): ZipPart[] => [...tree].map(([name, data]) => ({ name, data: bytesOf(data) }));

/** Names beyond the header's hundred characters, as both sorts of tar write them. */
const tarParts = (tree: Tree, longName: 'gnu' | 'pax'): TarPart[] =>
  [...tree].map(([name, data]) => ({
    name,
    data: bytesOf(data),
    ...(name.length > 100 ? { longName } : {}),
  }));

function archive(name: string, data: Uint8Array): string {
  const path = join(freshFolder(), name);
  writeFileSync(path, data);
  return path;
}

/** As Velociraptor writes it: escaped drives below `uploads/auto`, its own outputs beside them. */
function velociraptor(tree: Tree): Tree {
  const escaped = (path: string): string => path.replace(/^C\//, 'uploads/auto/C%3A/');
  return new Map([...tree].map(([path, data]) => [escaped(path), data]));
}

beforeAll(async () => {
  files = shortStory('attack').files;
  plain = (await scanPaths([evidenceFolder(files)])).assessment;
}, 60_000);

test('as a folder it is an intrusion with two back doors', () => {
  expect(verdictsOf(plain)).toEqual([expect.stringMatching(/: compromised$/)]);
  expect(plain.implants).toHaveLength(2);
  expect(plain.findings.length).toBeGreaterThan(5);
});

const wrappings: readonly (readonly [title: string, wrap: () => string])[] = [
  ['a zip', () => archive('evidence.zip', writeZip(parts(files)))],
  ['a tar', () => archive('evidence.tar', writeTar(tarParts(files, 'pax')))],
  ['a tar.gz', () => archive('evidence.tar.gz', gzipSync(writeTar(tarParts(files, 'gnu')), { level: 1 }))],
  [
    'a zip in a zip',
    () =>
      archive('outer.zip', writeZip([{ name: 'inner.zip', data: writeZip(parts(files)), isStored: true }])),
  ],
  ['a collection of Velociraptor', () => evidenceFolder(velociraptor(files))],
  ['a zip of Velociraptor', () => archive('c.zip', writeZip(parts(velociraptor(files))))],
];

describe('the same evidence', () => {
  test.each(wrappings)('as %s', async (_, wrap) => {
    const { assessment } = await scanPaths([wrap()]);
    expect(assessment.coverage.sources).toHaveLength(plain.coverage.sources.length);
    expect(withoutPaths(assessment)).toEqual(withoutPaths(plain));
  });

  test('under another name and folder', async () => {
    const elsewhere = writeFiles(join(freshFolder(), 'a place', 'of its own'), files);
    const { assessment } = await scanPaths([elsewhere]);
    expect(assessment).toEqual(plain);
  });
});
