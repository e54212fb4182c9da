import type { SourceInput } from '@postern/core';

/** Gives the bytes of a source in order, as UTF-8 whatever they were. */
export interface Feed {
  /** True if the source was in another encoding. */
  readonly transcoded: boolean;
  /** Fills the target from its start and returns how many bytes are in it; 0 only at the end. */
  fill(target: Uint8Array): number;
  /** Bytes of the source that have been read so far. */
  readonly done: number;
  /** Bytes of the source before the first one given: a byte order mark. */
  readonly skipped: number;
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** A file in UTF-16 by its byte order mark, or by every other byte of its beginning being zero. */
export function encodingOf(head: Uint8Array): { readonly encoding: Encoding; readonly mark: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  if (isHalfZero(head, 1)) return { encoding: 'utf-16le', mark: 0 };
  return isHalfZero(head, 0) ? { encoding: 'utf-16be', mark: 0 } : { encoding: 'utf-8', mark: 0 };
}

function isHalfZero(head: Uint8Array, zeroAt: 0 | 1): boolean {
  const length = Math.min(head.length, 64) & ~1;
  for (let i = 0; i < length; i++) if ((head[i] === 0) !== ((i & 1) === zeroAt)) return false;
  return length >= 16;
}

/** Opens the feed of a source. */
export function openFeed(input: SourceInput): Feed {
  const head = new Uint8Array(Math.min(64, input.size));
  const { encoding, mark } = encodingOf(head.subarray(0, input.readAt(head, 0)));
  return encoding === 'utf-8' ? new PlainFeed(input, mark) : new Utf16Feed(input, encoding, mark);
}

class PlainFeed implements Feed {
  readonly transcoded = false;
  readonly skipped: number;
  done: number;
  private readonly input: SourceInput;

  constructor(input: SourceInput, mark: number) {
    this.input = input;
    this.skipped = mark;
    this.done = mark;
  }

  fill(target: Uint8Array): number {
    const got = this.input.readAt(target, this.done);
    this.done += got;
    return got;
  }
}

/** Decodes piece by piece; a character cut by a piece's end waits for the next piece. */
class Utf16Feed implements Feed {
  readonly transcoded = true;
  readonly skipped: number;
  done: number;
  private readonly input: SourceInput;
  private readonly decoder: TextDecoder;
  private readonly encoder = new TextEncoder();
  private raw = new Uint8Array(0);
  private ended = false;

  constructor(input: SourceInput, encoding: 'utf-16le' | 'utf-16be', mark: number) {
    this.input = input;
    this.skipped = mark;
    this.done = mark;
    this.decoder = new TextDecoder(encoding, { ignoreBOM: true });
  }

  fill(target: Uint8Array): number {
    // A code unit makes up to three bytes, and one half of a character may wait from the piece before.
    const units = Math.floor(target.length / 3) - 2;
    if (units <= 0 || this.ended) return 0;
    if (this.raw.length < units * 2) this.raw = new Uint8Array(units * 2);
    const got = this.input.readAt(this.raw.subarray(0, units * 2), this.done);
    this.done += got;
    this.ended = got === 0;
    const text = this.decoder.decode(this.raw.subarray(0, got), { stream: !this.ended });
    const { written } = this.encoder.encodeInto(text, target);
    return written === 0 && !this.ended ? this.fill(target) : written;
  }
}

/** How many bytes of UTF-16 the UTF-8 text was: two for each code unit. */
export function utf16Length(bytes: Uint8Array, from: number, to: number): number {
  let units = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units * 2;
}
