import { limits, type SourceInput } from '@postern/core';
import { LF } from './bytes.ts';
import { openFeed, utf16Length, type Feed } from './feed.ts';

/** How much is read at once, and the longest line that is taken whole. Tests make both small. */
export interface WindowSizes {
  readonly blockBytes: number;
  readonly lineBytes: number;
}

const none = new Uint8Array(0);
const usualSizes: WindowSizes = { blockBytes: 4_194_304, lineBytes: limits.lineBytes };

/**
 * A fixed buffer that slides over the source. What is not used up at the end of a block is carried to the front of the
 * next one, so that lines are never cut. `bytes[end]` is always a newline, which spares a search its end.
 */
export class Window {
  readonly bytes: Uint8Array;
  /** The same memory by four bytes. */
  readonly words: Int32Array;
  readonly lineBytes: number;
  /** Behind the last byte of the source that is here. */
  end = 0;
  /** True once the source has no more. */
  atEnd = false;
  private readonly feed: Feed;
  /** Offset in the source of `bytes[0]`. */
  private base: number;
  /** A place whose distance from `bytes[0]` in the source is known: counting goes on from there. */
  private mark = { at: 0, length: 0 };

  /** `memory` is used where it is large enough. */
  constructor(
    input: SourceInput,
    { blockBytes, lineBytes }: WindowSizes = usualSizes,
    memory: Uint8Array = none,
  ) {
    this.lineBytes = lineBytes;
    this.feed = openFeed(input);
    const most = this.feed.transcoded ? input.size * 2 : input.size;
    const room = (Math.min(most, blockBytes + lineBytes) + 67) & ~3;
    const fits = memory.length >= room && (memory.byteOffset & 3) === 0;
    this.bytes = fits ? memory.subarray(0, room) : new Uint8Array(room);
    this.words = new Int32Array(this.bytes.buffer, this.bytes.byteOffset, room >> 2);
    this.base = this.feed.skipped;
  }

  get transcoded(): boolean {
    return this.feed.transcoded;
  }

  /** Bytes of the source read so far. */
  get done(): number {
    return this.feed.done;
  }

  /** Moves what begins at `from` to the front and fills the rest. */
  slide(from: number): void {
    this.base = this.sourceOffset(from);
    this.mark = { at: 0, length: 0 };
    this.bytes.copyWithin(0, from, this.end);
    this.end -= from;
    const room = this.bytes.length - 1;
    while (this.end < room && !this.atEnd) {
      const got = this.feed.fill(this.bytes.subarray(this.end, room));
      this.end += got;
      this.atEnd = got === 0;
      // Where a code unit may need three bytes the last few of the room stay free.
      if (this.feed.transcoded && room - this.end < 16) break;
    }
    this.bytes[this.end] = LF;
  }

  /** Where a byte of the window stands in the source. */
  sourceOffset(at: number): number {
    if (!this.feed.transcoded) return this.base + at;
    const { mark } = this;
    const from = at >= mark.at ? mark : { at: 0, length: 0 };
    const length = from.length + utf16Length(this.bytes, from.at, at);
    this.mark = { at, length };
    return this.base + length;
  }
}
