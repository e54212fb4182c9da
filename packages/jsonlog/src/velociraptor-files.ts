import { parseTime, ticksPerDay, unixEpochTicks } from '@postern/core';
import { hasVolume } from './listed-path.ts';
import type { ColumnOf, DerivedField, Draft, RowTexts } from './listing-form.ts';

/**
 * What Velociraptor says of files, by the names of its columns: those that it collected (Generic.Collectors.File and
 * Windows.KapeFiles.Targets, "All File Metadata", later "All Matches Metadata") and those that it found
 * (Windows.Search.FileFinder; rows of its plugin `glob`, as Windows.Search.VSS gives them). Its list of uploads has
 * `FileSize` and is none of them. Source: Velocidex/velociraptor, artifacts/definitions.
 */
const columnSets = [
  { path: ['SourceFile'], created: ['Created'], modified: ['Modified'] },
  { path: ['OSPath', 'FullPath'], created: ['Btime', 'BTime'], modified: ['Mtime', 'MTime'] },
] as const;

/** The times that files had on the server, of which `Created` and `Btime` are those of their creation. */
export function velociraptorDraft(at: ColumnOf): Draft | undefined {
  for (const { path, created, modified } of columnSets) {
    const columns = [firstOf(at, path), firstOf(at, created), firstOf(at, modified), at('Size')] as const;
    if (Math.min(...columns) >= 0) return draftOf(...columns);
  }
  return undefined;
}

function firstOf(at: ColumnOf, names: readonly string[]): number {
  return names.map(at).find((column) => column >= 0) ?? -1;
}

function draftOf(path: number, created: number, modified: number, size: number): Draft {
  const derived: readonly DerivedField[] = [
    { name: 'TargetFilename', make: (row) => pathOf(row.text(path), row) },
    { name: 'CreationUtcTime', make: (row) => knownTime(row.text(created)) },
    { name: 'ModifiedUtcTime', make: (row) => knownTime(row.text(modified)) },
    { name: 'Size', column: size },
  ];
  return { basis: 'listing', derived, time: 'CreationUtcTime' };
}

/** Keys of the registry, files inside of others and those of other systems have none. */
function pathOf(text: string, row: RowTexts): string | undefined {
  return hasVolume(text) ? row.path(text, '') : undefined;
}

/** Without the zeros of Go (year 1), of NTFS (1601) and of Unix, which stand for "not known". */
function knownTime(text: string): string | undefined {
  const time = parseTime(text);
  if (time === undefined) return text === '' ? undefined : text;
  return time < ticksPerDay || time === unixEpochTicks ? undefined : text;
}
