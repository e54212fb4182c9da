import type { Dirent } from 'node:fs';
import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';
import { compareText, isPosternError } from '@postern/core';
import type { FileRange } from './file-range.ts';
import type { Opening, Place } from './opening.ts';
import { stoppedByUser } from './archive-limits.ts';
import { reasonOf } from './file-range.ts';
import { folderPlace, skip, skipped, skipRefused } from './opening.ts';
import { takeIn } from './unpack.ts';

/** A folder of the disk. */
interface Folder {
  /** On the disk. */
  readonly file: string;
  readonly place: Place;
}

/** Whatever lies in one, with the sort that its folder tells: thousands of files need not be asked one by one. */
interface Item extends Folder {
  readonly entry: Dirent;
}

/**
 * Takes in everything below a folder, in the order of names. Links are listed and not followed: what they lead to in
 * the folder is read where it is, and what they lead to outside is no part of the evidence. What cannot be read is
 * listed, and the walk goes on.
 */
export async function takeFolder(opening: Opening, root: string): Promise<void> {
  // A list of its own instead of calls into calls: the depth of a hostile tree must not matter.
  const waiting: Item[] = childrenOf(opening, { file: root, place: folderPlace('') });
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    if (opening.isStopped()) skipRefused(opening, item.place, 0, stoppedByUser);
    else waiting.push(...(await takeItem(opening, item)));
  }
}

/** Children in reverse order of names, for they are taken from the end. */
function childrenOf(opening: Opening, { file, place }: Folder): Item[] {
  let children: Dirent[];
  try {
    children = readdirSync(file, { withFileTypes: true });
  } catch (error) {
    skip(
      opening,
      skipped(place.path === '' ? folderPlace('.') : place, 'unreadable', 0, `folder: ${reasonOf(error)}`),
    );
    return [];
  }
  const before = file.endsWith(sep) ? file : file + sep;
  const beforePlace = place.path === '' ? '' : `${place.path}/`;
  return children
    .toSorted((a, b) => compareText(b.name, a.name))
    .map((entry) => ({ file: before + entry.name, place: folderPlace(beforePlace + entry.name), entry }));
}

/** Takes in a file, or returns what is in a folder. */
async function takeItem(opening: Opening, item: Item): Promise<readonly Item[]> {
  const { file, place, entry } = item;
  try {
    // Windows calls link whatever a filter of the disk stands behind: deduplicated, compressed and cloud files too.
    const found = entry.isSymbolicLink() ? lstatSync(file) : entry;
    if (found.isSymbolicLink()) skip(opening, skipped(place, 'link', 0, `a link to ${readlinkSync(file)}`));
    else if (opening.temp.contains(file))
      skip(opening, skipped(place, 'own-output', 0, 'our temporary folder'));
    else if (found.isDirectory()) return childrenOf(opening, item);
    else if (found.isFile()) await takeFile(opening, file, place);
    else skip(opening, skipped(place, 'not-a-file', 0, 'a device, pipe or socket'));
  } catch (error) {
    skip(opening, unreadable(place, error));
  }
  return [];
}

/**
 * Takes in a file of the disk.
 *
 * @throws the system's error where it cannot be opened; see {@link unreadable}
 */
export async function takeFile(opening: Opening, file: string, place: Place): Promise<void> {
  const fd = openSync(file, 'r');
  try {
    const range: FileRange = { file, fd, offset: 0, size: fstatSync(fd).size };
    await takeIn(opening, range, place);
  } finally {
    closeSync(fd);
  }
}

/**
 * Lists what the system would not let us read.
 *
 * @throws the error itself where it is our own, or the user's to mend: only evidence may fail in silence
 */
export function unreadable(place: Place, error: unknown): ReturnType<typeof skipped> {
  const isReading = isPosternError(error) && error.code === 'POSTERN_COLLECTION_READ';
  const isSystem = error instanceof Error && 'syscall' in error;
  if (!isReading && !isSystem) throw error;
  return skipped(place, 'unreadable', 0, isReading ? error.message : reasonOf(error));
}
