import type { Issue, LogContinuity, RecordLine, SourceKind } from '@postern/core';
import type { RuleSet } from '@postern/sigma';
import type { ExplainedPart } from './explain-records.ts';
import type { SourcePart } from './parts.ts';
import type { Clocks } from './record-line.ts';
import type { RunningRule } from './hunt-rules.ts';

/** What a thread of a hunt is given once: plain data. */
export interface HuntSetup {
  readonly work: HuntWork;
  readonly clocks: Clocks;
  /** Also records of event logs that are found in damaged and unused parts of them; these say so. */
  readonly recover: boolean;
  /** [0]: 1 when the run is to stop; from {@link consumedAt} on: pieces taken of each thread. */
  readonly control: SharedArrayBuffer;
}

export const consumedAt = 1;

/** Makes the memory that threads share; `jobs` is at most this. */
export function makeControl(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * (consumedAt + mostThreads));
}

export const mostThreads = 256;

/**
 * How `events` writes a record, one a line: normalised with its place, and as the event alone: nested as in XML, flat
 * under the names of Sigma, XML. Records of other sources than event logs are flat in all of the last three.
 */
export const eventFormats = ['jsonl', 'nested', 'flat', 'xml'] as const;
export type EventFormat = (typeof eventFormats)[number];

export type HuntWork =
  | { readonly kind: 'hunt'; readonly ruleSet: RuleSet; readonly rules: readonly RunningRule[] }
  | { readonly kind: 'events'; readonly format: EventFormat }
  | { readonly kind: 'explain'; readonly ruleSet: RuleSet };

/** A part of what one source tells, in the order of its records. */
export interface HuntPiece {
  /** Of a hunt. */
  readonly matches: readonly RuleMatch[];
  /** Of `events`: lines. */
  readonly text: string;
  /** Of `explain`: near misses and matches. */
  readonly explained: readonly ExplainedPart[];
}

/** A rule of the set matched a record. */
export interface RuleMatch {
  /** Index in the rule set. */
  readonly rule: number;
  readonly record: RecordLine;
  /** What correlations need; undefined where none is made of the rule. */
  readonly captures: ReadonlyMap<string, string> | undefined;
}

/** One source, or a part of one, after it was read. */
export interface HuntedSource {
  readonly file: string;
  readonly kind: SourceKind;
  readonly bytes: number;
  readonly records: number;
  readonly damaged: number;
  /** No reader takes it. */
  readonly isUnread: boolean;
  /** Some rule could match records of it. */
  readonly isAsked: boolean;
  /** Rule index → records that it matched. */
  readonly counts: ReadonlyMap<number, number>;
  /** Rule index → work done for it in this source, in the measure of {@link workOf}. */
  readonly work: ReadonlyMap<number, number>;
  readonly issues: readonly Issue[];
  /** Of a part of an event log. */
  readonly continuity?: LogContinuity;
  readonly isStopped: boolean;
}

/** Reads a source or a part of one, handing over pieces as they fill. */
export type HuntHands = (part: SourcePart, onPiece: (piece: HuntPiece) => void) => HuntedSource;
