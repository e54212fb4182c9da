import { workMemoryOf, type WorkMemory } from '@postern/match';
import { COMMA, SPACE } from './bytes.ts';
import type { Track } from './layout.ts';
import { headBytes, headOffset, lineKernel, lineState, stateBytes } from './line-kernel.ts';
import type { LineQueue } from './line-queue.ts';
import type { Window } from './window.ts';

/**
 * Takes plain lines many at a time, which nearly all of a log are. {@link lineKernel} says what is plain; whatever is
 * not is left to the finder, which takes it and says what is wrong with it.
 */
export class PlainLines {
  /** Place in the window of the first line that was not taken. */
  next = 0;
  private readonly queue: LineQueue;
  private readonly address: number;
  private readonly state: Int32Array;
  private readonly head: Uint8Array;
  private readonly takeLines: (state: number) => number;

  private constructor(queue: LineQueue, memory: WorkMemory, address: number) {
    this.queue = queue;
    this.address = address;
    this.state = new Int32Array(memory.buffer, address, stateBytes / 4);
    this.head = new Uint8Array(memory.buffer, address + headOffset, headBytes);
    this.takeLines = memory.kernel(lineKernel).takeLines;
  }

  /** For a queue that lies in work memory with all that the kernel writes; undefined for others. */
  static into(queue: LineQueue): PlainLines | undefined {
    const memory = workMemoryOf(queue.high);
    // The memory may have been all but full: then the larger arrays lie elsewhere.
    const isThere = queue.start.buffer === memory?.buffer && queue.end.buffer === memory.buffer;
    const address = isThere ? memory.take(stateBytes) : undefined;
    return !isThere || address === undefined ? undefined : new PlainLines(queue, memory, address);
  }

  /** Queues the plain lines that stand at `from` and behind it, counts their times, and gives their number. */
  take(window: Window, from: number, track: Track): number {
    const { state, queue } = this;
    if (window.bytes.buffer !== state.buffer) return 0;
    const origin = window.bytes.byteOffset;
    state[lineState.next] = origin + from;
    state[lineState.end] = origin + window.end;
    state[lineState.origin] = origin;
    state[lineState.lineBytes] = window.lineBytes;
    this.tellQueue(queue);
    this.tellTrack(track);
    const taken = this.takeLines(this.address);
    this.next = (state[lineState.next] ?? 0) - origin;
    track.tally.addToHour(taken, state[lineState.lowest] ?? 0, state[lineState.highest] ?? 0);
    return taken;
  }

  private tellQueue({ start, end, high, count }: LineQueue): void {
    const { state } = this;
    state[lineState.most] = start.length - count;
    state[lineState.starts] = start.byteOffset + count * 4;
    state[lineState.ends] = end.byteOffset + count * 4;
    state[lineState.high] = high.byteOffset + count;
  }

  private tellTrack({ layout, tally }: Track): void {
    const { state } = this;
    state[lineState.separator] = layout.csv ? COMMA : SPACE;
    state[lineState.separators] = layout.columns - 1;
    state[lineState.csv] = layout.csv ? 1 : 0;
    state[lineState.lowest] = tally.lowest;
    state[lineState.highest] = tally.highest;
    this.head.set(tally.head);
  }
}
