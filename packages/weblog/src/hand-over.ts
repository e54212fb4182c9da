import {
  BatchBuilder,
  slotTypes,
  type BlockScanner,
  type ReadSink,
  type Shape,
  type SlotType,
} from '@postern/core';
import { DASH, QUOTE, isUtf8 } from './bytes.ts';
import { Cells, splitCsv, splitLoosely, splitSpaced } from './cells.ts';
import type { Layout, Track } from './layout.ts';
import { verdicts, type LineQueue } from './line-queue.ts';
import type { Window } from './window.ts';

/** Records per batch: their slots then stay in the processor's cache. */
const batchRecords = 1024;

/** The layout by default of a line that does not have the one of its header. */
export type Recover = (cells: Cells) => Track | undefined;

/**
 * Turns waiting lines into records and hands them over in batches: those in which their shape's scanner finds
 * something, those drawn for statistics, and all of shapes without a scanner. Only these lines are split.
 */
export class HandOver {
  private readonly window: Window;
  private readonly onBatch: ReadSink['onBatch'];
  private readonly recover: Recover;
  private readonly builder: BatchBuilder;
  private readonly cells = new Cells();

  constructor(window: Window, onBatch: ReadSink['onBatch'], recover: Recover) {
    this.window = window;
    this.onBatch = onBatch;
    this.recover = recover;
    this.builder = new BatchBuilder(window.bytes);
  }

  /** Hands over what is wanted of the queue, and empties it. */
  flush(queue: LineQueue, track: Track): void {
    if (queue.count > 0) {
      if (track.scanner === undefined) queue.wanted.fill(1, 0, queue.count);
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
    else if (queue.wanted[i] === 1 || queue.sampled[i] === 1) {
      this.split(track.layout, verdict === verdicts.fitsLoosely, queue.start[i] ?? 0, queue.end[i] ?? 0);
      this.record(queue, i, track.layout.shape);
      this.values(track.layout);
    }
  }

  private textLine(queue: LineQueue, i: number, { text }: Track): void {
    const start = queue.start[i] ?? 0;
    const end = queue.end[i] ?? 0;
    if (queue.sampled[i] !== 1 && !hasHit(text.scanner, this.window.bytes, start, end)) return;
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
    splitSpaced(this.window.bytes, start, end, this.cells);
    const other = this.recover(this.cells);
    if (other === undefined) return this.textLine(queue, i, track);
    if (queue.sampled[i] !== 1 && !hasHit(other.scanner, this.window.bytes, start, end)) return;
    this.record(queue, i, other.layout.shape);
    this.values(other.layout);
  }

  private split(layout: Layout, loosely: boolean, start: number, end: number): void {
    if (layout.csv) splitCsv(this.window.bytes, start, end, this.cells);
    else (loosely ? splitLoosely : splitSpaced)(this.window.bytes, start, end, this.cells);
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
    });
  }

  private values(layout: Layout): void {
    const { cells } = this;
    const { bytes } = this.window;
    for (let c = 0; c < layout.columns; c++) {
      const from = cells.from[c] ?? 0;
      const length = (cells.to[c] ?? 0) - from;
      this.builder.slot(from, length, slotType(bytes, cells, c, layout));
    }
    if (layout.eventData !== undefined) this.eventData(layout.eventData);
  }

  private eventData({ column, found }: NonNullable<Layout['eventData']>): void {
    found.find(this.window.bytes, this.cells.from[column] ?? 0, this.cells.to[column] ?? 0);
    for (let k = 0; k < found.from.length; k++) {
      const from = found.from[k] ?? 0;
      const length = (found.to[k] ?? -1) - from;
      if (length < 0) this.builder.slot(0, 0, slotTypes.null);
      else this.builder.slot(from, length, slotTypes.ecpText);
    }
  }
}

/** Marks the lines in which the scanner finds something, running it once over all of them. */
function markHits(bytes: Uint8Array, queue: LineQueue, scanner: BlockScanner): void {
  const { start, end, wanted, count } = queue;
  let i = 0;
  scanner.scan(bytes, start[0] ?? 0, end[count - 1] ?? 0, (at) => {
    while (i < count && (end[i] ?? 0) <= at) i++;
    const from = start[i] ?? 0;
    // Between the lines there are only newlines, headers and zeros.
    if (i >= count || at < from) return i >= count ? bytes.length : Math.max(from, at + 1);
    wanted[i] = 1;
    return Math.max(end[i] ?? 0, at + 1);
  });
}

function hasHit(scanner: BlockScanner | undefined, bytes: Uint8Array, from: number, to: number): boolean {
  if (scanner === undefined) return true;
  let hit = false;
  scanner.scan(bytes, from, to, () => {
    hit = true;
    return to;
  });
  return hit;
}

function slotType(bytes: Uint8Array, cells: Cells, column: number, layout: Layout): SlotType {
  const from = cells.from[column] ?? 0;
  const to = cells.to[column] ?? 0;
  if (to === from || (to - from === 1 && !layout.csv && bytes[from] === DASH)) return slotTypes.null;
  const type = layout.types[column] ?? slotTypes.utf8;
  if (cells.quoted[column] === 1 && hasByte(bytes, from, to, QUOTE)) return slotTypes.csvQuoted;
  if (type !== slotTypes.utf8) return type;
  return isPlain(bytes, from, to) || isUtf8(bytes, from, to) ? type : slotTypes.latin1;
}

function hasByte(bytes: Uint8Array, from: number, to: number, byte: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] === byte) return true;
  return false;
}

function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  let all = 0;
  for (let i = from; i < to; i++) all |= bytes[i] ?? 0;
  return all < 0x80;
}
