import type { ArchiveLimits } from '../archive-limits.ts';
import { limitReached } from '../archive-limits.ts';
import { StreamFault } from './decoder.ts';

/** Bytes that one step puts out, at most. */
const roomBytes = 262_144;
const firstBytes = 65_536;

/**
 * What was unpacked last, as far back as copies may reach. Grows with what is written, not with what a header asks
 * for, and begins again at its start when it is as large as it has to be.
 */
export class LzmaWindow {
  buffer: Uint8Array;
  /** Where the next byte goes. */
  at = 0;
  /** Bytes since the last reset; copies reach no further back. */
  total = 0;
  /** How far back copies may reach. */
  readonly reach: number;
  readonly #limits: ArchiveLimits;
  #from = 0;

  constructor(reach: number, limits: ArchiveLimits) {
    this.reach = Math.max(reach, 4096);
    this.#limits = limits;
    this.buffer = new Uint8Array(Math.min(firstBytes, this.reach));
  }

  /**
   * Begins a step: makes room, and says up to where may be written.
   *
   * @throws StreamFault `archiveWindowBytes` where it would grow beyond that
   */
  begin(): number {
    if (this.at === this.buffer.length) this.#makeRoom();
    this.#from = this.at;
    return Math.min(this.buffer.length, this.at + roomBytes);
  }

  #makeRoom(): void {
    const { length } = this.buffer;
    if (length === this.reach) {
      this.at = 0;
      return;
    }
    const most = Math.min(this.reach, this.#limits.archiveWindowBytes);
    if (length >= most) throw new StreamFault(limitReached(this.#limits, 'archiveWindowBytes'));
    const larger = new Uint8Array(Math.min(length * 2, most));
    larger.set(this.buffer);
    this.buffer = larger;
  }

  /** What was written since the step began. */
  take(): Uint8Array {
    const bytes = this.buffer.subarray(this.#from, this.at);
    this.#from = this.at;
    return bytes;
  }

  put(byte: number): void {
    this.buffer[this.at++] = byte;
    this.total++;
  }

  /** The byte `distance` before the last one; zero before the first. */
  back(distance: number): number {
    const from = this.at - 1 - distance;
    return this.buffer[from < 0 ? from + this.buffer.length : from] ?? 0;
  }

  /** Copies up to `until`, which lies within the buffer. */
  copy(distance: number, length: number, until: number): number {
    const { buffer } = this;
    const count = Math.min(length, until - this.at);
    let from = this.at - 1 - distance;
    if (from < 0) from += buffer.length;
    if (count > 32 && distance >= count && from + count <= buffer.length)
      buffer.copyWithin(this.at, from, from + count);
    else {
      for (let at = this.at, end = at + count; at < end; at++) {
        buffer[at] = buffer[from] ?? 0;
        if (++from === buffer.length) from = 0;
      }
    }
    this.at += count;
    this.total += count;
    return count;
  }

  /** Bytes that are not packed. */
  set(bytes: Uint8Array): void {
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
    this.total += bytes.length;
  }
}
