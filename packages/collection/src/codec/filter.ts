import type { Decoder, StreamEnd } from './decoder.ts';
import type { Feed } from './feed.ts';

/**
 * Changes bytes in place, and returns how many of them are final; the rest comes again with those that follow. At the
 * end of the stream what it leaves is final as it is.
 */
export type Change = (bytes: Uint8Array) => number;

const roomBytes = 262_144;

/** Undoes what was done to bytes so that they pack better. */
export class Filter implements Decoder {
  readonly #feed: Feed;
  readonly #change: Change;
  readonly #room = new Uint8Array(roomBytes);
  #length = 0;
  #final = 0;

  constructor(feed: Feed, change: Change) {
    this.#feed = feed;
    this.#change = change;
  }

  get consumed(): number {
    return this.#feed.consumed;
  }

  step(): StreamEnd | 'more' {
    this.#room.copyWithin(0, this.#final, this.#length);
    this.#length -= this.#final;
    const isOver = !this.#fill();
    this.#final = this.#change(this.#room.subarray(0, this.#length));
    if (isOver) this.#final = this.#length;
    return isOver ? 'complete' : 'more';
  }

  take(): Uint8Array {
    return this.#room.subarray(0, this.#final);
  }

  /** False at the end of the input. */
  #fill(): boolean {
    while (this.#length < roomBytes) {
      const bytes = this.#feed.some(roomBytes - this.#length);
      if (bytes.length === 0) return false;
      this.#room.set(bytes, this.#length);
      this.#length += bytes.length;
    }
    return true;
  }
}

/** Each byte stands as its difference from the one `distance` before it. */
export function delta(distance: number): Change {
  const before = new Uint8Array(distance);
  let place = 0;
  return (bytes) => {
    for (let i = 0; i < bytes.length; i++) {
      const byte = ((bytes[i] ?? 0) + (before[place] ?? 0)) & 0xff;
      bytes[i] = byte;
      before[place] = byte;
      place = place + 1 === distance ? 0 : place + 1;
    }
    return bytes.length;
  };
}
