import {
  openCollection,
  originalPathOf,
  type Collection,
  type CollectionEntry,
  type Container,
} from '@postern/collection';
import {
  PosternError,
  type Assessment,
  type CaseOptions,
  type FullFinding,
  type Issue,
  type Pivots,
} from '@postern/core';
import { openCase, type FullAssessment } from '@postern/incident';
import { bootThreads, usualJobs } from './boot-threads.ts';
import {
  archivesIn,
  caseFacts,
  serverPlaces,
  openingIssues,
  tellIssues,
  unread,
  type Learned,
} from './case-facts.ts';
import { firstWitness, type FoundWitness } from './first-witness.ts';
import type { FirstPass } from './first-pass.ts';
import type { Knowledge } from './knowledge.ts';
import { mergeFirst, withOwnIds, type Merged } from './merge.ts';
import { listeningPool, stopped, threadPool, type Pool } from './pool.ts';
import { isPageKind, isPageName, readerOf } from './readers.ts';
import { isFollowed, type SecondPass } from './second-pass.ts';
import { isLong } from './task-queues.ts';
import type { Threads } from './threads.ts';
import type { Outcome, Task, WorkerSetup } from './worker-task.ts';
import { usersYaraRules } from './yara-engine.ts';

export interface ScanOptions {
  readonly knowledge: Knowledge;
  readonly case: CaseOptions;
  /** Threads; absent: as many as the machine has, for small collections one. */
  readonly jobs?: number;
  /** Those that were started beforehand for these paths and jobs; absent: they are started now. */
  readonly threads?: Threads;
  /** Where archives are unpacked; absent: the system's temporary folder. */
  readonly temp?: string;
  /** Our own output folder: refused inside the evidence. */
  readonly output?: string;
  /** Asked while the scan runs; once true, the scan ends early with a valid assessment marked incomplete. */
  readonly signal?: AbortSignal;
}

/** What a scan tells while it runs. All are optional; nothing here changes the result. */
export interface ScanEvents {
  readonly onOpened?: (files: number, bytes: number) => void;
  /** Bytes of the part that runs; `path` is the file that was read last. */
  readonly onProgress?: (bytesDone: number, bytesInAll: number, path: string) => void;
  /** After the reading: what was found is followed through the logs again, then judged. */
  readonly onPhase?: (phase: 'following' | 'judging') => void;
  /** Once: the first direct witness. */
  readonly onWitness?: (witness: FoundWitness) => void;
  readonly onIssue?: (issue: Issue) => void;
}

/** A scan's result, and what the record of the run needs beside it. */
export interface ScanResult {
  readonly assessment: Assessment;
  /** Every finding with all its records, for findings.jsonl. */
  readonly findings: () => Iterable<FullFinding>;
  readonly hashes: readonly FileHashes[];
  readonly inputs: Collection['inputs'];
  readonly files: number;
  readonly bytes: number;
  /** Files that some reader or check understood; of the others there are hashes and no more. */
  readonly judged: number;
}

export interface FileHashes {
  readonly path: string;
  readonly originalPath: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly sha1?: string;
  readonly md5?: string;
}

/**
 * Reads a collection and judges it. A function of (collection, packs, options) alone: the same evidence gives the
 * same assessment on any number of threads.
 *
 * @throws PosternError `POSTERN_SCAN_NO_EVIDENCE` when nothing could be read; `POSTERN_COLLECTION_…` for wrong paths
 */
export async function scan(
  paths: readonly string[],
  options: ScanOptions,
  events: ScanEvents = {},
): Promise<ScanResult> {
  const { threads = bootThreads(paths, options.jobs) } = options;
  const setup: WorkerSetup = { knowledge: options.knowledge, control: new SharedArrayBuffer(4) };
  const stop = (): void => void Atomics.store(new Int32Array(setup.control), 0, 1);
  options.signal?.addEventListener('abort', stop);
  try {
    threads.tell(setup);
    return await openAndScan(paths, options, events, { setup, threads });
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await threads.end();
  }
}

/** What the pool is made of. */
interface Crew {
  readonly setup: WorkerSetup;
  readonly threads: Threads;
}

