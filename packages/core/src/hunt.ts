import type { Position } from './issue.ts';
import type { Level } from './rule.ts';
import type { Ticks } from './time.ts';

/** One record of any source as `hunt` and `events` print it: decoded, with its place. Plain data: it crosses threads. */
export interface RecordLine {
  /** Corrected by what the user says of the host's clock; undefined where the record has none that can be read. */
  readonly time: Ticks | undefined;
  /** As collected. */
  readonly file: string;
  readonly originalPath: string;
  readonly at: Position;
  readonly host?: string;
  /** Of Windows events; other records have their family alone. */
  readonly channel?: string;
  readonly family: string;
  readonly fields: readonly RecordField[];
}

/** A name and its value; a list where the record has one. Pairs, for names come from the evidence. */
export type RecordField = readonly [name: string, value: string | readonly string[]];

/** What a line of a hunt says of its rule. */
export interface HuntRule {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly tags: readonly string[];
}

/** A rule matched a record. */
export interface HuntLine {
  readonly kind: 'match';
  readonly rule: HuntRule;
  readonly record: RecordLine;
}

/** The condition of a correlation held from `first` to `last`. */
export interface CorrelationLine {
  readonly kind: 'correlation';
  readonly rule: HuntRule;
  readonly first: Ticks;
  readonly last: Ticks;
  /** Field or alias → the value that all of its events share. */
  readonly group: readonly (readonly [name: string, value: string])[];
  /** What was counted, added up or ranked. */
  readonly value: number;
  readonly events: readonly CorrelatedEvent[];
  /** How many events there were; `events` is bounded. */
  readonly total: number;
}

/** An event that took part, with its place. */
export interface CorrelatedEvent {
  /** Title of the rule that matched it. */
  readonly rule: string;
  readonly time: Ticks;
  readonly file: string;
  readonly at: Position;
  readonly host?: string;
  readonly channel?: string;
}
