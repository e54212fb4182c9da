import { chunkBytes, nameHeaderBytes } from './format.ts';

const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/**
 * The chunk that is being read. Its bytes stand in a window that is used again and again, so that nothing is allocated
 * and one `DataView` serves for the whole run. All offsets given to methods are places in the window.
 */
export class Chunk {
  bytes: Uint8Array;
  view: DataView;
  /** Where the chunk begins in the window, and where it ends (shorter than 64 KiB at the end of a torn file). */
  base = 0;
  end = 0;
  /** Counts chunks: what was learned of offsets in the last one is void without clearing it. */
  epoch = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Moves on to the chunk at `base`, of which `length` bytes are there. */
  moveTo(base: number, length: number): void {
    this.base = base;
    this.end = base + Math.min(length, chunkBytes);
    this.epoch++;
  }

  u16(at: number): number {
    return this.view.getUint16(at, true);
  }

  u32(at: number): number {
    return this.view.getUint32(at, true);
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
