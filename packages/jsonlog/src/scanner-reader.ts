import {
  decodeUtf8,
  limits,
  parseTime,
  textShape,
  type Reader,
  type ReadOptions,
  type ReadSink,
  type ReadSummary,
  type Shape,
  type SourceInput,
} from '@postern/core';
import { Feed } from './feed.ts';
import { Problems } from './problems.ts';
import { Blocks, type BlockReader } from './read-blocks.ts';
import { headText } from './recognise-events.ts';
import { lineBreak } from './record-bounds.ts';
import { RecordOutput } from './record-output.ts';
import { isBeforeHeading, isHeading, ScannerRun, startOf, type ScannerEntry } from './scanner-run.ts';
import { setMoment, type Moment, type ShapeTally } from './tally.ts';
import { isUtf8 } from './transcode.ts';

/**
 * Reads the logs of Microsoft's Safety Scanner (`msert.log`) and Malicious Software Removal Tool (`mrt.log`), English
 * ones. A record is one file, process or key that a threat was found in, with the threat, the action and its outcome; a
 * threat that only the summary names, without a path; or that a run found nothing. Its time is the beginning of the run,
 * the computer's local time of a zone that the log does not tell. Lines that are not known are kept as `text`.
 */
export const scannerLogReader: Reader = {
  kinds: ['msert'],
  recognise: (head) => (isScannerLog(head) ? 'msert' : undefined),
  read: (input, options, sink) => new ScannerReading(input, sink).run(options, sink),
};

/** Lines that may stand above the first heading. */
const linesAbove = 20;

/** A heading with nothing before it but what belongs there, and the line that says when the run began. */
function isScannerLog(head: Uint8Array): boolean {
  const text = headText(head.subarray(0, 4096));
  const lines = decodeUtf8(text, 0, text.length)
    .split('\n', linesAbove)
    .map((line) => line.trimEnd());
  const at = lines.findIndex((line) => !isBeforeHeading(line));
  return isHeading(lines[at] ?? '') && startOf(lines[at + 1] ?? '') !== undefined;
}

const fields = ['Started', 'Tool', 'Threat Name', 'Outcome', 'Action', 'Result', 'Type', 'Path'];
const shape: Shape = {
  family: 'msert',
  recorder: 'msert',
  fields,
  constants: new Map(),
  time: { kind: 'iso', slot: 0 },
  // The line of a file does not name its threat: what people see is made of the fields.
  binary: true,
};

class ScannerReading implements BlockReader {
  readonly keepBack = 0;
  private readonly feed: Feed;
  private readonly output: RecordOutput;
  private readonly blocks: Blocks;
  private readonly tally: ShapeTally;
  private readonly moment: Moment = { seconds: Number.NaN, fraction: 0, zoned: false };
  private current: ScannerRun | undefined;

  constructor(input: SourceInput, sink: ReadSink) {
    this.feed = new Feed(input);
    this.output = new RecordOutput(this.feed, sink, new Problems(), textShape('msert', 'msert'));
    this.blocks = new Blocks(this.feed, this.output, this);
    this.tally = this.output.tally.shape(shape);
  }

  run(options: ReadOptions, sink: ReadSink): ReadSummary {
    this.blocks.run(options, sink);
    return this.output.finish();
  }

  begin(): void {
    // Nothing stands before the first run that would change how it is read.
  }

  next(): boolean {
    const { feed } = this;
    if (feed.buffer[feed.from] === 0x0a || feed.buffer[feed.from] === 0x0d) {
      feed.from++;
      return true;
    }
    const found = lineBreak(feed.buffer, feed.from, feed.to);
    const to = found < 0 ? feed.to : found;
    if (to - feed.from > limits.lineBytes) return this.blocks.cut();
    if (found < 0 && this.blocks.mustReadOn()) return false;
    this.line(feed.from, feed.buffer[to - 1] === 0x0d ? to - 1 : to);
    feed.from = to;
    return true;
  }

  resume(from: number): number {
    return lineBreak(this.feed.buffer, from, this.feed.to);
  }

  private line(start: number, end: number): void {
    const { feed } = this;
    const line = decodeUtf8(feed.buffer, start, end).trim();
    if (isHeading(line) && !/ Finished On /i.test(line)) {
      this.current = new ScannerRun(line);
      return;
    }
    const told = this.current?.take(line) ?? (isBeforeHeading(line) ? 'plain' : 'unknown');
    if (told === 'plain') return;
    if (told === 'unknown') return this.output.damaged(start, end, 'UNKNOWN_LINE');
    this.entry(told, start, end);
  }

  private entry(entry: ScannerEntry, start: number, end: number): void {
    const { output, feed, current, moment } = this;
    const values = [
      current?.started,
      current?.tool,
      entry.threat,
      entry.outcome,
      entry.action,
      entry.result,
      entry.type,
      entry.path,
    ].map((value) => (value === '' ? undefined : value?.slice(0, valueCharacters)));
    if (!isUtf8(feed.buffer, start, end)) output.problem('NOT_UTF8', start);
    output.begin(this.tally, start, end, 3 * values.reduce((sum, value) => sum + (value?.length ?? 0), 0));
    for (const value of values) output.made(value);
    if (current?.started === undefined) return output.problem('NO_TIME', start);
    setMoment(parseTime(current.started), moment);
    output.time(this.tally, moment, start);
  }
}

/** A path of Windows has 32 767 characters at most; eight values of this length fit the room for made-up ones. */
const valueCharacters = 32_767;
