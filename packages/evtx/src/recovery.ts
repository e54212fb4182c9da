import type { Chunk } from './chunk.ts';
import { recordMagic, smallestRecord, tokens } from './format.ts';

/** How a record that is no part of the log was found; the constant `Recovered` of its shape. */
export type Finding = 'chunk-slack' | 'unused-chunk' | 'carved';

/** Upper halves of the times 1990 and 2100: a record from outside of them is none. */
const earliest = 0x01b4_1e2a;
const latest = 0x0237_0000;

/** Told of each record that was found: its place in the window. */
export type OnFound = (start: number, end: number) => void;

/**
 * Looks for records in a part of the window that is no walked one: what is left of older records behind the last one of
 * a chunk, in a chunk that was set up anew, or where a chunk's header is gone. A record counts if its two sizes are
 * equal, its time is one and its content begins as one does.
 */
export function findRecords(chunk: Chunk, from: number, to: number, onFound: OnFound): void {
  const { bytes } = chunk;
  for (let at = bytes.indexOf(0x2a, from); at >= 0 && at + smallestRecord <= to;) {
    const size = sizeAt(chunk, at, to);
    if (size > 0) onFound(at, at + size);
    at = bytes.indexOf(0x2a, size > 0 ? at + size : at + 1);
  }
}

/** The size of the record at `at`, 0 if there is none. */
function sizeAt(chunk: Chunk, at: number, to: number): number {
  if (chunk.u32(at) !== recordMagic) return 0;
  const size = chunk.u32(at + 4);
  if (size <= smallestRecord || size > to - at || chunk.u32(at + size - 4) !== size) return 0;
  const high = chunk.u32(at + 20);
  const token = chunk.bytes[at + 24];
  const isContent = token === tokens.fragment || token === tokens.instruction || token === tokens.end;
  return isContent && high >= earliest && high < latest ? size : 0;
}

/**
 * Knows records by what they are, so that a copy of one that the log has is not told twice, while an older version of
 * it (the same id, other content) is.
 */
export class KnownRecords {
  private readonly marks = new Set<number>();

  /** True the first time. Past the limit everything is new: too much is told then, not too little. */
  isNew(id: number, checksum: number): boolean {
    const mark = (id % 0x10_0000) * 0x1_0000_0000 + checksum;
    if (this.marks.has(mark)) return false;
    if (this.marks.size < mostMarks) this.marks.add(mark);
    return true;
  }
}

/** Some 100 MB; a log of 4 GiB has more records, and of those the last are not known. */
const mostMarks = 2_000_000;
