import type { Decoder, StreamEnd } from './decoder.ts';
import type { Feed } from './feed.ts';
import type { PrefixCode } from './prefix-code.ts';
import { endOf, StreamFault } from './decoder.ts';
import { longestCode, prefixCode } from './prefix-code.ts';

/** How far back a copy may reach; twice that of deflate. */
const historyBytes = 65_536;
const roomBytes = 262_144;
/** Length code 285: three bytes and sixteen bits more, where deflate has 258. */
const longestCopy = 65_538;
/** Input after which a step ends although little has come out. */
const stepBytes = 1_048_576;

/** The order in which lengths of the code for lengths stand (RFC 1951, 3.2.7). */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** Least bytes and further bits of the length codes from 257 on. */
const [lengthBases, lengthExtras] = basesOf(28, 3, (code) => (code < 8 ? 0 : (code >> 2) - 1));
lengthBases[28] = 3;
lengthExtras[28] = 16;
/** Least distance and further bits of the distance codes; deflate has 30 of them. */
const [distanceBases, distanceExtras] = basesOf(32, 1, (code) => (code < 4 ? 0 : (code >> 1) - 1));

/** Each code begins where the one before it ends. */
function basesOf(
  count: number,
  first: number,
  extraBits: (code: number) => number,
): readonly [bases: Uint32Array, extras: Uint8Array] {
  const extras = Uint8Array.from({ length: 32 }, (_, code) => (code < count ? extraBits(code) : 0));
  const bases = new Uint32Array(32);
  for (let code = 0, base = first; code < count; code++) {
    bases[code] = base;
    base += 1 << (extras[code] ?? 0);
  }
  return [bases, extras];
}

const fixedLengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
const fixedCodes = { literals: prefixCode(fixedLengths), distances: prefixCode(new Uint8Array(32).fill(5)) };

type Block = 'none' | 'stored' | 'coded' | 'over';

/**
 * Unpacks Deflate64 (method 9 of zip): deflate (RFC 1951) with a window of 64 KiB, two more distance codes, and a last
 * length code of sixteen more bits.
 */
export class Inflate64 implements Decoder {
  readonly #feed: Feed;
  readonly #out = new Uint8Array(historyBytes + roomBytes + longestCopy);
  #at = 0;
  #taken = 0;
  /** Bits that were taken from the feed and not used, the next one lowest. */
  #hold = 0;
  #bits = 0;
  #block: Block = 'none';
  #isLast = false;
  #storedLeft = 0;
  #codes: { readonly literals: PrefixCode; readonly distances: PrefixCode } = fixedCodes;

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  get consumed(): number {
    return this.#feed.consumed - (this.#bits >> 3);
  }

