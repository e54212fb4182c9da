import { decodeSlot, limits, parseTime, slotTypes, type Shape } from '@postern/core';
import type { CsvRow } from './csv.ts';
import { needsDateOrder, type DateOrder } from './culture-time.ts';
import type { Feed } from './feed.ts';
import { windowsPath } from './listed-path.ts';
import type { ListingForm, RowTexts } from './listing-form.ts';
import type { RecordOutput } from './record-output.ts';
import { readMoment, setMoment, type Moment, type ShapeTally } from './tally.ts';
import { isUtf8 } from './transcode.ts';

const noDrive = '?:';
const usualDrive = 'C:';

/** Turns the rows of a listing into records. */
export class ListingRows implements RowTexts {
  dateOrder: DateOrder | undefined;
  private readonly feed: Feed;
  private readonly row: CsvRow;
  private readonly output: RecordOutput;
  /** As the listing's name tells; undefined: {@link usualDrive} is assumed, and that is said. */
  private readonly drive: string | undefined;
  private hasAssumed = false;
  private readonly tallies = new Map<Shape, ShapeTally>();
  private readonly moment: Moment = { seconds: Number.NaN, fraction: 0, zoned: true };

  constructor(feed: Feed, row: CsvRow, output: RecordOutput, drive: string | undefined) {
    this.feed = feed;
    this.row = row;
    this.output = output;
    this.drive = drive;
  }

  text(column: number): string {
    const { row } = this;
    const type = row.type[column] ?? slotTypes.null;
    return decodeSlot(this.feed.buffer, row.from[column] ?? 0, row.length[column] ?? 0, type) ?? '';
  }

  path(folder: string, name: string): string {
    const path = windowsPath(folder, name, noDrive);
    if (!path.startsWith(noDrive)) return path;
    if (this.drive === undefined && !this.hasAssumed) {
      this.hasAssumed = true;
      this.output.problem('DRIVE_ASSUMED', this.feed.from);
    }
    return (this.drive ?? usualDrive) + path.slice(noDrive.length);
  }

  /** Puts the row that was just read, at `start..end` of the feed, out. False: the source has too many layouts. */
  put(form: ListingForm, start: number, end: number): boolean {
    const { output } = this;
    const tally = this.tallyOf(form.shape);
    if (tally === undefined) return false;
    if (!isUtf8(this.feed.buffer, start, end)) output.problem('NOT_UTF8', start);
    // A byte that is no UTF-8 becomes three in a made-up value.
    output.begin(tally, start, end, 3 * (end - start) + 256);
    const made = form.derived.map(({ make }) => make?.(this));
    for (const [index, { column }] of form.derived.entries()) {
      if (column === undefined) output.made(made[index]);
      else this.column(column);
    }
    for (const column of form.raw) this.column(column);
    if (made[0] === undefined) output.problem(form.basis === 'usn' ? 'NO_PARENT' : 'NO_PATH', start);
    this.time(form, tally, made, start);
    return true;
  }

  private column(column: number): void {
    const { row, output } = this;
    output.slot(row.from[column] ?? 0, row.length[column] ?? 0, row.type[column] ?? slotTypes.null);
  }

  private time(
    form: ListingForm,
    tally: ShapeTally,
    made: readonly (string | undefined)[],
    start: number,
  ): void {
    const { output, moment } = this;
    const slot = form.shape.time?.kind === 'iso' ? form.shape.time.slot : -1;
    const derived = form.derived[slot];
    const column = derived === undefined ? form.raw[slot - form.derived.length] : derived.column;
    const text = made[slot] ?? '';
    const isThere = column === undefined ? text !== '' : this.row.type[column] !== slotTypes.null;
    if (!isThere) return output.problem('NO_TIME', start);
    if (column === undefined) setMoment(parseTime(text), moment);
    else readMoment(this.feed.buffer, this.row.from[column] ?? 0, this.row.length[column] ?? 0, moment);
    const isUnordered = this.dateOrder === undefined && Number.isNaN(moment.seconds) && needsDateOrder(text);
    if (isUnordered) output.problem('DATE_ORDER', start);
    else output.time(tally, moment, start);
  }

  private tallyOf(shape: Shape): ShapeTally | undefined {
    const known = this.tallies.get(shape);
    if (known !== undefined || this.tallies.size === limits.shapesPerSource) return known;
    const tally = this.output.tally.shape(shape);
    this.tallies.set(shape, tally);
    return tally;
  }
}
