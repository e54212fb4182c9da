import { limits, type ReadOptions, type ReadSink } from '@postern/core';
import type { Feed } from './feed.ts';
import type { RecordOutput } from './record-output.ts';

/** What differs between the readers of this package. */
export interface BlockReader {
  /** Called once with the first window, before anything is used. */
  begin(): void;
  /** Uses what begins at `feed.from` and moves that on. False: more of the source must be in the window first. */
  next(): boolean;
  /** Where reading can go on after `from` behind something damaged; -1: not in the window. */
  resume(from: number): number;
  /** A place to resume at may lie across the border of two windows: bytes to keep back. */
  readonly keepBack: number;
}

/** Moves the window over the source, handing over a batch per window, until the end or until asked to stop. */
export class Blocks {
  private readonly feed: Feed;
  private readonly output: RecordOutput;
  private readonly reader: BlockReader;
  /** Inside a record that is too long: everything up to the next one is passed over. */
  private passing = false;

  constructor(feed: Feed, output: RecordOutput, reader: BlockReader) {
    this.feed = feed;
    this.output = output;
    this.reader = reader;
  }

  run(options: ReadOptions, sink: ReadSink): void {
    const { feed, output } = this;
    this.readOn(sink);
    this.reader.begin();
    for (;;) {
      this.block();
      output.handOver();
      if (feed.ended && feed.from >= feed.to) return;
      if (options.stopped?.() === true) {
        output.tally.stopped = true;
        return;
      }
      this.readOn(sink);
    }
  }

  /** Keeps the beginning of a record that is too long and passes over the rest. */
  cut(): true {
    const { feed, output } = this;
    const to = feed.from + limits.lineBytes;
    output.damaged(feed.from, to, 'LINE_TOO_LONG');
    feed.from = to;
    this.passing = true;
    return true;
  }

  /** The place to go on at is not in sight, and there is room for more. */
  mustReadOn(): boolean {
    const { feed } = this;
    return !feed.ended && feed.to - feed.from <= limits.lineBytes && this.reader.resume(feed.from + 1) < 0;
  }

  private block(): void {
    const { feed } = this;
    while (feed.from < feed.to) {
      this.skipNuls();
      const goesOn = feed.from < feed.to && (this.passing ? this.passOver() : this.reader.next());
      if (!goesOn) return;
    }
  }

  private readOn(sink: ReadSink): void {
    const before = this.feed.next;
    this.feed.fill();
    sink.onProgress?.(this.feed.next - before);
  }

  private passOver(): boolean {
    const { feed, output } = this;
    const { from, to } = feed;
    const next = this.reader.resume(from);
    this.passing = next < 0;
    const kept = feed.ended ? 0 : Math.min(to - from, this.reader.keepBack);
    const end = next < 0 ? to - kept : next;
    if (end > from) output.problem('SKIPPED_BYTES', from, feed.offsetOf(end) - feed.offsetOf(from));
    feed.from = end;
    return next >= 0 || feed.from >= feed.to;
  }

  private skipNuls(): void {
    const { feed } = this;
    const { buffer, from, to } = feed;
    if (buffer[from] !== 0 || this.passing) return;
    let at = from;
    while (at < to && buffer[at] === 0) at++;
    this.output.problem('NULS', from, at - from);
    feed.from = at;
  }
}
