import { closeSync, openSync } from 'node:fs';
import type { SourceInput } from '@postern/core';
import { PosternError } from '@postern/core';
import { errorCode, rangeInput } from './file-range.ts';

/** Where the bytes of an entry are: all that a worker thread needs to read them. */
export interface EntryBytes {
  readonly file: string;
  readonly offset: number;
  readonly size: number;
}

/** An open entry. */
export interface OpenEntry {
  readonly input: SourceInput;
  /** Gives the file back. Can be called twice. */
  readonly close: () => void;
}

/**
 * Opens the bytes of an entry, read-only, on any thread, as long as its collection is not closed.
 *
 * @throws PosternError POSTERN_COLLECTION_READ where the file cannot be opened (any more); so does `readAt` later
 */
export function openEntry({ file, offset, size }: EntryBytes): OpenEntry {
  let fd: number | undefined = openOrFail(file);
  return {
    input: rangeInput({ file, fd, offset, size }),
    close() {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

function openOrFail(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    throw new PosternError({
      code: 'POSTERN_COLLECTION_READ',
      message: `the file cannot be opened: ${errorCode(cause)}`,
      at: file,
      hint: 'The evidence must stay where it is until the scan has ended.',
      cause,
    });
  }
}
