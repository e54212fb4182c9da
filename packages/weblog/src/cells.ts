import { limits } from '@postern/core';
import { arrayPlace, type WorkMemory } from '@postern/match';
import { COMMA, QUOTE, SPACE, TAB } from './bytes.ts';
import { cellKernel } from './cell-kernel.ts';
import type { Memory } from './line-scan.ts';

/** Values whose places are kept: those of a shape's fields, and one that is too many. */
const most = limits.fieldsPerShape + 1;

/** The values of one line as places in its bytes. One of these is reused for every line: nothing is allocated. */
export class Cells {
  /** Values found; those beyond the room of the arrays are counted only (what is written behind an array is lost). */
  count = 0;
  readonly from: Int32Array;
  readonly to: Int32Array;
  private readonly inQuotes = new Uint8Array(most);
  private hasQuotes = false;
  private readonly splitCells: ((...values: readonly number[]) => number) | undefined;

  /** `memory`: where the places are to lie; lines that lie there too are split by a kernel. */
  constructor(memory?: WorkMemory) {
    this.from = new Int32Array(...arrayPlace(most, 4, memory));
    this.to = new Int32Array(...arrayPlace(most, 4, memory));
    const hasKernel = this.from.buffer === memory?.buffer && this.to.buffer === memory.buffer;
    this.splitCells = hasKernel ? memory.kernel(cellKernel).splitCells : undefined;
  }
  /** Where the value that {@link split} is in begins. */
  private start = 0;

  /** True where the value stood in quotes; `from` and `to` are then inside them. */
  isQuoted(cell: number): boolean {
    return this.hasQuotes && this.inQuotes[cell] === 1;
  }

  clear(): void {
    this.count = 0;
    if (this.hasQuotes) this.inQuotes.fill(0);
    this.hasQuotes = false;
  }

  add(from: number, to: number): void {
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.count++;
  }

  addQuoted(from: number, to: number): void {
    this.inQuotes[this.count] = 1;
    this.hasQuotes = true;
    this.add(from, to);
  }

  /** Finds the values between single separators: what IIS and HTTPERR write (no value holds a space), and CSV without quotes. */
  split(memory: Memory, from: number, to: number, separator: number): void {
    this.clear();
    const { splitCells } = this;
    if (splitCells === undefined || memory.bytes.buffer !== this.from.buffer) {
      this.splitWords(memory, from, to, separator);
      return;
    }
    const { byteOffset: origin } = memory.bytes;
    const { byteOffset: froms } = this.from;
    const { byteOffset: tos } = this.to;
    this.count = splitCells(origin + from, origin + to, separator, origin, froms, tos, most);
  }

  /** Most words of four bytes hold no separator, which one test tells; this is three times as fast as to look at each byte. */
  // oxlint-disable-next-line max-params -- called for each line
  private splitWords({ bytes, words }: Memory, from: number, to: number, separator: number): void {
    const copies = Math.imul(separator, 0x01010101);
    const lastWord = to >> 2;
    this.start = from;
    let at = from;
    for (; at < to && (at & 3) !== 0; at++) if (bytes[at] === separator) this.cut(at);
    for (let w = at >> 2; w < lastWord; w++) {
      const difference = (words[w] ?? 0) ^ copies;
      if (((difference - 0x01010101) & ~difference & 0x80808080) === 0) continue;
      const first = w << 2;
      if ((difference & 0xff) === 0) this.cut(first);
      if ((difference & 0xff00) === 0) this.cut(first + 1);
      if ((difference & 0xff0000) === 0) this.cut(first + 2);
      if ((difference & 0xff000000) === 0) this.cut(first + 3);
    }
    for (at = Math.max(at, lastWord << 2); at < to; at++) if (bytes[at] === separator) this.cut(at);
    this.add(this.start, to);
  }

  private cut(end: number): void {
    this.add(this.start, end);
    this.start = end + 1;
  }
}

/** Values between runs of blanks, and in quotes where a value begins with one: other writers of W3C logs do so. */
export function splitLoosely(bytes: Uint8Array, from: number, to: number, cells: Cells): void {
  cells.clear();
  for (let i = skipBlanks(bytes, from, to); i < to; i = skipBlanks(bytes, i, to)) {
    const close = bytes[i] === QUOTE ? closingQuote(bytes, i + 1, to, isBlank) : -1;
    if (close < 0) {
      const end = blankAt(bytes, i, to);
      cells.add(i, end);
      i = end;
    } else {
      cells.addQuoted(i + 1, close);
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
  cells.clear();
  let i = from;
  for (;;) {
    if (i < to && bytes[i] === QUOTE) {
      const close = closingQuote(bytes, i + 1, to, isComma);
      if (close < 0) return false;
      cells.addQuoted(i + 1, close);
      i = close + 1;
    } else {
      const start = i;
      while (i < to && bytes[i] !== COMMA) i++;
      cells.add(start, i);
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
