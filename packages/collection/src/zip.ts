import type { ZipArchive } from './zip-entry.ts';
import type { DirectoryProblem, ZipDirectory, ZipEntry } from './zip-directory.ts';
import { formatCount, limitReached, stoppedByUser } from './archive-limits.ts';
import { cleanName } from './entry-name.ts';
import { addFile, entryPlace, skip, skipped, skipRefused } from './opening.ts';
import { readDirectory } from './zip-directory.ts';
import { takeEntry } from './zip-entry.ts';
import { dataOffset } from './zip-header.ts';
import { recoverEntries } from './zip-recover.ts';

/**
 * Takes the entries out of a zip archive, in the order in which they lie in it. Where its directory is missing or
 * damaged, the entries' own headers are followed. An archive of which nothing can be had stays as a file.
 */
export async function unpackZip(archive: ZipArchive): Promise<void> {
  const { opening, place } = archive;
  const directory = await readDirectory(archive.input, opening.limits.archiveEntries);
  const taken = await takeListed(archive, directory);
  const problem = directory.problem ?? shifted(directory, taken);
  if (directory.beyondLimit > 0) {
    const { reason, detail } = limitReached(opening.limits, 'archiveEntries');
    const more = `${detail}; ${formatCount(directory.beyondLimit)} entries more`;
    skip(opening, skipped(place, reason, 0, more));
  }
  if (problem === undefined) {
    for (const entry of taken.lost) skipLost(archive, entry);
    return;
  }
  const recovered = await recoverEntries(archive, taken.end);
  if (recovered.count === 0 && taken.count === 0) addFile(opening, place, archive.range);
  reportProblem(archive, problem, taken.count + recovered.count);
}

interface Taken {
  /** Entries that are read. */
  readonly count: number;
  /** Entries that are not where the directory says. */
  readonly lost: readonly ZipEntry[];
  /** Offset of the first byte behind the last of them. */
  readonly end: number;
}

async function takeListed(archive: ZipArchive, directory: ZipDirectory): Promise<Taken> {
  const { opening, place } = archive;
  const lost: ZipEntry[] = [];
  let [count, end] = [0, 0];
  for (const entry of directory.entries.toSorted((a, b) => a.headerAt - b.headerAt)) {
    const at = entryPlace(place, shownName(entry));
    const dataAt = dataOffset(archive.input, entry.headerAt);
    if (opening.isStopped()) skipRefused(opening, at, entry.size ?? 0, stoppedByUser);
    else if (dataAt === undefined) lost.push(entry);
    else if (entry.headerAt < end) {
      skip(
        opening,
        skipped(at, 'damaged', entry.size ?? 0, 'it shares its bytes with another entry, as zip bombs do'),
      );
    } else {
      const taken = await takeEntry(archive, entry, dataAt);
      end = Math.max(dataAt, taken.end);
      if (taken.isRead) count++;
    }
  }
  return { count, lost, end };
}

/** All offsets wrong: something was put before the archive, or taken off its start. */
function shifted({ entries }: ZipDirectory, { lost }: Taken): DirectoryProblem | undefined {
  if (entries.length === 0 || lost.length < entries.length) return undefined;
  return { kind: 'damaged', reason: 'no entry is where it says' };
}

function skipLost({ opening, place }: ZipArchive, entry: ZipEntry): void {
  const detail = `its header is not at byte ${formatCount(entry.headerAt)} of the archive`;
  skip(opening, skipped(entryPlace(place, shownName(entry)), 'damaged', entry.size ?? 0, detail));
}

function shownName({ name }: ZipEntry): string {
  const clean = cleanName(name);
  return typeof clean === 'string' ? clean : clean.shown;
}

function reportProblem(
  { opening, place, range }: ZipArchive,
  problem: DirectoryProblem,
  count: number,
): void {
  const isMissing = problem.kind === 'missing';
  const what = isMissing
    ? `the archive ends at byte ${formatCount(range.size)} without its directory`
    : `the directory of the archive is damaged: ${problem.reason}`;
  const done = `${formatCount(count)} of its entries could be recovered from their own headers and are read`;
  const rest = isMissing ? '; what came after is lost' : '';
  opening.issues.push({
    code: isMissing ? 'POSTERN_COLLECTION_TRUNCATED' : 'POSTERN_COLLECTION_DIRECTORY',
    severity: 'error',
    message: `${place.path}: ${what}\n${done}${rest}.\nCopy the archive again if you can; the verdict will say what is missing.`,
    source: place.path,
    at: { offset: range.size },
    count,
  });
}
