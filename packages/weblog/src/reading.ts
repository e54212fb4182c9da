import {
  decodeSlot,
  parseTime,
  slotTypes,
  type Position,
  type ReadOptions,
  type ReadSink,
} from '@postern/core';
import type { ReadSummary, SourceInput, Ticks } from '@postern/core';
import { COMMA, QUOTE, SPACE, isDigit, startsWithDate } from './bytes.ts';
import { splitCsv, splitLoosely, type Cells } from './cells.ts';
import { HandOver } from './hand-over.ts';
import { Headers } from './headers.ts';
import { IssueLog } from './issue-log.ts';
import type { Layout, Track } from './layout.ts';
import { LineFinder } from './line-finder.ts';
import { verdicts, type LineQueue, type Verdict } from './line-queue.ts';
import type { PlainLines } from './plain-lines.ts';
import { QuotedRecords } from './quoted-records.ts';
import { isUtc, timeBytes, type Tally } from './tally.ts';
import { TrackChooser } from './track-chooser.ts';
import { spanOf, Tracks } from './tracks.ts';
import { Window, type WindowSizes } from './window.ts';
import { workplaceFor } from './workplace.ts';

/** One run over one source: finds its lines, judges how each fits its header, counts all, hands over the wanted. */
export class Reading {
  private readonly input: SourceInput;
  private readonly options: ReadOptions;
  private readonly sink: ReadSink;
  private readonly window: Window;
  private readonly issues: IssueLog;
  private readonly finder: LineFinder;
  private readonly quoted: QuotedRecords;
  private readonly headers: Headers;
  private readonly tracks: Tracks;
  private readonly chooser: TrackChooser;
  private readonly handOver: HandOver;
  private readonly queue: LineQueue;
  private readonly plain: PlainLines | undefined;
  private readonly cells: Cells;
  private readonly sampleEvery: number;
  private track: Track | undefined;
  private nextQuote = -1;
  private isFresh = true;
  private records = 0;
  private damaged = 0;
  private recovered = 0;
  private progress = 0;
  private stopped = false;

  constructor(input: SourceInput, options: ReadOptions, sink: ReadSink, sizes?: WindowSizes) {
    this.input = input;
    this.options = options;
    this.sink = sink;
    this.sampleEvery = options.sampleEvery ?? 0;
    this.window = new Window(input, sizes, options.room);
    const place = workplaceFor(options.room, input.size);
    this.queue = place.queue;
    this.plain = place.plain;
    this.cells = place.cells;
    this.issues = new IssueLog(sink.onIssue);
    this.finder = new LineFinder(this.window, this.issues);
    this.quoted = new QuotedRecords(this.window, this.finder);
    this.headers = new Headers(this.issues);
    this.tracks = new Tracks(options.scannerFor);
    this.chooser = new TrackChooser({
      tracks: this.tracks,
      issues: this.issues,
      options,
      cells: place.firstRow,
    });
    this.handOver = new HandOver(this.window, place, {
      onBatch: sink.onBatch,
      recover: (cells) => this.recover(cells),
    });
  }

  run(): ReadSummary {
    this.window.slide(0);
    this.finder.begin();
    if (this.window.transcoded) this.noteUtf16();
    while (this.block()) {
      this.nextQuote = -1;
      const from = this.finder.next;
      this.window.slide(from);
      this.finder.slid(from);
      this.quoted.slid();
    }
    return this.finish();
  }

  /** Reads what the window holds; false when that was the end. */
  private block(): boolean {
    for (;;) {
      this.takePlain();
      const found = this.finder.find();
      if (found === 'line' && this.line()) continue;
      this.flush();
      this.sink.onProgress?.(this.window.done - this.progress);
      this.progress = this.window.done;
      this.stopped = found !== 'done' && this.options.stopped?.() === true;
      return found !== 'done' && !this.stopped;
    }
  }

  /** Takes many lines at once, where the header's meaning is settled and the line before told its hour. */
  private takePlain(): void {
    const { track, finder, queue } = this;
    if (this.plain === undefined || track?.layout.timeFirst !== true || this.isFresh) return;
    if (this.headers.isPending || this.chooser.isProvisional || !finder.isClear) return;
    const taken = this.plain.take(this.window, finder.next, track);
    if (taken === 0) return;
    queue.addPlain(taken, finder.nextLine);
    finder.pass(taken, this.plain.next);
    this.sample(taken);
    if (queue.isFull) this.flush();
  }

