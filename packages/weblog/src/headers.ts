import { decodeUtf8, limits, type Position } from '@postern/core';
import { COMMA, HASH, QUOTE } from './bytes.ts';
import { columnFacts } from './column-facts.ts';
import { HeaderBlock, isTooWide, isTypeLine, readDirective, readHeaderRow, type Header } from './header.ts';
import type { IssueLog } from './issue-log.ts';

/** `"date-time",` */
const longestTimeColumn = 12;

/** Tells header lines from rows and keeps the header in force. */
export class Headers {
  /** In force for the rows that follow, once {@link settle} was called. */
  header: Header = {};
  private block = new HeaderBlock();
  private exported = false;
  private readonly issues: IssueLog;

  constructor(issues: IssueLog) {
    this.issues = issues;
  }

  /** True while header lines wait to come into force. */
  get isPending(): boolean {
    return !this.block.isEmpty;
  }

  /** Takes a line that begins with no digit; false if it is none of a header, or too long for one. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    const first = bytes[start] ?? 0;
    const second = bytes[start + 1] ?? 0;
    if (end - start > limits.headerBytes) return false;
    if (first === HASH || (first === QUOTE && second === HASH))
      return this.takeDirective(decodeUtf8(bytes, start, end));
    if (!isLetter(first === QUOTE ? second : first) || !this.mayBeRow(bytes, start, end)) return false;
    return this.takeRow(decodeUtf8(bytes, start, end));
  }

  /** Puts the waiting header lines in force. */
  settle(at: () => Position): void {
    const header = this.block.follow(this.header);
    this.block = new HeaderBlock();
    this.header = header;
    const { columns } = header;
    if (columns === undefined || !isTooWide(columns)) return;
    const message = `a header has ${columns.names.length} columns, more than a log can have; its rows are read as text`;
    this.issues.note('POSTERN_WEBLOG_TOO_MANY_FIELDS', 'warning', at(), { message });
    const { columns: _, ...rest } = header;
    this.header = rest;
  }

  private takeDirective(line: string): boolean {
    if (isTypeLine(line)) {
      this.exported = true;
      return true;
    }
    const said = readDirective(line);
    if (said === undefined) return false;
    // An export repeats the header of its log as rows; the columns are those that the export itself has.
    if (said.name !== 'fields' || !line.startsWith('"')) this.block.add(said.name, said.value);
    return true;
  }

  /** Spares the rows of a W3C log the look: there a bare row can only stand where another log was appended. */
  private mayBeRow(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.header.columns?.csv !== false) return true;
    const comma = bytes.subarray(start, Math.min(end, start + longestTimeColumn)).indexOf(COMMA);
    return comma > 0;
  }

  private takeRow(line: string): boolean {
    const row = readHeaderRow(line, this.exported);
    if (row === undefined) return false;
    // Columns in the web's own words stand in a CSV row only where a tool exported them.
    this.block.addRow(columnFacts(row).isWeb ? { ...row, from: 'export' } : row);
    return true;
  }
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}
