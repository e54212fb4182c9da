import type { Position } from '@postern/core';
import { CR, LF, SPACE } from './bytes.ts';
import type { IssueLog } from './issue-log.ts';
import { LineScan } from './line-scan.ts';
import type { Window } from './window.ts';

/** A run of zeros this long is a hole that a crash left, and ends the line; a shorter one is part of it. */
const holeBytes = 8;

/** What is beyond the longest line: where it begins, how much of it was passed, whether that is all of it. */
interface Surplus {
  readonly at: number;
  readonly length: number;
  readonly isWhole: boolean;
}

const noSurplus: Surplus = { at: 0, length: -1, isWhole: true };

/** `line`: the next line stands in `start` … `end`; `more`: the window must slide first; `done`: no line is left. */
export type Found = 'line' | 'more' | 'done';

/**
 * Finds the lines in a window: ended by LF, CRLF or (in a file without any LF) CR, by a hole of zeros, or by the end
 * of the source. Holes and what exceeds the longest line are told as issues and passed over.
 */
export class LineFinder {
  start = 0;
  end = 0;
  /** Where the line after this one begins. */
  next = 0;
  /** 1-based number of this line. */
  line = 0;
  /** False if no newline ended it. */
  whole = true;
  /** True if it was longer than a line may be: only its beginning is here. */
  cut = false;
  private readonly window: Window;
  private readonly issues: IssueLog;
  /** Byte that parts the values of a line. */
  separator: number = SPACE;
  /** How many of them are in the line. */
  separators = 0;
  /** False if all of the line is ASCII. */
  high = false;
  private readonly scan = new LineScan();
  private newline = LF;
  /** Newlines passed before `next`. */
  private passed = 0;
  private hole = { at: 0, length: 0 };
  /** Zeros inside the line, too few to be a hole. */
  private readonly zeroRuns: { readonly offset: number; readonly length: number }[] = [];
  private endOffset = 0;
  private surplus: Surplus = noSurplus;

  constructor(window: Window, issues: IssueLog) {
    this.window = window;
    this.issues = issues;
  }

  /** To be called once the window holds its first bytes. */
  begin(): void {
    const { bytes, end } = this.window;
    const lf = bytes.indexOf(LF);
    const cr = bytes.indexOf(CR);
    // The LF of a CR that is the last byte here may follow.
    if (lf >= end && cr >= 0 && cr < (this.window.atEnd ? end : end - 1)) this.newline = CR;
  }

  find(): Found {
    const { bytes } = this.window;
    if (this.zeroRuns.length > 0) this.tellZeros();
    for (;;) {
      if (this.surplus.length >= 0 && this.passSurplus()) this.closeSurplus();
      if (this.next >= this.window.end) return this.window.atEnd ? this.close() : 'more';
      if (bytes[this.next] === 0) this.passZeros();
      else {
        if (this.hole.length > 0) this.closeHole();
        return this.take();
      }
    }
  }

  /** The window slid: what was at `by` is now at 0. */
  slid(by: number): void {
    this.next -= by;
  }

  /** True if the next line stands at {@link next} and nothing is left to be said of what was before it. */
  get isClear(): boolean {
    return (
      this.newline === LF && this.zeroRuns.length === 0 && this.hole.length === 0 && this.surplus.length < 0
    );
  }

  /** Number of the next line. */
  get nextLine(): number {
    return this.passed + 1;
  }

  /** Goes on at `next`: so many lines were taken elsewhere. */
  pass(lines: number, next: number): void {
    this.passed += lines;
    this.next = next;
  }

  /** Gives the line back, to be found again when there is more behind it. */
  giveBack(): void {
    this.next = this.start;
    this.passed = this.line - 1;
    this.zeroRuns.length = 0;
  }

  /** Counts another separator from this line on. */
  partBy(separator: number): void {
    if (separator === this.separator) return;
    this.separator = separator;
    this.separators = 0;
    for (let at = this.start; at < this.end; at++) if (this.window.bytes[at] === separator) this.separators++;
  }

  /** Makes the line end at `end`, `lines` lines below, as records with newlines inside do. */
  extend(end: number, next: number, lines: number): void {
    this.end = end;
    this.next = next;
    this.passed += lines;
    this.high = true;
    this.whole = next > end;
  }

  /** The newline at or after `from`, else the window's end. */
  newlineAt(from: number): number {
    const at = this.window.bytes.indexOf(this.newline, from);
    return at < 0 || at > this.window.end ? this.window.end : at;
  }

  /** `end` without the CR of a CRLF. */
  trimmed(start: number, end: number): number {
    return this.newline === LF && end > start && this.window.bytes[end - 1] === CR ? end - 1 : end;
  }

