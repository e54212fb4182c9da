import type { CorrelationLine, HuntLine, Issue } from '@postern/core';
import { openingIssues } from '../case-facts.ts';
import { Correlating } from './correlating.ts';
import { runHunt } from './hunt-pool.ts';
import type { HuntRules } from './hunt-rules.ts';
import { makeControl, type EventFormat, type HuntPiece, type HuntSetup, type HuntWork } from './hunt-task.ts';
import type { Clocks } from './record-line.ts';
import { openSources, type HuntSources, type SourceOptions } from './sources.ts';
import { Tally, type HuntSummary } from './summary.ts';

export interface HuntOptions extends SourceOptions {
  readonly clocks?: Clocks;
  /** Threads; absent: as many as the machine has, for small collections one. */
  readonly jobs?: number;
  /** Also look for records in damaged and unused parts of event logs. */
  readonly recover?: boolean;
}

export interface EventsOptions extends HuntOptions {
  /** Absent: normalised JSON lines. */
  readonly format?: EventFormat;
}

export interface RuleHuntOptions extends HuntOptions {
  readonly rules: HuntRules;
}

/** What a hunt tells while it runs; nothing here changes the result. */
export interface HuntEvents {
  readonly onOpened?: (files: number, bytes: number) => void;
  readonly onProgress?: (bytesDone: number, bytesInAll: number, path: string) => void;
  readonly onIssue?: (issue: Issue) => void;
}

/**
 * Runs rules over the records of a collection. Matches come one after the other in the order of sources, then of
 * records, then of rules; correlations at the end. The same evidence and rules give the same lines on any number of
 * threads.
 *
 * @throws PosternError `POSTERN_SCAN_NO_EVIDENCE` when there is no file; `POSTERN_COLLECTION_…` for wrong paths
 */
export async function hunt(
  paths: readonly string[],
  options: RuleHuntOptions,
  onLine: (line: HuntLine | CorrelationLine) => void,
  events: HuntEvents = {},
): Promise<HuntSummary> {
  const { rules } = options;
  const correlating = new Correlating(rules);
  const tally = new Tally();
  const take = (piece: HuntPiece): void => {
    for (const match of piece.matches) {
      const rule = rules.rules[match.rule];
      if (rule === undefined) continue;
      const { id, title, level, tags } = rule;
      if (rule.role === 'shown')
        onLine({ kind: 'match', rule: { id, title, level, tags }, record: match.record });
      correlating.add(match);
    }
  };
  const work: HuntWork = { kind: 'hunt', ruleSet: rules.ruleSet, rules: rules.rules };
  const isAborted = await runOver(paths, work, options, { take, tally, events });
  const { lines, issues } = correlating.run();
  tally.issue(...issues);
  for (const line of lines) {
    tally.correlation(line.rule.level);
    onLine(line);
  }
  return tally.summary(rules, isAborted);
}

/** Prints every record of a collection, one a line, in the order of sources and records. */
export async function listEvents(
  paths: readonly string[],
  options: EventsOptions,
  onText: (text: string) => void,
  events: HuntEvents = {},
): Promise<HuntSummary> {
  const tally = new Tally();
  const take = (piece: HuntPiece): void => onText(piece.text);
  const isAborted = await runOver(paths, { kind: 'events', format: options.format ?? 'jsonl' }, options, {
    take,
    tally,
    events,
  });
  return tally.summary(undefined, isAborted);
}

/** Where what the threads tell goes. */
export interface Takers {
  readonly take: (piece: HuntPiece) => void;
  readonly tally: Tally;
  readonly events: HuntEvents;
}

/** Opens the evidence and runs one work over it; true if the user stopped it. */
export async function runOver(
  paths: readonly string[],
  work: HuntWork,
  options: HuntOptions,
  takers: Takers,
): Promise<boolean> {
  const control = makeControl();
  const stop = (): void => void Atomics.store(new Int32Array(control), 0, 1);
  options.signal?.addEventListener('abort', stop);
  const sources = await openSources(paths, options);
  try {
    takers.tally.skip([...sources.collection.skipped, ...sources.duplicates]);
    takers.tally.issue(...sources.collection.issues);
    const { clocks = new Map(), recover = false } = options;
    const setup: HuntSetup = { work, clocks, recover, control };
    await overSources(sources, setup, options.jobs, takers);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    sources.collection.close();
  }
  return options.signal?.aborted === true;
}

async function overSources(
  { collection, entries, bytes }: HuntSources,
  setup: HuntSetup,
  jobs: number | undefined,
  { take, tally, events }: Takers,
): Promise<void> {
  events.onOpened?.(entries.length, bytes);
  for (const issue of openingIssues(collection, 'more like this')) events.onIssue?.(issue);
  let done = 0;
  await runHunt(entries, setup, jobs, {
    onPiece: (_, piece) => take(piece),
    onSource: (entry, result) => tally.source(entry, result),
    onProgress: (more, path) => events.onProgress?.((done += more), bytes, path),
  });
}
