/** How a line relates to the header above it. */
export const verdicts = {
  /** As many values as columns. */
  fits: 0,
  /** The same once blanks are folded and quotes are read. */
  fitsLoosely: 1,
  /** Not at all: it is handed over as `text`. */
  misfit: 2,
  /** Not, but it has one of the layouts that servers write by default. */
  recovered: 3,
} as const;

export type Verdict = (typeof verdicts)[keyof typeof verdicts];

interface Line {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** Lines of one layout that wait to be handed over, all inside the window. Fixed arrays: nothing is allocated. */
export class LineQueue {
  static readonly room = 32_768;
  count = 0;
  readonly start: Int32Array = new Int32Array(LineQueue.room);
  readonly end: Int32Array = new Int32Array(LineQueue.room);
  readonly line: Float64Array = new Float64Array(LineQueue.room);
  readonly verdict: Uint8Array = new Uint8Array(LineQueue.room);
  readonly sampled: Uint8Array = new Uint8Array(LineQueue.room);
  readonly wanted: Uint8Array = new Uint8Array(LineQueue.room);

  get isFull(): boolean {
    return this.count === LineQueue.room;
  }

  add({ start, end, line }: Line, verdict: Verdict, sampled: boolean): void {
    const i = this.count++;
    this.start[i] = start;
    this.end[i] = end;
    this.line[i] = line;
    this.verdict[i] = verdict;
    this.sampled[i] = sampled ? 1 : 0;
    this.wanted[i] = 0;
  }
}