  /** Draws among the last lines of the queue for statistics. */
  private sample(lines: number): void {
    const { queue, sampleEvery, records } = this;
    this.records += lines;
    if (sampleEvery === 0) return;
    const before = queue.count - lines - records - 1;
    const first = records - (records % sampleEvery) + sampleEvery;
    for (let record = first; record <= this.records; record += sampleEvery)
      queue.sampled[before + record] = 1;
  }

  /** Takes one line; false if its record goes on behind the window. */
  private line(): boolean {
    const { finder } = this;
    const { start, end } = finder;
    if (start === end) return true;
    if (!finder.cut && !isDigit(this.window.bytes[start]) && this.isNoRow(start, end)) return true;
    if (this.headers.isPending) this.enterHeader();
    const verdict = this.verdict();
    if (verdict === undefined) finder.giveBack();
    else this.take(verdict);
    return verdict !== undefined;
  }

  /**
   * How the line fits; undefined if its record goes on behind the window. A first row that fits no header tells
   * nothing of its log, so the header's meaning is settled by the first row that does.
   */
  private verdict(): Verdict | undefined {
    const track = this.track ?? this.choose();
    if (this.finder.cut) return verdicts.misfit;
    const verdict = this.judge(track);
    if (!this.chooser.isProvisional || verdict === undefined || verdict === verdicts.misfit) return verdict;
    this.flush();
    return this.judge(this.choose());
  }

  /** Blank lines and lines of the header; rows of most logs begin with a digit and never come here. */
  private isNoRow(start: number, end: number): boolean {
    if (this.window.bytes[start] === SPACE) return this.isBlank(start, end);
    return this.headers.take(this.window.bytes, start, end);
  }

  private isBlank(start: number, end: number): boolean {
    for (let i = start; i < end; i++) if (this.window.bytes[i] !== SPACE) return false;
    return true;
  }

  private enterHeader(): void {
    this.flush();
    this.headers.settle(() => this.place());
    this.track = undefined;
    this.isFresh = true;
  }

  /** The track of the header in force, made from it and from the first row below. */
  private choose(): Track {
    const { start, end } = this.finder;
    const { headers, window } = this;
    const { header, track } = this.chooser.choose(
      headers.header,
      { memory: window, start, end },
      this.place(),
    );
    headers.header = header;
    this.track = track;
    this.finder.partBy(track.layout.csv ? COMMA : SPACE);
    return track;
  }

  private judge(track: Track): Verdict | undefined {
    const { start, end } = this.finder;
    const { layout } = track;
    const { bytes } = this.window;
    if (layout.csv) return this.judgeCsv(layout);
    if (this.finder.separators + 1 === layout.columns) return verdicts.fits;
    splitLoosely(bytes, start, end, this.cells);
    if (this.cells.count === layout.columns) return verdicts.fitsLoosely;
    this.cells.split(this.window, start, end, SPACE);
    return this.chooser.recover(track, bytes, this.cells) === undefined
      ? verdicts.misfit
      : verdicts.recovered;
  }

  private judgeCsv(layout: Layout): Verdict | undefined {
    const { finder, window } = this;
    const { bytes } = window;
    if (this.nextQuote < finder.start) this.nextQuote = quoteFrom(bytes, finder.start);
    if (this.nextQuote >= finder.end)
      return finder.separators + 1 === layout.columns ? verdicts.fits : verdicts.misfit;
    const found = this.quoted.settle();
    if (found === 'more') return undefined;
    if (found === 'open') return this.openQuote();
    splitCsv(bytes, finder.start, finder.end, this.cells);
    return this.cells.count === layout.columns ? verdicts.fitsLoosely : verdicts.misfit;
  }

  private openQuote(): Verdict {
    const message = 'a quote opens and does not close; the record is taken to end with its line';
    if (this.finder.whole)
      this.issues.note('POSTERN_WEBLOG_QUOTE_OPEN', 'warning', this.place(), { message });
    return verdicts.misfit;
  }

  private take(verdict: Verdict): void {
    const { track } = this;
    if (track === undefined) return;
    this.records++;
    const isDue = this.sampleEvery > 0 && (this.isFresh || this.records % this.sampleEvery === 0);
    if (verdict === verdicts.misfit) this.countMisfit(track);
    else if (verdict === verdicts.recovered) this.countRecovered(track);
    else {
      this.isFresh = false;
      this.count(track, verdict);
    }
    this.queue.add(this.finder, verdict, isDue);
    if (this.queue.isFull) this.flush();
  }

  private count({ layout, tally }: Track, verdict: Verdict): void {
    const { start, end } = this.finder;
    tally.records++;
    if (layout.timeFirst && this.noteTime(tally, layout, start, end)) return;
    if (layout.shape.time === undefined) return;
    const { window, cells } = this;
    if (verdict === verdicts.fits) cells.split(window, start, end, this.finder.separator);
    else (layout.csv ? splitCsv : splitLoosely)(window.bytes, start, end, cells);
    this.noteCells(tally, layout);
  }

