// How fast event logs are read. Run with `node tools/start.mjs bench/evtx.ts [MB] [REPETITIONS]`. Its input are the
// well filled chunks of the samples in ../shared/data/evtx, one log of them all once and one of them repeated up to MB
// (default 1000). Every mode has a process of its own, for its memory, and runs once to warm up. The time of the
// processor is told beside that of the clock: on a busy machine it is the steadier one. Beside it the C program
// evtxexport of Debian's libevtx-utils, where it is installed, over the log in which nothing is repeated.

import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { recordTime, slotText, type Batch, type ReadOptions, type SourceInput } from '@postern/core';
import { evtxReaderWith, TextSink, writeFlatJson, writeJson } from '@postern/evtx';

const samples = new URL('../../shared/data/evtx/', import.meta.url).pathname;
const chunkBytes = 65_536;
const headerBytes = 4096;

function samplePaths(): readonly string[] {
  const files = readdirSync(samples, { recursive: true, withFileTypes: true });
  const logs = files.filter((file) => file.name.endsWith('.evtx'));
  return logs.map((file) => join(file.parentPath, file.name)).toSorted();
}

/** Chunks that are filled well: those of logs that are nearly empty would make reading look faster than it is. */
function denseChunks(): readonly Buffer[] {
  return samplePaths().flatMap((path) => {
    const bytes = readFileSync(path);
    const starts = Array.from(
      { length: Math.floor((bytes.length - headerBytes) / chunkBytes) },
      (_, i) => headerBytes + i * chunkBytes,
    );
    return starts.map((at) => bytes.subarray(at, at + chunkBytes)).filter(isDense);
  });
}

function isDense(chunk: Buffer): boolean {
  const free = chunk.readUInt32LE(48);
  return chunk.toString('latin1', 0, 7) === 'ElfChnk' && free > 40_000 && free <= chunkBytes;
}

function fileHeader(chunks: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('ElfFile\0', 'latin1');
  header.writeBigUInt64LE(BigInt(chunks - 1), 16);
  header.writeUInt32LE(128, 32);
  header.writeUInt32LE(0x0003_0001, 36);
  header.writeUInt16LE(headerBytes, 40);
  header.writeUInt16LE(chunks % 65_536, 42);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return header;
}

function makeLog(path: string, chunks: readonly Buffer[], times: number): void {
  const file = openSync(path, 'w');
  writeSync(file, fileHeader(chunks.length * times));
  for (let i = 0; i < times; i++) for (const chunk of chunks) writeSync(file, chunk);
  closeSync(file);
}

/** What is done with each batch; all give a number, so that nothing is left out as useless. */
const uses: Readonly<Record<string, (batch: Batch) => number>> = {
  'counted only': () => 0,
  'System fields': systemFields,
  'all values to text': allTexts,
  'nested JSON': (batch) => jsonLines(batch, writeJson),
  'flat JSON': (batch) => jsonLines(batch, writeFlatJson),
};

/** Channel, event id, provider are the shape's; computer and record id are made to text, the time to a number. */
function systemFields(batch: Batch): number {
  let seen = 0;
  for (let record = 0; record < batch.count; record++) {
    const shape = batch.shapes[batch.shapeOf[record] ?? 0];
    if (shape?.constants.has('EventID') === true) seen++;
    if (batch.slotStart[record + 1] !== batch.slotStart[record]) seen++;
  }
  return seen;
}

function allTexts(batch: Batch): number {
  let characters = 0;
  for (let record = 0; record < batch.count; record++) {
    const count = (batch.slotStart[record + 1] ?? 0) - (batch.slotStart[record] ?? 0);
    for (let slot = 0; slot < count; slot++) characters += slotText(batch, record, slot)?.length ?? 0;
    if (recordTime(batch, record) === undefined) characters++;
  }
  return characters;
}

const sink = new TextSink();

function jsonLines(batch: Batch, write: typeof writeJson): number {
  sink.clear();
  for (let record = 0; record < batch.count; record++) {
    write(sink, batch, record);
    sink.text('\n');
  }
  return sink.length;
}

interface Run {
  readonly seconds: number;
  readonly processor: number;
  readonly records: number;
  readonly made: number;
}

const reader = evtxReaderWith({ checksum: crc32 });