async function openAndScan(
  paths: readonly string[],
  options: ScanOptions,
  events: ScanEvents,
  crew: Crew,
): Promise<ScanResult> {
  const collection = await openCollection(paths, {
    isStopped: () => options.signal?.aborted === true,
    ...(options.temp === undefined ? {} : { temp: options.temp }),
    ...(options.output === undefined ? {} : { output: options.output }),
  });
  try {
    return await scanCollection(collection, options, events, crew);
  } finally {
    collection.close();
  }
}

async function scanCollection(
  collection: Collection,
  asked: ScanOptions,
  events: ScanEvents,
  crew: Crew,
): Promise<ScanResult> {
  const { entries } = collection;
  const bytes = entries.reduce((sum, entry) => sum + entry.size, 0);
  const isStopped = asked.signal?.aborted === true;
  // A run that was stopped while archives were unpacked ends in an assessment too: it lists what was not read.
  if (entries.length === 0 && !isStopped) throw noEvidence(collection);
  const options = entries.length === 0 ? asked : withPlaces(collection, asked);
  events.onOpened?.(entries.length, bytes);
  for (const issue of openingIssues(collection)) events.onIssue?.(issue);
  const work: Work = { collection, bytes, options };
  const { first, assessment, findings } = await twoPasses(work, events, crew);
  return {
    assessment,
    findings,
    hashes: [...first.map(hashesOf), ...collection.containers.map(hashesOfContainer)],
    inputs: collection.inputs,
    files: entries.length,
    bytes,
    judged: first.filter(isJudged).length,
  };
}

function withPlaces(collection: Collection, options: ScanOptions): ScanOptions {
  const servers = serverPlaces(collection, options.case.servers);
  return { ...options, case: { ...options.case, servers } };
}

/** Something in it was read as records or judged by its content, or its hash is a known one. */
function isJudged({ facts, hits }: FirstPass): boolean {
  const isRead = readerOf(facts.kind) !== undefined || isPageKind(facts.kind);
  return hits.length > 0 || (isRead && facts.bytes > 0);
}

/** What both passes came to, and the judgement of it. */
interface Run {
  readonly first: readonly FirstPass[];
  readonly judge: () => FullAssessment;
}

async function twoPasses(
  work: Work,
  events: ScanEvents,
  crew: Crew,
): Promise<FullAssessment & Pick<Run, 'first'>> {
  const pool = makePool(work, crew);
  let closed: Promise<void> | undefined;
  try {
    const { first, judge } = await runPasses(pool, work, events);
    // The other threads need a moment to end, in which this one can judge.
    closed = pool.close();
    return { first, ...judge() };
  } finally {
    await (closed ?? pool.close());
  }
}

function makePool({ bytes, collection, options }: Work, { setup, threads }: Crew): Pool {
  const count = options.jobs ?? usualJobs(bytes);
  // While a long file is read no signal is heard: then this thread does nothing else.
  if (collection.entries.some(({ size }) => isLong(size))) return listeningPool(setup, count, threads);
  return threadPool(setup, count, threads);
}

interface Work {
  readonly collection: Collection;
  readonly bytes: number;
  readonly options: ScanOptions;
}

async function runPasses(pool: Pool, work: Work, events: ScanEvents): Promise<Run> {
  const { collection, bytes, options } = work;
  const { entries } = collection;
  const witness = firstWitness(options.knowledge.packs, events.onWitness);
  const order = decidingFirst(entries);
  const progress = counter(bytes, events);
  const outcomes = await pool.run(
    order.map((entry): Task => ({ pass: 'first', entry })),
    {
      onProgress: progress.more,
      onOutcome: (number, outcome) => {
        progress.at(order[number]?.originalPath ?? '');
        witness(outcome);
      },
    },
  );
  const results = inOrder(entries, order, outcomes);
  const first = withOwnIds(
    results.flatMap(({ outcome }) =>
      'result' in outcome && outcome.result.pass === 'first' ? [outcome.result.result] : [],
    ),
  );
  tellIssues(first, events);
  const merged = mergeFirst(first, archivesIn(collection));
  const learned: Learned = {
    merged,
    unread: results.flatMap(({ entry, outcome }) => ('failure' in outcome ? [unread(entry, outcome)] : [])),
    yara: usersYaraRules(options.knowledge.yara),
  };
  const { pivots, judge } = openCase(caseFacts(collection, options, learned));
  const followed = await followPass(pool, { results, merged, pivots }, events);
  const complete = options.signal?.aborted !== true;
  return { first, judge: () => judge({ ...followed, complete }) };
}

