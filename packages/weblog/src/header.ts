import { limits, parseTime, remember } from '@postern/core';
import { hasWebFields, isExchangeHeader } from './names.ts';

/** What the header lines in force say. A field that no line gave is absent. */
export interface Header {
  readonly software?: string;
  readonly version?: string;
  readonly logType?: string;
  /** `2021-03-03`, from `#Date` (or `#Start-Date`), for rows that hold the time of day only. */
  readonly day?: string;
  readonly columns?: Columns;
}

/** The names of the values of each row, and how the values are parted. */
export interface Columns {
  readonly names: readonly string[];
  readonly csv: boolean;
  /** `fields`: a `#Fields` line; `row`: a bare CSV row; `export`: a row that a tool wrote into a copy. */
  readonly from: 'fields' | 'row' | 'export';
}

const directive = /^"?#\s*([A-Za-z][A-Za-z-]*)\s*:\s*(.*)$/s;

/** The name (lower case) and value of a header line; undefined if it is none. Exported ones stand in quotes. */
export function readDirective(line: string): { readonly name: string; readonly value: string } | undefined {
  const match = directive.exec(line);
  if (match === null) return undefined;
  const value = (match[2] ?? '').trim();
  return {
    name: (match[1] ?? '').toLowerCase(),
    value: line.startsWith('"') ? value.replace(/"[",]*$/, '') : value,
  };
}

/** First line of what `Export-Csv` writes. */
export function isTypeLine(line: string): boolean {
  return line.startsWith('#TYPE ');
}

/** Column names of a `#Fields` value: parted by commas in Exchange's logs, by blanks in the W3C form. */
export const readFields: (value: string) => Columns = remember((value) => {
  const csv = value.includes(',');
  const names = csv ? value.split(',').map((name) => name.trim()) : value.split(/\s+/);
  return { names: names.filter((name) => name !== ''), csv, from: 'fields' };
});

/**
 * A CSV row of known column names: as Exchange writes it first in some logs (bare), or as a tool that exports rows
 * does (in quotes, or `exported` because `#TYPE` stood before it). Undefined for any other line.
 */
export function readHeaderRow(line: string, exported: boolean): Columns | undefined {
  if (!line.includes(',')) return undefined;
  const row = knownRow(line);
  return exported && row !== undefined ? { ...row, from: 'export' } : row;
}

const knownRow: (line: string) => Columns | undefined = remember((line) => {
  const names = line.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  if (!isExchangeHeader(names) && !hasWebFields(names)) return undefined;
  return { names, csv: true, from: line.startsWith('"') ? 'export' : 'row' };
});

/** Header lines that follow one another, not yet in force. */
export class HeaderBlock {
  private readonly said = new Map<string, string>();
  private columns: Columns | undefined;

  get isEmpty(): boolean {
    return this.said.size === 0 && this.columns === undefined;
  }

  add(name: string, value: string): void {
    if (name === 'fields') this.columns = readFields(value);
    this.said.set(name, value);
  }

  /** A header row. `#Fields` beside it says the same and is the better witness. */
  addRow(columns: Columns): void {
    if (this.columns?.from !== 'fields') this.columns = columns;
  }

  /**
   * The header in force after this block. A block that names its software, log type or fields replaces all of the
   * one before; only the fields live on where it has none. Others (`#Date` alone) add to it.
   */
  follow(before: Header): Header {
    const day = dayOf(this.said.get('date')) ?? dayOf(this.said.get('start-date'));
    const said = compact({
      software: this.said.get('software'),
      version: this.said.get('version'),
      logType: this.said.get('log-type'),
      day,
      columns: this.columns,
    });
    const isWhole = ['software', 'log-type', 'fields'].some((name) => this.said.has(name));
    return isWhole
      ? { ...(before.columns === undefined ? {} : { columns: before.columns }), ...said }
      : { ...before, ...said };
  }
}

function compact(header: { readonly [K in keyof Header]: Header[K] | undefined }): Header {
  const { software, version, logType, day, columns } = header;
  return {
    ...(software === undefined ? {} : { software }),
    ...(version === undefined ? {} : { version }),
    ...(logType === undefined ? {} : { logType }),
    ...(day === undefined ? {} : { day }),
    ...(columns === undefined ? {} : { columns }),
  };
}

function dayOf(date: string | undefined): string | undefined {
  return date === undefined ? undefined : knownDay(date.slice(0, 10));
}

const knownDay: (text: string) => string | undefined = remember((text) =>
  parseTime(text) === undefined ? undefined : text,
);

/** True if a header has more columns than a shape may have. */
export function isTooWide(columns: Columns): boolean {
  return columns.names.length > limits.fieldsPerShape;
}
