import { slotTypes } from '@postern/core';
import type { CsvRow } from './csv.ts';

/** The columns of a bodyfile as The Sleuth Kit 3 and later write them (mactime's input). */
export const bodyfileColumns: readonly string[] = [
  'MD5',
  'name',
  'inode',
  'mode_as_string',
  'UID',
  'GID',
  'size',
  'atime',
  'mtime',
  'ctime',
  'crtime',
];

const bar = 0x7c;

/**
 * The eleven fields of the line `from..to`. A name may hold bars, so it is what lies between the first bar and the
 * ninth from the end. False if there are too few.
 */
export function readBodyfileRow(row: CsvRow, bytes: Uint8Array, from: number, to: number): boolean {
  row.fields = 0;
  const first = bytes.subarray(from, to).indexOf(bar);
  if (first < 0) return false;
  const starts: number[] = [];
  for (let at = to - 1; at > from + first && starts.length < 9; at--)
    if (bytes[at] === bar) starts.unshift(at + 1);
  if (starts.length < 9) return false;
  const bounds = [from, from + first + 1, ...starts, to + 1];
  for (const [field, start] of bounds.slice(0, -1).entries()) {
    const length = (bounds[field + 1] ?? 0) - 1 - start;
    row.from[field] = start;
    row.length[field] = length;
    row.type[field] = length === 0 ? slotTypes.null : slotTypes.utf8;
  }
  row.fields = bodyfileColumns.length;
  return true;
}

const rowPattern =
  /^(?:0|[0-9A-Fa-f]{32})?\|[^\r\n]+\|[^|]*\|[^|]*\|\d*\|\d*\|\d*\|-?\d*\|-?\d*\|-?\d*\|-?\d*(?:\.\d+)?$/;

/** True if a line is one of a bodyfile: eleven fields, the last ones numbers, an MD5 or nothing first. */
export function isBodyfileLine(line: string): boolean {
  return rowPattern.test(line.trimEnd()) && /\|-?\d+(?:\.\d+)?$/.test(line.trimEnd());
}
