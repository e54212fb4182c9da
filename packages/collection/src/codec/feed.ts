import type { SourceInput } from '@postern/core';
import type { Decoder, StreamEnd } from './decoder.ts';
import { StreamFault } from './decoder.ts';

/**
 * Packed bytes in order, through a window. Decoders take them right out of `buffer` in their loops, from `at` up to
 * `end`, and ask for more there.
 */
export class Feed {
  buffer: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  #before = 0;
  readonly #next: () => Uint8Array | undefined;

  /** @param next the following bytes, valid until it is called again; empty or undefined at the end */
  constructor(next: () => Uint8Array | undefined) {
    this.#next = next;
  }

  /** Bytes that were taken. */
  get consumed(): number {
    return this.#before + this.at;
  }

  /** Brings the next bytes when all were taken; false at the end of the input. */
  refill(): boolean {
    const bytes = this.#next();
    if (bytes === undefined || bytes.length === 0) return false;
    this.#before += this.end;
    this.buffer = bytes;
    this.at = 0;
    this.end = bytes.length;
    return true;
  }

  /** @throws StreamFault `cut` at the end of the input */
  byte(): number {
    if (this.at === this.end && !this.refill()) throw new StreamFault('cut');
    return this.buffer[this.at++] ?? 0;
  }

  /** The next bytes, copied; a few. @throws StreamFault `cut` where there are fewer */
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.byte());
  }

  /** Up to so many bytes as they lie in the window; empty only at the end. Valid until the next call. */
  some(most: number): Uint8Array {
    if (this.at === this.end && !this.refill()) return this.buffer.subarray(0, 0);
    const from = this.at;
    this.at = Math.min(this.end, from + most);
    return this.buffer.subarray(from, this.at);
  }
}

const windowBytes = 262_144;

/** The bytes of an input from `from` up to `to`. */
export function feedOf(input: SourceInput, from: number, to: number): Feed {
  const window = new Uint8Array(Math.min(windowBytes, Math.max(0, to - from)));
  let at = from;
  return new Feed(() => {
    const count = input.readAt(window.subarray(0, Math.min(window.length, to - at)), at);
    at += count;
    return window.subarray(0, count);
  });
}
/** What one decoder gives is what the next one unpacks; `ended` tells how the first one ended, once it did. */
export function feedBehind(decoder: Decoder): {
  readonly feed: Feed;
  readonly ended: () => StreamEnd | 'more';
} {
  let end: StreamEnd | 'more' = 'more';
  const feed = new Feed(() => {
    while (end === 'more') {
      end = decoder.step();
      const bytes = decoder.take();
      if (bytes.length > 0) return bytes;
    }
    return undefined;
  });
  return { feed, ended: () => end };
}
