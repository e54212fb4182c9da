import {
  limits,
  slotTypes,
  type Reader,
  type ReadOptions,
  type ReadSink,
  type ReadSummary,
  type SourceInput,
} from '@postern/core';
import { CsvRow } from './csv.ts';
import { eventColumns, recogniseEventCsv, type EventColumns } from './event-csv-header.ts';
import { EventCsvRow } from './event-csv-row.ts';
import { EventOutput, listBytes } from './event-output.ts';
import { Feed, tailBytes } from './feed.ts';
import { vainBytes } from './object-reading.ts';
import { ObjectScanner } from './object-scanner.ts';
import { Problems, type ProblemKind } from './problems.ts';
import { Blocks, type BlockReader } from './read-blocks.ts';
import { lineBreak } from './record-bounds.ts';

/**
 * Reads Windows events as the CSV that EvtxECmd writes (`*_EvtxECmd_Output.csv`, also by KAPE's module), known by its
 * header, whatever the order of the columns. Fields, channel, provider, event id, time and computer are those that the
 * same event has as EVTX or as JSON: each row is written as the JSON of its XML (`event-csv-row.ts`) and read as that.
 * Levels and keywords become numbers again. The columns that the tool's maps make of an event (MapDescription, UserName,
 * PayloadData1 …) are no fields: they repeat its data in other words. Times are UTC, as the tool always writes them;
 * what `--dt` made unreadable is said.
 *
 * What the tool loses (its EventRecord.cs, SubstitutionArrayEntry.cs), and no reader can bring back: of `System` the
 * provider's GUID, version, task, opcode, qualifiers and correlation, and whether there were ids of process and thread
 * (0); in texts every line break and control character (`, ` stands for a run of them), so that a rule for the end of a
 * line cannot match; the borders between unnamed data, which are one text `a, b, c` without the empty ones; elements of
 * one name stand together where the first was. GUIDs have no braces. With `--inc`, `--exc`, `--sd` and `--ed` it leaves
 * out events, which looks as if they had never been.
 *
 * A row whose data are no JSON keeps them as the text `Payload`. A row that was hidden in another record has
 * `Recovered` = `hidden`. Rows that do not fit their header are kept as `text`. All of it is counted and said. It hands
 * over every record, as the reader of JSON does and for the same reason.
 */
export const eventCsvReader: Reader = {
  kinds: ['windows-events-csv'],
  recognise: (head) => (recogniseEventCsv(head) ? 'windows-events-csv' : undefined),
  read: (input, options, sink) => new EventCsvReading(input, sink).run(options, sink),
};

const comma = 0x2c;
/** Room for the longest row as JSON, and for the list of its unnamed data. */
const roomBytes = tailBytes + limits.lineBytes;

class EventCsvReading implements BlockReader {
  readonly keepBack = 0;
  private readonly feed: Feed;
  private readonly row = new CsvRow(limits.fieldsPerShape);
  private readonly json: EventCsvRow;
  private readonly scanner = new ObjectScanner();
  private readonly output: EventOutput;
  private readonly blocks: Blocks;
  private columns: EventColumns | undefined;
  private inVain = 0;

  constructor(input: SourceInput, sink: ReadSink) {
    this.feed = new Feed(input, roomBytes);
    this.json = new EventCsvRow(this.feed.buffer, this.row);
    this.output = new EventOutput(this.feed, this.scanner, sink, new Problems());
    this.blocks = new Blocks(this.feed, this.output.records, this);
  }

  run(options: ReadOptions, sink: ReadSink): ReadSummary {
    this.blocks.run(options, sink);
    return this.output.records.finish();
  }

  begin(): void {
    // The first row is the header; it is read like the others.
  }

