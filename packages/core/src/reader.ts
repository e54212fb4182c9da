import type { SourceFamily } from './facts.ts';
import type { Issue } from './issue.ts';
import type { Batch, Shape } from './shape.ts';
import type { SourceInput, SourceKind } from './source.ts';
import type { Ticks } from './time.ts';

/**
 * Finds the places in a block of bytes where a literal of some rule stands (letter case folded). Sound: a line in
 * which it finds nothing cannot match any rule it was built for. It may find too much.
 */
export interface BlockScanner {
  /** All sorts of literals that it looks for, a bit for each (at most eight). Whoever compiled it knows what they mean. */
  readonly sorts: number;
  /**
   * Calls `onHit` with positions in rising order and the sorts of what stands there. `onHit` returns where to go on (at
   * least the position + 1), which is how a reader skips the rest of a line it already has. Sound for each sort: one
   * that is not told of any place in a line does not stand in it, as long as nothing of the line was skipped.
   */
  scan(bytes: Uint8Array, from: number, to: number, onHit: OnLiteral): void;
}

/** Told of a place and the sorts of literals there; gives the place to go on at. */
export type OnLiteral = (at: number, sorts: number) => number;

export interface ReadOptions {
  readonly kind: SourceKind;
  /** Original path, for what only the name can tell (site, protocol). */
  readonly name: string;
  /**
   * Asked once for each shape met. `undefined`: every record is wanted. A scanner: only lines in which it finds
   * something. Readers that cannot scan blocks ignore it and hand over every record.
   */
  readonly scannerFor?: (shape: Shape) => BlockScanner | undefined;
  /** Also hand over each n-th record, and the first after each header, marked `sampled`. 0 or absent: none. */
  readonly sampleEvery?: number;
  /** Memory that a reader may use for its blocks instead of making its own: collections have thousands of small logs. */
  readonly room?: Uint8Array;
  /**
   * Asked once for each shape met. False: no record of it is wanted, so that it is counted for the summary and no more
   * is done with it (but those drawn by `sampleEvery` are handed over). Absent: all are. Event logs honour it, for most
   * of their records have no rule; readers that cannot ignore it.
   */
  readonly wants?: (shape: Shape) => boolean;
  /**
   * Also look for records in damaged and unused parts, where the format has such. Their shape has the constant
   * `Recovered`, which says how they were found; {@link ReadSummary.recovered} counts them and nothing else does.
   */
  readonly recover?: boolean;
  /**
   * Reads only these chunks of an event log, counted from 0, `to` excluded: large ones are read by several threads.
   * What ids and times of the records tell is then in the summary alone, for a piece does not know its neighbours.
   */
  readonly chunks?: { readonly from: number; readonly to: number };
  /** Asked between blocks; true ends the reading early and marks the summary as stopped. */
  readonly stopped?: () => boolean;
}

export interface ReadSink {
  readonly onBatch: (batch: Batch) => void;
  readonly onIssue: (issue: Issue) => void;
  /** Bytes done since the last call. */
  readonly onProgress?: (bytes: number) => void;
}

/** What was read of one shape, whether or not its records were handed over. */
export interface ShapeSummary {
  readonly shape: Shape;
  readonly records: number;
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
}

/** Records that are gone from a log: the ids before and behind them are there. */
export interface MissingRecords {
  readonly after: number;
  readonly before: number;
  readonly count: number;
  /** Times of the records before and behind. */
  readonly from: Ticks;
  readonly to: Ticks;
}

/** Records whose ids follow each other without a gap, and when the first and the last of them were written. */
export interface RecordRun {
  readonly first: number;
  readonly last: number;
  readonly from: Ticks;
  readonly to: Ticks;
}

/**
 * What the numbers of a log's records tell, by their ids in the log and the times at which they were written. Lists are
 * bounded; the totals are not.
 */
export interface LogContinuity {
  /** Lowest and highest record id. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** In the order of ids: what a log that is read in pieces is put together from. Bounded; see `isWhole`. */
  readonly runs: readonly RecordRun[];
  /** False: the ids jump about so much that not all of them were watched. */
  readonly isWhole: boolean;
  readonly missing: readonly MissingRecords[];
  /** Records missing in all. */
  readonly missingTotal: number;
  /** A record that was written more than a minute earlier than the one before it: the clock was set back. */
  readonly setBack: readonly { readonly record: number; readonly from: Ticks; readonly to: Ticks }[];
  readonly setBackTotal: number;
  /** Windows says that a log was cleared (1102, 104, 517). */
  readonly cleared: readonly { readonly record: number; readonly time: Ticks; readonly channel: string }[];
  readonly clearedTotal: number;
}

/** Counts over the whole source, made for every record, wanted or not. */
export interface ReadSummary {
  readonly records: number;
  /** Records that did not fit their header or could not be decoded; they were handed over as `text`. */
  readonly damaged: number;
  readonly recovered: number;
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  /** Hours since 1601 (ticks / 36e9) → records in that hour: what coverage and gaps are made of. */
  readonly hours: ReadonlyMap<number, number>;
  readonly shapes: readonly ShapeSummary[];
  /** By recorder, where one source has several (an event log of forwarded events). */
  readonly recorders?: readonly SourceFamily[];
  /** Of event logs: gaps, clocks that were set back, clearings. */
  readonly continuity?: LogContinuity;
  readonly stopped: boolean;
}

/**
 * Turns the bytes of one source into batches. It never throws for what is in the evidence: it reports an issue and
 * goes on. It never opens files and keeps at most a few blocks in memory.
 */
export interface Reader {
  readonly kinds: readonly SourceKind[];
  /** The kind, told from the first bytes and then from the name (original path); undefined if it is not ours. */
  recognise(head: Uint8Array, name: string): SourceKind | undefined;
  read(input: SourceInput, options: ReadOptions, sink: ReadSink): ReadSummary;
}

/** How many first bytes `recognise` is given (or the whole file where it is shorter). */
export const recogniseHeadBytes = 16_384;
