const entries = 1024;
/** Longer values seldom come again. */
const longest = 128;

/**
 * Texts of values of one type that were decoded lately. Values of events come again and again (programs, accounts, computers):
 * comparing bytes is faster than decoding them, and it spares memory that would be collected a moment later. What it
 * gives is what the decoder gives.
 */
export class TextCache {
  private readonly decode: (bytes: Uint8Array) => string;
  private readonly texts: string[] = Array.from({ length: entries }, () => '');
  private readonly lengths = new Int32Array(entries);
  private readonly bytes = new Uint8Array(entries * longest);

  constructor(decode: (bytes: Uint8Array) => string) {
    this.decode = decode;
  }

  text(from: Uint8Array, offset: number, length: number): string {
    if (length === 0) return '';
    if (length > longest) return this.decode(from.subarray(offset, offset + length));
    const entry = hashOf(from, offset, length) & (entries - 1);
    if (this.lengths[entry] === length && this.isSame(entry, from, offset)) return this.texts[entry] ?? '';
    return this.keep(entry, from.subarray(offset, offset + length));
  }

  private isSame(entry: number, from: Uint8Array, offset: number): boolean {
    const { bytes, lengths } = this;
    const at = entry * longest;
    const length = lengths[entry] ?? 0;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== from[offset + i]) return false;
    return true;
  }

  private keep(entry: number, bytes: Uint8Array): string {
    const text = this.decode(bytes);
    this.texts[entry] = text;
    this.lengths[entry] = bytes.length;
    this.bytes.set(bytes, entry * longest);
    return text;
  }
}

/** Every second byte: in UTF-16 the others are mostly zero. */
function hashOf(bytes: Uint8Array, offset: number, length: number): number {
  let hash = length;
  for (let i = offset; i < offset + length; i += 2) hash = Math.imul(hash, 31) + (bytes[i] ?? 0);
  return hash ^ (hash >>> 11);
}
