import { linkedStep, type DenseTables, type LinkedTables } from './automaton.ts';
import { foldScanned, foldText } from './fold.ts';
import { mayHoldBytes, mayHoldUtf16 } from './gram-filter.ts';
import { HeldText } from './held-text.ts';
import { classBeyondAscii, seesBeyondAscii } from './letter-classes.ts';
import type { LiteralHits } from './literal.ts';
import type { LiteralTables, PlaceTables, WideTables } from './literal-set.ts';
import { trieStep, type TrieTables } from './trie.ts';

/**
 * Looks for all literals of a set in one text, with a few steps for each unit however many literals there are. UTF-16
 * and ASCII are searched as they lie in a buffer; nothing is decoded.
 *
 * Work: units of the text + finds. Where something ends, what else ends there is gone through once per record only, so
 * that a text made of nothing but literals costs no more than its length and the size of the set.
 */
export class LiteralScanner {
  private readonly tables: LiteralTables;
  private readonly hits: LiteralHits;
  private readonly ids: Int32Array | undefined;
  /** Letters of ASCII have a class that letters beyond ASCII share. */
  private readonly needsText: boolean;
  /** End state of a body → epoch in which what ends there was gone through. */
  private readonly gone: Int32Array;
  private readonly goneWide: Int32Array;
  /** The text at hand. */
  private readonly given: HeldText = new HeldText();
  /** A part of it, folded. */
  private readonly folded: HeldText = new HeldText();
  /** The one of the two that is searched. */
  private held: HeldText = this.given;
  /** Symbols are units and not their classes. */
  private isWide = false;

  /** @param ids where tables are shared: what their ids are called among `hits` */
  constructor(tables: LiteralTables, hits: LiteralHits, ids?: Int32Array) {
    this.tables = tables;
    this.hits = hits;
    this.ids = ids;
    this.needsText = tables.wide !== undefined || seesBeyondAscii(tables.classes);
    this.gone = hits.makeStamps(endStates(tables.narrow.body));
    this.goneWide = hits.makeStamps(endStates(tables.wide?.body));
  }

  /** UTF-16LE, `units` of them from byte `from`. */
  utf16(bytes: Uint8Array, from: number, units: number): void {
    const { narrow, wide, filter } = this.tables;
    this.given.holdBytes(bytes, from, units, 2);
    this.ends(narrow, units);
    let isBeyond = wide !== undefined;
    if (narrow.body?.kind === 'dense') {
      const mayHold = filter === undefined || mayHoldUtf16(filter, this.given);
      isBeyond = mayHold && this.denseUtf16(narrow.body, bytes, from, from + units * 2);
    } else if (narrow.body !== undefined) this.linked(narrow.body, units);
    if (wide !== undefined && isBeyond) this.around(wide);
  }

  /**
   * Text in which each byte below 0x80 is that character: UTF-8, Latin-1.
   * @returns whether the decoded text must also be given to {@link text}
   */
  bytes(bytes: Uint8Array, from: number, to: number): boolean {
    const { narrow, filter } = this.tables;
    this.given.holdBytes(bytes, from, to - from, 1);
    if (narrow.body?.kind !== 'dense') {
      this.places(narrow, to - from);
      return this.needsText && this.given.isBeyondAscii();
    }
    this.ends(narrow, to - from);
    if (filter !== undefined && !mayHoldBytes(filter, this.given)) return false;
    return this.denseBytes(narrow.body, bytes, from, to) && this.needsText;
  }

  /** A decoded text, letter case as it is. */
  text(text: string): void {
    const { narrow, wide } = this.tables;
    this.given.holdText(text);
    if (narrow.body?.kind === 'dense') {
      this.ends(narrow, text.length);
      this.denseText(narrow.body, text);
    } else this.places(narrow, text.length);
    if (wide !== undefined) this.around(wide);
  }

  /** What is not ASCII can only be near a letter that is not: the rest of a long script is passed over. */
  private around({ body, head, tail, longest }: WideTables): void {
    const fold = this.tables.folding === 'unicode' ? foldText : foldScanned;
    const { units } = this.given;
    this.held = this.folded;
    this.isWide = true;
    // Longer than any literal, so that none takes the end of the part for that of the text.
    for (const { from, to } of this.given.partsBeyondAscii(longest + 1)) {
      this.folded.holdText(fold(this.given.slice(from, to)));
      const places = { head: from === 0 ? head : undefined, tail: to === units ? tail : undefined };
      this.places({ ...places, body, rests: undefined }, to - from);
    }
    this.isWide = false;
    this.held = this.given;
  }

  private places(tables: PlaceTables, units: number): void {
    this.ends(tables, units);
    if (tables.body?.kind === 'linked') this.linked(tables.body, units);
  }

  private symbolAt(i: number): number {
    const unit = this.held.unitAt(i);
    if (this.isWide) return unit;
    const { classes } = this.tables;
    return unit < 0x80 ? (classes.ofAscii[unit] ?? 0) : classBeyondAscii(classes, unit);
  }

  private ends({ head, tail }: PlaceTables, units: number): void {
    if (head !== undefined) this.head(head, units);
    if (tail !== undefined) this.tail(tail, units);
  }

  private head(trie: TrieTables, units: number): void {
    const { outStart, ids, dense, bits } = trie;
    let state = 0;
    for (let i = 0; i < units; i++) {
      const symbol = this.symbolAt(i);
      state = dense === undefined ? trieStep(trie, state, symbol) : (dense[(state << bits) | symbol] ?? 0);
      if (state === 0) return;
      const end = outStart[state + 1] ?? 0;
      for (let out = outStart[state] ?? 0; out < end; out++) {
        const id = ids[out] ?? 0;
        if ((id & 1) === 0 || i + 1 === units) this.found(id >> 1);
      }
    }
  }

