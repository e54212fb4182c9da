import { StreamFault } from '../codec/decoder.ts';

/** Reads the directory of a 7z archive from the front. All reads throw StreamFault `corrupt` where it ends first. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  bytes(count: number): Buffer {
    if (count > this.left) throw new StreamFault('corrupt');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** A part of its own, with its length before it. */
  part(): ByteReader {
    return new ByteReader(this.bytes(this.count()));
  }

  byte(): number {
    return this.bytes(1).readUInt8();
  }

  uint32(): number {
    return this.bytes(4).readUInt32LE();
  }

  /** A number whose first byte tells by its leading ones how many bytes follow, and holds what is above those. */
  number(): number {
    const first = this.byte();
    let [value, scale, mask] = [0, 1, 0x80];
    for (; mask > 0 && (first & mask) !== 0; mask >>= 1, scale *= 256) value += this.byte() * scale;
    if (mask > 0) value += (first & (mask - 1)) * scale;
    if (!Number.isSafeInteger(value)) throw new StreamFault('corrupt');
    return value;
  }

  /** A number of things of which each takes at least a byte of what follows. */
  count(): number {
    const count = this.number();
    if (count > this.left) throw new StreamFault('corrupt');
    return count;
  }

  /** Bits, the highest of each byte first. */
  flags(count: number): readonly boolean[] {
    const bytes = this.bytes(Math.ceil(count / 8));
    return Array.from({ length: count }, (_, i) => (((bytes[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) === 1);
  }

  /** Which of `count` things are there: all of them, or those whose bits are set. */
  present(count: number): readonly boolean[] {
    return this.byte() === 0 ? this.flags(count) : Array.from({ length: count }, () => true);
  }

  /** 32 bits for each of `count` things that has some. */
  uint32s(count: number): readonly (number | undefined)[] {
    return this.present(count).map((isThere) => (isThere ? this.uint32() : undefined));
  }
}
