import { chunkBytes, nameHeaderBytes } from './format.ts';
import { comparerOf, type KnownBytes } from './known-bytes.ts';

const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/**
 * The chunk that is being read. Its bytes stand in a window that is used again and again, so that nothing is allocated
 * and one `DataView` serves for the whole run. All offsets given to methods are places in the window.
 */
export class Chunk {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly u16: (at: number) => number;
  readonly u32: (at: number) => number;
  /** Whether all of `known` stands at a place; the caller knows that so many bytes are there. */
  readonly standsAt: (at: number, known: KnownBytes) => boolean;
  /** Where the chunk begins in the window, and where it ends (shorter than 64 KiB at the end of a torn file). */
  base = 0;
  end = 0;
  /** Counts chunks: what was learned of offsets in the last one is void without clearing it. */
  epoch = 0;

  /**
   * What reads the window most are closures: for the compiler what they capture is constant, while the fields of an
   * object are looked up at every use. Reading took a tenth longer with methods.
   */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.bytes = bytes;
    this.view = view;
    this.u16 = (at) => view.getUint16(at, true);
    this.u32 = (at) => view.getUint32(at, true);
    this.standsAt = comparerOf(view);
  }

  /** Moves on to the chunk at `base`, of which `length` bytes are there. */
  moveTo(base: number, length: number): void {
    this.base = base;
    this.end = base + Math.min(length, chunkBytes);
    this.epoch++;
  }

  /** Whether `at` is the beginning of a name that lies whole in the chunk and ends with a zero. */
  isName(at: number): boolean {
    if (at < this.base || at + nameHeaderBytes + 2 > this.end) return false;
    const end = at + nameHeaderBytes + 2 * this.u16(at + 6);
    return end + 2 <= this.end && this.u16(end) === 0;
  }

  /** Bytes of the whole name entry, with its header and the zero behind it. */
  nameBytes(at: number): number {
    return nameHeaderBytes + 2 * this.u16(at + 6) + 2;
  }

  text(at: number, length: number): string {
    return utf16.decode(this.bytes.subarray(at, at + length));
  }
}
