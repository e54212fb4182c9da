import type { SevenZipDirectory } from './directory.ts';
import type { NamedEntry } from './names.ts';
import type { SevenZipArchive, WantedFile } from './unpack-folder.ts';
import { formatCount, stoppedByUser } from '../archive-limits.ts';
import { cleanName } from '../entry-name.ts';
import { rangeInput, subRange } from '../file-range.ts';
import { addFile, entryPlace, report, skip, skipped, skipRefused } from '../opening.ts';
import { readDirectory } from './directory.ts';
import { unpackFolder } from './unpack-folder.ts';

/**
 * Takes the files out of a 7z archive in the order in which they are packed. Files that are packed together are
 * unpacked together, once. An archive whose directory cannot be had stays as a file.
 */
export async function unpackSevenZip(archive: SevenZipArchive): Promise<void> {
  const { opening, place, range } = archive;
  const directory = readDirectory(rangeInput(range), opening.limits);
  if (directory === 'cut' || directory === 'corrupt') {
    reportDirectory(archive, directory);
    addFile(opening, place, range);
  } else if ('reason' in directory) skipRefused(opening, place, range.size, directory);
  else await takeEntries(archive, directory);
}

async function takeEntries(archive: SevenZipArchive, { folders, entries }: SevenZipDirectory): Promise<void> {
  const { opening, place, range } = archive;
  for (const entry of entries) if (entry.isEmptyFile) await takeEmpty(archive, entry);
  const names = entries.filter(({ hasStream }) => hasStream);
  let next = 0;
  for (const folder of folders) {
    const files = folder.files.map(({ size, crc }) => wanted(archive, { size, crc, entry: names[next++] }));
    await unpackFolder(archive, folder, files);
  }
  // Nothing of an archive passes unsaid: it says that it has files, and no bytes for them.
  for (const { name } of names.slice(next))
    skip(
      opening,
      skipped(entryPlace(place, shownName(name)), 'damaged', 0, 'the archive has no data for it'),
    );
  if (folders.length === 0 && place.depth === 0) opening.onProgress(range.size, place.path);
}

async function takeEmpty(archive: SevenZipArchive, entry: NamedEntry): Promise<void> {
  const { opening, range, visit } = archive;
  const { place, objection } = wanted(archive, { size: 0, crc: undefined, entry });
  if (opening.isStopped()) skipRefused(opening, place, 0, stoppedByUser);
  else if (objection !== undefined) skip(opening, skipped(place, objection.reason, 0, objection.detail));
  else await visit(subRange(range, 0, 0), place);
}

interface Unnamed {
  readonly size: number;
  readonly crc: number | undefined;
  readonly entry: NamedEntry | undefined;
}

function wanted({ place }: SevenZipArchive, { size, crc, entry }: Unnamed): WantedFile {
  const name = cleanName(entry?.name ?? '');
  const at = entryPlace(place, shownName(entry?.name ?? ''));
  const file = { place: at, size, crc };
  if (typeof name !== 'string') return { ...file, objection: { reason: 'unsafe-name', detail: name.why } };
  if (name === '') return { ...file, objection: { reason: 'unsafe-name', detail: 'it has no name' } };
  const isLink = isLinkBy(entry?.attributes ?? 0);
  return { ...file, objection: isLink ? { reason: 'link', detail: 'a symbolic link' } : undefined };
}

function shownName(name: string): string {
  const clean = cleanName(name);
  return typeof clean === 'string' ? clean.replace(/\/$/, '') : clean.shown;
}

/** Links of Unix by their mode, those of Windows as reparse points. */
function isLinkBy(attributes: number): boolean {
  const isUnix = (attributes & 0x8000) !== 0;
  return (isUnix && attributes >>> 28 === 0xa) || (attributes & 0x400) !== 0;
}

function reportDirectory({ opening, place, range }: SevenZipArchive, end: 'cut' | 'corrupt'): void {
  const isCut = end === 'cut';
  const what = isCut
    ? `the archive ends at byte ${formatCount(range.size)} before its list of files`
    : 'the list of files of the archive is damaged';
  const parts = isCut ? ', or join its parts (.001, .002, …)' : '';
  report(opening, place, {
    code: isCut ? 'POSTERN_COLLECTION_TRUNCATED' : 'POSTERN_COLLECTION_DIRECTORY',
    severity: 'error',
    message: `${place.path}: ${what}\nWithout it no file of a 7-Zip archive can be told from another: none is read.\nCopy the archive again if you can${parts}; the verdict will say what is missing.`,
    source: place.path,
    at: { offset: range.size },
  });
}
