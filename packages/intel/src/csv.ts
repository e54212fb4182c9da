/** One row of a CSV file: its fields with quotes resolved, and the 1-based line on which it began. */
export interface CsvRow {
  readonly line: number;
  /** Byte offset is not known after decoding; characters from the start of the text. */
  readonly at: number;
  readonly fields: readonly string[];
  /** A quote was opened and never closed, or text stood after a closing quote. */
  readonly broken: boolean;
}

/** A CSV file with a header: rows as maps of column name (lower case, trimmed) to value. */
export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRecord[];
}

export interface CsvRecord {
  readonly line: number;
  readonly broken: boolean;
  /** Fields beyond the header are kept here, so that a shifted row can be told. */
  readonly surplus: number;
  get(column: string): string;
}

/**
 * Reads CSV as RFC 4180 has it, plus what people do by hand: blank lines and lines that begin with `#` are left out,
 * CRLF, LF and CR end a row, a byte-order mark is dropped. Never throws; a quote that is never closed ends at the end
 * of its line, so that one mistake does not swallow the rest of the file.
 */
export function parseCsvRows(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const row = readRow(text, at, line);
    const isComment = text[at] === '#';
    if (!isComment && !isBlank(row.row)) rows.push(row.row);
    at = row.next;
    line += row.lines;
  }
  return rows;
}

function isBlank(row: CsvRow): boolean {
  return row.fields.every((field) => field.trim() === '');
}

interface ReadRow {
  readonly row: CsvRow;
  readonly next: number;
  readonly lines: number;
}

function readRow(text: string, start: number, line: number): ReadRow {
  const whole = splitRow(text, start);
  // A comment may hold an apostrophe or a lone quote: it ends with its line, whatever stands in it.
  if (text[start] === '#' || whole === undefined) {
    const end = lineEnd(text, start);
    const broken = text[start] !== '#';
    const row = { line, at: start, fields: text.slice(start, end).split(','), broken };
    return { row, next: afterBreak(text, end), lines: 1 };
  }
  const lines = 1 + countBreaks(text, start, whole.end);
  return {
    row: { line, at: start, fields: whole.fields, broken: whole.broken },
    next: afterBreak(text, whole.end),
    lines,
  };
}

function splitRow(
  text: string,
  start: number,
): { fields: string[]; end: number; broken: boolean } | undefined {
  const fields: string[] = [];
  let broken = false;
  let at = start;
  for (;;) {
    const field = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at);
    if (field === undefined) return undefined;
    fields.push(field.value);
    broken ||= field.broken;
    if (text[field.end] !== ',') return { fields, end: field.end, broken };
    at = field.end + 1;
  }
}

interface ReadField {
  readonly value: string;
  readonly end: number;
  readonly broken: boolean;
}

function readPlain(text: string, start: number): ReadField {
  let end = start;
  while (end < text.length && !isBreak(text[end]) && text[end] !== ',') end++;
  return { value: text.slice(start, end), end, broken: false };
}

function readQuoted(text: string, start: number): ReadField | undefined {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return undefined;
    value += text.slice(at, quote);
    at = quote + 2;
    if (text[quote + 1] !== '"') {
      const rest = readPlain(text, quote + 1);
      return { value: value + rest.value, end: rest.end, broken: rest.value.trim() !== '' };
    }
    value += '"';
  }
}

function isBreak(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

function lineEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && !isBreak(text[end])) end++;
  return end;
}

function afterBreak(text: string, end: number): number {
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
}

function countBreaks(text: string, from: number, to: number): number {
  let breaks = 0;
  for (let at = from; at < to; at++) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) breaks++;
  }
  return breaks;
}

/** Reads a CSV file whose first row names its columns. Column names are compared in lower case; missing ones read as ''. */
export function parseCsv(text: string): CsvTable {
  const [head, ...rest] = parseCsvRows(text);
  const columns = (head?.fields ?? []).map((name) => name.trim().toLowerCase());
  const index = new Map(columns.map((name, i) => [name, i]));
  const rows = rest.map((row) => ({
    line: row.line,
    broken: row.broken,
    surplus: Math.max(0, row.fields.length - columns.length),
    get: (column: string): string => row.fields[index.get(column) ?? -1]?.trim() ?? '',
  }));
  return { columns, rows };
}
