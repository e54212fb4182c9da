import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Appends text to one file, a block at a time. */
export interface LogWriter {
  /** Text in which each character stands for one byte (`latin1`). */
  write(text: string): void;
  close(): void;
}

const BLOCK = 64 * 1024;
/** Thousands of hourly files are written one after another: their blocks are used again. */
const spare: Buffer[] = [];
const madeFolders = new Set<string>();

function makeFolder(folder: string): void {
  if (madeFolders.has(folder)) return;
  mkdirSync(folder, { recursive: true });
  madeFolders.add(folder);
}

/** Forgets which folders exist: called when a new collection is begun. */
export function forgetFolders(): void {
  madeFolders.clear();
}

function writeAll(file: number, bytes: Buffer, length: number): void {
  let done = 0;
  while (done < length) done += writeSync(file, bytes, done, length - done);
}

/** Opens a file for writing; the folders above it are made. */
export function openLog(path: string): LogWriter {
  makeFolder(dirname(path));
  const file = openSync(path, 'wx');
  const block = spare.pop() ?? Buffer.allocUnsafe(BLOCK);
  let used = 0;
  const flush = (): void => {
    writeAll(file, block, used);
    used = 0;
  };
  return {
    write: (text) => {
      if (used + text.length > BLOCK) flush();
      if (text.length > BLOCK) {
        const long = Buffer.from(text, 'latin1');
        writeAll(file, long, long.length);
        return;
      }
      used += block.write(text, used, 'latin1');
    },
    close: () => {
      flush();
      closeSync(file);
      spare.push(block);
    },
  };
}
