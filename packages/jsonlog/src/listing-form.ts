import {
  formatTime,
  parseTime,
  textShape,
  ticksFromUnixSeconds,
  type ListedFile,
  type Shape,
} from '@postern/core';
import { bodyfileColumns } from './bodyfile-row.ts';
import { cultureTime, type DateOrder } from './culture-time.ts';
import { bodyfileName } from './listed-path.ts';
import { velociraptorDraft } from './velociraptor-files.ts';

export type ListingBasis = ListedFile['basis'];

/** The decoded columns of one row, and what is known of the whole listing. */
export interface RowTexts {
  readonly dateOrder: DateOrder | undefined;
  text(column: number): string;
  /** The full Windows path, with the listing's drive where the row has none. */
  path(folder: string, name: string): string;
}

/** A field that the listing does not have as it is. */
export interface DerivedField {
  readonly name: string;
  /** The column that holds it unchanged; else {@link make}. */
  readonly column?: number;
  readonly make?: (row: RowTexts) => string | undefined;
}

/** How one sort of listing is read. */
export interface ListingForm {
  readonly basis: ListingBasis;
  readonly delimiter: number;
  readonly columns: readonly string[];
  /** These come first in the shape, then the columns. */
  readonly derived: readonly DerivedField[];
  /** Columns behind the derived fields; a column that has the name of a derived field is left out. */
  readonly raw: readonly number[];
  readonly shape: Shape;
  /** Columns with times in the culture of the computer that exported them. */
  readonly cultureColumns: readonly number[];
  /** It has times, but none whose zone is known. */
  readonly zoneUnknown: boolean;
}

/** Rows that do not fit. */
export const damagedRow: Shape = textShape('file-listing', 'file-listing');

/** The constant of listing shapes that holds their {@link ListingBasis}. */
export const basisConstant = '#Listing';

/** A form before its shape is made. */
export interface Draft {
  readonly basis: ListingBasis;
  readonly derived: readonly DerivedField[];
  /** The field that is the record's time. */
  readonly time: string | undefined;
  readonly cultureColumns?: readonly number[];
  readonly zoneUnknown?: boolean;
}

/** The form of a CSV listing from its header; undefined if it is none that is known. */
export function listingForm(columns: readonly string[], delimiter: number): ListingForm | undefined {
  const at = (name: string): number => columns.indexOf(name);
  const draft = mftDraft(at) ?? usnDraft(at) ?? copyDraft(at) ?? velociraptorDraft(at) ?? exportDraft(at);
  return draft === undefined ? undefined : formOf(draft, columns, delimiter);
}

/** As {@link listingForm} for a JSON object with values of these names, which Velociraptor writes. */
export function objectForm(names: readonly string[]): ListingForm | undefined {
  const at = (name: string): number => names.indexOf(name);
  const draft = mftDraft(at) ?? velociraptorDraft(at);
  return draft === undefined ? undefined : formOf(draft, names, 0);
}

/** The form of bodyfiles (mactime's input). */
export const bodyfileForm: ListingForm = formOf(bodyfileDraft(), bodyfileColumns, 0x7c);

/** The index of the column with this name, or -1. */
export type ColumnOf = (name: string) => number;

/** `MFTECmd -f $MFT --csv`, and Velociraptor's Windows.NTFS.MFT with its full path. */
function mftDraft(at: ColumnOf): Draft | undefined {
  const full = Math.max(at('OSPath'), at('FullPath'));
  const hasPath = full >= 0 || (at('ParentPath') >= 0 && at('FileName') >= 0);
  if (at('EntryNumber') < 0 || at('Created0x10') < 0 || !hasPath) return undefined;
  const derived = [
    full >= 0 ? pathField(full, -1) : pathField(at('ParentPath'), at('FileName')),
    columnField('CreationUtcTime', at('Created0x10')),
    columnField('ModifiedUtcTime', at('LastModified0x10')),
    columnField('Size', at('FileSize')),
    columnField('InUse', at('InUse')),
  ];
  return { basis: 'mft', derived: derived.flat(), time: 'CreationUtcTime' };
}

/** `MFTECmd -f $J --csv`; the folder is there only if `-m $MFT` was given. */
function usnDraft(at: ColumnOf): Draft | undefined {
  const [name, time, reason] = [at('Name'), at('UpdateTimestamp'), at('UpdateReasons')];
  if (Math.min(name, time, reason) < 0) return undefined;
  const created = (row: RowTexts): string | undefined =>
    hasReason(row.text(reason), 'FileCreate') ? row.text(time) : undefined;
  const derived = [
    pathField(at('ParentPath'), name, true),
    [{ name: 'CreationUtcTime', make: created }],
    columnField('Reason', reason),
  ];
  return { basis: 'usn', derived: derived.flat(), time: 'UpdateTimestamp' };
}

