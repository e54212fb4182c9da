import {
  limits,
  type Reader,
  type ReadOptions,
  type ReadSink,
  type ReadSummary,
  type SourceInput,
} from '@postern/core';
import { readBodyfileRow } from './bodyfile-row.ts';
import { CsvRow } from './csv.ts';
import { dateOrderOf, type DateOrder } from './culture-time.ts';
import { Feed } from './feed.ts';
import { driveOfName } from './listed-path.ts';
import { damagedRow, listingForm, type ListingForm } from './listing-form.ts';
import { cellsOf, headerStarts, listingHead, recogniseListing } from './listing-header.ts';
import { beginsWithObject, readFileObjects, recogniseFileObjects } from './listing-objects.ts';
import { ListingRows } from './listing-rows.ts';
import { vainBytes } from './object-reading.ts';
import { Problems, type ProblemKind } from './problems.ts';
import { Blocks, type BlockReader } from './read-blocks.ts';
import { RecordOutput } from './record-output.ts';
import { lineBreak } from './record-bounds.ts';

/**
 * Reads listings of a disk: MFTECmd's CSV of `$MFT` and `$J`, KAPE's of what it copied, Velociraptor's of `$MFT`, of what
 * it collected and of what it found (CSV and JSON lines), bodyfiles, and `Get-ChildItem | Export-Csv`. Every record has `TargetFilename`, the full Windows path (made up from folder and name;
 * the drive is the one in the listing's own file name, else `C:`, and that is said), and as far as the listing tells
 * `CreationUtcTime`, `ModifiedUtcTime`, `Size`, `InUse`, `Reason`, all beside the columns as they are.
 *
 * The record's time is the creation, for `$J` the entry's own. `Export-Csv` writes times in the culture of its
 * computer: ISO, `14.03.2021`, `3/14/2021 6:40:13 AM`; where the order of day and month cannot be told from the first
 * rows, or where there are local times only, the times are left as text, unknown, and an issue says so. Rows that do
 * not fit the header are kept as `text`. It hands over every record: a path that was put together stands nowhere in
 * the bytes, so that a search in the raw row could miss it.
 */
export const fileListingReader: Reader = {
  kinds: ['file-listing'],
  recognise: (head) => (recogniseListing(head) || recogniseFileObjects(head) ? 'file-listing' : undefined),
  read: (input, options, sink) =>
    beginsWithObject(input)
      ? readFileObjects(input, options, sink)
      : new ListingReading(input, options, sink).run(options, sink),
};

/** Rows from which the order of day and month is told. */
const orderRows = 5000;

class ListingReading implements BlockReader {
  readonly keepBack = 0;
  private readonly feed: Feed;
  private readonly row = new CsvRow(limits.fieldsPerShape);
  private readonly output: RecordOutput;
  private readonly rows: ListingRows;
  private readonly blocks: Blocks;
  private form: ListingForm | undefined;
  private inVain = 0;

  constructor(input: SourceInput, options: ReadOptions, sink: ReadSink) {
    this.feed = new Feed(input);
    this.output = new RecordOutput(this.feed, sink, new Problems(), damagedRow);
    this.rows = new ListingRows(this.feed, this.row, this.output, driveOfName(options.name));
    this.blocks = new Blocks(this.feed, this.output, this);
  }

  run(options: ReadOptions, sink: ReadSink): ReadSummary {
    this.blocks.run(options, sink);
    return this.output.finish();
  }

  begin(): void {
    const { feed } = this;
    const head = listingHead(feed.buffer, feed.from, feed.to);
    if (head === undefined) return;
    feed.from = head.rows;
    this.use(head.form);
  }

  next(): boolean {
    const { feed, form } = this;
    const { buffer, from } = feed;
    if (isBreak(buffer[from] ?? 0)) {
      feed.from++;
      return true;
    }
    if (form === undefined) return this.damagedLine('ROW_FIELDS');
    return form.basis === 'bodyfile' ? this.bodyfileRow(form) : this.csvRow(form);
  }

  resume(from: number): number {
    return lineBreak(this.feed.buffer, from, this.feed.to);
  }