function readOnce(path: string, mode: string, chunks?: Chunks): Run {
  const file = openSync(path, 'r');
  const input: SourceInput = {
    size: statSync(path).size,
    readAt: (target, offset) => readSync(file, target, 0, target.length, offset),
  };
  const use = uses[mode] ?? (() => 0);
  const wants = mode === 'counted only' ? { wants: () => false } : {};
  const options = {
    kind: 'evtx',
    name: path,
    ...wants,
    ...(chunks === undefined ? {} : { chunks }),
  } as const;
  let made = 0;
  const before = process.cpuUsage();
  const started = performance.now();
  const { records } = reader.read(input, options, {
    onBatch: (batch) => (made += use(batch)),
    onIssue: () => undefined,
  });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  closeSync(file);
  return { seconds, processor: (user + system) / 1e6, records, made };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function measure(path: string, mode: string, repetitions: number): void {
  readOnce(path, mode);
  const runs = Array.from({ length: repetitions }, () => readOnce(path, mode));
  const { records = 0, made = 0 } = runs[0] ?? {};
  const size = statSync(path).size;
  const rate = (seconds: number): string =>
    `${Math.round(records / seconds / 1000)} k records/s, ${Math.round(size / seconds / 1e6)} MB/s`;
  const peak = Math.round(process.resourceUsage().maxRSS / 1000);
  console.log(`  ${mode}: ${rate(median(runs.map(({ seconds }) => seconds)))}`);
  console.log(`    by the processor's time ${rate(median(runs.map(({ processor }) => processor)))}`);
  console.log(`    ${records} records, ${Math.round(made / 1e6)} M made; peak RSS ${peak} MB`);
}

/** A log in one thread and in two, each with half of its chunks; threads are warm and begin at once. */
async function measureThreads(path: string, mode: string): Promise<void> {
  const count = Math.floor((statSync(path).size - headerBytes) / chunkBytes);
  const half = Math.ceil(count / 2);
  const one = await inThreads(path, mode, [{ from: 0, to: count }]);
  const two = await inThreads(path, mode, [
    { from: 0, to: half },
    { from: half, to: count },
  ]);
  console.log(`  ${mode} on two threads: ${(one / two).toFixed(2)} times one`);
}

type Chunks = NonNullable<ReadOptions['chunks']>;

async function inThreads(path: string, mode: string, pieces: readonly Chunks[]): Promise<number> {
  const signal = new SharedArrayBuffer(4);
  const flag = new Int32Array(signal);
  const workers = pieces.map(
    (chunks) => new Worker(import.meta.filename, { workerData: { path, mode, chunks, signal } }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const started = performance.now();
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  return performance.now() - started;
}

interface Work {
  readonly path: string;
  readonly mode: string;
  readonly chunks: Chunks;
  readonly signal: SharedArrayBuffer;
}

/** What a thread does: warms up, says so, waits for the start, reads. */
function work({ path, mode, chunks, signal }: Work): void {
  readOnce(path, mode, { from: chunks.from, to: Math.min(chunks.to, chunks.from + 800) });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage('warm');
  Atomics.wait(new Int32Array(signal), 0, 0);
  readOnce(path, mode, chunks);
}

/** The program stops at the first event of a log that it cannot read, so each sample is its own run. */
function beside(): void {
  if (spawnSync('evtxexport', ['-V']).error !== undefined)
    return console.log('  evtxexport is not installed');
  let [events, bytes, theirs, ours] = [0, 0, 0, 0];
  for (const path of samplePaths()) {
    const started = performance.now();
    const { stdout } = spawnSync('evtxexport', ['-f', 'xml', path], { maxBuffer: 2 ** 31 - 1 });
    theirs += performance.now() - started;
    events += stdout.toString('latin1').split('<Event ').length - 1;
    bytes += statSync(path).size;
    ours += 1000 * readOnce(path, 'nested JSON').seconds;
  }
  const rate = `${Math.round((1000 * events) / theirs)} records/s, ${Math.round(bytes / theirs / 1000)} MB/s`;
  console.log(`  evtxexport -f xml, the samples as they are: ${rate} (${events} events)`);
  console.log(`    nested JSON of the same files, from cold: ${(theirs / ours).toFixed(1)} times as fast`);
}

async function bench(megabytes: number, repetitions: number): Promise<void> {
  if (!existsSync(samples)) return console.log('../shared/data/evtx is not there');
  const chunks = denseChunks();
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  try {
    const times = Math.max(1, Math.ceil((megabytes * 1e6) / (chunks.length * chunkBytes)));
    for (const each of new Set([1, times])) {
      const path = join(folder, `repeated-${each}.evtx`);
      makeLog(path, chunks, each);
      console.log(
        `${chunks.length} chunks, each ${each} times: ${Math.round(statSync(path).size / 1e6)} MB; median of ${repetitions}`,
      );
      for (const mode of Object.keys(uses)) apart(path, mode, repetitions);
      if (each === 1) beside();
      else await measureThreads(path, 'nested JSON');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function apart(path: string, mode: string, repetitions: number): void {
  const script = [...process.execArgv, import.meta.filename, '0', String(repetitions), path, mode];
  spawnSync(process.execPath, script, { stdio: 'inherit' });
}

const [megabytes = 1000, repetitions = 3] = process.argv.slice(2, 4).map(Number);
const [onlyPath, onlyMode] = process.argv.slice(4);
if (!isMainThread) work(workerData as Work);
else if (onlyPath === undefined || onlyMode === undefined) await bench(megabytes, repetitions);
else measure(onlyPath, onlyMode, repetitions);
