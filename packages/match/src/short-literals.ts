/** A literal of three bytes with the sorts it is looked for. */
interface ShortLiteral {
  readonly bytes: Uint8Array;
  readonly sorts: number;
}

/** Bytes of a literal that is too short for a gram. */
export const shortBytes = 3;

/**
 * Looks for literals of three bytes, one byte after the other: there is no word to hash. Two bytes, case folded, tell
 * by one look whether a third may follow that makes a literal.
 */
export class ShortLiterals {
  /** Of the literals that were found last. */
  sorts = 0;
  private readonly literals: readonly ShortLiteral[];
  /** By the folded first two bytes of a text: 1 where a literal begins so. */
  private readonly begins = new Uint8Array(0x10000);

  constructor(literals: readonly ShortLiteral[]) {
    this.literals = literals;
    for (const { bytes } of literals) this.begins[pairOf(bytes[0] ?? 0, bytes[1] ?? 0)] = 1;
  }

  /** The first place from `from` on at which a literal stands that ends before `to`; else `to`. */
  next(bytes: Uint8Array, from: number, to: number): number {
    const { begins } = this;
    const last = to - shortBytes;
    for (let at = from; at <= last; at++) {
      if (begins[pairOf(bytes[at] ?? 0, bytes[at + 1] ?? 0)] === 1 && this.standsAt(bytes, at)) return at;
    }
    return to;
  }

  private standsAt(bytes: Uint8Array, at: number): boolean {
    this.sorts = 0;
    for (const { bytes: literal, sorts } of this.literals)
      if (literal.every((byte, i) => foldByte(bytes[at + i] ?? 0) === byte)) this.sorts |= sorts;
    return this.sorts !== 0;
  }
}

/** Two bytes, case folded, as one number. */
function pairOf(first: number, second: number): number {
  return first | 0x20 | ((second | 0x20) << 8);
}

/** A letter of ASCII as a small one; all other bytes as they are. */
export function foldByte(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
