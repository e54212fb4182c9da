import { arrayPlace, type WorkMemory } from '@postern/match';

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
  readonly high: boolean;
}

/** Lines of one layout that wait to be handed over, all inside the window. Fixed arrays: nothing is allocated. */
export class LineQueue {
  count = 0;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly line: Float64Array;
  readonly verdict: Uint8Array;
  /** 1 where a byte beyond ASCII may stand. */
  readonly high: Uint8Array;
  readonly sampled: Uint8Array;
  /** Sorts of literals that stand in it (the batch's `held`); of those that are no misfit, none: it is not wanted. */
  readonly held: Uint8Array;

  /** `room`: lines that fit. `memory`: where the places are to lie, so that a kernel can write them. */
  constructor(room: number, memory?: WorkMemory) {
    this.start = new Int32Array(...arrayPlace(room, 4, memory));
    this.end = new Int32Array(...arrayPlace(room, 4, memory));
    this.line = new Float64Array(room);
    this.verdict = new Uint8Array(room);
    this.high = new Uint8Array(...arrayPlace(room, 1, memory));
    this.sampled = new Uint8Array(room);
    this.held = new Uint8Array(room);
  }

  /** Adds lines whose places were written behind the last one: whole ones that fit, `line` the number of the first. */
  addPlain(lines: number, line: number): void {
    const from = this.count;
    this.count += lines;
    this.verdict.fill(verdicts.fits, from, this.count);
    this.sampled.fill(0, from, this.count);
    this.held.fill(0, from, this.count);
    for (let i = 0; i < lines; i++) this.line[from + i] = line + i;
  }

  get isFull(): boolean {
    return this.count === this.start.length;
  }

  add({ start, end, line, high }: Line, verdict: Verdict, sampled: boolean): void {
    const i = this.count++;
    this.start[i] = start;
    this.end[i] = end;
    this.line[i] = line;
    this.verdict[i] = verdict;
    this.high[i] = high ? 1 : 0;
    this.sampled[i] = sampled ? 1 : 0;
    this.held[i] = 0;
  }
}
