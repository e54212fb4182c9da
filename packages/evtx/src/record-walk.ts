import type { Chunk } from './chunk.ts';
import { chunkHeaderBytes, recordMagic, smallestRecord } from './format.ts';
import type { Problems } from './problems.ts';

const half = 0x1_0000_0000;

/** Told of each record: its place in the window. */
export interface RecordTaker {
  record(start: number, end: number, at: number): void;
}

interface WalkOptions {
  readonly taker: RecordTaker;
  readonly problems: Problems;
  /** The log was copied while it was in use. */
  readonly inUse: boolean;
}

/**
 * Goes over the records of a chunk by their marks and sizes: neither its free-space offset nor its last record id can
 * be relied on (both were seen wrong). What stands behind the free space of the header is new only if the log was in
 * use and the ids go on without a gap: in a log that was closed it is left of older records.
 *
 * @param at the chunk's place in the source
 * @returns where the walk ended, in the window
 */
export function walkRecords(chunk: Chunk, at: number, { taker, problems, inUse }: WalkOptions): number {
  const { end, base } = chunk;
  const free = base + chunk.u32(base + 48);
  const shift = at - base;
  let lastId = -1;
  let start = base + chunkHeaderBytes;
  while (start + smallestRecord <= end) {
    if (chunk.u32(start) !== recordMagic) {
      if (start < free) problems.add('RECORD_MARK', start + shift);
      return start;
    }
    const size = chunk.u32(start + 4);
    if (size < smallestRecord || size > end - start) {
      if (start < free) problems.add('RECORD_SIZE', start + shift, String(size));
      return start;
    }
    const id = chunk.u32(start + 12) * half + chunk.u32(start + 8);
    if (start >= free) {
      if (!inUse || id !== lastId + 1) return start;
      problems.add('PAST_CHECKSUM', start + shift);
    }
    if (chunk.u32(start + size - 4) !== size) problems.add('RECORD_TORN', start + shift);
    taker.record(start, start + size, start + shift);
    lastId = id;
    start += size;
  }
  return start;
}