/** Counts the bytes of one pass, and knows the file that was done last. */
function counter(
  all: number,
  events: ScanEvents,
): { readonly more: (bytes: number) => void; readonly at: (path: string) => void } {
  let done = 0;
  let path = '';
  return {
    more: (bytes) => events.onProgress?.((done += bytes), all, path),
    at: (last) => void (path = last),
  };
}

interface Settled {
  readonly entry: CollectionEntry;
  readonly outcome: Outcome;
}

interface Following {
  readonly results: readonly Settled[];
  readonly merged: Merged;
  readonly pivots: Pivots;
}

async function followPass(
  pool: Pool,
  { results, merged, pivots }: Following,
  events: ScanEvents,
): Promise<SecondPass> {
  const duplicates = new Set(
    merged.sources.flatMap((source) => (source.duplicateOf === undefined ? [] : [source.id])),
  );
  const tasks = results.flatMap(({ entry, outcome }): readonly Task[] => {
    if (!('result' in outcome) || outcome.result.pass !== 'first') return [];
    const { id, kind } = outcome.result.result.facts;
    return duplicates.has(id) || !isFollowed(kind)
      ? []
      : [{ pass: 'second', entry, source: id, kind, pivots }];
  });
  events.onPhase?.('following');
  const progress = counter(
    tasks.reduce((sum, { entry }) => sum + entry.size, 0),
    events,
  );
  const outcomes = await pool.run(tasks, {
    // Files that hold nothing followed are only skimmed and report no bytes: whole files are counted instead.
    onProgress: () => undefined,
    onOutcome: (number) => {
      const entry = tasks[number]?.entry;
      progress.at(entry?.originalPath ?? '');
      progress.more(entry?.size ?? 0);
    },
  });
  events.onPhase?.('judging');
  const passes = outcomes.flatMap((outcome) =>
    'result' in outcome && outcome.result.pass === 'second' ? [outcome.result.result] : [],
  );
  return { hits: passes.flatMap(({ hits }) => hits), issues: passes.flatMap(({ issues }) => issues) };
}

/** Back into the order of the collection, which does not depend on which thread was faster. */
function inOrder(
  entries: readonly CollectionEntry[],
  order: readonly CollectionEntry[],
  outcomes: readonly Outcome[],
): readonly Settled[] {
  const byEntry = new Map(order.map((entry, i) => [entry, outcomes[i]]));
  return entries.map((entry) => ({ entry, outcome: byEntry.get(entry) ?? stopped }));
}

/** Pages and the logs of the control panel decide most verdicts; they are read first, then the largest. */
export function decidingFirst(entries: readonly CollectionEntry[]): readonly CollectionEntry[] {
  return entries
    .map((entry) => ({ entry, rank: rankOf(entry) }))
    .toSorted((a, b) => a.rank - b.rank || b.entry.size - a.entry.size)
    .map(({ entry }) => entry);
}

function rankOf({ originalPath }: CollectionEntry): number {
  if (isPageName(originalPath)) return 0;
  return /\\ecp\\/i.test(originalPath) ? 1 : 2;
}

function hashesOf(result: FirstPass): FileHashes {
  const { path, originalPath, bytes } = result.facts;
  return { path, originalPath, bytes, ...result.hashes };
}

function hashesOfContainer({ path, bytes, sha256 }: Container): FileHashes {
  return { path, originalPath: originalPathOf(path).originalPath, bytes, sha256 };
}

function noEvidence(collection: Collection): PosternError {
  const reasons = collection.skipped
    .map(({ path, reason, detail }) => `${path}: ${detail ?? reason}`)
    .slice(0, 5);
  return new PosternError({
    code: 'POSTERN_SCAN_NO_EVIDENCE',
    message:
      reasons.length === 0
        ? 'there is no file in what was given'
        : `no file could be read (${reasons.join('; ')})`,
    hint: 'Give a folder, a file or an archive (zip, 7z, tar, tar.gz, gz) with logs or web folders of the server.',
  });
}
