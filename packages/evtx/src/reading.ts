import type { ReadOptions, ReadSink, ReadSummary, SourceInput } from '@postern/core';
import type { Checksum } from './checksum.ts';
import type { Engine } from './engine.ts';
import { EventOutput } from './event-output.ts';
import { readFileHeader, type FileHeader } from './file-header.ts';
import {
  chunkBytes,
  chunkFlags,
  chunkHeaderBytes,
  chunkMagic,
  fileHeaderBytes,
  recordHeaderBytes,
} from './format.ts';
import { continuityIssues, Problems } from './problems.ts';
import { walkRecords } from './record-walk.ts';
import { findRecords } from './recovery.ts';

const unused = 0xffff_ffff;
const chunkMagicBytes = 8;

/** One log while it is read. */
export class Reading {
  private readonly engine: Engine;
  private readonly input: SourceInput;
  private readonly options: ReadOptions;
  private readonly sink: ReadSink;
  private readonly checksum: Checksum;
  private readonly problems = new Problems();
  private readonly output: EventOutput;
  private hasChecksums = true;
  private inUse = false;
  private isRecovering = false;

  constructor(engine: Engine, input: SourceInput, options: ReadOptions, sink: ReadSink) {
    engine.begin();
    this.engine = engine;
    this.checksum = engine.checksum;
    this.input = input;
    this.options = options;
    this.sink = sink;
    this.output = new EventOutput(engine, this.problems, sink, options);
  }

  run(): ReadSummary {
    const header = this.header();
    this.hasChecksums = header.hasChecksums;
    this.inUse = header.inUse;
    this.pass(header.firstChunk);
    if (this.options.recover === true && !this.output.tally.stopped) {
      this.isRecovering = true;
      this.pass(header.firstChunk);
    }
    const summary = this.output.summary();
    this.problems.report(this.sink.onIssue);
    // A piece of a log that has gone round does not have its neighbours.
    if (this.options.chunks === undefined) continuityIssues(summary.continuity).forEach(this.sink.onIssue);
    return summary;
  }

  private get isFirstPiece(): boolean {
    return (this.options.chunks?.from ?? 0) === 0;
  }

  /** Recovery is a pass of its own behind the first: then all records of the log are known. */
  private pass(firstChunk: number | undefined): void {
    if (firstChunk === undefined) this.search();
    else this.readChunks(firstChunk);
  }

  private header(): FileHeader {
    const { window } = this.engine;
    const got = this.input.readAt(window.subarray(0, fileHeaderBytes), 0);
    const { checksum } = this;
    // What is wrong with the header is told once, by the piece that begins behind it.
    const problems = this.isFirstPiece ? this.problems : new Problems();
    return readFileHeader(window.subarray(0, got), this.input.size, { problems, checksum });
  }

  /** One chunk behind the other, as many as the file has. */
  private readChunks(first: number): void {
    const { window } = this.engine;
    const count = Math.ceil((this.input.size - first) / chunkBytes);
    const to = Math.min(count, this.options.chunks?.to ?? count);
    if (this.isFirstPiece) this.sink.onProgress?.(first);
    else this.learnBefore(first);
    for (let next = this.options.chunks?.from ?? 0; next < to;) {
      if (this.isStopped()) return;
      const wanted = Math.min(window.length, (to - next) * chunkBytes);
      const at = first + next * chunkBytes;
      const got = this.input.readAt(window.subarray(0, wanted), at);
      for (let base = 0; base < got; base += chunkBytes) this.chunk(base, got - base, at + base);
      this.output.handOver();
      this.sink.onProgress?.(got);
      if (got === 0) return;
      next += Math.ceil(got / chunkBytes);
    }
  }

  /** Templates of the chunk before a piece can be lent to its records, as if the log were read whole. */
  private learnBefore(first: number): void {
    const { window, chunk, instances } = this.engine;
    const at = first + ((this.options.chunks?.from ?? 0) - 1) * chunkBytes;
    const got = this.input.readAt(window.subarray(0, chunkBytes), at);
    chunk.moveTo(0, got);
    if (got < chunkHeaderBytes || !this.hasMagic(0) || this.isUnused(0)) return;
    const taker = {
      record: (start: number, end: number): boolean => instances.read(start + recordHeaderBytes, end - 4),
    };
    walkRecords(chunk, at, { taker, problems: new Problems(), inUse: this.inUse });
  }

  /** Without a header chunks can begin anywhere. */
  private search(): void {
    const { window } = this.engine;
    for (let at = 0; at < this.input.size;) {
      if (this.isStopped()) return;
      const got = this.input.readAt(window, at);
      const isLast = at + got >= this.input.size;
      const used = this.searchWindow(got, at, isLast);
      this.output.handOver();
      this.sink.onProgress?.(used);
      if (used === 0) return;
      at += used;
    }
  }

