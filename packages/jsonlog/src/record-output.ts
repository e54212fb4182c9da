import {
  BatchBuilder,
  slotTypes,
  type Position,
  type ReadSink,
  type ReadSummary,
  type Shape,
  type SlotType,
} from '@postern/core';
import { blockBytes, tailBytes, type Feed } from './feed.ts';
import type { ProblemKind, Problems } from './problems.ts';
import { Tally, type Moment, type ShapeTally } from './tally.ts';

/** Records per batch at most, so that a source of tiny records cannot blow up the arrays. */
const batchRecords = 8192;
const encoder = new TextEncoder();

/** Puts records into batches, hands these over and counts. Shared by the readers of this package. */
export class RecordOutput {
  readonly tally: Tally = new Tally();
  private readonly feed: Feed;
  private readonly sink: ReadSink;
  private readonly problems: Problems;
  private readonly builder: BatchBuilder;
  private readonly text: ShapeTally;
  /** Where the next made-up value goes, behind the block. */
  private tail = blockBytes;

  /** `text`: the shape of records that are damaged. */
  constructor(feed: Feed, sink: ReadSink, problems: Problems, text: Shape) {
    this.feed = feed;
    this.sink = sink;
    this.problems = problems;
    this.builder = new BatchBuilder(feed.buffer);
    this.text = this.tally.shape(text);
  }

  /** Begins the record at `start..end` of the feed; `madeUp`: bytes at most that {@link made} will add. */
  begin(tally: ShapeTally, start: number, end: number, madeUp = 0): void {
    const { feed, builder } = this;
    const isFull = this.tail + Math.min(madeUp, tailBytes) > feed.buffer.length;
    if (isFull || builder.count === batchRecords) this.handOver();
    tally.records++;
    builder.record({ shape: tally.shape, at: feed.offsetOf(start), line: feed.lineOf(start), start, end });
  }

  /**
   * Where `bytes` bytes behind the block can be written, and one more record begun, before anything is handed over.
   * Undefined: there is never so much room.
   */
  room(bytes: number): number | undefined {
    const { feed, builder } = this;
    if (blockBytes + bytes > feed.buffer.length) return undefined;
    if (this.tail + bytes > feed.buffer.length || builder.count === batchRecords) this.handOver();
    return this.tail;
  }

  /** What was written there up to `end` stays until it is handed over. */
  keepUpTo(end: number): void {
    this.tail = end;
  }

  /** A value as it stands in the feed. */
  slot(from: number, length: number, type: SlotType): void {
    this.builder.slot(from, length, type);
  }

  /** A value that stands nowhere as it is. It cannot leave the room behind the block. */
  made(text: string | undefined): void {
    if (text === undefined) return this.builder.slot(0, 0, slotTypes.null);
    const { written } = encoder.encodeInto(text, this.feed.buffer.subarray(this.tail));
    this.builder.slot(this.tail, written, slotTypes.utf8);
    this.tail += written;
  }

  /** As {@link made}, put together from pieces of the feed: `[from, to]` pairs or single bytes. */
  madeOf(pieces: readonly (readonly [from: number, to: number] | number)[], type: SlotType): void {
    const { buffer } = this.feed;
    const begin = this.tail;
    for (const piece of pieces) {
      if (typeof piece === 'number') buffer[this.tail++] = piece;
      else {
        buffer.copyWithin(this.tail, piece[0], piece[1]);
        this.tail += piece[1] - piece[0];
      }
    }
    this.builder.slot(begin, this.tail - begin, type);
  }

  /** A record that has no shape of its own: all of it is one text. */
  damaged(start: number, end: number, kind: ProblemKind): void {
    this.problem(kind, start);
    this.tally.damaged++;
    this.begin(this.text, start, end);
    this.builder.slot(start, end - start, slotTypes.utf8);
  }

  /** Counts the record for first, last and hours, or says that its time could not be read. */
  time(tally: ShapeTally, moment: Moment, start: number): void {
    if (Number.isNaN(moment.seconds)) this.problem('TIME_UNREADABLE', start);
    else this.tally.see(tally, moment);
  }

  problem(kind: ProblemKind, start: number, count = 1): void {
    const { feed } = this;
    const at: Position = { offset: feed.offsetOf(start), line: feed.lineOf(start) };
    this.problems.add(kind, at, count);
  }

  /** To be called before the feed moves on. */
  handOver(): void {
    if (this.builder.count > 0) this.sink.onBatch(this.builder.batch());
    this.builder.reset();
    this.tail = blockBytes;
  }

  /** The end of the reading: reports what went wrong and gives the counts. */
  finish(): ReadSummary {
    this.problems.report(this.sink.onIssue);
    return this.tally.summary();
  }
}
