import type { Decoder, StreamEnd } from './decoder.ts';
import type { Feed } from './feed.ts';
import type { Change } from './filter.ts';
import { endOf } from './decoder.ts';
import { RangeCoder } from './range-coder.ts';

/** A call or jump, and its target in four bytes. */
const jumpBytes = 5;

/** By which of the three bytes before were calls or jumps: whether a target may begin here, and the byte that decides. */
const mayBegin = [true, true, true, false, true, false, false, false];
const decisive = [0, 1, 2, 2, 3, 3, 3, 3];

/**
 * Undoes BCJ: targets of calls and jumps of programs for x86 stand as addresses, and become distances again. Which of
 * them were changed is told by the bytes around them alone; `marks` has those among the last.
 */
export function x86Change(): Change {
  let [marks, marked, position] = [0, -jumpBytes, 0];
  return (bytes) => {
    let at = 0;
    while (at + jumpBytes <= bytes.length) {
      if (((bytes[at] ?? 0) & 0xfe) !== 0xe8) {
        at++;
        continue;
      }
      const distance = position + at - marked;
      marks = distance > jumpBytes ? 0 : aged(marks, distance);
      marked = position + at;
      const isFar = isSign(bytes[at + 4] ?? 0);
      if (isFar && marks >> 1 < 0x10 && mayBegin[(marks >> 1) & 7] === true) {
        relate(bytes.subarray(at + 1, at + jumpBytes), position + at + jumpBytes, marks);
        at += jumpBytes;
        marks = 0;
      } else {
        at++;
        marks |= isFar ? 0x11 : 1;
      }
    }
    position += at;
    return at;
  };
}

function aged(marks: number, distance: number): number {
  let left = marks;
  for (let i = 0; i < distance; i++) left = (left & 0x77) << 1;
  return left;
}

/** The highest byte of a target near enough is all zeros or all ones. */
function isSign(byte: number): boolean {
  return byte === 0 || byte === 0xff;
}

function relate(target: Uint8Array, next: number, marks: number): void {
  const view = Buffer.from(target.buffer, target.byteOffset, target.length);
  let distance = (view.readInt32LE() - next) | 0;
  if (marks !== 0) {
    const shift = (decisive[marks >> 1] ?? 0) * 8;
    // Once is enough: what comes out has the bits of what stood there, the other way round, and that was no sign.
    if (isSign((distance >>> (24 - shift)) & 0xff))
      distance = ((distance ^ (2 ** (32 - shift) - 1)) - next) | 0;
  }
  view.writeInt32LE((distance << 7) >> 7);
}

/** What the four streams of BCJ2 hold. */
export interface X86Streams {
  readonly main: Feed;
  readonly calls: Feed;
  readonly jumps: Feed;
  /** Whether the target behind a call or jump is in a stream of its own. */
  readonly choices: Feed;
}

const roomBytes = 65_536;
/** One for calls by the byte before, one for jumps, one for jumps with a condition. */
const choicesCount = 258;

/** Undoes BCJ2: targets of calls and jumps stand in streams of their own, with their highest byte first. */
export class X86Merger implements Decoder {
  readonly #streams: X86Streams;
  readonly #coder: RangeCoder;
  readonly #out = new Uint8Array(roomBytes + jumpBytes);
  #at = 0;
  #left: number;
  #written = 0;
  #before = 0;
  #isBegun = false;

  constructor(streams: X86Streams, size: number) {
    this.#streams = streams;
    this.#coder = new RangeCoder(streams.choices);
    this.#coder.reset(choicesCount);
    this.#left = size;
  }

  get consumed(): number {
    return this.#streams.main.consumed;
  }

  step(): StreamEnd | 'more' {
    this.#at = 0;
    try {
      if (!this.#isBegun) this.#coder.begin();
      this.#isBegun = true;
      while (this.#left > 0 && this.#at < roomBytes) this.#next();
    } catch (error) {
      return endOf(error);
    }
    return this.#left === 0 ? 'complete' : 'more';
  }

  take(): Uint8Array {
    return this.#out.subarray(0, this.#at);
  }

  #next(): void {
    const before = this.#before;
    const byte = this.#streams.main.byte();
    this.#put(byte);
    const choice = choiceOf(before, byte);
    if (choice === undefined || this.#left === 0 || this.#coder.bit(choice) === 0) return;
    const feed = byte === 0xe8 ? this.#streams.calls : this.#streams.jumps;
    const address = Buffer.from(feed.bytes(4)).readInt32BE();
    const distance = (address - (this.#written + 4)) | 0;
    for (let shift = 0; shift < 32 && this.#left > 0; shift += 8) this.#put((distance >>> shift) & 0xff);
  }

  #put(byte: number): void {
    this.#out[this.#at++] = byte;
    this.#before = byte;
    this.#written = (this.#written + 1) | 0;
    this.#left--;
  }
}

function choiceOf(before: number, byte: number): number | undefined {
  if (byte === 0xe8) return 2 + before;
  if (byte === 0xe9) return 1;
  return before === 0x0f && (byte & 0xf0) === 0x80 ? 0 : undefined;
}
