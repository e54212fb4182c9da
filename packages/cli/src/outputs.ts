import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PosternError } from '@postern/core';

/** One file that was written. */
export interface Written {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const flushAt = 256 * 1024;

/** Writes pieces to a file of the output folder, hashing on the way; no more than a few pieces are in memory. */
export function writePieces(folder: string, name: string, pieces: Iterable<string>): Written {
  const path = join(folder, name);
  const hash = createHash('sha256');
  const file = openForWriting(path);
  let bytes = 0;
  let waiting = '';
  const flush = (): void => {
    const data = Buffer.from(waiting, 'utf8');
    waiting = '';
    hash.update(data);
    for (let at = 0; at < data.length;) at += writeSync(file, data, at);
    bytes += data.length;
  };
  try {
    for (const piece of pieces) {
      waiting += piece;
      if (waiting.length >= flushAt) flush();
    }
    flush();
  } finally {
    closeSync(file);
  }
  return { name, path, bytes, sha256: hash.digest('hex') };
}

/**
 * Makes the output folder before the work begins: nobody wants to learn after an hour that nothing can be written.
 *
 * @throws PosternError `POSTERN_CLI_OUTPUT`
 */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(resolve(folder));
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw notWritable(folder, cause);
  }
}

/** One level after the other: Node's own `recursive` never ends where the system says that an existing folder is none. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (cause) {
    // Another run may have made it in between.
    if (!existsSync(folder)) throw cause;
  }
}

function openForWriting(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

/** What is thrown where the user's output cannot be written. */
export function notWritable(at: string, cause: unknown): PosternError {
  return new PosternError({
    code: 'POSTERN_CLI_OUTPUT',
    message: 'the output cannot be written here',
    at,
    hint: 'Give another folder with --out.',
    cause,
  });
}
