import type { Confidence, Time } from './assessment.ts';
import type { Issue } from './issue.ts';
import type { SkipReason, SourceKind } from './source.ts';

/** What could be seen, and what not: as much part of a verdict as the findings. */
export interface Coverage {
  /** Sources that something hangs on: evidence, damage, issues, gaps, copies, excerpts; and those that are like no other. */
  readonly sources: readonly CoveredSource[];
  /** All others, those alike in all but name together. Every file with its hashes is in hashes.csv. */
  readonly groups: readonly SourceGroup[];
  readonly skipped: readonly {
    readonly path: string;
    readonly reason: SkipReason;
    readonly bytes: number;
    readonly detail?: string;
  }[];
  readonly families: readonly FamilyCoverage[];
  readonly questions: readonly QuestionCoverage[];
  /** Of the collection as a whole (a truncated archive, a limit that was reached); those of one source stand with it. */
  readonly issues?: readonly Issue[];
  /** Requests set aside as the product's own monitoring, shown so that it can be checked. */
  readonly setAside: readonly { readonly what: string; readonly count: number }[];
}

export type ClockBasis = 'utc-by-format' | 'two-times-in-records' | 'stated' | 'assumed-utc' | 'unknown';

export interface Clock {
  readonly basis: ClockBasis;
  /** Seconds to add to the source's own times to get UTC. */
  readonly offsetSeconds: number;
  readonly evidence: string;
  readonly confidence: Confidence;
}

export type GapCause =
  | 'trimmed'
  | 'no-traffic'
  | 'server-down'
  | 'removed-or-cleared'
  | 'not-collected'
  /** Lost in a damaged file: cut off, overwritten, torn. */
  | 'damaged'
  /** The run was stopped: what is silent may lie in what was not read. */
  | 'not-read'
  | 'unknown';

/** A stretch of time as it is counted: `to` is the first moment that no longer belongs to it. */
export interface Stretch {
  readonly from: Time;
  readonly to: Time;
}

export interface Gap extends Stretch {
  readonly cause: GapCause;
  /** With `server-down`: the System log records it. Without, silence of all logs may as well be their removal. */
  readonly recorded?: boolean;
}

export interface CoveredSource {
  readonly id: string;
  readonly path: string;
  readonly originalPath: string;
  readonly kind: SourceKind;
  readonly family: string;
  readonly server?: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly records: number;
  readonly damaged: number;
  readonly recovered: number;
  readonly first?: Time;
  readonly last?: Time;
  readonly clock: Clock;
  readonly gaps: readonly Gap[];
  readonly issues: readonly Issue[];
  readonly excerpt?: boolean;
  /** The source with the same content that was judged in its place. */
  readonly duplicateOf?: string;
}

/** Sources of one server, kind, family and clock in one folder, whole and without anything to say of a single one. */
export interface SourceGroup {
  /** Original Windows folder that all lie in or below. */
  readonly folder: string;
  readonly kind: SourceKind;
  readonly family: string;
  readonly server?: string;
  readonly sources: number;
  readonly bytes: number;
  readonly records: number;
  readonly first?: Time;
  readonly last?: Time;
  readonly clock: Clock;
}

export interface FamilyCoverage {
  readonly server: string;
  readonly family: string;
  /** In the words people use: "IIS front end", "HttpProxy". */
  readonly title: string;
  readonly state: 'complete' | 'partial' | 'absent';
  readonly first?: Time;
  readonly last?: Time;
  readonly covered: readonly Stretch[];
  readonly gaps: readonly Gap[];
}

export type Question = 'attempt' | 'success' | 'use';

export interface QuestionCoverage {
  readonly server: string;
  readonly pack: string;
  readonly cve: string;
  readonly question: Question;
  /** What is asked about, as a {@link Stretch}. */
  readonly from: Time;
  readonly to: Time;
  readonly covered: readonly (Stretch & { readonly by: string })[];
}
