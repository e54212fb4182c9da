import type { Chunk } from './chunk.ts';

/**
 * Bytes that are compared with others often: four at a time. Words are a plain array, as are all others that are many and
 * small: what reads an element of a typed array looks up its buffer, too.
 */
export interface KnownBytes {
  readonly length: number;
  readonly words: readonly number[];
}

/** A copy of `length` bytes of the window. */
export function keepBytes(chunk: Chunk, at: number, length: number): KnownBytes {
  return { length, words: wordsOf(chunk.bytes.subarray(at, at + length)) };
}

/** Four bytes each, the last one filled up with zeros. */
export function wordsOf(bytes: Uint8Array): readonly number[] {
  const words = new Int32Array(Math.ceil(bytes.length / 4));
  const view = new DataView(words.buffer);
  for (const [i, byte] of bytes.entries()) view.setUint8(i, byte);
  return Array.from(words, (_, i) => view.getInt32(4 * i, true));
}

/** Compares places of the window with known bytes. Behind the window there is room enough to read a whole word. */
export function comparerOf(view: DataView): (at: number, known: KnownBytes) => boolean {
  return (at, { length, words }) => {
    const whole = length >> 2;
    for (let i = 0; i < whole; i++) if (view.getInt32(at + 4 * i, true) !== words[i]) return false;
    const rest = length & 3;
    if (rest === 0) return true;
    return (view.getInt32(at + 4 * whole, true) ^ (words[whole] ?? 0)) << (32 - 8 * rest) === 0;
  };
}
