// Evidence and scans for the acceptance tests: made small, so that many whole scans fit into one run of the tests.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, vi } from 'vitest';
import type { Assessment, CaseOptions, Server } from '@postern/core';
import {
  loadKnowledge,
  scan,
  type Knowledge,
  type ScanEvents,
  type ScanOptions,
  type ScanResult,
} from '@postern/scan';
import type { Truth, Variant } from '@postern/example';
import { writeTar, type TarPart } from '../packages/collection/src/testing/tar-writer.ts';
import type { ZipPart } from '../packages/collection/src/testing/zip-writer.ts';
import { make } from '../packages/example/src/testing/collection.ts';
import { ROOT } from './repository.ts';

/** Files of a collection by their path in it. */
export type Tree = ReadonlyMap<string, string | Uint8Array>;

/** A collection, and what really happened. */
export interface Story {
  readonly files: Tree;
  readonly truth: Truth;
}

// Whole scans take seconds, and longer where other tests run beside them.
const patience = 180_000;
vi.setConfig({ testTimeout: patience, hookTimeout: patience });

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })), patience);

/** A folder that is gone after the tests of the file. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-test-'));
  folders.push(folder);
  return folder;
}

/** Writes files; strings hold one character per byte, as the generator's memory has them. */
export function writeFiles(folder: string, files: Tree): string {
  for (const [path, data] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytesOf(data));
  }
  return folder;
}

/** A new folder with these files. */
export function evidenceFolder(files: Tree): string {
  return writeFiles(join(freshFolder(), 'evidence'), files);
}

const bytesOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? Buffer.from(data, 'latin1') : data;

/** The files as parts of a zip. */
export function zipParts(files: Tree): ZipPart[] {
  return [...files].map(([name, data]) => ({ name, data: bytesOf(data) }));
}

/** The files as parts of a tar, with names beyond the header's hundred characters as either sort of tar has them. */
export function tarParts(files: Tree, longName: 'gnu' | 'pax'): TarPart[] {
  return zipParts(files).map(({ name, data = '' }) => {
    const part = { name: String(name), data };
    return part.name.length > 100 ? { ...part, longName } : part;
  });
}

/** One file with all of them: thousands of small files take longer to write and remove than to scan. */
export function evidenceTar(files: Tree): string {
  const path = join(freshFolder(), 'evidence.tar');
  writeFileSync(path, writeTar(tarParts(files, 'pax')));
  return path;
}

/** The day in the name of a rotating log (`u_ex210304.log`, `HttpProxy_2021030415-1.LOG`), as `2021-03-04`. */
function dayOfName(path: string): string | undefined {
  const found = /(?:_|_ex|Server|Proxy_)(?:20)?(21)(\d\d)(\d\d)(?:\d\d)?(?:-\d+)?\.log$/i.exec(path);
  return found === null ? undefined : `2021-${found[2]}-${found[3]}`;
}

/** The same collection with the logs of some days only: a sixth of the files, and the verdict of the whole. */
function daysOf(files: Tree, from: string, to: string): Tree {
  return new Map(
    [...files].filter(([path]) => {
      const day = dayOfName(path);
      return day === undefined || (day >= from && day <= to);
    }),
  );
}

/** A whole story of 45 days, with as few requests of people as there can be. */
export function exampleOf(variant: Variant, seed: string): Story {
  return make({ seed, variant, size: { requestsPerDay: 5 } });
}

/** An attack in its first days: the smallest evidence with back doors, guests and an archive. */
export function shortStory(variant: 'attack' | 'two-servers'): Story {
  const { files, truth } = exampleOf(variant, 'short');
  const first = truth.attempts[0]?.at.slice(0, 10) ?? '';
  const until = new Date(Date.parse(first) + 5 * 86_400_000).toISOString().slice(0, 10);
  return { files: daysOf(files, first, until), truth };
}

let loaded: Knowledge | undefined;

/** The pack that comes with Postern, read once per test file. */
export function knowledge(): Knowledge {
  loaded ??= loadKnowledge({
    packs: [join(ROOT, 'packs', 'exchange-2021')],
    rules: [],
    yara: [],
    indicators: [],
  });
  return loaded;
}

/** The options of a plain `postern scan`. */
export const plainCase: CaseOptions = {
  tlp: 'AMBER+STRICT',
  context: {},
  reviews: new Map(),
  clocks: new Map(),
  trustedProxies: [],
  servers: new Map(),
  shown: {},
};

/** Scans on this thread alone, unless said otherwise. */
export function scanPaths(
  paths: readonly string[],
  options: Partial<ScanOptions> = {},
  events: ScanEvents = {},
): Promise<ScanResult> {
  return scan(paths, { knowledge: knowledge(), case: plainCase, jobs: 1, ...options }, events);
}

/** Verdicts by the first name of each server: `ex01: undetermined, at least attacked`. */
export function verdictsOf(assessment: Assessment): readonly string[] {
  return assessment.servers.map((server) => `${server.names[0] ?? server.id}: ${verdictOf(server)}`);
}

function verdictOf({ headline, campaigns }: Server): string {
  const atLeast = campaigns.find(({ pack }) => pack === headline?.pack)?.atLeast;
  return `${headline?.verdict ?? 'no verdict'}${atLeast === undefined ? '' : `, at least ${atLeast}`}`;
}
