import type { Ticks } from '@postern/core';

/** A hit of a rule, as correlations need it. */
export interface CorrelationEvent {
  /** {@link RuleInfo.id}. */
  readonly rule: string;
  /** Corrected; without one it cannot be set beside others. */
  readonly time: Ticks | undefined;
  readonly captures: ReadonlyMap<string, string>;
  /** What orders events of the same time, and tells which hits are of one record. */
  readonly host: string;
  readonly channel: string;
  readonly source: string;
  readonly record: number;
}

/** A hit of a correlation: one stretch of time in which its condition held without a break. */
export interface CorrelationHit {
  readonly rule: string;
  readonly first: Ticks;
  readonly last: Ticks;
  /** Field or alias of `group-by` → value, as first seen. */
  readonly group: ReadonlyMap<string, string>;
  /** The count, sum, average, percentile or number of rules at its highest, or when it was judged. */
  readonly value: number;
  /** Indexes into the hits given, by time; the first ones where there are more than {@link limits.correlationEvidence}. */
  readonly events: readonly number[];
  readonly total: number;
}

/** Something that takes part in a correlation: an event, or a hit of another correlation, which takes time. */
export interface Item {
  readonly first: Ticks;
  readonly last: Ticks;
  /** Index in the correlation's sources. */
  readonly source: number;
  readonly value: string | number | undefined;
  /** Indexes of the hits behind it. */
  readonly events: readonly number[];
  readonly total: number;
  /** Position among all items of the correlation. */
  readonly number: number;
}
