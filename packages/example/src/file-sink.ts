import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Appends text to one file. */
export interface FileWriter {
  /** Text in which each character stands for one byte (`latin1`). */
  write(text: string): void;
  close(): void;
}

/** Appends bytes to one file. */
export interface BinaryWriter {
  /** The bytes may be used again afterwards. */
  write(bytes: Uint8Array): void;
  /** Puts `head` over the first bytes and closes the file. */
  finish(head: Uint8Array): void;
}

/** Takes the files of a collection. Paths are relative to it, with `/`. */
export interface FileSink {
  /** A new file that grows. */
  open(path: string): FileWriter;
  /** A new file of bytes whose first ones are known last. */
  openBinary(path: string): BinaryWriter;
  /** A new file as a whole; text is UTF-8. */
  put(path: string, content: string | Uint8Array): void;
}

const BLOCK = 64 * 1024;

function writeAll(file: number, bytes: Uint8Array, length: number): void {
  let done = 0;
  while (done < length) done += writeSync(file, bytes, done, length - done);
}

function openBinaryFile(path: string): BinaryWriter {
  const file = openSync(path, 'wx');
  return {
    write: (bytes) => writeAll(file, bytes, bytes.length),
    finish: (head) => {
      writeSync(file, head, 0, head.length, 0);
      closeSync(file);
    },
  };
}

/** Writes a block at a time; `spare` lends blocks, since thousands of hourly files come one after another. */
function openFile(path: string, spare: Buffer[]): FileWriter {
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

/** A folder on the disk; folders below it are made as they are needed. */
export function folderSink(root: string): FileSink {
  const made = new Set<string>();
  const spare: Buffer[] = [];
  const place = (path: string): string => {
    const full = join(root, path);
    const folder = dirname(full);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    return full;
  };
  return {
    open: (path) => openFile(place(path), spare),
    openBinary: (path) => openBinaryFile(place(path)),
    put: (path, content) => writeFileSync(place(path), content, { flag: 'wx' }),
  };
}
