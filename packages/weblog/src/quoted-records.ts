import { HASH, startsWithDate } from './bytes.ts';
import { openQuote } from './cells.ts';
import type { LineFinder } from './line-finder.ts';
import type { Window } from './window.ts';

/**
 * Bytes that may be searched in vain for the quotes that end values, per source. A hostile log opens one in every
 * line; past this limit quotes end with their line.
 */
const vainBytes = 16_777_216;

/** `one`: the record is this line; `many`: it was extended over more; `more`: the window must slide; `open`: no end. */
export type QuotedFound = 'one' | 'many' | 'more' | 'open';

/** Finds the end of CSV records whose quoted values hold newlines. */
export class QuotedRecords {
  private readonly window: Window;
  private readonly finder: LineFinder;
  private vain = 0;
  private zeroAt = -1;

  constructor(window: Window, finder: LineFinder) {
    this.window = window;
    this.finder = finder;
  }

  /** The window slid. */
  slid(): void {
    this.zeroAt = -1;
  }

  /** Looks at the finder's line, and extends it over the lines below that belong to the same record. */
  settle(): QuotedFound {
    const { finder, window } = this;
    let resume = openQuote(window.bytes, finder.start, finder.end, false);
    if (resume < 0) return 'one';
    if (!finder.whole || this.vain > vainBytes) return 'open';
    const most = finder.start + window.lineBytes;
    let from = finder.next;
    if (this.zeroAt < from) this.zeroAt = zeroFrom(window.bytes, from);
    for (let lines = 0; from < most && !this.isOther(from); lines++) {
      const stop = finder.newlineAt(from);
      if (stop === window.end && !window.atEnd && stop < most) return 'more';
      if (stop > most) break;
      const to = finder.trimmed(from, stop);
      if (this.zeroAt < to) break;
      resume = openQuote(window.bytes, from, to, true);
      const ended = stop < window.end;
      if (resume < 0) {
        finder.extend(to, ended ? stop + 1 : stop, ended ? lines + 1 : lines);
        return 'many';
      }
      if (!ended) break;
      from = stop + 1;
    }
    this.vain += from - finder.start;
    return 'open';
  }

  /** True where another record or header begins, or the source ends: the quote was never closed. */
  private isOther(from: number): boolean {
    const { bytes, end } = this.window;
    if (from >= end && this.window.atEnd) return true;
    return bytes[from] === HASH || bytes[from] === 0 || startsWithDate(bytes, from, end);
  }
}

function zeroFrom(bytes: Uint8Array, from: number): number {
  const at = bytes.indexOf(0, from);
  return at < 0 ? bytes.length : at;
}
