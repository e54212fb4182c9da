import type { LogContinuity, MissingRecords, RecordRun, Ticks } from '@postern/core';
import type { Chunk } from './chunk.ts';
import type { EventShape } from './event-shape.ts';

/** Pieces of each kind that are kept; all are counted. */
const mostKept = 256;
/** Runs of ids kept. Real logs have one for each gap and one for each time round; ids made up at random have millions. */
const mostRuns = 65_536;
/** Clocks are set by some seconds all the time; records of several threads are not in order either. */
const jumpTicks = 600_000_000n;
const half = 0x1_0000_0000;

/** Event ids by which Windows says that a log was cleared, and who says it. */
const clearings: ReadonlySet<string> = new Set([
  'Microsoft-Windows-Eventlog 1102',
  'Microsoft-Windows-Eventlog 104',
  'Eventlog 517',
]);

export function isClearing({ constants }: EventShape): boolean {
  return clearings.has(`${constants.get('Provider_Name') ?? ''} ${constants.get('EventID') ?? ''}`);
}

/** Records whose ids follow each other, while they are seen. */
interface Run {
  readonly first: number;
  readonly firstHigh: number;
  readonly firstLow: number;
  last: number;
  lastHigh: number;
  lastLow: number;
}

/**
 * Watches ids and times of a log's records, in whatever order its chunks stand: a log that reached its size begins
 * anew at its oldest chunk. Runs of ids are kept, not ids, so that it stays small.
 */
export class Continuity {
  private runs: readonly Run[] = [];
  private open: Run[] = [];
  private isFull = false;
  private run: Run | undefined;
  private readonly setBack: { record: number; from: Ticks; to: Ticks }[] = [];
  private readonly cleared: { record: number; time: Ticks; channel: string }[] = [];
  private setBackTotal = 0;
  private clearedTotal = 0;

  /** A record whose header begins at `start` of the window. */
  see(chunk: Chunk, start: number): void {
    const id = chunk.u32(start + 12) * half + chunk.u32(start + 8);
    const low = chunk.u32(start + 16);
    const high = chunk.u32(start + 20);
    const { run } = this;
    if (run === undefined || id !== run.last + 1) {
      this.begin({ first: id, firstHigh: high, firstLow: low, last: id, lastHigh: high, lastLow: low });
      return;
    }
    if (high < run.lastHigh || (high === run.lastHigh && low < run.lastLow))
      this.backwards(run, id, [high, low]);
    run.last = id;
    run.lastHigh = high;
    run.lastLow = low;
  }

  /** Past the limit ids are not watched any more: what is missing is then told up to there. */
  private begin(run: Run): void {
    if (this.open.length === mostRuns && !this.isFull) {
      this.join();
      this.isFull = this.runs.length >= mostRuns;
    }
    this.run = run;
    if (!this.isFull) this.open.push(run);
  }

  private join(): void {
    this.runs = joined([...this.runs, ...this.open]);
    this.open = [];
  }

  /** A record by which Windows says that a log was cleared. */
  clearing(chunk: Chunk, start: number, { constants }: EventShape): void {
    this.clearedTotal++;
    if (this.cleared.length === mostKept) return;
    const record = chunk.u32(start + 12) * half + chunk.u32(start + 8);
    const time = ticks(chunk.u32(start + 20), chunk.u32(start + 16));
    this.cleared.push({ record, time, channel: constants.get('Channel') ?? '' });
  }

  facts(): LogContinuity {
    this.join();
    const { setBack, setBackTotal, cleared, clearedTotal } = this;
    const runs = this.runs.map((run): RecordRun => ({
      first: run.first,
      last: run.last,
      from: ticks(run.firstHigh, run.firstLow),
      to: ticks(run.lastHigh, run.lastLow),
    }));
    return { ...idsOf(runs), isWhole: !this.isFull, setBack, setBackTotal, cleared, clearedTotal };
  }

  private backwards(run: Run, record: number, [high, low]: readonly [number, number]): void {
    const from = ticks(run.lastHigh, run.lastLow);
    const to = ticks(high, low);
    if (from - to < jumpTicks) return;
    this.setBackTotal++;
    if (this.setBack.length < mostKept) this.setBack.push({ record, from, to });
  }
}

function ticks(high: number, low: number): Ticks {
  return (BigInt(high) << 32n) + BigInt(low);
}

/** What the pieces of one log tell together. */
export function joinContinuity(pieces: readonly LogContinuity[]): LogContinuity {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const sum = (count: (piece: LogContinuity) => number): number =>
    pieces.reduce((total, piece) => total + count(piece), 0);
  return {
    ...idsOf(joinedRuns(pieces.flatMap(({ runs }) => runs))),
    isWhole: pieces.every(({ isWhole }) => isWhole),
    setBack: pieces.flatMap(({ setBack }) => setBack).slice(0, mostKept),
    setBackTotal: sum(({ setBackTotal }) => setBackTotal),
    cleared: pieces.flatMap(({ cleared }) => cleared).slice(0, mostKept),
    clearedTotal: sum(({ clearedTotal }) => clearedTotal),
  };
}

type Ids = Pick<LogContinuity, 'first' | 'last' | 'runs' | 'missing' | 'missingTotal'>;

function idsOf(runs: readonly RecordRun[]): Ids {
  const missing = gapsOf(runs);
  const missingTotal = missing.reduce((sum, { count }) => sum + count, 0);
  return {
    first: runs[0]?.first,
    last: runs.at(-1)?.last,
    runs,
    missing: missing.slice(0, mostKept),
    missingTotal,
  };
}

/** In the order of ids; chunks that go on where another ends are one run. */
function joined(runs: readonly Run[]): readonly Run[] {
  const whole: Run[] = [];
  for (const run of runs.toSorted((a, b) => a.first - b.first)) {
    const before = whole.at(-1);
    if (before === undefined || run.first > before.last + 1) whole.push({ ...run });
    else if (run.last > before.last) {
      before.last = run.last;
      before.lastHigh = run.lastHigh;
      before.lastLow = run.lastLow;
    }
  }
  return whole;
}

function joinedRuns(runs: readonly RecordRun[]): readonly RecordRun[] {
  const whole: { -readonly [K in keyof RecordRun]: RecordRun[K] }[] = [];
  for (const run of runs.toSorted((a, b) => a.first - b.first)) {
    const before = whole.at(-1);
    if (before === undefined || run.first > before.last + 1) whole.push({ ...run });
    else if (run.last > before.last) Object.assign(before, { last: run.last, to: run.to });
  }
  return whole;
}

function gapsOf(runs: readonly RecordRun[]): readonly MissingRecords[] {
  return runs.flatMap((run, index) => {
    const before = runs[index - 1];
    if (before === undefined) return [];
    const count = run.first - before.last - 1;
    return [{ after: before.last, before: run.first, count, from: before.to, to: run.from }];
  });
}
