import { closeSync, ftruncateSync, openSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ArchiveLimits, Refusal } from './archive-limits.ts';
import type { FileRange } from './file-range.ts';
import type { TempFolder } from './temp-folder.ts';
import { limitReached } from './archive-limits.ts';
import { errorCode } from './file-range.ts';

/** Counts what one collection has put on the disk. Shared by all its spools. */
export interface SpoolBudget {
  readonly limits: ArchiveLimits;
  /** Bytes on the disk now. */
  spooled: number;
  /** The value of `spooled` at which the free space is asked for again. */
  checkAt: number;
}

/** The one file that takes the unpacked entries of one archive, one after the other. */
export interface Spool {
  /** Starts an entry at the end of the file. Only one is written at a time. */
  begin(): EntryWriter;
  /** Closes the file; ranges in it can then be opened by path. It is removed with its folder. */
  close(): void;
}

/** Takes the bytes of one entry. */
export interface EntryWriter {
  /** Bytes of this entry so far. */
  readonly written: number;
  /** Appends, or says why not; then nothing of these bytes was written. */
  append(bytes: Uint8Array): Refusal | undefined;
  /** Drops all but the first bytes of this entry, and gives their room back. */
  rewind(written: number): void;
  range(): FileRange;
}

/** Free space is asked for once in so many bytes. */
const checkEvery = 67_108_864;

export function newBudget(limits: ArchiveLimits): SpoolBudget {
  return { limits, spooled: 0, checkAt: 0 };
}

/** A spool file in the temporary folder, made with the first entry: archives of stored entries need none. */
export function newSpool(temp: TempFolder, budget: SpoolBudget): Spool {
  let open: { readonly file: string; readonly fd: number } | undefined;
  let end = 0;
  return {
    begin() {
      open ??= createFile(temp.newFile());
      const { file, fd } = open;
      const start = end;
      return {
        get written() {
          return end - start;
        },
        append(bytes) {
          const refusal = checkRoom(budget, file, bytes.length) ?? write(budget, { fd, end }, bytes);
          if (refusal === undefined) end += bytes.length;
          return refusal;
        },
        rewind(written) {
          budget.spooled -= end - start - written;
          end = start + written;
          ftruncateSync(fd, end);
        },
        range: () => ({ file, fd, offset: start, size: end - start }),
      };
    },
    close() {
      if (open !== undefined) closeSync(open.fd);
      open = undefined;
    },
  };
}

function createFile(file: string): { readonly file: string; readonly fd: number } {
  return { file, fd: openSync(file, 'wx+', 0o600) };
}

function checkRoom(budget: SpoolBudget, file: string, length: number): Refusal | undefined {
  if (budget.spooled + length > budget.limits.archiveBytes)
    return limitReached(budget.limits, 'archiveBytes');
  if (budget.spooled < budget.checkAt) return undefined;
  budget.checkAt = budget.spooled + checkEvery;
  const { bavail, bsize } = statfsSync(dirname(file));
  if (bavail * bsize - checkEvery >= budget.limits.freeBytes) return undefined;
  budget.checkAt = budget.spooled;
  return limitReached(budget.limits, 'freeBytes');
}

function write(
  budget: SpoolBudget,
  at: { readonly fd: number; readonly end: number },
  bytes: Uint8Array,
): Refusal | undefined {
  try {
    for (let done = 0; done < bytes.length;)
      done += writeSync(at.fd, bytes, done, bytes.length - done, at.end + done);
  } catch (error) {
    if (errorCode(error) !== 'ENOSPC' && errorCode(error) !== 'EDQUOT') throw error;
    return limitReached(budget.limits, 'freeBytes');
  }
  budget.spooled += bytes.length;
  return undefined;
}
