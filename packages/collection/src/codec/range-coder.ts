import type { Feed } from './feed.ts';
import { StreamFault } from './decoder.ts';

const probabilityBits = 11;
const half = 1 << (probabilityBits - 1);
/** A probability moves by a thirty-second of the way. */
const moveBits = 5;

/**
 * Bits of LZMA's adaptive binary range coder. Range and code are kept as signed numbers of 32 bits: V8 holds those
 * without a box, which doubles the speed.
 */
export class RangeCoder {
  readonly #feed: Feed;
  #range = -1;
  #code = 0;
  probabilities: Uint16Array = new Uint16Array(0);

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  /** Begins a run of bits. @throws StreamFault */
  begin(): void {
    if (this.#feed.byte() !== 0) throw new StreamFault('corrupt');
    this.#range = -1;
    this.#code = 0;
    for (let i = 0; i < 4; i++) this.#code = (this.#code << 8) | this.#feed.byte();
  }

  /** Forgets all that was learnt; there are `count` probabilities. */
  reset(count: number): void {
    if (this.probabilities.length !== count) this.probabilities = new Uint16Array(count);
    this.probabilities.fill(half);
  }

  /** Takes the byte that the next bit would need. @throws StreamFault `cut` */
  normalize(): void {
    if (this.#range >>> 24 !== 0) return;
    this.#code = (this.#code << 8) | this.#feed.byte();
    this.#range <<= 8;
  }

  /** @throws StreamFault `cut` */
  bit(place: number): number {
    if (this.#range >>> 24 === 0) this.normalize();
    const probability = this.probabilities[place] ?? 0;
    const bound = Math.imul(this.#range >>> probabilityBits, probability);
    if (this.#code >>> 0 < bound >>> 0) {
      this.#range = bound;
      this.probabilities[place] = probability + (((1 << probabilityBits) - probability) >> moveBits);
      return 0;
    }
    this.#range = (this.#range - bound) | 0;
    this.#code = (this.#code - bound) | 0;
    this.probabilities[place] = probability - (probability >> moveBits);
    return 1;
  }

  /** A number of `count` bits, the highest first; each has a probability of its own after those before it. */
  tree(place: number, count: number): number {
    let node = 1;
    for (let i = 0; i < count; i++) node = (node << 1) | this.bit(place + node);
    return node - (1 << count);
  }

  /** The same, the lowest first. */
  reverseTree(place: number, count: number): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < count; i++) {
      const bit = this.bit(place + node);
      node = (node << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  /** Bits that are as often 0 as 1. */
  direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.normalize();
      this.#range = (this.#range >>> 1) | 0;
      const isOne = this.#code >>> 0 >= this.#range >>> 0;
      if (isOne) this.#code = (this.#code - this.#range) | 0;
      value = (value << 1) | (isOne ? 1 : 0);
    }
    return value;
  }
}
