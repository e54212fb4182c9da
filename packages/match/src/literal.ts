/** Where in a text a literal must stand. */
export type Anchor = 'anywhere' | 'start' | 'end' | 'whole';

/** One text that a {@link LiteralSet} looks for. */
export interface Literal {
  /** What a find is called. Literals may share one: any of them will do. */
  readonly id: number;
  /**
   * Its text, already folded; cut in pieces where any of the three typographic dashes (U+2013, U+2014, U+2015) may
   * stand. Usually one piece. At least one unit in all.
   */
  readonly pieces: readonly string[];
  readonly anchor: Anchor;
}

/**
 * How letter case of what is searched is folded: `unicode` as `foldText` does, `ascii` as `foldScanned` does, to which
 * İ and the Kelvin sign are no `i` and no `k`. The texts of the literals must be folded in the same way.
 */
export type Folding = 'unicode' | 'ascii';

/**
 * The ids found in one record, each once. Nothing is cleared between records: an id counts as found if its stamp is
 * that of the record at hand.
 */
export class LiteralHits {
  /** Number of the record at hand, from 1. */
  epoch = 0;
  /** How many of `found` count. */
  count = 0;
  /** In the order of finding. */
  readonly found: Int32Array;
  private readonly stamps: Int32Array;
  private readonly made: Int32Array[] = [];

  constructor(ids: number) {
    this.found = new Int32Array(ids);
    this.stamps = this.makeStamps(ids);
  }

  /** Room for epochs, which is cleared when they begin anew. */
  makeStamps(size: number): Int32Array {
    const stamps = new Int32Array(size);
    this.made.push(stamps);
    return stamps;
  }

  /** Forgets what was found and begins with the next record. */
  next(): void {
    this.count = 0;
    if (this.epoch === lastEpoch) {
      this.epoch = 0;
      for (const stamps of this.made) stamps.fill(0);
    }
    this.epoch++;
  }

  add(id: number): void {
    if (this.stamps[id] === this.epoch) return;
    this.stamps[id] = this.epoch;
    this.found[this.count++] = id;
  }

  has(id: number): boolean {
    return this.stamps[id] === this.epoch;
  }
}

const lastEpoch = 0x7fff_ffff;
