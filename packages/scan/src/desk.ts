import { inputOf, type SourceInput } from '@postern/core';

/** Sources up to this size are read once and then worked on in memory. Hourly logs are far smaller. */
const mostInMemory = 4 * 1024 * 1024;
/** What the readers' windows need: a block and the longest line. */
const roomBytes = 5 * 1024 * 1024 + 4096;

/**
 * The working memory of one thread, made once: a server has thousands of small logs, and fresh memory for each would
 * cost more than reading it.
 */
export class Desk {
  /** For a reader's blocks. */
  readonly room: Uint8Array = new Uint8Array(roomBytes);
  private readonly memory = new Uint8Array(mostInMemory);

  /** The same source, small ones in memory. Valid until the next source is laid down. */
  lay(input: SourceInput): SourceInput {
    if (input.size > this.memory.length) return input;
    const got = input.readAt(this.memory.subarray(0, input.size), 0);
    // A file that has become shorter is read as it is now, and its reader says so.
    return got < input.size ? input : inputOf(this.memory.subarray(0, got));
  }
}
