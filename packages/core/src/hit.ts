import type { Position } from './issue.ts';
import type { Ticks } from './time.ts';

/** A rule matched a record (or a check spoke of a file). Copied out of the batch: it outlives it and crosses threads. */
export interface Hit {
  /** {@link RuleInfo.id}. */
  readonly rule: string;
  /** {@link Source.id}. */
  readonly source: string;
  readonly at: Position;
  /** By the source's own clock; the corrected time is made from it when clocks are known. */
  readonly time: Ticks | undefined;
  /** {@link Shape.recorder}; for checks of files `file`. */
  readonly recorder: string;
  /** Captured field → value, as the compiler fixed it for the rule. Bounded ({@link limits.captureCharacters}). */
  readonly captures: ReadonlyMap<string, string>;
  /** The record as it stands, bounded ({@link limits.excerptKept}), not yet masked. */
  readonly text: string;
  /** From rows that a tool exported: it witnesses, but covers nothing. */
  readonly excerpt?: boolean;
}
