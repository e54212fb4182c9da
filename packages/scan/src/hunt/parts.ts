import { openEntry, type CollectionEntry } from '@postern/collection';
import { joinContinuity, continuityIssues, countChunks } from '@postern/evtx';
import type { Issue } from '@postern/core';
import type { HuntedSource } from './hunt-task.ts';

/** What one thread reads at a time: a source, or some chunks of a large event log. */
export interface SourcePart {
  readonly entry: CollectionEntry;
  readonly chunks?: { readonly from: number; readonly to: number };
  /** With it the source is done. */
  readonly isLast: boolean;
}

/**
 * Chunks of a part: 4 MiB. What is told of so much fits into what a thread may be ahead, so that it need not wait for its
 * turn in the middle of a part.
 */
const chunksOfPart = 64;
/** Smaller files are not even looked at. */
const smallestCut: number = 2 * chunksOfPart * 65_536;

/**
 * Cuts large event logs at borders of chunks, always in the same way: what is read of damaged ones does not depend on how
 * many threads there are. Recovery needs to know all records of a log, so then it is read whole.
 */
export function partsOf(entries: readonly CollectionEntry[], recover: boolean): readonly SourcePart[] {
  return entries.flatMap((entry) => {
    const count = recover || entry.size < smallestCut ? undefined : chunksOf(entry);
    return count === undefined ? [{ entry, isLast: true }] : cut(entry, count);
  });
}

function chunksOf(entry: CollectionEntry): number | undefined {
  try {
    const opened = openEntry(entry);
    try {
      return countChunks(opened.input);
    } finally {
      opened.close();
    }
  } catch {
    // Whoever reads it says why it cannot be.
    return undefined;
  }
}

function cut(entry: CollectionEntry, count: number): readonly SourcePart[] {
  return Array.from({ length: Math.ceil(count / chunksOfPart) }, (_, part) => {
    const from = part * chunksOfPart;
    const to = Math.min(count, from + chunksOfPart);
    return { entry, chunks: { from, to }, isLast: to === count };
  });
}

/** A source of which all parts were read: counts added up, an issue of one kind told once. */
export function joinParts(parts: readonly HuntedSource[]): HuntedSource {
  const [first] = parts;
  if (first === undefined) throw new TypeError('a source has one part at least');
  if (parts.length === 1) return first;
  const sum = (count: (part: HuntedSource) => number): number =>
    parts.reduce((total, part) => total + count(part), 0);
  const known = parts.flatMap(({ continuity }) => (continuity === undefined ? [] : [continuity]));
  const told = known.length === 0 ? [] : continuityIssues(joinContinuity(known));
  return {
    ...first,
    records: sum(({ records }) => records),
    damaged: sum(({ damaged }) => damaged),
    isAsked: parts.some(({ isAsked }) => isAsked),
    counts: added(parts.map(({ counts }) => counts)),
    work: added(parts.map(({ work }) => work)),
    issues: [
      ...joinIssues(parts.flatMap(({ issues }) => issues)),
      ...told.map((issue) => ({ ...issue, source: first.file })),
    ],
    isStopped: parts.some(({ isStopped }) => isStopped),
  };
}

function added(maps: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const all = new Map<number, number>();
  for (const map of maps) for (const [key, count] of map) all.set(key, (all.get(key) ?? 0) + count);
  return all;
}

function joinIssues(issues: readonly Issue[]): readonly Issue[] {
  const all = new Map<string, Issue>();
  for (const issue of issues) {
    const known = all.get(issue.code);
    const count = (known?.count ?? 0) + (issue.count ?? 1);
    all.set(issue.code, known === undefined ? issue : { ...known, count });
  }
  return [...all.values()];
}
