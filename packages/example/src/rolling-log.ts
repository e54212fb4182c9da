import type { FileSink, FileWriter } from './file-sink.ts';

/** One family of logs: a new file each hour or day. */
export interface RollingSpec {
  readonly sink: FileSink;
  /** Milliseconds that one file covers. */
  readonly period: number;
  /** Path of the file; `part` counts from 1 within one period. */
  readonly path: (time: number, part: number) => string;
  /** What opens a file. */
  readonly header: (time: number) => string;
  /** What a restart of the service does: the `#` block again, or the next file. */
  readonly onRestart: 'header' | 'file';
  /** False where the rows of this time did not survive until the collection. */
  readonly isKept: (time: number) => boolean;
}

export interface RollingLog {
  write(time: number, row: string): void;
  restart(): void;
  close(): void;
}

/** Writes rows to the file of their time; a row a few milliseconds older than the file stays in it. */
export function openRollingLog(spec: RollingSpec): RollingLog {
  let current: FileWriter | undefined;
  let index = -1;
  let part = 1;
  let restarted = false;

  const turnTo = (time: number, next: number): FileWriter => {
    current?.close();
    part = next > index ? 1 : part + 1;
    index = Math.max(next, index);
    restarted = false;
    current = spec.sink.open(spec.path(Math.max(time, index * spec.period), part));
    current.write(spec.header(time));
    return current;
  };

  const fileFor = (time: number): FileWriter => {
    const next = Math.floor(time / spec.period);
    if (current === undefined || next > index) return turnTo(time, next);
    if (!restarted) return current;
    if (spec.onRestart === 'file') return turnTo(time, next);
    restarted = false;
    current.write(spec.header(time));
    return current;
  };

  return {
    write: (time, row) => {
      if (spec.isKept(time)) fileFor(time).write(row);
    },
    restart: () => {
      restarted = true;
    },
    close: () => {
      current?.close();
      current = undefined;
    },
  };
}
