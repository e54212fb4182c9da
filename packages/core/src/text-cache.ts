import { viewOf } from './view-of.ts';

const entries = 1024;
/** Longer values seldom come again. */
const longest = 128;
const wordsOfEntry: number = longest / 4;
/** Places of a value that its hash is made of, besides the end: so many tell nearly all values apart. */
const hashed = 8;

/**
 * Texts of values of one type that were decoded lately. Values of events come again and again (programs, accounts, computers):
 * comparing bytes is faster than decoding them, and it spares memory that would be collected a moment later. What it
 * gives is what the decoder gives. Bytes are compared four at a time.
 */
export class TextCache {
  private readonly decode: DecodePart;
  private readonly texts: string[] = Array.from({ length: entries }, () => '');
  private readonly lengths = new Int32Array(entries);
  private readonly words = new Int32Array(entries * wordsOfEntry);

  constructor(decode: DecodePart) {
    this.decode = decode;
  }

  text(from: Uint8Array, offset: number, length: number): string {
    if (length === 0) return '';
    if (length > longest || offset + length > from.length) return this.decode(from, offset, offset + length);
    if (length < 4) return this.short(from, offset, length);
    const view = viewOf(from);
    const entry = hashOf(view, offset, length) & (entries - 1);
    if (this.lengths[entry] === length && this.isSame(entry, view, offset)) return this.texts[entry] ?? '';
    this.keep(entry, view, { offset, length });
    return (this.texts[entry] = this.decode(from, offset, offset + length));
  }

  /** Less than a word: methods, states, ports. */
  private short(from: Uint8Array, offset: number, length: number): string {
    let word = 0;
    for (let i = length - 1; i >= 0; i--) word = (word << 8) | (from[offset + i] ?? 0);
    const entry = hashOfWord(word ^ length) & (entries - 1);
    if (this.lengths[entry] === length && this.words[entry * wordsOfEntry] === word)
      return this.texts[entry] ?? '';
    this.lengths[entry] = length;
    this.words[entry * wordsOfEntry] = word;
    return (this.texts[entry] = this.decode(from, offset, offset + length));
  }

  /** The last word reaches back over the one before it where the length is no multiple of four. */
  private isSame(entry: number, view: DataView, offset: number): boolean {
    const { words } = this;
    const last = (this.lengths[entry] ?? 0) - 4;
    let at = entry * wordsOfEntry;
    for (let i = 0; i < last; i += 4) if (words[at++] !== view.getInt32(offset + i, true)) return false;
    return words[at] === view.getInt32(offset + last, true);
  }

  private keep(entry: number, view: DataView, { offset, length }: Place): void {
    const last = length - 4;
    let at = entry * wordsOfEntry;
    for (let i = 0; i < last; i += 4) this.words[at++] = view.getInt32(offset + i, true);
    this.words[at] = view.getInt32(offset + last, true);
    this.lengths[entry] = length;
  }
}

/** The text of the bytes from `from` to `to`. */
type DecodePart = (bytes: Uint8Array, from: number, to: number) => string;

interface Place {
  readonly offset: number;
  readonly length: number;
}

function hashOfWord(word: number): number {
  const hash = Math.imul(word, 0x9e37_79b1);
  return hash ^ (hash >>> 16);
}

function hashOf(view: DataView, offset: number, length: number): number {
  const last = length - 4;
  const step = Math.max(4, Math.floor(length / hashed) & ~3);
  let hash = Math.imul(length ^ view.getInt32(offset + last, true), 0x9e37_79b1);
  for (let i = 0; i < last; i += step)
    hash = Math.imul(hash ^ view.getInt32(offset + i, true), 0x9e37_79b1) + (hash >>> 15);
  return hash ^ (hash >>> 16);
}