  private noteTime(tally: Tally, layout: Layout, start: number, end: number): boolean {
    const { bytes } = this.window;
    if (end - start < timeBytes || !isDigit(bytes[start])) return false;
    if (layout.csv && !isUtc(bytes, start, end)) return false;
    return tally.noteTime(bytes, start, end);
  }

  /** Counts the time of the row that was split last. */
  private noteCells(tally: Tally, layout: Layout): void {
    const ticks = this.timeOfCells(layout);
    if (ticks !== undefined && ticks >= 0n) return tally.noteTicks(ticks);
    const message = 'the time of a record cannot be read';
    this.issues.note('POSTERN_WEBLOG_TIME_UNREADABLE', 'warning', this.place(), { message });
  }

  private timeOfCells({ shape: { time } }: Layout): Ticks | undefined {
    if (time?.kind === 'iso') return parseTime(this.cellText(time.slot));
    if (time?.kind !== 'date-and-time') return undefined;
    const date = typeof time.date === 'string' ? time.date : this.cellText(time.date);
    return parseTime(`${date} ${this.cellText(time.time)}`);
  }

  private cellText(cell: number): string {
    const from = this.cells.from[cell] ?? 0;
    const length = (this.cells.to[cell] ?? 0) - from;
    // No time is longer; a hostile value may be.
    return decodeSlot(this.window.bytes, from, Math.min(length, 64), slotTypes.utf8) ?? '';
  }

  private countMisfit({ layout, text }: Track): void {
    const { start, end, whole, cut } = this.finder;
    this.damaged++;
    text.tally.records++;
    const { bytes } = this.window;
    if (startsWithDate(bytes, start, end) && end - start >= timeBytes) text.tally.noteTime(bytes, start, end);
    const code = whole ? 'POSTERN_WEBLOG_LINE_MISFIT' : 'POSTERN_WEBLOG_LINE_TORN';
    if (cut || layout.columns < 0) return;
    const message = whole
      ? 'a line does not fit its header'
      : 'the log ends within this line; what there is of it was searched';
    const counts = this.issues.tellsPlace(code) ? this.valueCounts(layout) : {};
    this.issues.note(code, 'warning', this.place(), { message, ...counts });
  }

  private valueCounts(layout: Layout): { readonly expected: string; readonly found: string } {
    const { start, end } = this.finder;
    (layout.csv ? splitCsv : splitLoosely)(this.window.bytes, start, end, this.cells);
    return { expected: `${layout.columns} values`, found: `${this.cells.count} values` };
  }

  private countRecovered(track: Track): void {
    const other = this.recover(this.cells);
    if (other === undefined) return;
    this.recovered++;
    other.tally.records++;
    this.noteCells(other.tally, other.layout);
    const code = 'POSTERN_WEBLOG_LINE_RECOVERED';
    const message = 'a line does not fit its header but the layout that servers write by default';
    const counts = this.issues.tellsPlace(code) ? this.valueCounts(track.layout) : {};
    this.issues.note(code, 'warning', this.place(), { message, ...counts });
  }

  private recover(cells: Cells): Track | undefined {
    return this.track && this.chooser.recover(this.track, this.window.bytes, cells);
  }

  private flush(): void {
    if (this.track !== undefined) this.handOver.flush(this.queue, this.track);
  }

  private place(): Position {
    return { offset: this.window.sourceOffset(this.finder.start), line: this.finder.line };
  }

  private finish(): ReadSummary {
    const { records, damaged, recovered, stopped } = this;
    const left = this.input.size - this.window.done;
    if (!stopped && left > 0) this.noteCutShort(left);
    this.issues.finish();
    const shapes = this.tracks.summaries();
    return { records, damaged, recovered, ...spanOf(shapes), hours: this.tracks.hours, shapes, stopped };
  }

  private noteUtf16(): void {
    this.issues.note('POSTERN_WEBLOG_UTF16', 'info', { offset: 0 }, { message: 'the log is in UTF-16' });
  }

  private noteCutShort(left: number): void {
    const message = `the last ${left} bytes could not be read`;
    this.issues.note('POSTERN_WEBLOG_CUT_SHORT', 'error', { offset: this.window.done }, { message });
  }
}

function quoteFrom(bytes: Uint8Array, from: number): number {
  const at = bytes.indexOf(QUOTE, from);
  return at < 0 ? bytes.length : at;
}
