// The same evidence however it was packed: the same verdicts, findings, back doors and ids.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Assessment } from '@postern/core';
import { writeSevenZip } from '../packages/collection/src/testing/seven-zip-writer.ts';
import { writeTar } from '../packages/collection/src/testing/tar-writer.ts';
import { writeZip, type ZipPart } from '../packages/collection/src/testing/zip-writer.ts';
import {
  evidenceFolder,
  freshFolder,
  scanPaths,
  shortStory,
  tarParts,
  verdictsOf,
  writeFiles,
  zipParts,
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

function archive(name: string, data: Uint8Array): string {
  const path = join(freshFolder(), name);
  writeFileSync(path, data);
  return path;
}

function bytesOfParts(): { readonly name: string; readonly data: Buffer }[] {
  return zipParts(files).map(({ name, data = '' }) => ({ name: String(name), data: Buffer.from(data) }));
}

function packedParts(method: number, pack: (data: Buffer) => Buffer): ZipPart[] {
  return bytesOfParts().map(({ name, data }) => ({ name, data, method, packed: pack(data) }));
}

/** Without copies there is no difference between deflate and Deflate64. */
function deflate64(data: Buffer): Buffer {
  return deflateRawSync(data, { strategy: constants.Z_HUFFMAN_ONLY });
}

/** As Velociraptor writes it: escaped drives below `uploads/auto`, its own outputs beside them. */
function velociraptor(tree: Tree): Tree {
  const escaped = (path: string): string => path.replace(/^C\//, 'uploads/auto/C%3A/');
  return new Map([...tree].map(([path, data]) => [escaped(path), data]));
}

beforeAll(async () => {
  files = shortStory('attack').files;
  plain = (await scanPaths([evidenceFolder(files)])).assessment;
});

test('as a folder it is an intrusion with two back doors and the four that are easily overlooked', () => {
  expect(verdictsOf(plain)).toEqual([expect.stringMatching(/: compromised$/)]);
  // The directory and the page in it are two.
  expect(plain.implants).toHaveLength(7);
  expect(plain.findings.length).toBeGreaterThan(5);
});

const wrappings: readonly (readonly [title: string, wrap: () => string])[] = [
  ['a zip', () => archive('evidence.zip', writeZip(zipParts(files)))],
  ['a tar', () => archive('evidence.tar', writeTar(tarParts(files, 'pax')))],
  ['a tar.gz', () => archive('evidence.tar.gz', gzipSync(writeTar(tarParts(files, 'gnu')), { level: 1 }))],
  ['a tar.zst', () => archive('evidence.tar.zst', zstdCompressSync(writeTar(tarParts(files, 'pax'))))],
  ['a zip packed with Deflate64', () => archive('evidence.zip', writeZip(packedParts(9, deflate64)))],
  ['a zip packed with Zstandard', () => archive('evidence.zip', writeZip(packedParts(93, zstdCompressSync)))],
  ['a 7z', () => archive('evidence.7z', writeSevenZip(bytesOfParts()))],
  [
    'a zip in a zip',
    () =>
      archive(
        'outer.zip',
        writeZip([{ name: 'inner.zip', data: writeZip(zipParts(files)), isStored: true }]),
      ),
  ],
  ['a collection of Velociraptor', () => evidenceFolder(velociraptor(files))],
  ['a zip of Velociraptor', () => archive('c.zip', writeZip(zipParts(velociraptor(files))))],
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