/** True if a list of reasons (`DataExtend|FileCreate|Close`) has this one. */
export function hasReason(reasons: string, wanted: string): boolean {
  return reasons.split('|').some((reason) => reason.trim() === wanted);
}

/** KAPE's own list of what it copied (`…_CopyLog.csv`): the times that files had on the server, not those of copies. */
function copyDraft(at: ColumnOf): Draft | undefined {
  const [path, created, modified] = [at('SourceFile'), at('CreatedOnUtc'), at('ModifiedOnUtc')];
  if (Math.min(path, created, modified, at('CopiedTimestamp')) < 0) return undefined;
  const derived = [
    pathField(path, -1),
    columnField('CreationUtcTime', created),
    columnField('ModifiedUtcTime', modified),
    columnField('Size', at('FileSize')),
  ];
  return { basis: 'listing', derived: derived.flat(), time: 'CreationUtcTime' };
}

/** `Get-ChildItem -Recurse | Export-Csv`. */
function exportDraft(at: ColumnOf): Draft | undefined {
  const path = at('FullName');
  const [created, modified] = [at('CreationTimeUtc'), at('LastWriteTimeUtc')];
  const local = Math.max(at('CreationTime'), at('LastWriteTime'));
  const hasUtc = Math.max(created, modified) >= 0;
  if (path < 0 || (!hasUtc && local < 0 && at('Length') < 0)) return undefined;
  const derived = [
    pathField(path, -1),
    timeField('CreationUtcTime', created),
    timeField('ModifiedUtcTime', modified),
    columnField('Size', at('Length')),
  ];
  return {
    basis: 'listing',
    derived: derived.flat(),
    time: created < 0 ? undefined : 'CreationUtcTime',
    cultureColumns: [created, modified].filter((column) => column >= 0),
    zoneUnknown: !hasUtc && local >= 0,
  };
}

function bodyfileDraft(): Draft {
  const [name, size, modified, created] = [1, 6, 8, 10] as const;
  const derived: readonly DerivedField[] = [
    { name: 'TargetFilename', make: (row) => row.path(bodyfileName(row.text(name)).path, '') },
    { name: 'CreationUtcTime', make: (row) => unixTime(row.text(created)) },
    { name: 'ModifiedUtcTime', make: (row) => unixTime(row.text(modified)) },
    { name: 'Size', column: size },
    { name: 'InUse', make: (row) => (bodyfileName(row.text(name)).deleted ? 'False' : undefined) },
  ];
  return { basis: 'bodyfile', derived, time: 'CreationUtcTime' };
}

/** Zero and -1 stand for "not known" in bodyfiles. */
function unixTime(text: string): string | undefined {
  if (!/^\d{1,11}(?:\.\d{1,9})?$/.test(text) || Number(text) === 0) return undefined;
  return formatTime(ticksFromUnixSeconds(Number(text)));
}

function columnField(name: string, column: number): readonly DerivedField[] {
  return column < 0 ? [] : [{ name, column }];
}

function timeField(name: string, column: number): readonly DerivedField[] {
  if (column < 0) return [];
  const make = (row: RowTexts): string | undefined => {
    const text = row.text(column);
    if (text === '') return undefined;
    return parseTime(text) === undefined ? (cultureTime(text, row.dateOrder) ?? text) : text;
  };
  return [{ name, make }];
}

function pathField(folder: number, name: number, needsFolder = false): readonly DerivedField[] {
  const make = (row: RowTexts): string | undefined => {
    const parent = folder < 0 ? '' : row.text(folder);
    const own = name < 0 ? '' : row.text(name);
    if ((needsFolder && parent === '') || (parent === '' && own === '')) return undefined;
    return row.path(parent, own);
  };
  return [{ name: 'TargetFilename', make }];
}

function formOf(draft: Draft, columns: readonly string[], delimiter: number): ListingForm {
  const { basis, derived, cultureColumns = [], zoneUnknown = false } = draft;
  const names = new Set(derived.map(({ name }) => name));
  const raw = columns.flatMap((name, column) => (names.has(name) ? [] : [column]));
  const fields = [...names, ...raw.map((column) => columns[column] ?? '')];
  const slot = draft.time === undefined ? -1 : fields.indexOf(draft.time);
  const shape: Shape = {
    family: 'file-listing',
    recorder: 'file-listing',
    fields,
    constants: new Map([[basisConstant, basis]]),
    time: slot < 0 ? undefined : { kind: 'iso', slot },
  };
  return { basis, delimiter, columns, derived, raw, shape, cultureColumns, zoneUnknown };
}
