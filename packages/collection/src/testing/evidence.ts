import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readBytes } from '@postern/core';
import type { Collection, CollectionOptions } from '../collection.ts';
import { openCollection } from '../collection.ts';
import { openEntry } from '../entry-input.ts';
import { hashInput } from '../hash.ts';

/** A folder that is gone after the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files below a folder and returns the folder. */
export function writeTree(folder: string, files: ReadonlyMap<string, string | Uint8Array>): string {
  mkdirSync(folder, { recursive: true });
  for (const [path, data] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), data);
  }
  return folder;
}

/** Writes one file into a fresh folder and returns its path. */
export function writeEvidence(name: string, data: Uint8Array | string): string {
  const file = join(testFolder(), name);
  writeFileSync(file, data);
  return file;
}

/** Opens for one test; closed after it. Unpacks into a folder of its own, whose content `spooled` lists. */
export async function open(
  paths: string | readonly string[],
  options: CollectionOptions = {},
): Promise<Collection & { readonly spooled: () => readonly string[] }> {
  const temp = options.temp ?? testFolder();
  const collection = await openCollection(typeof paths === 'string' ? [paths] : paths, { ...options, temp });
  onTestFinished(() => collection.close());
  return { ...collection, spooled: () => readdirSync(temp) };
}

/** Path → content as Latin-1 text. */
export function contents(collection: Collection): ReadonlyMap<string, string> {
  return new Map(
    collection.entries.map((entry) => {
      const { input, close } = openEntry(entry);
      const text = Buffer.from(readBytes(input, 0, input.size)).toString('latin1');
      close();
      return [entry.path, text];
    }),
  );
}

/** Original path → SHA-256, sorted. */
export function hashesByOriginalPath(collection: Collection): readonly string[] {
  return collection.entries.map((entry) => {
    const { input, close } = openEntry(entry);
    const { sha256 } = hashInput(input, { all: false });
    close();
    return `${entry.originalPath} ${sha256}`;
  });
}

/** Skipped things as `reason path`. */
export function skippedNames(collection: Collection): readonly string[] {
  return collection.skipped.map(({ reason, path }) => `${reason} ${path}`);
}

/** Made-up text that deflates like a log: different lines of one shape. */
export function logText(lines: number): string {
  return Array.from(
    { length: lines },
    (_, i) => `2021-03-03 06:${String(i % 60).padStart(2, '0')}:12 GET /owa/ ${(i * 7919) % 1000} 200\n`,
  ).join('');
}

/** Made-up bytes like a program for x86: instructions of chance, calls of and jumps to three places. */
export function programBytes(): Buffer {
  let state = 1;
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const bytes: number[] = [];
  const targets = [0x40, 0x1000, 0x8000];
  const jump = (...code: readonly number[]): void => {
    bytes.push(...code);
    const distance = Buffer.alloc(4);
    distance.writeInt32LE((targets[next(3)] ?? 0) - (bytes.length + 4));
    bytes.push(...distance);
  };
  for (let i = 0; i < 600; i++) {
    for (let count = next(4); count > 0; count--) bytes.push(0x50 + next(7));
    const kind = next(8);
    if (kind < 5) jump(0xe8);
    else if (kind === 5) jump(0xe9);
    else if (kind === 6) jump(0x0f, 0x84);
    else bytes.push(0xe8, 0xe8, 0xff, 0x00, 0xe9);
  }
  return Buffer.from(bytes);
}
