import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { compareText } from '@postern/core';
import type { ScanArguments } from './arguments.ts';

/** A file or folder that the user gave beside the evidence, as the record of the run names it. */
export interface GivenFile {
  readonly option: string;
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  /** Of a file; of a folder that of the list `SHA-256  path` of its files, a line each, sorted by path. */
  readonly sha256: string;
}

/** Rules, indicators and statements of the user: they bear on the result, so the record has their hashes. */
export function givenFiles(args: ScanArguments): readonly GivenFile[] {
  const optional = (path: string | undefined): readonly string[] => (path === undefined ? [] : [path]);
  const given: readonly (readonly [option: string, paths: readonly string[]])[] = [
    ['rules', args.rules],
    ['yara', args.yara],
    ['indicators', args.indicators],
    ['baseline', args.baseline],
    ['context', optional(args.context)],
    ['review', optional(args.review)],
  ];
  return given.flatMap(([option, paths]) => paths.map((path) => ({ option, path, ...sumOf(path) })));
}

function sumOf(path: string): Omit<GivenFile, 'option' | 'path'> {
  const stats = statSync(path);
  if (stats.isFile()) return { files: 1, bytes: stats.size, sha256: sha256Of(path) };
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted(compareText);
  const list = createHash('sha256');
  for (const file of files) list.update(`${sha256Of(file)}  ${relative(path, file).split(sep).join('/')}\n`);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return { files: files.length, bytes, sha256: list.digest('hex') };
}

/** A baseline may hold files of any size, so they are read in blocks. */
const blockBytes = 1024 * 1024;

function sha256Of(path: string): string {
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(blockBytes);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, block); read > 0; read = readSync(file, block))
      hash.update(block.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
