import {
  anyLiteral,
  slotTypes,
  type BatchBuilder,
  type BlockScanner,
  type ReadSink,
  type Shape,
  type SlotType,
} from '@postern/core';
import { COMMA, DASH, QUOTE, SPACE, isUtf8 } from './bytes.ts';
import { splitCsv, splitLoosely, type Cells } from './cells.ts';
import type { Layout, Track } from './layout.ts';
import { verdicts, type LineQueue } from './line-queue.ts';
import type { Window } from './window.ts';
import type { Workplace } from './workplace.ts';

/** Records per batch: their slots then stay in the processor's cache. */
const batchRecords = 1024;

/** The layout by default of a line that does not have the one of its header. */
export type Recover = (cells: Cells) => Track | undefined;

/** Who is given the batches, and who knows the layout of a line that does not fit. */
export interface Receiver {
  readonly onBatch: ReadSink['onBatch'];
  readonly recover: Recover;
}

/**
 * Turns waiting lines into records and hands them over in batches: those in which their shape's scanner finds
 * something, those drawn for statistics, and all of shapes without a scanner. Only these lines are split.
 */
export class HandOver {
  private readonly window: Window;
  private readonly onBatch: ReadSink['onBatch'];
  private readonly recover: Recover;
  private readonly builder: BatchBuilder;
  private readonly cells: Cells;

  constructor(window: Window, { handed, builder }: Workplace, toWhom: Receiver) {
    this.window = window;
    this.cells = handed;
    this.onBatch = toWhom.onBatch;
    this.recover = toWhom.recover;
    this.builder = builder;
    this.builder.reset(window.bytes);
  }

  /** Hands over what is wanted of the queue, and empties it. */
  flush(queue: LineQueue, track: Track): void {
    if (queue.count > 0) {
      if (track.scanner === undefined) queue.held.fill(anyLiteral, 0, queue.count);
      else markHits(this.window.bytes, queue, track.scanner);
      for (let i = 0; i < queue.count; i++) this.line(queue, i, track);
      queue.count = 0;
    }
    this.send();
  }

  private send(): void {
    if (this.builder.count > 0) this.onBatch(this.builder.batch());
    this.builder.reset();
  }

  private line(queue: LineQueue, i: number, track: Track): void {
    const verdict = queue.verdict[i];
    if (verdict === verdicts.misfit) this.textLine(queue, i, track);
    else if (verdict === verdicts.recovered) this.recoveredLine(queue, i, track);
    else if (queue.held[i] !== 0 || queue.sampled[i] === 1) {
      this.split(track.layout, verdict ?? verdicts.fits, queue.start[i] ?? 0, queue.end[i] ?? 0);
      this.record(queue, i, track.layout.shape);
      this.values(track.layout, queue.high[i] === 1);
    }
  }

  private textLine(queue: LineQueue, i: number, { text }: Track): void {
    const start = queue.start[i] ?? 0;
    const end = queue.end[i] ?? 0;
    const held = heldIn(text.scanner, this.window.bytes, start, end);
    if (queue.sampled[i] !== 1 && held === 0) return;
    queue.held[i] = held;
    this.record(queue, i, text.shape);
    this.builder.slot(
      start,
      end - start,
      isUtf8(this.window.bytes, start, end) ? slotTypes.utf8 : slotTypes.latin1,
    );
  }

  private recoveredLine(queue: LineQueue, i: number, track: Track): void {
    const start = queue.start[i] ?? 0;
    const end = queue.end[i] ?? 0;
    this.cells.split(this.window, start, end, SPACE);
    const other = this.recover(this.cells);
    if (other === undefined) return this.textLine(queue, i, track);
    const held = heldIn(other.scanner, this.window.bytes, start, end);
    if (queue.sampled[i] !== 1 && held === 0) return;
    queue.held[i] = held;
    this.record(queue, i, other.layout.shape);
    this.values(other.layout, queue.high[i] === 1);
  }

  private split(layout: Layout, verdict: number, start: number, end: number): void {
    const { window, cells } = this;
    if (verdict === verdicts.fits) cells.split(window, start, end, layout.csv ? COMMA : SPACE);
    else (layout.csv ? splitCsv : splitLoosely)(window.bytes, start, end, cells);
  }

  private record(queue: LineQueue, i: number, shape: Shape): void {
    if (this.builder.count >= batchRecords) this.send();
    const start = queue.start[i] ?? 0;
    this.builder.record({
      shape,
      at: this.window.sourceOffset(start),
      line: queue.line[i] ?? 0,
      start,
      end: queue.end[i] ?? 0,
      sampled: queue.sampled[i] === 1,
      held: queue.held[i] ?? anyLiteral,
    });
  }

  private values(layout: Layout, high: boolean): void {
    const { cells, builder } = this;
    const { bytes } = this.window;
    const { types, csv, columns } = layout;
    for (let c = 0; c < columns; c++) {
      const from = cells.from[c] ?? 0;
      const length = (cells.to[c] ?? 0) - from;
      let type = types[c] ?? slotTypes.utf8;
      if (length === 0 || (length === 1 && !csv && bytes[from] === DASH)) type = slotTypes.null;
      else if (high || cells.isQuoted(c)) type = oddType(bytes, cells, c, type);
      builder.slot(from, length, type);
    }
    if (layout.eventData !== undefined) this.eventData(layout.eventData);
  }

  private eventData({ column, found }: NonNullable<Layout['eventData']>): void {
    found.find(this.window.bytes, this.cells.from[column] ?? 0, this.cells.to[column] ?? 0);
    for (let k = 0; k < found.from.length; k++) {
      const from = found.from[k] ?? 0;
      const length = (found.to[k] ?? -1) - from;
      if (length <= 0) this.builder.slot(0, 0, slotTypes.null);
      else this.builder.slot(from, length, slotTypes.ecpText);
    }
  }
}

/** Notes for each line the sorts of what the scanner finds in it, running it once over all of them. */
function markHits(bytes: Uint8Array, queue: LineQueue, scanner: BlockScanner): void {
  const { start, end, held, count } = queue;
  const all = scanner.sorts;
  let i = 0;
  scanner.scan(bytes, start[0] ?? 0, end[count - 1] ?? 0, (at, sorts) => {
    while (i < count && (end[i] ?? 0) <= at) i++;
    const from = start[i] ?? 0;
    // Between the lines there are only newlines, headers and zeros.
    if (i >= count || at < from) return i >= count ? bytes.length : Math.max(from, at + 1);
    const found = (held[i] ?? 0) | sorts;
    held[i] = found;
    return found === all ? Math.max(end[i] ?? 0, at + 1) : at + 1;
  });
}

/** The sorts of literals that stand in one line. */
function heldIn(scanner: BlockScanner | undefined, bytes: Uint8Array, from: number, to: number): number {
  if (scanner === undefined) return anyLiteral;
  const all = scanner.sorts;
  let held = 0;
  scanner.scan(bytes, from, to, (at, sorts) => ((held |= sorts) === all ? to : at + 1));
  return held;
}

/** The type of a value that stood in quotes or may hold bytes beyond ASCII. */
function oddType(bytes: Uint8Array, cells: Cells, column: number, type: SlotType): SlotType {
  const from = cells.from[column] ?? 0;
  const to = cells.to[column] ?? 0;
  if (cells.isQuoted(column) && bytes.subarray(from, to).includes(QUOTE)) return slotTypes.csvQuoted;
  return type !== slotTypes.utf8 || isUtf8(bytes, from, to) ? type : slotTypes.latin1;
}
