/** A run of literal bytes, or a copy of what was written before. */
export type Token = Uint8Array | { readonly distance: number; readonly length: number };

/**
 * Packs tokens as one Deflate64 block of fixed codes. Only for tests: it finds no repetitions by itself, so that a test
 * says which copies it wants.
 */
export function writeDeflate64(tokens: readonly Token[]): Buffer {
  const bits = new Bits();
  bits.add(0b011, 3);
  for (const token of tokens) {
    if (token instanceof Uint8Array) for (const byte of token) bits.literal(byte);
    else addCopy(bits, token);
  }
  bits.literal(256);
  return bits.bytes();
}

function addCopy(
  bits: Bits,
  { distance, length }: { readonly distance: number; readonly length: number },
): void {
  const [lengthCode, lengthExtra, lengthBits] = codeOf(length, lengths);
  bits.literal(257 + lengthCode);
  bits.add(lengthExtra, lengthBits);
  const [code, extra, extraBits] = codeOf(distance, distances);
  bits.code(code, 5);
  bits.add(extra, extraBits);
}

type Range = readonly [base: number, bits: number];
const lengths: readonly Range[] = [
  ...rangesFrom(3, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]),
  [3, 16],
];
const distances = rangesFrom(1, [0, 0, ...Array.from({ length: 30 }, (_, i) => i >> 1)]);

function rangesFrom(first: number, bits: readonly number[]): readonly Range[] {
  let base = first;
  return bits.map((count) => {
    const range: Range = [base, count];
    base += 2 ** count;
    return range;
  });
}

function codeOf(
  value: number,
  ranges: readonly Range[],
): readonly [code: number, extra: number, bits: number] {
  const code = ranges.findIndex(([base, bits]) => value >= base && value < base + 2 ** bits);
  const [base, bits] = ranges[code] ?? [0, 0];
  return [code, value - base, bits];
}

class Bits {
  readonly #bits: number[] = [];

  /** Lowest bit first. */
  add(value: number, count: number): void {
    for (let i = 0; i < count; i++) this.#bits.push((value >> i) & 1);
  }

  /** Highest bit first. */
  code(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i--) this.#bits.push((value >> i) & 1);
  }

  /** A symbol of the fixed code for literals and lengths (RFC 1951, 3.2.6). */
  literal(symbol: number): void {
    if (symbol < 144) this.code(0x30 + symbol, 8);
    else if (symbol < 256) this.code(0x190 + symbol - 144, 9);
    else if (symbol < 280) this.code(symbol - 256, 7);
    else this.code(0xc0 + symbol - 280, 8);
  }

  bytes(): Buffer {
    const bytes = Buffer.alloc(Math.ceil(this.#bits.length / 8));
    this.#bits.forEach((bit, i) => (bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (bit << (i & 7))));
    return bytes;
  }
}