  /** How many bytes of the window are done with. */
  private searchWindow(length: number, at: number, isLast: boolean): number {
    let base = 0;
    for (;;) {
      const next = this.nextChunk(base, length);
      if (this.isRecovering) this.recoverBetween(base, next < 0 ? length : next, at);
      if (next < 0) return isLast ? length : Math.max(1, length - chunkMagicBytes + 1);
      // A chunk that the window cuts is read with the next one.
      if (next + chunkBytes > length && !isLast && next > 0) return next;
      this.chunk(next, length - next, at + next);
      base = next + chunkBytes;
      if (base >= length) return length;
    }
  }

  /** What lies between chunks that were searched for. Records over the border of two looks are not found. */
  private recoverBetween(from: number, to: number, at: number): void {
    const { chunk } = this.engine;
    for (let base = from; base < to; base += chunkBytes) {
      chunk.moveTo(base, to - base);
      findRecords(chunk, base, chunk.end, (start, end) =>
        this.output.recovered(start, end, at + start, 'carved'),
      );
    }
    this.output.handOver();
  }

  private nextChunk(from: number, to: number): number {
    const { bytes } = this.engine.chunk;
    for (let at = bytes.indexOf(0x45, from); at >= 0 && at + 8 <= to; at = bytes.indexOf(0x45, at + 1)) {
      if (this.hasMagic(at)) return at;
    }
    return -1;
  }

  private hasMagic(base: number): boolean {
    const { chunk } = this.engine;
    return chunk.u32(base) === chunkMagic[0] && chunk.u32(base + 4) === chunkMagic[1];
  }

  private chunk(base: number, length: number, at: number): void {
    const { chunk } = this.engine;
    chunk.moveTo(base, length);
    if (this.isRecovering) this.recover(base, length, at);
    else if (this.isGood(base, length, at)) {
      if (this.hasChecksums) this.check(base, at);
      const { output: taker, problems, inUse } = this;
      walkRecords(chunk, at, { taker, problems, inUse });
    }
    this.output.handOver();
  }

  private isGood(base: number, length: number, at: number): boolean {
    const { problems } = this;
    const { chunk } = this.engine;
    if (length < chunkBytes && !this.isZero(base, chunk.end)) problems.add('TRUNCATED', at + length);
    if (length < chunkHeaderBytes) return false;
    const isMarked = this.hasMagic(base);
    if (isMarked && !this.isUnused(base)) return true;
    if (isMarked) problems.add('UNUSED_CHUNK', at);
    else problems.add(this.isZero(base, chunk.end) ? 'EMPTY_CHUNK' : 'CHUNK_MAGIC', at);
    return false;
  }

  private recover(base: number, length: number, at: number): void {
    const { chunk } = this.engine;
    const isChunk = length >= chunkHeaderBytes && this.hasMagic(base);
    const how = !isChunk ? 'carved' : this.isUnused(base) ? 'unused-chunk' : 'chunk-slack';
    const { inUse } = this;
    const quiet = { taker: { record: () => undefined }, problems: new Problems(), inUse };
    const from = how === 'chunk-slack' ? walkRecords(chunk, at, quiet) : base;
    findRecords(chunk, from, chunk.end, (start, end) =>
      this.output.recovered(start, end, at + start - base, how),
    );
  }

  private isZero(from: number, to: number): boolean {
    const { bytes, view } = this.engine.chunk;
    let at = from;
    for (; at + 4 <= to; at += 4) if (view.getInt32(at, true) !== 0) return false;
    for (; at < to; at++) if (bytes[at] !== 0) return false;
    return true;
  }

  /** A chunk that was set up and never used says so: first number 1, all others none. Old records may be behind it. */
  private isUnused(base: number): boolean {
    const { chunk } = this.engine;
    for (let at = base + 16; at < base + 40; at += 4) if (chunk.u32(at) !== unused) return false;
    return chunk.u32(base + 8) === 1;
  }

  private check(base: number, at: number): void {
    const { chunk } = this.engine;
    if ((chunk.u32(base + 120) & chunkFlags.noChecksum) !== 0) return;
    const { bytes, end } = chunk;
    const head = this.checksum(bytes.subarray(base, base + 120), 0);
    const whole = this.checksum(bytes.subarray(base + 128, base + chunkHeaderBytes), head);
    if (whole !== chunk.u32(base + 124)) this.problems.add('CHUNK_HEADER_CHECKSUM', at + 124);
    const free = Math.min(end, Math.max(base + chunkHeaderBytes, base + chunk.u32(base + 48)));
    const records = this.checksum(bytes.subarray(base + chunkHeaderBytes, free), 0);
    if (records !== chunk.u32(base + 52)) this.problems.add('CHUNK_CHECKSUM', at + 52);
  }

  private isStopped(): boolean {
    if (this.options.stopped?.() !== true) return false;
    this.output.tally.stopped = true;
    return true;
  }
}