  private tail(trie: TrieTables, units: number): void {
    const { outStart, ids, dense, bits } = trie;
    let state = 0;
    for (let i = units - 1; i >= 0; i--) {
      const symbol = this.symbolAt(i);
      state = dense === undefined ? trieStep(trie, state, symbol) : (dense[(state << bits) | symbol] ?? 0);
      if (state === 0) return;
      const end = outStart[state + 1] ?? 0;
      for (let out = outStart[state] ?? 0; out < end; out++) this.found(ids[out] ?? 0);
    }
  }

  // The three loops below are the cost of matching: one for each encoding, without calls and objects.

  private denseUtf16(tables: DenseTables, bytes: Uint8Array, from: number, to: number): boolean {
    const { next, width, accept, cut } = tables;
    const { gone } = this;
    const { epoch } = this.hits;
    const { classes } = this.tables;
    const { ofAscii } = classes;
    let [state, seen] = [0, 0];
    for (let at = from; at < to; at += 2) {
      const unit = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
      seen |= unit;
      const letter = unit < 0x80 ? (ofAscii[unit] ?? 0) : classBeyondAscii(classes, unit);
      state = next[Math.imul(state, width) + letter] ?? 0;
      if (state >= accept && (gone[state - accept] !== epoch || cut[state - accept] !== 0))
        this.denseEnd(tables, state, ((at - from) >> 1) + 1);
    }
    return seen >= 0x80;
  }

  private denseBytes(tables: DenseTables, bytes: Uint8Array, from: number, to: number): boolean {
    const { next, width, accept, cut } = tables;
    const { gone } = this;
    const { epoch } = this.hits;
    const { ofAscii } = this.tables.classes;
    let [state, seen] = [0, 0];
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      seen |= byte;
      const letter = byte < 0x80 ? (ofAscii[byte] ?? 0) : 0;
      state = next[Math.imul(state, width) + letter] ?? 0;
      if (state >= accept && (gone[state - accept] !== epoch || cut[state - accept] !== 0))
        this.denseEnd(tables, state, at - from + 1);
    }
    return seen >= 0x80;
  }

  private denseText(tables: DenseTables, text: string): void {
    const { next, width, accept, cut } = tables;
    const { gone } = this;
    const { epoch } = this.hits;
    const { classes } = this.tables;
    const { ofAscii } = classes;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const letter = unit < 0x80 ? (ofAscii[unit] ?? 0) : classBeyondAscii(classes, unit);
      state = next[Math.imul(state, width) + letter] ?? 0;
      if (state >= accept && (gone[state - accept] !== epoch || cut[state - accept] !== 0))
        this.denseEnd(tables, state, at + 1);
    }
  }

  /** @param units up to the end of what was found */
  private denseEnd(tables: DenseTables, found: number, units: number): void {
    const { accept, outStart, ids, link, cut } = tables;
    const { gone } = this;
    const { epoch } = this.hits;
    for (let state = found; state !== 0; state = link[state - accept] ?? 0) {
      const index = state - accept;
      if (gone[index] === epoch) break;
      gone[index] = epoch;
      const end = outStart[index + 1] ?? 0;
      for (let out = outStart[index] ?? 0; out < end; out++) {
        const id = ids[out] ?? 0;
        if (id >= 0) this.found(id);
      }
    }
    if (cut[found - accept] !== 0) this.cutWords(tables, cut[found - accept] ?? 0, units);
  }

  private cutWords({ accept, outStart, ids, link, cut }: DenseTables, longest: number, units: number): void {
    for (let state = longest; state !== 0; state = cut[(link[state - accept] ?? 0) - accept] ?? 0) {
      const end = outStart[state - accept + 1] ?? 0;
      for (let out = outStart[state - accept] ?? 0; out < end; out++) {
        const id = ids[out] ?? 0;
        if (id < 0) this.tryRest(~id, units);
      }
    }
  }

  /** Whether what follows the beginning of a word makes it whole. */
  private tryRest(number: number, from: number): void {
    const { rests } = this.tables.narrow;
    if (rests === undefined) return;
    const id = rests.ids[number] ?? 0;
    if (this.hits.has(this.idOf(id))) return;
    const start = rests.start[number] ?? 0;
    const length = (rests.start[number + 1] ?? 0) - start;
    if (from + length > this.given.units) return;
    for (let i = 0; i < length; i++) if (rests.symbols[start + i] !== this.symbolAt(from + i)) return;
    this.found(id);
  }

  private found(id: number): void {
    this.hits.add(this.idOf(id));
  }

  private idOf(id: number): number {
    return this.ids === undefined ? id : (this.ids[id] ?? 0);
  }

  private linked(tables: LinkedTables, units: number): void {
    const { outStart, ids, ending, fail } = tables;
    const { epoch } = this.hits;
    const gone = this.isWide ? this.goneWide : this.gone;
    let at = 0;
    for (let i = 0; i < units; i++) {
      at = linkedStep(tables, at, this.symbolAt(i));
      for (let state = ending[at] ?? 0; state !== 0; state = ending[fail[state] ?? 0] ?? 0) {
        if (gone[state] === epoch) break;
        gone[state] = epoch;
        const end = outStart[state + 1] ?? 0;
        for (let out = outStart[state] ?? 0; out < end; out++) this.found(ids[out] ?? 0);
      }
    }
  }
}

function endStates(tables: DenseTables | LinkedTables | undefined): number {
  if (tables === undefined) return 0;
  return tables.kind === 'dense' ? tables.link.length : tables.fail.length;
}
