// Real logs lie beside the repository; tests that need them say so where they are absent.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inputOf, type Batch, type Issue, type ReadOptions, type ReadSummary } from '@postern/core';
import { evtxReader } from '../reader.ts';

const data = new URL('../../../../../shared/data/', import.meta.url).pathname;

/** Paths of all files with this ending below a folder of the data, in order; undefined where it is not there. */
export function realFiles(folder: string, ending: string): readonly string[] | undefined {
  const root = join(data, folder);
  if (!existsSync(root)) {
    process.stdout.write(`skipped: ../shared/data/${folder} is not there\n`);
    return undefined;
  }
  const files = readdirSync(root, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  return paths.filter((path) => path.endsWith(ending)).toSorted();
}

export function nameIn(folder: string, path: string): string {
  return relative(join(data, folder), path);
}

export interface WholeReading {
  readonly summary: ReadSummary;
  readonly issues: readonly Issue[];
}

/** Reads a log whole and shows each batch to `onBatch`. */
export function readLog(
  bytes: Uint8Array,
  onBatch: (batch: Batch) => void = () => undefined,
  options: Partial<ReadOptions> = {},
): WholeReading {
  const issues: Issue[] = [];
  const summary = evtxReader.read(
    inputOf(bytes),
    { kind: 'evtx', name: 'x.evtx', ...options },
    { onBatch, onIssue: (issue) => issues.push(issue) },
  );
  return { summary, issues };
}

export function readFile(path: string): Uint8Array {
  return readFileSync(path);
}
