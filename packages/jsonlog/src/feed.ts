import { limits, type SourceInput } from '@postern/core';
import { textStart, transcodeUtf16, utf16Units, type TextStart } from './transcode.ts';

/** Bytes of text held at once: the longest line that is looked at, and as much again, so that reads stay large. */
export const blockBytes: number = 2 * limits.lineBytes;
/** Room behind the block for values that stand nowhere in the source as they are (joined paths, lists). */
export const tailBytes: number = limits.lineBytes + 65_536;

const newline = 0x0a;

/**
 * A window of UTF-8 text that moves over a source once, from front to back. `buffer[from..to)` is what was not used
 * yet; users raise `from` and call {@link fill} for more. UTF-16 is transcoded on the way; {@link offsetOf} finds back
 * to the byte of the source either way. Behind {@link blockBytes} the buffer has room for its user.
 */
export class Feed {
  readonly buffer: Uint8Array;
  from = 0;
  to = 0;
  /** Nothing comes after `to`. */
  ended = false;
  /** Source offset of the next byte to be read. */
  next: number;
  private readonly input: SourceInput;
  private readonly start: TextStart;
  private readonly raw: Uint8Array;
  private knownAt = 0;
  private knownOffset: number;
  private line = 1;
  /** Line breaks before this place are counted. */
  private counted = 0;

  /** `tail`: bytes behind the block. */
  constructor(input: SourceInput, tail: number = tailBytes) {
    this.input = input;
    this.buffer = new Uint8Array(blockBytes + tail);
    const head = new Uint8Array(4);
    this.start = textStart(head.subarray(0, input.readAt(head, 0)));
    this.next = this.start.mark;
    this.knownOffset = this.start.mark;
    this.raw = new Uint8Array(this.start.encoding === 'utf-8' ? 0 : Math.floor(blockBytes / 6) * 2);
  }

  /** Drops what is used, moves the rest to the front and reads on. False if nothing more came. */
  fill(): boolean {
    if (this.ended) return false;
    this.dropUsed();
    const before = this.to;
    if (before === blockBytes) return false;
    if (this.raw.length === 0) this.readBytes();
    else this.readUnits();
    return this.to > before;
  }

  /** Where a place in the window stands in the source. Cheapest if asked in rising order. */
  offsetOf(at: number): number {
    if (this.raw.length === 0) return this.next - (this.to - at);
    const units =
      at >= this.knownAt
        ? utf16Units(this.buffer, this.knownAt, at)
        : -utf16Units(this.buffer, at, this.knownAt);
    this.knownOffset += 2 * units;
    this.knownAt = at;
    return this.knownOffset;
  }

  /** The 1-based line of a place in the window; to be asked in rising order. */
  lineOf(at: number): number {
    const { buffer } = this;
    for (let i = this.counted; i < at; i++) if (buffer[i] === newline) this.line++;
    this.noBreakBefore(at);
    return this.line;
  }

  /** Says that all up to `at` is on the line of the place last asked for, so that nobody needs to look. */
  noBreakBefore(at: number): void {
    if (at > this.counted) this.counted = at;
  }

  private dropUsed(): void {
    const { from } = this;
    this.lineOf(from);
    this.offsetOf(from);
    this.buffer.copyWithin(0, from, this.to);
    this.from = 0;
    this.to -= from;
    this.counted = 0;
    this.knownAt -= from;
  }

  private readBytes(): void {
    const got = this.input.readAt(this.buffer.subarray(this.to, blockBytes), this.next);
    this.next += got;
    this.to += got;
    this.ended = got === 0 || this.next >= this.input.size;
  }

  private readUnits(): void {
    // Three bytes of UTF-8 for two of UTF-16 is the worst that can come.
    const room = Math.floor((blockBytes - this.to) / 3) * 2;
    const wanted = Math.min(this.raw.length, room);
    if (wanted < 4) return;
    const got = this.input.readAt(this.raw.subarray(0, wanted), this.next);
    const last = got === 0 || this.next + got >= this.input.size;
    const target = this.buffer.subarray(this.to, blockBytes);
    const { read, written } = transcodeUtf16(this.raw.subarray(0, got), target, this.start.encoding, last);
    this.next += read;
    this.to += written;
    this.ended = last || read === 0;
  }
}
