// How fast a collection is opened, and in how much memory. Run from the root of the checkout with
//   node_modules/.bin/node --conditions=@postern/source bench/collection.ts
// Figures are of this machine and of text that packs about 10:1, as logs do. They are printed, not asserted.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashInput, openCollection, openEntry } from '@postern/collection';
import type { ZipPart } from '../packages/collection/src/testing/zip-writer.ts';
import { writeZip } from '../packages/collection/src/testing/zip-writer.ts';

const megabyte = 1_000_000;

/** Lines as IIS writes them, of differing clients, pages and times. */
function logText(bytes: number, seed: number): string {
  const lines: string[] = [];
  let state = seed + 1;
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  for (let length = 0; length < bytes;) {
    const time = `2021-03-${String(1 + next(28)).padStart(2, '0')} ${String(next(24)).padStart(2, '0')}:${String(next(60)).padStart(2, '0')}:${String(next(60)).padStart(2, '0')}`;
    const client = `192.0.2.${next(255)}`;
    const line = `${time} 10.0.0.4 POST /Microsoft-Server-ActiveSync/default.eas User=user${next(900)}&DeviceId=${next(1_000_000_000)} 443 corp\\user${next(900)} ${client} Apple-iPhone12C1/1803.103 - 200 0 0 ${next(900)}\n`;
    lines.push(line);
    length += line.length;
  }
  return lines.join('').slice(0, bytes);
}

/** In a process of its own, so that its memory is that of the opening and not of the generator. */
async function measure(name: string, file: string): Promise<void> {
  const start = performance.now();
  const collection = await openCollection([file]);
  const opened = performance.now();
  const bytes = collection.entries.reduce((sum, { size }) => sum + size, 0);
  for (const entry of collection.entries) {
    const { input, close } = openEntry(entry);
    hashInput(input, { all: false });
    close();
  }
  const hashed = performance.now();
  collection.close();
  const rate = (ms: number): string => `${(bytes / megabyte / (ms / 1000)).toFixed(0)} MB/s`;
  const memory = `peak ${peakMemory()}`;
  console.log(
    `${name}: ${collection.entries.length} entries, ${(bytes / megabyte).toFixed(0)} MB; opened ${rate(opened - start)} (${(opened - start).toFixed(0)} ms), hashed ${rate(hashed - opened)}, ${memory}`,
  );
}

/** From Linux; the figure of `process.resourceUsage` is at least that of the process that started this one. */
function peakMemory(): string {
  try {
    const kilobytes = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    return `${((Number(kilobytes) * 1024) / megabyte).toFixed(0)} MB`;
  } catch {
    return 'unknown';
  }
}

function measureApart(name: string, file: string, parts: readonly ZipPart[]): void {
  writeFileSync(file, writeZip(parts));
  const flags = ['--conditions=@postern/source', import.meta.filename, name, file];
  spawnSync(process.execPath, flags, { stdio: 'inherit' });
}

function measureAll(): void {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  try {
    const file = join(folder, 'evidence.zip');
    const large = [0, 1, 2, 3, 4, 5].map((i) => ({
      name: `W3SVC1/u_ex21030${i}.log`,
      data: logText(50 * megabyte, i),
    }));
    measureApart('six large logs', file, large);
    const stored = large.map((part) => ({ ...part, isStored: true }));
    measureApart('six stored logs', file, stored);
    const text = logText(2 * megabyte, 7);
    const small = Array.from({ length: 30_000 }, (_, i) => ({
      name: `${i % 100}/${i}.log`,
      data: text.slice(i, i + 10_000),
    }));
    measureApart('30,000 small files', file, small);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [name, file] = process.argv.slice(2);
if (name === undefined || file === undefined) measureAll();
else await measure(name, file);
