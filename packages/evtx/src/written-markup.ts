import { keepMarkup, type KnownMarkup, type Surroundings } from './known-markup.ts';
import type { MarkupScanner } from './markup.ts';
import type { Templates } from './templates.ts';

/** Runs kept from source to source; a hostile file could bring new ones without end. */
const mostRuns = 32_768;
/** What may follow one text: past this the scanner is as fast. */
const mostNext = 16;

/** Markup up to a text that is a value, or to its end, and what was met behind that text. */
interface Run {
  readonly markup: KnownMarkup;
  readonly next: Run[];
  /** The template of markup that ends here, else -1. */
  readonly template: number;
}

/**
 * Reads elements that are written out in a record. What was scanned once is known again by its bytes, from text to
 * text: comparing them takes a fraction of the time, and some sources write out all their events.
 */
export class WrittenMarkup {
  /** The template of the markup that was read last; its texts are in the scanner. */
  template = -1;
  private readonly around: Surroundings;
  private readonly scanner: MarkupScanner;
  private readonly templates: Templates;
  private readonly first: Run[] = [];
  private kept = 0;

  constructor(around: Surroundings, scanner: MarkupScanner, templates: Templates) {
    this.around = around;
    this.scanner = scanner;
    this.templates = templates;
  }

  get isFull(): boolean {
    return this.kept >= mostRuns;
  }

  clear(): void {
    this.first.length = 0;
    this.kept = 0;
  }

  /** The markup from `at` on. Where it ends, or -1 if it is damaged. */
  read(at: number, end: number): number {
    const known = this.follow(at, end);
    if (known >= 0) return known;
    const behind = this.scanner.scan(at, end, false);
    if (behind < 0) return -1;
    this.template = this.templates.written();
    if (this.scanner.isPlain) this.learn(at, behind);
    return behind;
  }

  /** Where markup that is known ends, -1 if it is not. */
  private follow(at: number, end: number): number {
    const { scanner } = this;
    const { chunk } = this.around;
    let run = this.find(this.first, at);
    scanner.values = 0;
    for (let here = at; run !== undefined; run = this.find(run.next, here)) {
      here += run.markup.length;
      if (here > end) return -1;
      if (run.template >= 0) {
        this.template = run.template;
        return here;
      }
      const length = here + 2 > end ? -1 : 2 * chunk.u16(here);
      if (length < 0 || here + 2 + length > end) return -1;
      scanner.addText(here + 2, length);
      here += 2 + length;
    }
    return -1;
  }

  /** Events come in rows: what was met last is asked for first. */
  private find(runs: Run[], at: number): Run | undefined {
    for (let i = 0; i < runs.length; i++) {
      const run = runs[i];
      if (run === undefined || !this.around.isCopy(at, run.markup)) continue;
      if (i > 0) [runs[0], runs[i]] = [run, runs[0] ?? run];
      return run;
    }
    return undefined;
  }

  /** Keeps what was just scanned in `at..behind`. */
  private learn(at: number, behind: number): void {
    const { valueAt, valueLength, values } = this.scanner;
    let [runs, from] = [this.first, at];
    for (let value = 0; value <= values; value++) {
      const isLast = value === values;
      // The number of characters is part of the text.
      const to = isLast ? behind : (valueAt[value] ?? 0) - 2;
      const run = this.find(runs, from) ?? this.keep(runs, [from, to], isLast ? this.template : -1);
      if (run === undefined) return;
      runs = run.next;
      from = to + 2 + (valueLength[value] ?? 0);
    }
  }

  private keep(runs: Run[], [from, to]: readonly [number, number], template: number): Run | undefined {
    if (this.isFull || runs.length === mostNext) return undefined;
    const isInside = (place: number): boolean => place >= from && place < to;
    const { scanner } = this;
    const loose = {
      references: scanner.references.subarray(0, scanner.referenceCount).filter(isInside),
      others: scanner.sizes.subarray(0, scanner.sizeCount).filter(isInside),
    };
    const run = { markup: keepMarkup(this.around, [from, to], loose), next: [], template };
    this.kept++;
    runs.push(run);
    return run;
  }
}
