import type { Feed } from './feed.ts';
import type { LzmaWindow } from './lzma-window.ts';
import { StreamFault } from './decoder.ts';
import { RangeCoder } from './range-coder.ts';

/** How literals and positions share what was learnt: `lc`, `lp` and `pb` of LZMA's description. */
export interface LzmaProperties {
  readonly literalContextBits: number;
  readonly literalPositionBits: number;
  readonly positionBits: number;
}

/** Undefined where the byte has no meaning. */
export function lzmaProperties(byte: number): LzmaProperties | undefined {
  if (byte >= 9 * 5 * 5) return undefined;
  const rest = Math.floor(byte / 9);
  return {
    literalContextBits: byte % 9,
    literalPositionBits: rest % 5,
    positionBits: Math.floor(rest / 5),
  };
}

// Where probabilities stand in one array. States are twelve, positions sixteen.
const isMatch = 0;
const isRepeat = isMatch + 192;
const isOtherRepeat = isRepeat + 12;
const isThirdRepeat = isOtherRepeat + 12;
const isFourthRepeat = isThirdRepeat + 12;
const isLongRepeat = isFourthRepeat + 12;
const slots = isLongRepeat + 192;
const nearDistances = slots + 4 * 64;
const alignment = nearDistances + 115;
const matchLengths = alignment + 16;
/** Two choices, sixteen trees of three bits for either, one of eight. */
const lengthsCount = 2 + 16 * 8 * 2 + 256;
const repeatLengths = matchLengths + lengthsCount;
const literals = repeatLengths + lengthsCount;
const perLiteral = 0x300;

const shortest = 2;
const endMark = 0xffffffff;

/** The common part of LZMA and LZMA2: symbols into a window. After the description in the LZMA SDK. */
export class LzmaCore {
  readonly #coder: RangeCoder;
  readonly #window: LzmaWindow;
  #literalContextBits = 0;
  #literalMask = 0;
  #positionMask = 0;
  #state = 0;
  /** The last four distances, less one, the latest first. */
  #first = 0;
  #second = 0;
  #third = 0;
  #fourth = 0;
  /** What is left of a copy that found no room. */
  #copyLeft = 0;

  constructor(feed: Feed, window: LzmaWindow) {
    this.#coder = new RangeCoder(feed);
    this.#window = window;
  }

  get isCopying(): boolean {
    return this.#copyLeft > 0;
  }

  reset({ literalContextBits, literalPositionBits, positionBits }: LzmaProperties): void {
    this.#literalContextBits = literalContextBits;
    this.#literalMask = (1 << literalPositionBits) - 1;
    this.#positionMask = (1 << positionBits) - 1;
    this.#coder.reset(literals + (perLiteral << (literalContextBits + literalPositionBits)));
    this.#state = 0;
    [this.#first, this.#second, this.#third, this.#fourth] = [0, 0, 0, 0];
    this.#copyLeft = 0;
  }

  /** @throws StreamFault */
  begin(): void {
    this.#coder.begin();
  }

  /** Takes what belongs to a run of bits that has ended. @throws StreamFault */
  finish(): void {
    this.#coder.normalize();
  }

  /**
   * Unpacks up to a place of the window.
   *
   * @returns true at the mark of the end
   * @throws StreamFault
   */
  decode(until: number): boolean {
    const window = this.#window;
    const coder = this.#coder;
    while (window.at < until) {
      if (this.#copyLeft > 0) {
        this.#copyLeft -= window.copy(this.#first, this.#copyLeft, until);
        continue;
      }
      const position = window.total & this.#positionMask;
      if (coder.bit(isMatch + (this.#state << 4) + position) === 0) this.#literal();
      else if (coder.bit(isRepeat + this.#state) === 1) this.#repeat(position);
      else if (this.#match(position)) return true;
    }
    return false;
  }

  #literal(): void {
    const window = this.#window;
    const coder = this.#coder;
    const before = window.total === 0 ? 0 : window.back(0);
    const context =
      ((window.total & this.#literalMask) << this.#literalContextBits) +
      (before >> (8 - this.#literalContextBits));
    const place = literals + perLiteral * context;
    let symbol = 1;
    if (this.#state >= 7) {
      // After a copy the byte that would have followed it is known not to follow.
      let expected = this.#back();
      while (symbol < 0x100) {
        expected <<= 1;
        const bit = coder.bit(place + 0x100 + (expected & 0x100) + symbol);
        symbol = (symbol << 1) | bit;
        if ((expected >> 8) % 2 !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | coder.bit(place + symbol);
    window.put(symbol & 0xff);
    this.#state = this.#state < 4 ? 0 : this.#state - (this.#state < 10 ? 3 : 6);
  }

  /** The byte at the last distance. @throws StreamFault `corrupt` where that lies before the beginning */
  #back(): number {
    const distance = this.#first;
    if (distance >= this.#window.total || distance >= this.#window.reach) throw new StreamFault('corrupt');
    return this.#window.back(distance);
  }

  #repeat(position: number): void {
    const coder = this.#coder;
    if (coder.bit(isOtherRepeat + this.#state) === 1) this.#recall();
    else if (coder.bit(isLongRepeat + (this.#state << 4) + position) === 0) {
      this.#window.put(this.#back());
      this.#state = this.#state < 7 ? 9 : 11;
      return;
    }
    this.#beginCopy(this.#length(repeatLengths, position));
    this.#state = this.#state < 7 ? 8 : 11;
  }

  /** Brings one of the three older distances to the front. */
  #recall(): void {
    const coder = this.#coder;
    let recalled = this.#second;
    if (coder.bit(isThirdRepeat + this.#state) === 1) {
      recalled = this.#third;
      if (coder.bit(isFourthRepeat + this.#state) === 1) {
        recalled = this.#fourth;
        this.#fourth = this.#third;
      }
      this.#third = this.#second;
    }
    this.#second = this.#first;
    this.#first = recalled;
  }

  /** True at the mark of the end. */
  #match(position: number): boolean {
    const coder = this.#coder;
    const length = this.#length(matchLengths, position);
    const distance = this.#distance(length);
    if (distance === endMark) {
      coder.normalize();
      return true;
    }
    this.#fourth = this.#third;
    this.#third = this.#second;
    this.#second = this.#first;
    this.#first = distance;
    this.#state = this.#state < 7 ? 7 : 10;
    this.#beginCopy(length);
    return false;
  }

  #beginCopy(length: number): void {
    this.#back();
    this.#copyLeft = shortest + length;
  }

  #length(place: number, position: number): number {
    const coder = this.#coder;
    if (coder.bit(place) === 0) return coder.tree(place + 2 + position * 8, 3);
    if (coder.bit(place + 1) === 0) return 8 + coder.tree(place + 2 + 128 + position * 8, 3);
    return 16 + coder.tree(place + 2 + 256, 8);
  }

  #distance(length: number): number {
    const coder = this.#coder;
    const slot = coder.tree(slots + Math.min(length, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + coder.reverseTree(nearDistances + base - slot, bits);
    return base + coder.direct(bits - 4) * 16 + coder.reverseTree(alignment, 4);
  }
}
