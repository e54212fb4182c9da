import { basename, dirname } from 'node:path';
import { compareText } from '@postern/core';
import type { Argument } from './arguments.ts';
import type { Layout } from './layout/anchor.ts';
import type { Place } from './layout/original-path.ts';
import type { FoundFile } from './opening.ts';
import type { Naming } from './naming.ts';
import { folderPath } from './layout/host.ts';
import { placeOf } from './layout/original-path.ts';
import { archiveStem, segmentsOf } from './layout/segments.ts';
import { driveFolder } from './layout/volume.ts';

/** A file of the evidence: a byte range of a real file, with its place here and on the server. */
export interface CollectionEntry {
  /** As collected, from the argument on: `outer.zip!/inner/path`; of several arguments the name stands in front. */
  readonly path: string;
  /** The Windows path it had on the server, as far as the layout tells; else `path` with backslashes. */
  readonly originalPath: string;
  /** The PATH argument, or the host inside it, that it came with. */
  readonly collection: string;
  readonly layout: Layout;
  /** What the layout calls the host; a hint, for records know better. */
  readonly host?: string;
  readonly size: number;
  /** The real file that has the bytes, at `offset`. */
  readonly file: string;
  readonly offset: number;
  /** The archive it came out of, as the path of entries; the base name of an argument. */
  readonly container?: string;
}

/** What was found below one argument. */
export interface ArgumentFiles {
  readonly argument: Argument;
  readonly files: readonly FoundFile[];
}

interface PlacedFile {
  readonly found: FoundFile;
  readonly place: Place;
}

/** The files of one argument, by the folder of the host (`''` where none is told apart). */
interface Group {
  readonly argument: Argument;
  readonly host: string | undefined;
  readonly files: readonly PlacedFile[];
}

/** The name of the only collection: then there is nothing to tell apart, and nothing depends on where it was put. */
const onlyCollection = 'evidence';

/**
 * Gives each file its original path and its collection, and sorts them by original path, then path: the order does
 * not depend on that of the arguments or of folders on the disk.
 */
export function assign(found: readonly ArgumentFiles[], naming: Naming): readonly CollectionEntry[] {
  const groups = found.flatMap(groupsOf).filter(({ files }) => files.length > 0);
  const names = nameGroups(groups);
  const entries = groups.flatMap((group, i) =>
    group.files.map((file) =>
      toEntry(file, names[i] ?? onlyCollection, (path) => naming(group.argument, path)),
    ),
  );
  return entries.toSorted(compareEntries);
}

function toEntry(
  { found, place }: PlacedFile,
  collection: string,
  named: (path: string) => string,
): CollectionEntry {
  const { file, offset, size, container } = found;
  const path = named(found.path);
  const { originalPath, layout, host } = place;
  const entry: CollectionEntry = { path, originalPath, collection, layout, size, file, offset };
  return {
    ...entry,
    ...(host === undefined ? {} : { host }),
    ...(container === undefined ? {} : { container: named(container) }),
  };
}

function compareEntries(a: CollectionEntry, b: CollectionEntry): number {
  return (
    compareText(a.originalPath, b.originalPath) ||
    compareText(a.path, b.path) ||
    compareText(a.collection, b.collection) ||
    a.offset - b.offset
  );
}

function groupsOf({ argument, files }: ArgumentFiles): readonly Group[] {
  const placed = files.map((found) => ({ found, place: placeBelow(argument, found.path) }));
  const hosts = hostFolders(placed);
  const groups = new Map<string, PlacedFile[]>([['', []]]);
  for (const file of placed) {
    const folder = hosts.size > 1 ? folderOf(file.found.path, hosts) : '';
    const group = groups.get(folder);
    if (group === undefined) groups.set(folder, [file]);
    else group.push(file);
  }
  return [...groups].map(([folder, files]) => ({ argument, host: hosts.get(folder), files }));
}

/**
 * The place of a file by its path below the argument; where that tells nothing, the argument's own name may
 * (`scan W3SVC1`, `scan IIS_W3SVC1_Logs.zip`), and where the argument is a drive, it does.
 */
function placeBelow(argument: Argument, path: string): Place {
  const isSingleFile = !argument.isFolder && path === basename(argument.real);
  const name = basename(isSingleFile ? dirname(argument.real) : argument.real);
  const stem = argument.isFolder || isSingleFile ? name : archiveStem(name);
  const below = placeOf(withoutWrapper(argument, stem, path));
  const isDrive = driveFolder(stem) !== undefined;
  // `x.zip` is not drive X.
  if (isDrive ? !argument.isFolder || below.layout !== 'plain' : below.isRestored) return below;
  const whole = placeOf(`${stem}/${path}`);
  return whole.isRestored ? whole : below;
}

/** An archive made of a folder often has that folder in it, by the archive's name. */
function withoutWrapper(argument: Argument, stem: string, path: string): string {
  return !argument.isFolder && path.startsWith(`${stem}/`) ? path.slice(stem.length + 1) : path;
}

/** Folders that name hosts → host, where at least two have the same drive or the like; else none. */
function hostFolders(files: readonly PlacedFile[]): ReadonlyMap<string, string> {
  const hosts = new Map<string, string>();
  const foldersByRoot = new Map<string, Set<string>>();
  for (const { place } of files) {
    const { host, hostFolder, root } = place;
    if (host === undefined || hostFolder === undefined || root === undefined) continue;
    hosts.set(hostFolder, host);
    const folders = foldersByRoot.get(root) ?? new Set<string>();
    foldersByRoot.set(root, folders.add(hostFolder));
  }
  return [...foldersByRoot.values()].some(({ size }) => size > 1) ? hosts : new Map();
}

/** The folder of the host that a path lies in; `''` where it is in none. */
function folderOf(path: string, hosts: ReadonlyMap<string, string>): string {
  const segments = segmentsOf(path);
  for (let length = segments.length - 1; length > 0; length--) {
    const folder = folderPath(segments.slice(0, length));
    if (hosts.has(folder)) return folder;
  }
  return '';
}

/** Host names where they tell the groups apart; else with the argument before them. */
function nameGroups(groups: readonly Group[]): readonly string[] {
  if (groups.length === 1) return [onlyCollection];
  const short = groups.map(({ argument, host }) => host ?? argument.name);
  return groups.map(({ argument, host }, i) => {
    const isUnique = short.filter((name) => name === short[i]).length === 1;
    return isUnique || host === undefined ? (short[i] ?? argument.name) : `${argument.name}/${host}`;
  });
}
