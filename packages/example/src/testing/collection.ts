// Reads what the generator made with the simplest means, so that tests do not lean on the project's own readers.

import { createHash } from 'node:crypto';
import { generateInto } from '../generate.ts';
import type { CaseOptions } from '../case.ts';
import type { FileSink } from '../file-sink.ts';
import type { Truth } from '../truth.ts';

/** A collection in memory, and the truth about it. */
export interface Made {
  /** Contents by path; one character per byte. */
  readonly files: ReadonlyMap<string, string>;
  readonly truth: Truth;
}

/** Few enough requests for a test; the hourly files are as many as ever. */
export const SMALL = { requestsPerDay: 25 };

/** Keeps all files; a path that comes twice is a mistake. */
function memorySink(files: Map<string, string>): FileSink {
  const add = (path: string, text: string): void => {
    if (files.has(path)) throw new Error(`${path} is written twice`);
    files.set(path, text);
  };
  return {
    open: (path) => {
      const rows: string[] = [];
      return { write: (text) => rows.push(text), close: () => add(path, rows.join('')) };
    },
    openBinary: (path) => {
      const pieces: Buffer[] = [];
      return {
        write: (bytes) => pieces.push(Buffer.from(bytes)),
        finish: (head) => {
          const whole = Buffer.concat(pieces);
          whole.set(head);
          add(path, whole.toString('latin1'));
        },
      };
    },
    put: (path, content) => add(path, Buffer.from(content as string).toString('latin1')),
  };
}

export function make(options: CaseOptions): Made {
  const files = new Map<string, string>();
  const truth = generateInto(memorySink(files), { size: SMALL, ...options });
  return { files, truth };
}

/** Paths that hold `part`, in order. */
export function pathsWith(made: Made, part: string): string[] {
  return [...made.files.keys()].filter((path) => path.includes(part)).toSorted();
}

export function textOf(made: Made, path: string | undefined): string {
  return made.files.get(path ?? '') ?? '';
}

/** One hash over names and contents. */
export function hashOf(made: Made): string {
  const hash = createHash('sha256');
  for (const path of pathsWith(made, '')) hash.update(`${path}\0`).update(textOf(made, path), 'latin1');
  return hash.digest('hex');
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

/** The cells of a CSV line; quotes as in RFC 4180. */
export function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

/** A row by the names of its header. */
export type Row = ReadonlyMap<string, string>;

export interface Log {
  readonly headers: readonly string[];
  readonly rows: readonly Row[];
  /** Lines whose cells are not as many as the header's. */
  readonly unfit: readonly string[];
}

function readLines(text: string, cells: (line: string) => string[]): Log {
  let names: string[] = [];
  const headers: string[] = [];
  const rows: Row[] = [];
  const unfit: string[] = [];
  for (const line of text.slice(0, -2).split('\r\n')) {
    if (line.startsWith('#Fields: ')) names = cells(line.slice('#Fields: '.length));
    if (line.startsWith('#') || names.length === 0) headers.push(line);
    else {
      const values = cells(line);
      if (values.length === names.length)
        rows.push(new Map(names.map((name, index) => [name, values[index] ?? ''])));
      else unfit.push(line);
    }
  }
  return { headers, rows, unfit };
}

/** One log, read by what its place says it is. */
export function readLog(made: Made, path: string): Log {
  const cells = path.includes('W3SVC') ? (line: string): string[] => line.split(' ') : cellsOf;
  return readLines(textOf(made, path), cells);
}

/** Paths of all logs. */
export function logsOf(made: Made): string[] {
  return pathsWith(made, '').filter((path) => /\.log$/i.test(path));
}

/** Rows of all logs whose path holds `part`. */
export function rowsOf(made: Made, part: string): Row[] {
  return logsOf(made)
    .filter((path) => path.includes(part))
    .flatMap((path) => readLog(made, path).rows);
}
