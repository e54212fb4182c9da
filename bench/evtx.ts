// How fast event logs are read. Run with `node tools/start.mjs bench/evtx.ts [MB] [REPETITIONS]`. Its input are the
// well filled chunks of the samples in ../shared/data/evtx, one log of them all once and one of them repeated up to MB
// (default 1000). Every mode has a process of its own, for its memory, and runs once to warm up. The time of the
// processor is told beside that of the clock: on a busy machine it is the steadier one. The nursery of the heap is as
// small as in the threads of a scan or hunt. Beside it the C program evtxexport of Debian's libevtx-utils, where it is
// installed, over the samples as they are.

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
import {
  recordTime,
  shapeOfRecord,
  slotText,
  type Batch,
  type ReadOptions,
  type Shape,
  type SourceInput,
  viewOf,
} from '@postern/core';
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

/** Channel, event id and provider are the shape's; the computer is made to text, record id and time to numbers. */
function systemFields(batch: Batch): number {
  let seen = 0;
  for (let record = 0; record < batch.count; record++) {
    const shape = shapeOfRecord(batch, record);
    const { computer, id, time } = systemSlots.get(shape) ?? findSlots(shape);
    seen += slotText(batch, record, computer)?.length ?? 0;
    if (numberIn(batch, record, id) + numberIn(batch, record, time) > 0) seen++;
  }
  return seen;
}

interface SystemSlots {
  readonly computer: number;
  readonly id: number;
  readonly time: number;
}

const systemSlots = new WeakMap<Shape, SystemSlots>();

function findSlots(shape: Shape): SystemSlots {
  const { fields } = shape;
  // A slot that is not there has no text.
  const at = (name: string): number => (fields.includes(name) ? fields.indexOf(name) : fields.length);
  const found = { computer: at('Computer'), id: at('EventRecordID'), time: at('TimeCreated_SystemTime') };
  systemSlots.set(shape, found);
  return found;
}

/** Eight bytes as a number; 0 where there are none. */
function numberIn(batch: Batch, record: number, slot: number): number {
  const s = (batch.slotStart[record] ?? 0) + slot;
  if (s >= (batch.slotStart[record + 1] ?? 0) || batch.length[s] !== 8) return 0;
  const view = viewOf(batch.buffer);
  const at = batch.offset[s] ?? 0;
  return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
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
    (chunks) =>
      new Worker(import.meta.filename, {
        workerData: { path, mode, chunks, signal },
        resourceLimits: { maxYoungGenerationSizeMb: 16 },
      }),
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

/** A quarter of a gigabyte: with less, code is still being compiled beside the threads, which two threads do not leave room for. */
const warmUpChunks = 4000;

/** What a thread does: warms up, says so, waits for the start, reads. */
function work({ path, mode, chunks, signal }: Work): void {
  readOnce(path, mode, { from: chunks.from, to: Math.min(chunks.to, chunks.from + warmUpChunks) });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage('warm');
  Atomics.wait(new Int32Array(signal), 0, 0);
  readOnce(path, mode, chunks);
}

/**
 * The program stops at the first event of a log that it cannot read, so each sample is its own run, and both are measured
 * by what they did of it: events of one, records of the other.
 */
function beside(): void {
  if (spawnSync('evtxexport', ['-V']).error !== undefined)
    return console.log('  evtxexport is not installed');
  const theirs = { events: 0, bytes: 0, seconds: 0 };
  for (const path of samplePaths()) {
    const started = performance.now();
    const { stdout } = spawnSync('evtxexport', ['-f', 'xml', path], { maxBuffer: 2 ** 31 - 1 });
    theirs.seconds += (performance.now() - started) / 1000;
    theirs.events += stdout.toString('latin1').split('<Event ').length - 1;
    theirs.bytes += statSync(path).size;
  }
  const rate = theirs.events / theirs.seconds;
  const megabytes = Math.round(theirs.bytes / theirs.seconds / 1e6);
  console.log(
    `  evtxexport -f xml, the samples as they are: ${Math.round(rate)} events/s, ${megabytes} MB/s`,
  );
  for (const what of ['from cold', 'once more', 'and again']) {
    const runs = samplePaths().map((path) => readOnce(path, 'nested JSON'));
    const ours = sum(runs.map(({ records }) => records)) / sum(runs.map(({ seconds }) => seconds));
    console.log(
      `    nested JSON of the same files, ${what}: ${(ours / rate).toFixed(1)} times as fast per record`,
    );
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
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
      else for (const mode of ['System fields', 'nested JSON']) await measureThreads(path, mode);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function apart(path: string, mode: string, repetitions: number): void {
  const script = [
    ...process.execArgv,
    '--max-semi-space-size=16',
    import.meta.filename,
    '0',
    String(repetitions),
    path,
    mode,
  ];
  spawnSync(process.execPath, script, { stdio: 'inherit' });
}

const [megabytes = 1000, repetitions = 3] = process.argv.slice(2, 4).map(Number);
const [onlyPath, onlyMode] = process.argv.slice(4);
if (!isMainThread) work(workerData as Work);
else if (onlyPath === undefined || onlyMode === undefined) await bench(megabytes, repetitions);
else measure(onlyPath, onlyMode, repetitions);
