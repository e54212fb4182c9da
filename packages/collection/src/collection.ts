import type { Issue, Skipped } from '@postern/core';
import { compareText } from '@postern/core';
import type { ArchiveLimits } from './archive-limits.ts';
import type { Argument } from './arguments.ts';
import type { CollectionEntry } from './assign.ts';
import type { Container, Opening } from './opening.ts';
import { archiveLimits } from './archive-limits.ts';
import { belowArgument, lookUp, refuseInside } from './arguments.ts';
import { assign } from './assign.ts';
import { argumentPlace, countedIssues, skip, skipped } from './opening.ts';
import { namingOf, type Naming } from './naming.ts';
import { newBudget } from './spool.ts';
import { tempFolder } from './temp-folder.ts';
import { takeFile, takeFolder, unreadable } from './walk.ts';

export interface CollectionOptions {
  /** Where unpacked evidence goes until {@link Collection.close}; else the system's temporary folder. */
  readonly temp?: string;
  /** The folder of our own output, to refuse it inside the evidence. */
  readonly output?: string;
  /** Asked between files and pieces; true ends the opening, and lists what was left. */
  readonly isStopped?: () => boolean;
  /** Bytes of archives that were unpacked since the last call, and the entry at hand. */
  readonly onProgress?: (bytes: number, path: string) => void;
  /** For tests: other limits than core's. */
  readonly limits?: Partial<ArchiveLimits>;
}

/** Evidence, opened: after this nobody knows of archives. */
export interface Collection {
  /** Every file, by original path, then path. Its bytes are a range of a real file: see `openEntry`. */
  readonly entries: readonly CollectionEntry[];
  /** What was found and is not among the entries, with the reason. */
  readonly skipped: readonly Skipped[];
  /** What is wrong with archives. */
  readonly issues: readonly Issue[];
  /** Arguments that are archives, as the record of the run wants them. A folder is none. */
  readonly inputs: readonly Container[];
  /** Archives that were found inside the arguments and opened. */
  readonly containers: readonly Container[];
  /**
   * What a path of the disk, or one as entries have it, stands for: the beginning that entries below it have in common
   * (without a slash at its end, empty for all), or undefined where no entry lies there.
   */
  readonly placeOf: (path: string) => string | undefined;
  /** Removes the unpacked evidence. Entries of archives cannot be opened any more then. Can be called twice. */
  readonly close: () => void;
}

/**
 * Opens files, folders and archives (zip, 7z, tar, gzip …; archives inside archives too). Archives are told by their first
 * bytes. Their entries are unpacked one after the other into files of a temporary folder, which is removed by
 * `close()`, at the end of the process and, as far as possible, on signals; memory stays bounded.
 *
 * What cannot be read is listed, never thrown. The same evidence gives the same entries, however the paths are ordered.
 *
 * @throws PosternError POSTERN_COLLECTION_NO_PATH, POSTERN_COLLECTION_NOT_FOUND, POSTERN_COLLECTION_OUTPUT_INSIDE,
 *   POSTERN_COLLECTION_TEMP
 *
 * @example
 * const collection = await openCollection(['evidence.zip'], {});
 * for (const entry of collection.entries) {
 *   const { input, close } = openEntry(entry);
 *   console.log(entry.originalPath, hashInput(input, { all: false }).sha256);
 *   close();
 * }
 * collection.close();
 */
export async function openCollection(
  paths: readonly string[],
  options: CollectionOptions = {},
): Promise<Collection> {
  const found = lookUp(paths);
  if (options.output !== undefined) refuseInside(options.output, '--out', found);
  if (options.temp !== undefined) refuseInside(options.temp, '--temp', found);
  const shared = sharedParts(options);
  try {
    const openings: (readonly [Argument, Opening])[] = [];
    for (const argument of found) openings.push([argument, await takeArgument(argument, shared)]);
    return gather(openings, () => shared.temp.remove());
  } catch (error) {
    shared.temp.remove();
    throw error;
  }
}

type SharedParts = Pick<Opening, 'temp' | 'budget' | 'limits' | 'pace' | 'isStopped' | 'onProgress'>;

function sharedParts({ temp, isStopped, onProgress, limits }: CollectionOptions): SharedParts {
  const merged = { ...archiveLimits, ...limits };
  return {
    temp: tempFolder(temp),
    budget: newBudget(merged),
    limits: merged,
    pace: { work: 0 },
    isStopped: isStopped ?? (() => false),
    onProgress: onProgress ?? (() => undefined),
  };
}

async function takeArgument(argument: Argument, shared: SharedParts): Promise<Opening> {
  const opening: Opening = { ...shared, files: [], skipped: [], issues: [], containers: [], told: new Map() };
  if (argument.isFolder) {
    await takeFolder(opening, argument.real);
    return opening;
  }
  const place = argumentPlace(baseName(argument));
  if (!argument.isFile) {
    skip(opening, skipped(place, 'not-a-file', 0, 'a device, pipe or socket'));
    return opening;
  }
  try {
    await takeFile(opening, argument.real, place);
  } catch (error) {
    skip(opening, unreadable(place, error));
  }
  return opening;
}

function baseName({ real }: Argument): string {
  return real.slice(Math.max(real.lastIndexOf('/'), real.lastIndexOf('\\')) + 1);
}

function gather(openings: readonly (readonly [Argument, Opening])[], close: () => void): Collection {
  const naming = namingOf(openings.length);
  const containers = openings.flatMap(([argument, { containers: found }]) =>
    found.map((container, i) => ({
      container: { ...container, path: naming(argument, container.path) },
      isInput: !argument.isFolder && i === 0,
    })),
  );
  const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
    compareText(a.path, b.path);
  const entries = assign(
    openings.map(([argument, { files }]) => ({ argument, files })),
    naming,
  );
  const found = openings.map(([argument]) => argument);
  return {
    entries,
    placeOf: (path) => placeBelow(path, { entries, arguments: found, naming }),
    skipped: openings
      .flatMap(([argument, { skipped: found }]) =>
        found.map((each) => ({ ...each, path: naming(argument, each.path) })),
      )
      .toSorted(byPath),
    issues: openings.flatMap(([argument, opening]) => issuesOf(opening).map(sourceNamed(argument, naming))),
    inputs: containers.flatMap(({ container, isInput }) => (isInput ? [container] : [])).toSorted(byPath),
    containers: containers.flatMap(({ container, isInput }) => (isInput ? [] : [container])).toSorted(byPath),
    close,
  };
}

interface Places {
  readonly entries: readonly CollectionEntry[];
  readonly arguments: readonly Argument[];
  readonly naming: Naming;
}

function placeBelow(path: string, { entries, arguments: found, naming }: Places): string | undefined {
  const asEntries = path.replaceAll('\\', '/').replace(/\/+$/, '');
  const onDisk = found.flatMap((argument) => {
    const below = belowArgument(argument, path);
    return below === undefined ? [] : [naming(argument, below).replace(/\/+$/, '')];
  });
  return [asEntries, ...onDisk].find((place) => entries.some((entry) => isBelow(entry.path, place)));
}

/** Whether a path of an entry is this place or lies below it; archives count as folders. */
function isBelow(path: string, place: string): boolean {
  if (place === '' || path === place) return true;
  return path.startsWith(`${place}/`) || path.startsWith(`${place}!/`);
}

function issuesOf(opening: Opening): readonly Issue[] {
  return [...opening.issues, ...countedIssues(opening)];
}

function sourceNamed(argument: Argument, naming: Naming): (issue: Issue) => Issue {
  return (issue) =>
    issue.source === undefined ? issue : { ...issue, source: naming(argument, issue.source) };
}
