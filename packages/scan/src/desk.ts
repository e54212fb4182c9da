import { inputOf, type SourceInput } from '@postern/core';
import { makeWorkMemory } from '@postern/match';

/** Sources up to this size are read once and then worked on in memory. Hourly logs are far smaller. */
const mostInMemory = 4 * 1024 * 1024;
/** What the readers' windows need: a block, the longest line, and what they put behind. */
const roomBytes = 5 * 1024 * 1024 + 4096;

/** For the tables and queues of those who search the bytes with kernels; what nobody takes is never there. */
const kernelBytes = 16 * 1024 * 1024;

/**
 * Bytes in which a byte is looked for many at a time, as Node does for its buffers: the quotes and percent signs of
 * long lines are found at several times the speed of a plain array. No Buffer, whose `slice` is no copy.
 */
class SearchedBytes extends Uint8Array {
  override indexOf(byte: number, from = 0): number {
    return quickIndexOf.call(this, byte, from);
  }

  override subarray(from = 0, to = this.length): Uint8Array<ArrayBuffer> {
    const start = clamp(from, this.length);
    const length = Math.max(0, clamp(to, this.length) - start);
    return new SearchedBytes(this.buffer, this.byteOffset + start, length);
  }
}

// oxlint-disable-next-line typescript/unbound-method -- called on other bytes than it was made for
const quickIndexOf: (this: Uint8Array, byte: number, from: number) => number = Buffer.alloc(0).indexOf;

/** A place counted from the start, or from the end where it is negative. */
function clamp(at: number, length: number): number {
  return at < 0 ? Math.max(0, length + at) : Math.min(at, length);
}

/**
 * The working memory of one thread, made once: a server has thousands of small logs, and fresh memory for each would
 * cost more than reading it.
 */
export class Desk {
  private readonly work = makeWorkMemory(roomBytes + mostInMemory + kernelBytes);
  /** For a reader's blocks. */
  readonly room: Uint8Array = this.bytes(roomBytes);
  private readonly memory: Uint8Array = this.bytes(mostInMemory);

  /** The same source, small ones in memory. Valid until the next source is laid down. */
  lay(input: SourceInput): SourceInput {
    if (input.size > this.memory.length) return input;
    const got = input.readAt(this.memory.subarray(0, input.size), 0);
    // A file that has become shorter is read as it is now, and its reader says so.
    return got < input.size ? input : inputOf(this.memory.subarray(0, got));
  }

  private bytes(length: number): Uint8Array {
    const address = this.work?.take(length);
    if (this.work === undefined || address === undefined) return new SearchedBytes(length);
    return new SearchedBytes(this.work.buffer, address, length);
  }
}
