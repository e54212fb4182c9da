import { limits } from '@postern/core';
import { COMMA, QUOTE, SPACE, TAB } from './bytes.ts';

/** The values of one line as places in its bytes. One of these is reused for every line: nothing is allocated. */
export class Cells {
  /** Values found; those beyond the room of the arrays are counted only. */
  count = 0;
  readonly from: Int32Array = new Int32Array(limits.fieldsPerShape + 1);
  readonly to: Int32Array = new Int32Array(limits.fieldsPerShape + 1);
  /** 1 where the value stood in quotes; `from` and `to` are then inside them. */
  readonly quoted: Uint8Array = new Uint8Array(limits.fieldsPerShape + 1);

  add(from: number, to: number, quoted: 0 | 1): void {
    const { count } = this;
    if (count < this.from.length) {
      this.from[count] = from;
      this.to[count] = to;
      this.quoted[count] = quoted;
    }
    this.count = count + 1;
  }
}

/** Values between single spaces, as IIS and HTTPERR write them: they never hold a space themselves. */
export function splitSpaced(bytes: Uint8Array, from: number, to: number, cells: Cells): void {
  cells.count = 0;
  let start = from;
  for (let i = from; i < to; i++) {
    if (bytes[i] !== SPACE) continue;
    cells.add(start, i, 0);
    start = i + 1;
  }
  cells.add(start, to, 0);
}

/** Values between runs of blanks, and in quotes where a value begins with one: other writers of W3C logs do so. */
export function splitLoosely(bytes: Uint8Array, from: number, to: number, cells: Cells): void {
  cells.count = 0;
  for (let i = skipBlanks(bytes, from, to); i < to; i = skipBlanks(bytes, i, to)) {
    const close = bytes[i] === QUOTE ? closingQuote(bytes, i + 1, to, isBlank) : -1;
    if (close < 0) {
      const end = blankAt(bytes, i, to);
      cells.add(i, end, 0);
      i = end;
    } else {
      cells.add(i + 1, close, 1);
      i = close + 1;
    }
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

function skipBlanks(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && isBlank(bytes[i] ?? 0)) i++;
  return i;
}

function blankAt(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && !isBlank(bytes[i] ?? 0)) i++;
  return i;
}

/**
 * Values of one CSV record (RFC 4180, and lenient: a quote that neither doubles nor ends a value is part of it).
 * False if a quoted value does not end before `to`; the cells then mean nothing.
 */
export function splitCsv(bytes: Uint8Array, from: number, to: number, cells: Cells): boolean {
  cells.count = 0;
  let i = from;
  for (;;) {
    if (i < to && bytes[i] === QUOTE) {
      const close = closingQuote(bytes, i + 1, to, isComma);
      if (close < 0) return false;
      cells.add(i + 1, close, 1);
      i = close + 1;
    } else {
      const start = i;
      while (i < to && bytes[i] !== COMMA) i++;
      cells.add(start, i, 0);
    }
    if (i >= to) return true;
    i++;
  }
}

function isComma(byte: number): boolean {
  return byte === COMMA;
}

/**
 * Follows the quotes of a CSV record over one line of it. -1 if every value has ended at `to`, else where to go on in
 * the next line, inside the quotes (`inQuotes`).
 */
export function openQuote(bytes: Uint8Array, from: number, to: number, inQuotes: boolean): number {
  let i = from;
  let quoted = inQuotes;
  for (;;) {
    if (!quoted && bytes[i] === QUOTE && i < to) {
      quoted = true;
      i++;
    }
    if (quoted) {
      const close = closingQuote(bytes, i, to, isComma);
      if (close < 0) return to;
      i = close + 1;
      quoted = false;
    } else while (i < to && bytes[i] !== COMMA) i++;
    if (i >= to) return -1;
    i++;
  }
}

/** Where the quote is that ends a value begun before `from`: not doubled, and followed by what may follow a value. */
function closingQuote(
  bytes: Uint8Array,
  from: number,
  to: number,
  mayFollow: (byte: number) => boolean,
): number {
  let i = from;
  for (;;) {
    while (i < to && bytes[i] !== QUOTE) i++;
    if (i >= to) return -1;
    if (i + 1 >= to || mayFollow(bytes[i + 1] ?? 0)) return i;
    i += bytes[i + 1] === QUOTE ? 2 : 1;
  }
}