  private take(): Found {
    const { window } = this;
    const start = this.pastMark(this.next);
    const stop = this.newline === LF ? this.scanLine(start) : this.scanSlowly(start);
    if (stop >= window.end && !window.atEnd && stop - start <= this.window.lineBytes) return this.needsMore();
    this.start = start;
    this.line = this.passed + 1;
    this.cut = stop - start > this.window.lineBytes;
    this.end = this.cut ? start + this.window.lineBytes : this.trimmed(start, stop);
    this.whole = stop < window.end && window.bytes[stop] === this.newline;
    this.next = this.whole ? stop + 1 : stop;
    if (this.whole) this.passed++;
    if (this.zeroRuns.length > 0) this.endOffset = window.sourceOffset(this.end);
    if (this.cut)
      this.surplus = {
        at: window.sourceOffset(this.end),
        length: stop - this.end,
        isWhole: this.whole,
      };
    return 'line';
  }

  private needsMore(): Found {
    this.zeroRuns.length = 0;
    return 'more';
  }

  /** Tells of the zeros inside the line before, once it was taken for good. */
  private tellZeros(): void {
    for (const { offset, length } of this.zeroRuns)
      if (offset < this.endOffset) this.noteZeros({ offset, line: this.line }, length);
    this.zeroRuns.length = 0;
  }

  /** Where the line ends; its separators are counted on the way. */
  private scanLine(start: number): number {
    const { scan, window } = this;
    scan.scan(window, start, this.separator);
    this.separators = scan.count;
    this.high = scan.high;
    while (scan.stop < window.end && window.bytes[scan.stop] === 0) {
      const to = this.zerosTo(scan.stop);
      if (this.isHole(scan.stop, to)) return scan.stop;
      if (to === window.end) return to;
      this.zeroRuns.push({ offset: window.sourceOffset(scan.stop), length: to - scan.stop });
      scan.scan(window, to, this.separator);
      this.separators += scan.count;
      this.high ||= scan.high;
    }
    return Math.min(scan.stop, window.end);
  }

  /** The same for files in which CR ends the lines. */
  private scanSlowly(start: number): number {
    const { bytes } = this.window;
    const stop = this.newlineAt(start);
    this.separators = 0;
    this.high = true;
    for (let at = start; at < stop; at++) {
      if (bytes[at] === this.separator) this.separators++;
      if (bytes[at] !== 0) continue;
      const to = this.zerosTo(at);
      if (this.isHole(at, to)) return at;
      this.zeroRuns.push({ offset: this.window.sourceOffset(at), length: to - at });
      at = to - 1;
    }
    return stop;
  }

  private zerosTo(from: number): number {
    const { bytes, end } = this.window;
    let to = from;
    while (to < end && bytes[to] === 0) to++;
    return to;
  }

  private isHole(from: number, to: number): boolean {
    return to - from >= holeBytes || (to === this.window.end && this.window.atEnd);
  }

  /** A mark of UTF-8 where files were put one behind the other. */
  private pastMark(at: number): number {
    const { bytes, end } = this.window;
    const isMark = bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf && at + 3 < end;
    return isMark ? at + 3 : at;
  }

  private passZeros(): void {
    const from = this.next;
    if (this.hole.length === 0) this.hole.at = this.window.sourceOffset(from);
    this.next = this.zerosTo(from);
    this.hole.length += this.next - from;
  }

  private closeHole(): void {
    this.noteZeros({ offset: this.hole.at, line: this.passed + 1 }, this.hole.length);
    this.hole.length = 0;
  }

  private noteZeros(at: Position, length: number): void {
    const found = `${length} zero bytes`;
    this.issues.note('POSTERN_WEBLOG_ZEROS', 'warning', at, {
      message: `${found} where text should be: never written, or lost in copying; copy the log again if you can`,
      found,
    });
  }

  /** Passes what is too much of a line; false if its end is not in the window. */
  private passSurplus(): boolean {
    if (this.surplus.isWhole) return true;
    const stop = this.newlineAt(this.next);
    this.surplus = { ...this.surplus, length: this.surplus.length + stop - this.next };
    this.next = stop;
    if (stop >= this.window.end) return false;
    this.next = stop + 1;
    this.passed++;
    return true;
  }

  private closeSurplus(): void {
    const { at: offset, length } = this.surplus;
    this.surplus = noSurplus;
    const message = `a line is longer than ${this.window.lineBytes} bytes; its last ${length} bytes were not searched`;
    this.issues.note('POSTERN_WEBLOG_LINE_TOO_LONG', 'warning', { offset, line: this.line }, { message });
  }

  private close(): Found {
    if (this.zeroRuns.length > 0) this.tellZeros();
    if (this.hole.length > 0) this.closeHole();
    if (this.surplus.length >= 0) this.closeSurplus();
    return 'done';
  }
}
