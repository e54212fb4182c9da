import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { testFolder } from '../../collection/src/testing/evidence.ts';
import { bootThreads } from './boot-threads.ts';
import type { Threads } from './threads.ts';

const booted: Threads[] = [];
afterEach(async () => {
  await Promise.all(booted.splice(0).map((threads) => threads.end()));
});

/** So many threads are started for a scan. */
function startedFor(path: string, jobs?: number): number {
  const threads = bootThreads([path], jobs);
  booted.push(threads);
  return threads.workers.length;
}

/** Takes no room on the disk. */
function putEmpty(path: string, bytes: number): void {
  writeFileSync(path, '');
  truncateSync(path, bytes);
}

const mebibyte = 1024 * 1024;
const others = availableParallelism() - 1;

test('many bytes below a folder need threads, and what links lead to is not counted', () => {
  const folder = testFolder();
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  putEmpty(join(folder, 'a', 'b', '1.log'), 20 * mebibyte);
  symlinkSync(folder, join(folder, 'a', 'again'));
  symlinkSync(join(folder, 'a', 'b', '1.log'), join(folder, 'link.log'));
  expect(startedFor(folder)).toBe(0);
  putEmpty(join(folder, '2.log'), 4 * mebibyte);
  expect(startedFor(folder)).toBe(others);
});

test('never more than the machine has or somebody asked for', () => {
  const file = join(testFolder(), '1.log');
  putEmpty(file, 30 * mebibyte);
  expect(startedFor(file)).toBe(others);
  expect(startedFor(file, 1)).toBe(0);
  expect(startedFor(file, 2)).toBe(Math.min(1, others));
  expect(startedFor(file, 256)).toBe(others);
  expect(startedFor(testFolder(), 256)).toBe(0);
});

test('a path that is not there is for others to complain of', () => {
  expect(startedFor(join(testFolder(), 'none'))).toBe(0);
});
