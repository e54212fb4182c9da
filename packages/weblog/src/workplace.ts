import { BatchBuilder } from '@postern/core';
import { workMemoryOf, type WorkMemory } from '@postern/match';
import { Cells } from './cells.ts';
import { LineQueue } from './line-queue.ts';
import { PlainLines } from './plain-lines.ts';

/** Lines that wait at most: those of one block, if they are of the usual length. */
const queueRoom = 32_768;

/** The arrays that a reading works with. They hold nothing from one source to the next. */
export interface Workplace {
  readonly queue: LineQueue;
  /** Fills the queue with many lines at a time; only where the caller's memory is work memory. */
  readonly plain: PlainLines | undefined;
  /** Of the line that is judged. */
  readonly cells: Cells;
  /** Of the first row below a header. */
  readonly firstRow: Cells;
  /** Of the line that is handed over. */
  readonly handed: Cells;
  readonly builder: BatchBuilder;
}

const places = new WeakMap<Uint8Array, Workplace>();

/**
 * The workplace that belongs to a caller's memory ({@link ReadOptions.room}): a server has thousands of small logs, and
 * to make these arrays for each cost a tenth of reading it. Without such memory, one for a source of `sizeBytes`.
 */
export function workplaceFor(room: Uint8Array | undefined, sizeBytes: number): Workplace {
  if (room === undefined) return makeWorkplace(Math.min(queueRoom, 64 + Math.floor(sizeBytes / 64)));
  const place = places.get(room) ?? makeWorkplace(queueRoom, workMemoryOf(room));
  places.set(room, place);
  place.queue.count = 0;
  return place;
}

function makeWorkplace(lines: number, memory?: WorkMemory): Workplace {
  const queue = new LineQueue(lines, memory);
  return {
    queue,
    plain: PlainLines.into(queue),
    cells: new Cells(memory),
    firstRow: new Cells(memory),
    handed: new Cells(memory),
    builder: new BatchBuilder(new Uint8Array(0)),
  };
}
