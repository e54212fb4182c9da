import { limits } from '@postern/core';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Grows as text is written; used again for record after record. */
export class TextSink {
  /** The text is `bytes[0..length)`, in UTF-8. */
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;
  /** Values that begin behind this place are left empty ({@link limits.evtxOutputBytes}). */
  private end = Infinity;

  /** `room`: bytes to begin with. */
  constructor(room = 65_536) {
    this.bytes = new Uint8Array(room);
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

  /** Makes room for so many bytes more. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.bytes.length, this.length + count));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** One byte, for which there is room. */
  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** Bytes that are text already. */
  piece(text: Uint8Array): void {
    const { length } = text;
    this.reserve(length);
    const { bytes, length: at } = this;
    // Keys are short: a loop is faster than a call of `set`.
    for (let i = 0; i < length; i++) bytes[at + i] = text[i] ?? 0;
    this.length = at + length;
  }

  text(text: string): void {
    this.reserve(3 * text.length);
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
  }

  toString(): string {
    return decoder.decode(this.bytes.subarray(0, this.length));
  }
}

/** UTF-8 of a text that is written often. */
export function encoded(text: string): Uint8Array {
  return encoder.encode(text);
}
