import { lstatSync, opendirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Threads } from './threads.ts';

/** Below this, starting threads costs more than they save. */
const smallCollection = 24 * 1024 * 1024;
/** On a slow share a look at a file takes a millisecond; what so many files do not show is seen when they are opened. */
const mostLooks = 1000;

/** How many threads read so much, where nobody said. */
export function usualJobs(bytes: number): number {
  return bytes < smallCollection ? 1 : availableParallelism();
}

/**
 * Starts the threads that a scan of these paths will need, as far as a glance at sizes tells: they load their code while
 * the knowledge is loaded and the evidence is opened. For `scan`, which ends them; whoever does not get there must.
 */
export function bootThreads(paths: readonly string[], jobs: number | undefined): Threads {
  const threads = new Threads();
  // More than the machine has, if somebody wants them, are started once it is sure that there is evidence.
  if (jobs !== 1) threads.start(Math.min(usualJobs(bytesSeen(paths)), jobs ?? Infinity) - 1);
  return threads;
}

/** Bytes of files below the paths, counted until it is clear that they are many. */
function bytesSeen(paths: readonly string[]): number {
  const waiting = [...paths];
  let bytes = 0;
  for (let looks = 0; looks < mostLooks && bytes < smallCollection; looks++) {
    const path = waiting.pop();
    if (path === undefined) break;
    try {
      const stats = lstatSync(path);
      if (stats.isFile()) bytes += stats.size;
      if (stats.isDirectory()) waiting.push(...childrenOf(path));
    } catch {
      // Whoever opens the evidence says what is wrong.
    }
  }
  return bytes;
}

function childrenOf(folder: string): readonly string[] {
  const children: string[] = [];
  const dir = opendirSync(folder);
  try {
    for (let entry = dir.readSync(); entry !== null && children.length < mostLooks; entry = dir.readSync())
      children.push(join(folder, entry.name));
  } finally {
    dir.closeSync();
  }
  return children;
}
