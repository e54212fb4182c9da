import { readSync } from 'node:fs';
import type { SourceInput } from '@postern/core';
import { PosternError } from '@postern/core';

/** A run of bytes in an open file: a whole file, an entry of an archive, an archive inside an archive. */
export interface FileRange {
  readonly file: string;
  /** Open for reading; who opened it closes it. */
  readonly fd: number;
  readonly offset: number;
  readonly size: number;
}

/** A part of a range, cut to what the range has. Offsets count from the start of the range. */
export function subRange(range: FileRange, offset: number, size: number): FileRange {
  const start = Math.min(Math.max(0, offset), range.size);
  return { ...range, offset: range.offset + start, size: Math.max(0, Math.min(size, range.size - start)) };
}

/**
 * Random access to a range. Where the file has become shorter it ends early.
 *
 * @throws PosternError POSTERN_COLLECTION_READ where the disk refuses: taking that for the end would hide evidence
 */
export function rangeInput({ file, fd, offset, size }: FileRange): SourceInput {
  return {
    size,
    readAt(target, from) {
      const wanted = Math.min(target.length, size - from);
      let got = 0;
      while (got < wanted) {
        const count = readOrFail(file, fd, target.subarray(got, wanted), offset + from + got);
        if (count === 0) break;
        got += count;
      }
      return got;
    },
  };
}

function readOrFail(file: string, fd: number, target: Uint8Array, position: number): number {
  try {
    return readSync(fd, target, 0, target.length, position);
  } catch (cause) {
    throw new PosternError({
      code: 'POSTERN_COLLECTION_READ',
      message: `the disk refused to read at byte ${position}: ${errorCode(cause)}`,
      at: file,
      hint: 'Copy the evidence to another disk, or image this one, and scan the copy.',
      cause,
    });
  }
}

/** Why something could not be read, for people: with what can be done where it is only a matter of rights. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error);
  const isRefused = code === 'EACCES' || code === 'EPERM';
  return isRefused ? `permission denied (${code}); scan it as somebody who may read it, or a copy` : code;
}

/** The code of a system error (`ENOENT`), or the text of any other. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : 'unknown error';
}
