import type { ArchiveLimits } from '../archive-limits.ts';
import type { Decoder, StreamEnd } from './decoder.ts';
import type { Feed } from './feed.ts';
import type { LzmaProperties } from './lzma-core.ts';
import { endOf, StreamFault } from './decoder.ts';
import { LzmaCore, lzmaProperties } from './lzma-core.ts';
import { LzmaWindow } from './lzma-window.ts';

export interface LzmaOptions {
  readonly limits: ArchiveLimits;
  /** Bytes that come out, where they are known; else a mark ends the stream. */
  readonly size?: number;
}

/**
 * Unpacks an LZMA stream.
 *
 * @param properties five bytes: how what was learnt is shared, and how far back copies may reach
 */
export function lzma(feed: Feed, properties: Uint8Array, options: LzmaOptions): Decoder {
  const shared = lzmaProperties(properties[0] ?? 0xff);
  if (properties.length < 5 || shared === undefined) return failed(feed, 'corrupt');
  const reach = Buffer.from(properties).readUInt32LE(1);
  return new Lzma(feed, shared, { ...options, reach });
}

/** The stream of a zip entry (APPNOTE 5.8.8), which has its properties before it. */
export function zipLzma(feed: Feed, options: LzmaOptions): Decoder {
  try {
    const head = Buffer.from(feed.bytes(4));
    return lzma(feed, feed.bytes(head.readUInt16LE(2)), options);
  } catch (error) {
    return failed(feed, endOf(error));
  }
}

/** Gives nothing, and the reason. */
export function failed({ consumed }: Feed, end: StreamEnd): Decoder {
  return { consumed, step: () => end, take: () => new Uint8Array(0) };
}

class Lzma implements Decoder {
  readonly #feed: Feed;
  readonly #window: LzmaWindow;
  readonly #core: LzmaCore;
  #left: number;
  #isBegun = false;

  constructor(feed: Feed, properties: LzmaProperties, options: LzmaOptions & { readonly reach: number }) {
    this.#feed = feed;
    this.#window = new LzmaWindow(options.reach, options.limits);
    this.#core = new LzmaCore(feed, this.#window);
    this.#core.reset(properties);
    this.#left = options.size ?? Number.POSITIVE_INFINITY;
  }

  get consumed(): number {
    return this.#feed.consumed;
  }

  step(): StreamEnd | 'more' {
    try {
      const room = this.#window.begin();
      if (!this.#isBegun) this.#core.begin();
      this.#isBegun = true;
      const from = this.#window.at;
      const hasEnded = this.#core.decode(Math.min(room, from + this.#left));
      this.#left -= this.#window.at - from;
      return hasEnded || this.#left === 0 ? 'complete' : 'more';
    } catch (error) {
      return endOf(error);
    }
  }

  take(): Uint8Array {
    return this.#window.take();
  }
}

/** Unpacks an LZMA2 stream: runs of LZMA, and of bytes as they are. Its one property says how far back copies may reach. */
export class Lzma2 implements Decoder {
  readonly #feed: Feed;
  readonly #window: LzmaWindow;
  readonly #core: LzmaCore;
  #properties: LzmaProperties | undefined;
  /** What the next run must bring: all, or at least what a new state needs. */
  #needs: 'window' | 'state' | 'nothing' = 'window';
  #isPacked = false;
  #left = 0;
  /** Where the input of a packed run ends. */
  #inputEnd = 0;

  constructor(feed: Feed, property: number, limits: ArchiveLimits) {
    this.#feed = feed;
    this.#window = new LzmaWindow(reachOf(property), limits);
    this.#core = new LzmaCore(feed, this.#window);
  }

  get consumed(): number {
    return this.#feed.consumed;
  }

  step(): StreamEnd | 'more' {
    try {
      const room = this.#window.begin();
      const until = this.#feed.consumed + stepBytes;
      while (this.#window.at < room && this.#feed.consumed < until) {
        if (this.#left === 0 && !this.#beginRun()) return 'complete';
        this.#goOn(room);
      }
    } catch (error) {
      return endOf(error);
    }
    return 'more';
  }

  take(): Uint8Array {
    return this.#window.take();
  }

  /** False at the end of the stream. */
  #beginRun(): boolean {
    const control = this.#feed.byte();
    if (control === 0) return false;
    const resetsWindow = control === 1 || control >= 0xe0;
    if (this.#needs === 'window' && !resetsWindow) throw new StreamFault('corrupt');
    if (resetsWindow) this.#window.total = 0;
    if (resetsWindow) this.#needs = 'state';
    this.#isPacked = control >= 0x80;
    if (!this.#isPacked && control > 2) throw new StreamFault('corrupt');
    const low = this.#feed.byte() * 256 + this.#feed.byte() + 1;
    this.#left = this.#isPacked ? (control & 0x1f) * 65_536 + low : low;
    if (this.#isPacked) this.#beginPacked(control);
    return true;
  }

  #beginPacked(control: number): void {
    const packed = this.#feed.byte() * 256 + this.#feed.byte() + 1;
    if (control >= 0xc0) {
      this.#properties = lzmaProperties(this.#feed.byte());
      const { literalContextBits = 9, literalPositionBits = 9 } = this.#properties ?? {};
      if (literalContextBits + literalPositionBits > 4) throw new StreamFault('corrupt');
    }
    if (this.#properties === undefined) throw new StreamFault('corrupt');
    if (control >= 0xa0) {
      this.#core.reset(this.#properties);
      this.#needs = 'nothing';
    } else if (this.#needs !== 'nothing') throw new StreamFault('corrupt');
    this.#inputEnd = this.#feed.consumed + packed;
    this.#core.begin();
  }

  #goOn(room: number): void {
    const from = this.#window.at;
    const until = Math.min(room, from + this.#left);
    if (!this.#isPacked) {
      const bytes = this.#feed.some(until - from);
      if (bytes.length === 0) throw new StreamFault('cut');
      this.#window.set(bytes);
    } else if (this.#core.decode(until)) throw new StreamFault('corrupt');
    this.#left -= this.#window.at - from;
    if (this.#left === 0 && this.#isPacked) this.#endPacked();
  }

  #endPacked(): void {
    this.#core.finish();
    if (this.#core.isCopying || this.#feed.consumed !== this.#inputEnd) throw new StreamFault('corrupt');
  }
}

/** Input after which a step ends although little has come out. */
const stepBytes = 1_048_576;

/** 4 KiB, 6 KiB, 8 KiB, 12 KiB … as far as 4 GiB less one. */
function reachOf(property: number): number {
  return property >= 40 ? 0xffffffff : (2 | (property & 1)) * 2 ** (Math.floor(property / 2) + 11);
}
