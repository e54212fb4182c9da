import { limits } from '@postern/core';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Brackets and commas that may follow each other without asking for room: the depth of an event is limited. */
const spare: number = 4 * limits.evtxDepth;

/** Grows as text is written; used again for record after record. */
export class TextSink {
  /** The text is `bytes[0..length)`, in UTF-8. */
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;
  /** Values that begin behind this place are left empty ({@link limits.evtxOutputBytes}). */
  private end = Infinity;

  /** `room`: bytes to begin with. */
  constructor(room = 65_536) {
    this.bytes = new Uint8Array(room + spare);
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

/** The same with a comma before it. */
export function withComma(text: Uint8Array): Uint8Array {
  const whole = new Uint8Array(text.length + 1);
  whole[0] = 0x2c;
  whole.set(text, 1);
  return whole;
}