  next(): boolean {
    const { feed, row } = this;
    const { buffer, from } = feed;
    if (buffer[from] === 0x0a || buffer[from] === 0x0d) {
      feed.from++;
      return true;
    }
    const isWhole = row.read(buffer, from, Math.min(feed.to, from + limits.lineBytes), comma);
    const isInSight = isWhole || feed.ended || feed.to - from > limits.lineBytes;
    if (!isInSight) return false;
    const isEnd = feed.ended && row.end === feed.to;
    if (isWhole || (isEnd && !row.isOpen)) return this.wholeRow(isWhole);
    return this.damagedLine(isEnd && row.lines === 1 ? 'TORN_END' : 'ROW_FIELDS');
  }

  resume(from: number): number {
    return lineBreak(this.feed.buffer, from, this.feed.to);
  }

  /** A row that ends where it should; `isEnded`: with a line break. */
  private wholeRow(isEnded: boolean): boolean {
    const { feed, row, columns } = this;
    const fits = row.fields === columns?.count && isEventId(feed.buffer, row, columns.eventId);
    if (fits) return this.event(columns, isEnded);
    const header = eventColumns(feed.buffer, row);
    if (header === undefined) return this.damagedRow(isEnded);
    this.columns = header;
    feed.from = row.next;
    return true;
  }

  private event(columns: EventColumns, isEnded: boolean): boolean {
    const { feed, row, json, output, scanner } = this;
    const { records } = output;
    const start = feed.from;
    const at = records.room(json.roomFor(columns) + row.end - start + listBytes);
    if (at === undefined) return this.damagedRow(isEnded);
    const end = json.write(columns, at);
    const isJson = scanner.scan(feed.buffer, at, end) === 'whole' && scanner.at === end;
    // The tool writes no row without data: the last one was cut where a cell ends.
    const isTorn = !isEnded && (!isJson || row.length[columns.payload] === 0);
    if (isTorn) return this.damagedRow(false);
    if (isJson) records.keepUpTo(end);
    else this.withoutPayload(columns, at);
    if (json.isHidden(columns)) records.problem('HIDDEN_RECORD', start);
    output.record(start, row.end);
    feed.from = row.next;
    return true;
  }

  /** What stands in the payload is a value of its own, where it stands in the row. */
  private withoutPayload(columns: EventColumns, at: number): void {
    const { feed, row, json, output, scanner } = this;
    const end = json.writeWithoutPayload(columns, at);
    scanner.scan(feed.buffer, at, end);
    const from = row.from[columns.payload] ?? 0;
    const to = from + (row.length[columns.payload] ?? 0);
    scanner.moveLast(from, to, row.type[columns.payload] ?? slotTypes.null);
    output.records.keepUpTo(end);
    output.records.problem('PAYLOAD', feed.from);
  }

  private damagedRow(isEnded: boolean): boolean {
    const { feed, row } = this;
    if (row.lines > 1) return this.damagedLine('ROW_FIELDS');
    this.output.records.damaged(feed.from, row.end, isEnded ? 'ROW_FIELDS' : 'TORN_END');
    feed.from = row.next;
    return true;
  }

  private damagedLine(kind: ProblemKind): boolean {
    const { feed, row } = this;
    if (this.blocks.mustReadOn()) return false;
    this.inVain += row.end - feed.from;
    const next = this.resume(this.inVain > vainBytes ? row.end : feed.from);
    const to = next < 0 ? feed.to : next;
    if (to - feed.from > limits.lineBytes) return this.blocks.cut();
    this.output.records.damaged(feed.from, feed.buffer[to - 1] === 0x0d ? to - 1 : to, kind);
    feed.from = to;
    return true;
  }
}

/** The tool writes event ids as whole numbers; anything else there is a header or damage. */
function isEventId(bytes: Uint8Array, row: CsvRow, column: number): boolean {
  const from = row.from[column] ?? 0;
  const length = row.length[column] ?? 0;
  for (let i = from; i < from + length; i++)
    if ((bytes[i] ?? 0) < 0x30 || (bytes[i] ?? 0) > 0x39) return false;
  return length > 0 && length <= 10;
}
