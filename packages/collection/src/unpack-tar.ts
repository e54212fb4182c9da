import type { FileRange } from './file-range.ts';
import type { Opening, Place } from './opening.ts';
import type { TarEnd, TarEntry } from './tar.ts';
import { formatCount, limitReached, stoppedByUser } from './archive-limits.ts';
import { cleanName } from './entry-name.ts';
import { rangeInput, subRange } from './file-range.ts';
import { entryPlace, report, skip, skipped, skipRefused } from './opening.ts';
import { findTarHeader, readTar } from './tar.ts';

/** A tar archive, and what to do with each file in it. */
export interface TarArchive {
  readonly opening: Opening;
  readonly place: Place;
  readonly range: FileRange;
  readonly visit: (range: FileRange, place: Place) => Promise<void>;
}

/**
 * Takes the entries out of a tar archive; nothing is copied, for they stand in it as they are. Behind a damaged place
 * it goes on at the next header. Returns how many entries there were.
 */
export async function unpackTar(archive: TarArchive): Promise<number> {
  const input = rangeInput(archive.range);
  const { opening, place } = archive;
  const entries: TarEntry[] = [];
  let from: number | undefined = 0;
  while (from !== undefined) {
    const outcome: TarEnd = await readTar(input, from, (entry) => {
      if (opening.isStopped() || entries.length >= opening.limits.archiveEntries) return false;
      entries.push(entry);
      return true;
    });
    from = next(archive, outcome, from);
  }
  for (const entry of entries) await takeEntry(archive, entry);
  if (place.depth === 0) opening.onProgress(archive.range.size, place.path);
  return entries.length;
}

/** Says how a stretch of the archive ended, and where to go on. */
function next(archive: TarArchive, { end, at }: TarEnd, from: number): number | undefined {
  const { opening, place, range } = archive;
  if (end === 'complete') return undefined;
  if (end === 'stopped') {
    const refusal = opening.isStopped() ? stoppedByUser : limitReached(opening.limits, 'archiveEntries');
    skipRefused(opening, place, range.size - at, refusal);
    return undefined;
  }
  const resumed = end === 'cut' ? undefined : findTarHeader(rangeInput(range), Math.max(at, from) + 512);
  reportDamage(archive, end, { at, resumed });
  return resumed;
}

function reportDamage(
  { opening, place, range }: TarArchive,
  end: 'cut' | 'corrupt',
  { at, resumed }: { readonly at: number; readonly resumed: number | undefined },
): void {
  const isCut = end === 'cut';
  const what = isCut
    ? `the archive ends at byte ${formatCount(range.size)} in the middle of an entry`
    : `the archive is damaged at byte ${formatCount(at)}`;
  const gone =
    resumed === undefined ? 'what came after is lost' : `it is read on from byte ${formatCount(resumed)}`;
  report(opening, place, {
    code: isCut ? 'POSTERN_COLLECTION_TRUNCATED' : 'POSTERN_COLLECTION_DAMAGED',
    severity: 'error',
    message: `${place.path}: ${what}\nWhat came before is read; ${gone}.\nCopy the archive again if you can; the verdict will say what is missing.`,
    source: place.path,
    at: { offset: isCut ? range.size : at },
  });
}

async function takeEntry({ opening, place, range, visit }: TarArchive, entry: TarEntry): Promise<void> {
  const name = cleanName(entry.name);
  if (typeof name !== 'string') {
    skip(opening, skipped(entryPlace(place, name.shown), 'unsafe-name', entry.size, name.why));
    return;
  }
  if (entry.kind === 'folder' || name.endsWith('/') || name === '') return;
  const at = entryPlace(place, name);
  if (entry.kind === 'file') {
    await takeFile({ opening, place, range, visit }, entry, at);
    return;
  }
  skip(opening, otherEntry(at, entry));
}

async function takeFile(
  { opening, place, range, visit }: TarArchive,
  entry: TarEntry,
  at: Place,
): Promise<void> {
  const file = subRange(range, entry.dataAt, entry.size);
  if (opening.isStopped()) {
    skipRefused(opening, at, entry.size, stoppedByUser);
    return;
  }
  if (file.size === 0 && entry.size > 0) {
    skip(opening, skipped(at, 'damaged', entry.size, 'the archive ends before its first byte'));
    return;
  }
  if (file.size < entry.size) {
    report(opening, place, {
      code: 'POSTERN_COLLECTION_ENTRY_DAMAGED',
      severity: 'warning',
      message: `${at.path}: cut off; ${formatCount(file.size)} of its ${formatCount(entry.size)} bytes are read`,
      source: at.path,
      at: { offset: range.size },
    });
  }
  await visit(file, at);
}

function otherEntry(at: Place, { kind, size, target }: TarEntry): ReturnType<typeof skipped> {
  if (kind === 'link') return skipped(at, 'link', 0, `a link to ${target ?? 'an unknown place'}`);
  if (kind === 'device') return skipped(at, 'not-a-file', 0, 'a device or pipe');
  return skipped(
    at,
    'no-reader',
    size,
    'a sparse file or part of another volume; unpack it and scan the result',
  );
}
