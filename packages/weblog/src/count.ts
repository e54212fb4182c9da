/** Some bytes, and the same memory by four bytes from its first byte on. */
export interface Memory {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/**
 * How many bytes of `[from, to)` equal `byte`. Four at a time: each word is compared with four copies of the byte, and
 * the equal ones are added up without a branch.
 */
export function countByte({ bytes, words }: Memory, from: number, to: number, byte: number): number {
  let count = 0;
  let i = from;
  for (; i < to && (i & 3) !== 0; i++) if (bytes[i] === byte) count++;
  const copies = Math.imul(byte, 0x01010101);
  const lastWord = to >> 2;
  for (let w = i >> 2; w < lastWord; w++) {
    const difference = (words[w] ?? 0) ^ copies;
    // The top bit of each byte of `nonZero` is 0 exactly where the difference is 0; no carry leaves its byte.
    const nonZero = ((difference & 0x7f7f7f7f) + 0x7f7f7f7f) | difference;
    count += Math.imul((~nonZero >>> 7) & 0x01010101, 0x01010101) >>> 24;
  }
  for (i = Math.max(i, lastWord << 2); i < to; i++) if (bytes[i] === byte) count++;
  return count;
}
