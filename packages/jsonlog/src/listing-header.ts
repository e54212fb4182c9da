import { decodeSlot, limits, slotTypes } from '@postern/core';
import { isBodyfileLine } from './bodyfile-row.ts';
import { CsvRow } from './csv.ts';
import { bodyfileForm, listingForm, type ListingForm } from './listing-form.ts';
import { headText } from './recognise-events.ts';

const delimiters = [0x2c, 0x3b, 0x09] as const;

/** The first names of the headers that are known, for headers further down (listings put behind each other). */
export const headerStarts: ReadonlySet<string> = new Set([
  'EntryNumber',
  'Name',
  'FullName',
  'PSPath',
  'Mode',
  'CopiedTimestamp',
  'SourceFile',
  'Created',
  'OSPath',
  'FullPath',
]);

/** The form of a listing and where its rows begin. */
export interface ListingHead {
  readonly form: ListingForm;
  readonly rows: number;
}

/** The head of a listing at `from`, behind blank lines and PowerShell's `#TYPE` line. Undefined if it is none. */
export function listingHead(bytes: Uint8Array, from: number, to: number): ListingHead | undefined {
  const start = headerStart(bytes, from, to);
  if (isBodyfileLine(firstLine(bytes, start, to))) return { form: bodyfileForm, rows: start };
  const row = new CsvRow(limits.fieldsPerShape);
  for (const delimiter of delimiters) {
    if (!row.read(bytes, start, to, delimiter) || row.fields > limits.fieldsPerShape) continue;
    const form = listingForm(cellsOf(bytes, row), delimiter);
    if (form !== undefined) return { form, rows: row.next };
  }
  return undefined;
}

/** The decoded fields of a row. */
export function cellsOf(bytes: Uint8Array, row: CsvRow): readonly string[] {
  return Array.from({ length: Math.min(row.fields, limits.fieldsPerShape) }, (_, field) => {
    const type = row.type[field] ?? slotTypes.null;
    return decodeSlot(bytes, row.from[field] ?? 0, row.length[field] ?? 0, type) ?? '';
  });
}

/** True if the first bytes are those of a file listing. */
export function recogniseListing(head: Uint8Array): boolean {
  const text = headText(head);
  return listingHead(text, 0, text.length) !== undefined;
}

function headerStart(bytes: Uint8Array, from: number, to: number): number {
  let at = skipBlankLines(bytes, from, to);
  while (firstLine(bytes, at, to).startsWith('#TYPE')) {
    at = skipBlankLines(bytes, lineEnd(bytes, at, to), to);
  }
  return at;
}

function skipBlankLines(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === 0x0a || bytes[at] === 0x0d)) at++;
  return at;
}

function firstLine(bytes: Uint8Array, from: number, to: number): string {
  const end = Math.min(lineEnd(bytes, from, to), from + 32_768);
  return decodeSlot(bytes, from, end - from, slotTypes.utf8) ?? '';
}

function lineEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
  return at;
}
