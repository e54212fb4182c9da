import { limits, type ReadOptions, type ReadSink, type ReadSummary } from '@postern/core';
import type { Feed } from './feed.ts';
import type { ObjectScanner } from './object-scanner.ts';
import { Blocks, type BlockReader } from './read-blocks.ts';
import {
  isBlank,
  lineBreak,
  nextOpener,
  openerBytes,
  openerOf,
  recordHeading,
  recordMode,
  skipBetween,
} from './record-bounds.ts';
import type { RecordOutput } from './record-output.ts';

const openBrace = 0x7b;

/**
 * Bytes of a source that may be scanned in vain, because a record over many lines is not whole and another may begin
 * inside of it (a quote of CSV that nobody closes is such a one). Past this, what was scanned is passed over as one
 * text: evidence made to be slow stays linear.
 */
export const vainBytes: number = 64 * limits.lineBytes;

/** What becomes of the objects. */
export interface ObjectOutput {
  readonly records: RecordOutput;
  /** The object that was just scanned, at `start..end` of the feed. */
  record(start: number, end: number): void;
}

/** Goes over a source of JSON objects, one per line or over many, and keeps as text what is no whole one. */
export class ObjectReading implements BlockReader {
  private readonly feed: Feed;
  private readonly scanner: ObjectScanner;
  private readonly output: ObjectOutput;
  private readonly blocks: Blocks;
  private opener: Uint8Array | undefined;
  private inVain = 0;

  constructor(feed: Feed, scanner: ObjectScanner, output: ObjectOutput) {
    this.feed = feed;
    this.scanner = scanner;
    this.output = output;
    this.blocks = new Blocks(this.feed, this.output.records, this);
  }

  run(options: ReadOptions, sink: ReadSink): ReadSummary {
    this.blocks.run(options, sink);
    return this.output.records.finish();
  }

  begin(): void {
    const { feed, scanner } = this;
    scanner.oneLine = recordMode(feed.buffer, feed.from, feed.to, scanner) === 'lines';
  }

  next(): boolean {
    const { feed, scanner, output } = this;
    const { buffer } = feed;
    const from = skipBetween(buffer, feed.from, feed.to);
    feed.from = from;
    if (from === feed.to) return feed.ended;
    if (buffer[from] === 0) return true;
    if (buffer[from] !== openBrace) return this.strayText();
    const ending = scanner.scan(buffer, from, Math.min(feed.to, from + limits.lineBytes));
    if (ending !== 'whole') return this.breakOff(ending === 'torn');
    this.opener ??= openerOf(buffer, from, scanner.at);
    output.record(from, scanner.at);
    if (scanner.oneLine) feed.noBreakBefore(scanner.at);
    feed.from = scanner.at;
    return true;
  }

  resume(from: number): number {
    const { buffer, to } = this.feed;
    return this.scanner.oneLine ? lineBreak(buffer, from, to) : nextOpener(buffer, from, to, this.opener);
  }

  get keepBack(): number {
    return this.scanner.oneLine ? 0 : openerBytes;
  }

  /** Text between the records: the headings of evtx_dump are passed over, anything else is kept. */
  private strayText(): boolean {
    const { feed } = this;
    if (this.blocks.mustReadOn()) return false;
    const heading = recordHeading(feed.buffer, feed.from, feed.to);
    if (heading < 0) return this.keepText('MALFORMED', feed.from + 1);
    feed.from = heading;
    return true;
  }

  /** The object is not whole: its text up to the next one is kept. */
  private breakOff(isTorn: boolean): boolean {
    const { feed } = this;
    // Over many lines, what looks like the next record may be a part of this one.
    const mayGoOn = isTorn && !this.scanner.oneLine && feed.to - feed.from < limits.lineBytes;
    if (!feed.ended && (mayGoOn || this.blocks.mustReadOn())) return false;
    this.inVain += this.scanner.at - feed.from;
    const tried = this.inVain > vainBytes ? this.scanner.at : feed.from + 1;
    return this.keepText(isTorn ? 'TORN_END' : 'MALFORMED', tried);
  }

  /** Keeps what lies before the next record as text; that one begins at `behind` or later. */
  private keepText(atEnd: 'MALFORMED' | 'TORN_END', behind: number): boolean {
    const { feed } = this;
    const { buffer, from } = feed;
    const next = this.resume(behind);
    const to = next < 0 ? feed.to : next;
    if (to - from > limits.lineBytes) return this.blocks.cut();
    this.output.records.damaged(from, trimmedEnd(buffer, from, to), next < 0 ? atEnd : 'MALFORMED');
    feed.from = to;
    return true;
  }
}

/** The end without white space. */
function trimmedEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from + 1 && isBlank(bytes[end - 1] ?? 0)) end--;
  return end;
}
