import type { Feed } from './feed.ts';
import { StreamFault } from './decoder.ts';

/** Bits of a feed, the highest of each byte first. */
export class BitReader {
  readonly feed: Feed;
  #hold = 0;
  #count = 0;

  constructor(feed: Feed) {
    this.feed = feed;
  }

  /** Bytes of which at least a bit was taken. */
  get consumed(): number {
    return this.feed.consumed - (this.#count >> 3);
  }

  /** The next `count` bits (up to 24) without taking them; zeros stand for those behind the end. */
  peek(count: number): number {
    const feed = this.feed;
    while (this.#count < count) {
      if (feed.at === feed.end && !feed.refill()) break;
      this.#hold = (this.#hold << 8) | (feed.buffer[feed.at++] ?? 0);
      this.#count += 8;
    }
    const missing = count - this.#count;
    const bits = missing > 0 ? this.#hold << missing : this.#hold >>> -missing;
    return bits & ((1 << count) - 1);
  }

  /** Takes bits that were seen. @throws StreamFault `cut` where some of them lie behind the end */
  skip(count: number): void {
    if (count > this.#count) throw new StreamFault('cut');
    this.#count -= count;
  }

  /** The next `count` bits, up to 24. @throws StreamFault `cut` */
  read(count: number): number {
    const bits = this.peek(count);
    this.skip(count);
    return bits;
  }

  /** @throws StreamFault `cut` */
  readUint32(): number {
    const high = this.read(16);
    return high * 65_536 + this.read(16);
  }

  /** Goes on with the next whole byte. */
  align(): void {
    this.#count -= this.#count & 7;
  }
}
