import type { Chunk } from './chunk.ts';

/** Bytes that are compared with others often: four at a time. */
export interface KnownBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** A copy of `length` bytes of the window. */
export function keepBytes(chunk: Chunk, at: number, length: number): KnownBytes {
  const bytes = chunk.bytes.slice(at, at + length);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** Whether all of `known` stands at `at` of the window. The caller knows that so many bytes are there. */
export function standsAt(chunk: Chunk, at: number, known: KnownBytes): boolean {
  const { bytes, view } = known;
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    if (chunk.view.getInt32(at + i, true) !== view.getInt32(i, true)) return false;
  }
  for (let i = whole; i < bytes.length; i++) if (chunk.bytes[at + i] !== bytes[i]) return false;
  return true;
}

/** Whether `known[from..to)` stands where it would stand if `known` began at `at` of the window. */
export function partStandsAt(
  chunk: Chunk,
  at: number,
  known: KnownBytes,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  const { bytes, view } = known;
  let i = from;
  for (; i + 4 <= to; i += 4) {
    if (chunk.view.getInt32(at + i, true) !== view.getInt32(i, true)) return false;
  }
  for (; i < to; i++) if (chunk.bytes[at + i] !== bytes[i]) return false;
  return true;
}
