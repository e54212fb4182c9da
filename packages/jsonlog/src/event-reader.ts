import {
  limits,
  type Reader,
  type ReadOptions,
  type ReadSink,
  type ReadSummary,
  type SourceInput,
} from '@postern/core';
import { EventOutput } from './event-output.ts';
import { Feed } from './feed.ts';
import { ObjectScanner } from './object-scanner.ts';
import { Problems } from './problems.ts';
import { Blocks, type BlockReader } from './read-blocks.ts';
import { recogniseEvents } from './recognise-events.ts';
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

/**
 * Reads Windows events that were written as JSON: one object per line, a list of objects, or pretty-printed ones.
 * Which fields there are and how they are called: `event-names.ts`. The time is the best of `TimeCreated`,
 * `@timestamp`, `EventTime` …; the name of its slot says which. All other times stay reachable as fields, so that a
 * wrongly labelled clock can be found from two of them.
 *
 * It hands over every record, whatever `scannerFor` and `sampleEvery` say: a literal can stand in JSON in many
 * spellings (`\\` for `\`, `\u003c` for `<`), so that a search in the raw line could miss it. For the same reason
 * keyword rules must look at the decoded values of a record and not at its raw text.
 *
 * Lists of unnamed data are the field `Data` (see `dataTexts`). What is no well-formed object stays as a record
 * `text`, is counted as damaged and said in one issue per kind, `POSTERN_JSONLOG_…`.
 */
export const jsonlogReader: Reader = {
  kinds: ['windows-events-json'],
  recognise: (head) => (recogniseEvents(head) ? 'windows-events-json' : undefined),
  read: (input, options, sink) => new EventReading(input, sink).run(options, sink),
};

const openBrace = 0x7b;

/**
 * Bytes of a source that may be scanned in vain, because a record over many lines is not whole and another may begin
 * inside of it. Past this, what was scanned is passed over as one text: evidence made to be slow stays linear.
 */
const vainBytes = 64 * limits.lineBytes;

class EventReading implements BlockReader {
  private readonly feed: Feed;
  private readonly scanner = new ObjectScanner();
  private readonly output: EventOutput;
  private readonly blocks: Blocks;
  private opener: Uint8Array | undefined;
  private inVain = 0;

  constructor(input: SourceInput, sink: ReadSink) {
    this.feed = new Feed(input);
    this.output = new EventOutput(this.feed, this.scanner, sink, new Problems());
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
