import type { Issue, Skipped, SkipReason } from '@postern/core';
import type { ArchiveLimits, Refusal } from './archive-limits.ts';
import type { FileRange } from './file-range.ts';
import type { Pace } from './pace.ts';
import type { SpoolBudget } from './spool.ts';
import type { TempFolder } from './temp-folder.ts';
import { formatCount, limitReached } from './archive-limits.ts';

/** A file of the evidence, before its original path and collection are known. */
export interface FoundFile {
  readonly path: string;
  readonly file: string;
  readonly offset: number;
  readonly size: number;
  readonly container?: string;
}

/** An archive that was opened. */
export interface Container {
  /** As the path of entries; for arguments the base name. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What is gathered while one PATH is opened, and what it needs for that. */
export interface Opening {
  readonly files: FoundFile[];
  readonly skipped: Skipped[];
  readonly issues: Issue[];
  readonly containers: Container[];
  /** Issues by code and archive, with how many there were. */
  readonly told: Map<string, Issue>;
  readonly temp: TempFolder;
  readonly budget: SpoolBudget;
  readonly limits: ArchiveLimits;
  readonly pace: Pace;
  readonly isStopped: () => boolean;
  readonly onProgress: (bytes: number, path: string) => void;
}

/** Where an archive or file was found. */
export interface Place {
  /** As collected. */
  readonly path: string;
  /** What goes before the names of its entries. */
  readonly inside: string;
  /** Archives around it. */
  readonly depth: number;
  /** The archive it came out of. */
  readonly container?: string;
}

/** The place of an argument: its entries stand under their own names. */
export function argumentPlace(name: string): Place {
  return { path: name, inside: '', depth: 0 };
}

/** The place of a file in a folder. */
export function folderPlace(path: string): Place {
  return { path, inside: `${path}!/`, depth: 0 };
}

/** The place of an entry of the archive at `outer`. */
export function entryPlace(outer: Place, name: string): Place {
  const path = outer.inside + name;
  return { path, inside: `${path}!/`, depth: outer.depth + 1, container: outer.path };
}

/** True for what the user named, not for what was found in it. */
export function isArgument(place: Place): boolean {
  return place.inside === '';
}

export function addFile(opening: Opening, { path, container }: Place, range: FileRange): void {
  if (opening.files.length >= opening.limits.filesPerCollection) {
    const { detail } = limitReached(opening.limits, 'filesPerCollection');
    skip(opening, { path, reason: 'limit', bytes: range.size, detail });
    return;
  }
  const { file, offset, size } = range;
  opening.files.push({ path, file, offset, size, ...(container === undefined ? {} : { container }) });
}

/** Lists something that is not read. */
export function skip(opening: Opening, skipped: Skipped): void {
  opening.skipped.push(skipped);
}

export function skipped(place: Place, reason: SkipReason, bytes: number, detail: string): Skipped {
  return { path: place.path, reason, bytes, detail };
}

export function skipRefused(
  opening: Opening,
  place: Place,
  bytes: number,
  { reason, detail }: Refusal,
): void {
  skip(opening, skipped(place, reason, bytes, detail));
}

/** Issues of one kind in one archive that are told one by one; a damaged archive may have them for each entry. */
const issuesTold = 20;

/** Adds an issue about an entry of `archive`, or counts it where that archive has had enough of its kind. */
export function report(opening: Opening, archive: Place, issue: Issue): void {
  const key = `${issue.code} ${archive.path}`;
  const count = (opening.told.get(key)?.count ?? 0) + 1;
  const { code, severity } = issue;
  const message = `${archive.path}: ${formatCount(count - issuesTold)} more of the same kind`;
  opening.told.set(key, { code, severity, message, source: archive.path, count });
  if (count <= issuesTold) opening.issues.push(issue);
}

/** The issues that {@link report} only counted. */
export function countedIssues(opening: Opening): readonly Issue[] {
  const counted = [...opening.told.values()].filter(({ count = 0 }) => count > issuesTold);
  return counted.map((issue) => ({ ...issue, count: (issue.count ?? 0) - issuesTold }));
}