  step(): StreamEnd | 'more' {
    this.#slide();
    const until = this.#feed.consumed + stepBytes;
    try {
      while (this.#at < historyBytes + roomBytes && this.#feed.consumed < until) {
        if (this.#block === 'none') this.#begin();
        else if (this.#block === 'stored') this.#copyStored();
        else if (this.#block === 'coded') this.#decode();
        else return 'complete';
      }
    } catch (error) {
      return endOf(error);
    }
    return 'more';
  }

  take(): Uint8Array {
    const bytes = this.#out.subarray(this.#taken, this.#at);
    this.#taken = this.#at;
    return bytes;
  }

  /** Keeps what copies may reach back to, and makes room behind it. */
  #slide(): void {
    if (this.#at < historyBytes + roomBytes) return;
    this.#out.copyWithin(0, this.#at - historyBytes, this.#at);
    this.#at = historyBytes;
    this.#taken = historyBytes;
  }

  #begin(): void {
    if (this.#isLast) {
      this.#block = 'over';
      return;
    }
    this.#isLast = this.#read(1) === 1;
    const kind = this.#read(2);
    if (kind === 3) throw new StreamFault('corrupt');
    if (kind === 0) this.#beginStored();
    else this.#codes = kind === 1 ? fixedCodes : this.#readCodes();
    this.#block = kind === 0 ? 'stored' : 'coded';
  }

  #beginStored(): void {
    this.#read(this.#bits & 7);
    const length = this.#read(16);
    if (this.#read(16) !== (length ^ 0xffff)) throw new StreamFault('corrupt');
    this.#storedLeft = length;
  }

  #copyStored(): void {
    while (this.#storedLeft > 0 && this.#bits > 0) {
      this.#out[this.#at++] = this.#read(8);
      this.#storedLeft--;
    }
    while (this.#storedLeft > 0 && this.#at < historyBytes + roomBytes) {
      const bytes = this.#feed.some(Math.min(this.#storedLeft, historyBytes + roomBytes - this.#at));
      if (bytes.length === 0) throw new StreamFault('cut');
      this.#out.set(bytes, this.#at);
      this.#at += bytes.length;
      this.#storedLeft -= bytes.length;
    }
    if (this.#storedLeft === 0) this.#block = 'none';
  }

  #readCodes(): { readonly literals: PrefixCode; readonly distances: PrefixCode } {
    const [literals, distances, ofLengths] = [this.#read(5) + 257, this.#read(5) + 1, this.#read(4) + 4];
    const lengths = new Uint8Array(19);
    for (const symbol of lengthOrder.slice(0, ofLengths)) lengths[symbol] = this.#read(3);
    const both = this.#readLengths(prefixCode(lengths), literals + distances);
    return {
      literals: prefixCode(both.subarray(0, literals)),
      distances: prefixCode(both.subarray(literals)),
    };
  }

  #readLengths(code: PrefixCode, count: number): Uint8Array {
    const lengths = new Uint8Array(count);
    for (let at = 0; at < count;) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths[at++] = symbol;
        continue;
      }
      if (symbol === 16 && at === 0) throw new StreamFault('corrupt');
      const value = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
      const end = at + (symbol === 18 ? 11 + this.#read(7) : 3 + this.#read(symbol === 16 ? 2 : 3));
      if (end > count) throw new StreamFault('corrupt');
      lengths.fill(value, at, end);
      at = end;
    }
    return lengths;
  }

  /** Has at least `count` bits at hand, up to 25; false where the input ends first. */
  #need(count: number): boolean {
    const feed = this.#feed;
    while (this.#bits < count) {
      if (feed.at === feed.end && !feed.refill()) return false;
      this.#hold |= (feed.buffer[feed.at++] ?? 0) << this.#bits;
      this.#bits += 8;
    }
    return true;
  }

  #read(count: number): number {
    if (!this.#need(count)) throw new StreamFault('cut');
    const value = this.#hold & ((1 << count) - 1);
    this.#hold >>>= count;
    this.#bits -= count;
    return value;
  }

  /** The last code of a stream may be shorter than what is asked for here. */
  #symbol({ table, bits }: PrefixCode): number {
    const isWhole = this.#need(longestCode);
    const entry = table[this.#hold & ((1 << bits) - 1)] ?? 0;
    const length = entry & 15;
    if (length > this.#bits || (length === 0 && !isWhole)) throw new StreamFault('cut');
    if (length === 0) throw new StreamFault('corrupt');
    this.#hold >>>= length;
    this.#bits -= length;
    return entry >>> 4;
  }

  #decode(): void {
    const { literals, distances } = this.#codes;
    const out = this.#out;
    while (this.#at < historyBytes + roomBytes) {
      const symbol = this.#symbol(literals);
      if (symbol < 256) {
        out[this.#at++] = symbol;
        continue;
      }
      if (symbol === 256) {
        this.#block = 'none';
        return;
      }
      if (symbol > 285) throw new StreamFault('corrupt');
      const length = (lengthBases[symbol - 257] ?? 0) + this.#read(lengthExtras[symbol - 257] ?? 0);
      const code = this.#symbol(distances);
      this.#copy((distanceBases[code] ?? 0) + this.#read(distanceExtras[code] ?? 0), length);
    }
  }

  #copy(distance: number, length: number): void {
    const out = this.#out;
    const from = this.#at - distance;
    if (from < 0) throw new StreamFault('corrupt');
    const end = this.#at + length;
    if (distance >= length && length > 32) out.copyWithin(this.#at, from, from + length);
    else for (let at = this.#at; at < end; at++) out[at] = out[at - distance] ?? 0;
    this.#at = end;
  }
}
