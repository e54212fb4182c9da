import { limits } from '@postern/core';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes of a {@link TextPiece} that are copied at once. */
const wordBytes = 8;
/** Characters of texts that are tried as ASCII. */
const shortText = 24;
/** Brackets and commas that may follow each other without asking for room: the depth of an event is limited. */
const spare: number = 4 * limits.evtxDepth + wordBytes;

/** Bytes that are text already, with zeros behind up to a multiple of eight: eight are copied at once. */
export interface TextPiece {
  readonly words: BigInt64Array;
  readonly length: number;
}

/** Grows as text is written; used again for record after record. */
export class TextSink {
  /** The text is `bytes[0..length)`, in UTF-8. */
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;
  private view: DataView;
  /** Values that begin behind this place are left empty ({@link limits.evtxOutputBytes}). */
  private end = Infinity;

  /** `room`: bytes to begin with. */
  constructor(room = 65_536) {
    this.bytes = new Uint8Array(room + spare);
    this.view = new DataView(this.bytes.buffer);
  }

  clear(): void {
    this.length = 0;
  }

  /** Says that a record begins here. */
  begin(): void {
    this.end = this.length + limits.evtxOutputBytes;
  }

  /** Whether the record has grown so large that no more values are written. */
  get isFull(): boolean {
    return this.length > this.end;
  }

  /** Makes room for so many bytes more, and a few for brackets and commas behind them. */
  reserve(count: number): void {
    const wanted = this.length + count + spare;
    if (wanted <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.bytes.length, wanted));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  /** One byte, for which there is room. */
  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** The zeros behind it are written over by what comes next. */
  piece({ words, length }: TextPiece): void {
    this.reserve(length);
    const { view, length: at } = this;
    for (let i = 0; i < words.length; i++) view.setBigInt64(at + wordBytes * i, words[i] ?? 0n, true);
    this.length = at + length;
  }

  /** A part of other bytes that is text already. */
  copy(from: Uint8Array, offset: number, length: number): void {
    this.reserve(length);
    this.bytes.set(from.subarray(offset, offset + length), this.length);
    this.length += length;
  }

  text(text: string): void {
    this.reserve(3 * text.length);
    if (text.length <= shortText && this.ascii(text)) return;
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
  }

  /** Writes a text of ASCII without the encoder, which has to be given a view of its own. False if it is another. */
  private ascii(text: string): boolean {
    const { bytes, length } = this;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) return false;
      bytes[length + i] = unit;
    }
    this.length += text.length;
    return true;
  }

  toString(): string {
    return decoder.decode(this.bytes.subarray(0, this.length));
  }
}

/** A text that is written often. */
export function encoded(text: string): TextPiece {
  return pieceOf(encoder.encode(text));
}

export function pieceOf(bytes: Uint8Array): TextPiece {
  const words = new BigInt64Array(Math.ceil(bytes.length / wordBytes));
  const view = new DataView(words.buffer);
  new Uint8Array(words.buffer).set(bytes);
  for (let i = 0; i < words.length; i++) words[i] = view.getBigInt64(wordBytes * i, true);
  return { words, length: bytes.length };
}

/** What was written, as a piece, and the same with a comma before it. */
export function keyOf(sink: TextSink): { readonly key: TextPiece; readonly nextKey: TextPiece } {
  const key = sink.bytes.slice(0, sink.length);
  const next = new Uint8Array(key.length + 1);
  next[0] = 0x2c;
  next.set(key, 1);
  return { key: pieceOf(key), nextKey: pieceOf(next) };
}
