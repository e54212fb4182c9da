import { setImmediate } from 'node:timers/promises';
import type { FileRange } from './file-range.ts';
import { rangeInput } from './file-range.ts';

/** Counts work since others had a turn. */
export interface Pace {
  work: number;
}

/** Work between two turns, in bytes; a few hundredths of a second. */
const workPerTurn = 16_777_216;
/** What one file costs beside its bytes. */
const workPerFile = 65_536;

/**
 * Lets timers and signals have a turn once in a while: much of the unpacking is synchronous, and a stop that nobody
 * hears is none.
 */
export async function breathe(pace: Pace, bytes: number): Promise<void> {
  pace.work += bytes + workPerFile;
  if (pace.work < workPerTurn) return;
  pace.work = 0;
  await setImmediate();
}

const pieceBytes = 1_048_576;

/** Reads a range from its start on; false ends it. The bytes are valid until the next call. */
export async function forEachPiece(
  { pace }: { readonly pace: Pace },
  range: FileRange,
  onPiece: (piece: Uint8Array) => boolean,
): Promise<void> {
  const input = rangeInput(range);
  const piece = new Uint8Array(Math.min(pieceBytes, Math.max(1, range.size)));
  for (let at = 0; at < range.size;) {
    const count = input.readAt(piece, at);
    if (count === 0 || !onPiece(piece.subarray(0, count))) return;
    at += count;
    await breathe(pace, count);
  }
}