  private csvRow(form: ListingForm): boolean {
    const { feed, row } = this;
    const { buffer, from } = feed;
    const isWhole = row.read(buffer, from, Math.min(feed.to, from + limits.lineBytes), form.delimiter);
    const isInSight = isWhole || feed.ended || feed.to - from > limits.lineBytes;
    if (!isInSight) return false;
    const isEnd = feed.ended && row.end === feed.to;
    const fits = row.fields === form.columns.length && (isWhole || (isEnd && !row.isOpen));
    if (fits) return this.fittingRow(form);
    if (isWhole && this.isHeader()) return this.otherHeader(form.delimiter);
    if (isWhole && row.lines === 1) return this.damagedRow();
    return this.damagedLine(isEnd && row.lines === 1 ? 'TORN_END' : 'ROW_FIELDS', row.end);
  }

  private fittingRow(form: ListingForm): boolean {
    const { feed, row } = this;
    if (this.isHeader() && this.sameCells(form)) feed.from = row.next;
    else if (this.rows.put(form, feed.from, row.end)) feed.from = row.next;
    else return this.damagedRow();
    return true;
  }

  private isHeader(): boolean {
    return headerStarts.has(this.rows.text(0));
  }

  private sameCells(form: ListingForm): boolean {
    return cellsOf(this.feed.buffer, this.row).every((cell, column) => cell === form.columns[column]);
  }

  /** Listings may stand behind each other in one file. */
  private otherHeader(delimiter: number): boolean {
    const form = listingForm(cellsOf(this.feed.buffer, this.row), delimiter);
    if (form === undefined) return this.damagedRow();
    this.feed.from = this.row.next;
    this.use(form);
    return true;
  }

  private bodyfileRow(form: ListingForm): boolean {
    const { feed, row } = this;
    const { buffer, from } = feed;
    const found = lineBreak(buffer, from, feed.to);
    const to = found < 0 ? feed.to : found;
    const fits = to - from <= limits.lineBytes && (found >= 0 || feed.ended);
    const end = buffer[to - 1] === 0x0d ? to - 1 : to;
    if (!fits || !readBodyfileRow(row, buffer, from, end) || !this.rows.put(form, from, end)) {
      return this.damagedLine(found < 0 ? 'TORN_END' : 'ROW_FIELDS');
    }
    feed.from = to;
    return true;
  }

  private damagedRow(): boolean {
    const { feed, row } = this;
    this.output.damaged(feed.from, row.end, 'ROW_FIELDS');
    feed.from = row.next;
    return true;
  }

  /** Keeps a line as text; all up to `tried`, once too much was looked at in vain. */
  private damagedLine(kind: ProblemKind, tried: number = this.feed.from): boolean {
    const { feed } = this;
    if (this.blocks.mustReadOn()) return false;
    this.inVain += tried - feed.from;
    const next = this.resume(this.inVain > vainBytes ? tried : feed.from);
    const to = next < 0 ? feed.to : next;
    if (to - feed.from > limits.lineBytes) return this.blocks.cut();
    this.output.damaged(feed.from, feed.buffer[to - 1] === 0x0d ? to - 1 : to, kind);
    feed.from = to;
    return true;
  }

  private use(form: ListingForm): void {
    this.form = form;
    if (form.zoneUnknown) this.output.problem('UNKNOWN_ZONE', this.feed.from);
    this.rows.dateOrder = form.cultureColumns.length === 0 ? undefined : this.dateOrder(form);
  }

  /** The order of day and month, if the first rows agree on one. */
  private dateOrder(form: ListingForm): DateOrder | undefined {
    const { feed, row } = this;
    const met = new Set<DateOrder>();
    let at = feed.from;
    for (let count = 0; count < orderRows && at < feed.to; count++) {
      if (!row.read(feed.buffer, at, feed.to, form.delimiter) && !feed.ended) break;
      if (row.fields === form.columns.length) this.noteOrders(form, met);
      at = row.next;
    }
    return met.size === 1 ? [...met][0] : undefined;
  }

  private noteOrders(form: ListingForm, met: Set<DateOrder>): void {
    for (const column of form.cultureColumns) {
      const order = dateOrderOf(this.rows.text(column));
      if (order !== undefined) met.add(order);
    }
  }
}

function isBreak(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d;
}
