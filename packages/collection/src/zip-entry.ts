import type { SkipReason } from '@postern/core';
import type { FileRange } from './file-range.ts';
import type { Opening, Place } from './opening.ts';
import type { ZipData, Unpacked } from './zip-data.ts';
import type { ZipEntry } from './zip-directory.ts';
import { formatCount, limitReached } from './archive-limits.ts';
import { cleanName } from './entry-name.ts';
import { entryPlace, report, skip, skipped, skipRefused } from './opening.ts';
import { unknownMethod, unpackData } from './zip-data.ts';

/** One zip archive while its entries are taken out. */
export interface ZipArchive extends ZipData {
  readonly place: Place;
  /** What to do with each entry that was taken out. */
  readonly visit: (range: FileRange, place: Place) => Promise<void>;
}

/** What became of an entry. */
export interface TakenEntry {
  readonly end: number;
  readonly isRead: boolean;
}

/**
 * Takes one entry out of an archive, checks it, and hands it on; lists it where it cannot be had.
 *
 * @param dataAt offset of its data in the archive
 * @returns offset of the first byte behind its data, as far as that is known, and whether it is read
 */
export async function takeEntry(archive: ZipArchive, entry: ZipEntry, dataAt: number): Promise<TakenEntry> {
  const { opening, place } = archive;
  const name = fileName(entry);
  const passed: TakenEntry = { end: dataAt + (entry.packed ?? 0), isRead: false };
  if (typeof name !== 'string') {
    const at = entryPlace(place, name.shown);
    skip(opening, skipped(at, 'unsafe-name', entry.size ?? 0, name.why));
    return passed;
  }
  if (name.endsWith('/') || name === '') return passed;
  const at = entryPlace(place, name);
  const objection = objectionTo(opening, entry);
  if (objection !== undefined) {
    skip(opening, skipped(at, objection.reason, entry.size ?? 0, objection.detail));
    return passed;
  }
  return unpack(archive, entry, { at, dataAt });
}

/** A name that ends like a folder's, but has data, is that of a file somebody wanted to hide. */
function fileName({ name, size = 0 }: ZipEntry): ReturnType<typeof cleanName> {
  const clean = cleanName(name);
  return typeof clean === 'string' && size > 0 ? clean.replace(/\/$/, '') : clean;
}

function objectionTo(
  { limits }: Opening,
  entry: ZipEntry,
): { readonly reason: SkipReason; readonly detail: string } | undefined {
  if (entry.isEncrypted)
    return { reason: 'encrypted', detail: 'unpack it with its password and scan the result' };
  if (entry.isLink) return { reason: 'link', detail: 'a symbolic link' };
  const method = unknownMethod(entry);
  if (method !== undefined)
    return { reason: 'no-reader', detail: `packed with ${method}; unpack it and scan the result` };
  const { size = 0, packed = size } = entry;
  const isBomb = size > limits.archiveRatioFrom && size > packed * limits.archiveRatio;
  return isBomb ? limitReached(limits, 'archiveRatio') : undefined;
}

interface Target {
  readonly at: Place;
  readonly dataAt: number;
}

async function unpack(archive: ZipArchive, entry: ZipEntry, target: Target): Promise<TakenEntry> {
  const { opening } = archive;
  const unpacked = await unpackData(archive, entry, target);
  const { range, consumed } = unpacked;
  const end = target.dataAt + (entry.packed ?? consumed);
  if (typeof unpacked.end === 'object') {
    skipRefused(opening, target.at, entry.size ?? 0, unpacked.end);
    return { end, isRead: false };
  }
  const isRead = checkEntry(archive, entry, { ...target, unpacked });
  if (isRead) await archive.visit(range, target.at);
  return { end, isRead };
}

/** Says what is wrong with an entry. False: nothing of it could be had, and it is listed. */
function checkEntry(
  { opening, place }: ZipArchive,
  entry: ZipEntry,
  { at, dataAt, unpacked }: Target & { readonly unpacked: Unpacked },
): boolean {
  const fault = faultOf(entry, unpacked);
  if (fault === undefined) return true;
  const { size } = unpacked.range;
  const offset = dataAt + unpacked.consumed;
  if (size === 0) {
    skip(
      opening,
      skipped(at, 'damaged', entry.size ?? 0, `${fault} at byte ${formatCount(offset)} of the archive`),
    );
    return false;
  }
  const whole = entry.size === undefined ? '' : ` of its ${formatCount(entry.size)}`;
  report(opening, place, {
    code: 'POSTERN_COLLECTION_ENTRY_DAMAGED',
    severity: 'warning',
    message: `${at.path}: ${fault} at byte ${formatCount(offset)} of the archive; ${formatCount(size)}${whole} bytes came out and are read`,
    source: at.path,
    at: { offset },
  });
  return true;
}

function faultOf(entry: ZipEntry, { end, crc, range }: Unpacked): string | undefined {
  if (end === 'cut') return 'cut off';
  if (end === 'corrupt') return 'damaged data';
  if (entry.size !== undefined && entry.size !== range.size)
    return 'not the size that its header names, ending';
  return entry.crc !== undefined && entry.crc !== crc ? 'a checksum that does not fit, ending' : undefined;
}
