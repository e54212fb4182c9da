import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { notWritable, prepareFolder } from './outputs.ts';
import type { Console } from './scan-command.ts';
import { writeWhole } from './write-whole.ts';

/** Where lines go: a file, or standard output. */
export interface LineOutput {
  readonly write: (text: string) => void;
  readonly end: () => void;
}

const flushAt = 64 * 1024;

/**
 * Gathers lines into writes of some size. The file is made when it is first asked for, so that nothing is made inside
 * of evidence.
 *
 * @throws PosternError `POSTERN_CLI_OUTPUT`
 */
export function lineOutput(path: string | undefined, console: Console): LineOutput {
  let waiting = '';
  let file: number | undefined;
  const flush = (): void => {
    const text = waiting;
    waiting = '';
    if (path === undefined) {
      if (text !== '') console.out.write(text);
      return;
    }
    file ??= openFile(path);
    writeWhole(file, text);
  };
  return {
    write(text) {
      waiting += text;
      if (waiting.length >= flushAt) flush();
    },
    end() {
      flush();
      if (file !== undefined) closeSync(file);
    },
  };
}

function openFile(path: string): number {
  prepareFolder(dirname(path));
  try {
    return openSync(path, 'w');
  } catch (cause) {
    throw notWritable(path, cause);
  }
}
