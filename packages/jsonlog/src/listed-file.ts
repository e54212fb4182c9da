import { fieldText, parseTime, shapeOfRecord, type Batch, type ListedFile, type Ticks } from '@postern/core';
import { basisConstant, hasReason, type ListingBasis } from './listing-form.ts';

/** A file that a listing names. */
export interface ListedEntry {
  /** Full Windows path. */
  readonly path: string;
  readonly listed: ListedFile;
  /** False: its entry is free, so the file is gone (when is not known). Undefined: the listing does not say. */
  readonly inUse: boolean | undefined;
}

const bases: readonly ListingBasis[] = ['mft', 'usn', 'bodyfile', 'listing'];

/**
 * What a record of a file listing tells of its file; undefined for folders, damaged rows and rows without a path.
 * `source` is the listing's id. From `$J`, `created` and `deleted` are there only if the entry's reasons say so, and
 * `modified` if data were written. Where MFTECmd or Velociraptor says that the times of $STANDARD_INFORMATION lie before
 * those of $FILE_NAME (`SI<FN`, `SI_Lt_FN`: they were set back), `created` is the latter's.
 */
export function listedFileOf(batch: Batch, record: number, source: string): ListedEntry | undefined {
  const basis = basisOf(batch, record);
  const path = fieldText(batch, record, 'TargetFilename');
  if (basis === undefined || path === undefined || isFolder(batch, record)) return undefined;
  const times = basis === 'usn' ? entryTimes(batch, record) : fileTimes(batch, record);
  const size = fieldText(batch, record, 'Size') ?? '';
  const bytes = /^\d{1,15}$/.test(size) ? { bytes: Number(size) } : {};
  const listed = { basis, ...times, ...bytes, source, line: batch.line[record] ?? 0 };
  return { path, listed, inUse: inUseOf(fieldText(batch, record, 'InUse')) };
}

type Times = Pick<ListedFile, 'created' | 'modified' | 'deleted'>;

function basisOf(batch: Batch, record: number): ListingBasis | undefined {
  const basis = shapeOfRecord(batch, record).constants.get(basisConstant);
  return bases.find((one) => one === basis);
}

function isFolder(batch: Batch, record: number): boolean {
  const flag = fieldText(batch, record, 'IsDirectory') ?? fieldText(batch, record, 'IsDir');
  const container = flag ?? fieldText(batch, record, 'PSIsContainer');
  if (container !== undefined) return container.toLowerCase() === 'true';
  const mode = fieldText(batch, record, 'Mode') ?? fieldText(batch, record, 'mode_as_string') ?? '';
  return mode.startsWith('d');
}

function fileTimes(batch: Batch, record: number): Times {
  const mark = fieldText(batch, record, 'SI<FN') ?? fieldText(batch, record, 'SI_Lt_FN');
  const isSetBack = mark?.toLowerCase() === 'true';
  const named = isSetBack ? timeOf(batch, record, 'Created0x30') : undefined;
  return timesOf(
    named ?? timeOf(batch, record, 'CreationUtcTime'),
    timeOf(batch, record, 'ModifiedUtcTime'),
    undefined,
  );
}

function entryTimes(batch: Batch, record: number): Times {
  const time = timeOf(batch, record, 'UpdateTimestamp');
  const reasons = fieldText(batch, record, 'Reason') ?? '';
  const timeIf = (...wanted: readonly string[]): Ticks | undefined =>
    wanted.some((reason) => hasReason(reasons, reason)) ? time : undefined;
  return timesOf(
    timeIf('FileCreate'),
    timeIf('DataExtend', 'DataOverwrite', 'DataTruncation'),
    timeIf('FileDelete'),
  );
}

function timesOf(created: Ticks | undefined, modified: Ticks | undefined, deleted: Ticks | undefined): Times {
  return {
    ...(created === undefined ? {} : { created }),
    ...(modified === undefined ? {} : { modified }),
    ...(deleted === undefined ? {} : { deleted }),
  };
}

function timeOf(batch: Batch, record: number, field: string): Ticks | undefined {
  return parseTime(fieldText(batch, record, field) ?? '');
}

function inUseOf(text: string | undefined): boolean | undefined {
  const folded = text?.toLowerCase();
  return folded === 'true' ? true : folded === 'false' ? false : undefined;
}
