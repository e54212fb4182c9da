import { linkedStep, type DenseTables, type LinkedTables } from './automaton.ts';
import { foldScanned, foldText } from './fold.ts';
import { gramLetters, isGram, type GramFilter } from './gram-filter.ts';
import { hashMultiplier } from './gram-table.ts';
import { classBeyondAscii, seesBeyondAscii } from './letter-classes.ts';
import type { LiteralHits } from './literal.ts';
import type { LiteralTables, PlaceTables, WideTables } from './literal-set.ts';
import { trieStep, type TrieTables } from './trie.ts';

const noBytes = new Uint8Array(0);
/** The upper six bits of the halves of a pair. */
const highHalf = 0x36;
const lowHalf = 0x37;
/** Bits that no ASCII has, in four bytes and in two units. */
const beyondAscii = 0x80808080 | 0;
const beyondAsciiUtf16 = 0xff80ff80 | 0;

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
  // The text at hand: bytes with one or two of them for a unit, or (width 0) a string.
  private held: Uint8Array = noBytes;
  private from = 0;
  private units = 0;
  private width = 0;
  private view: DataView = new DataView(noBytes.buffer);
  private string = '';
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
    this.hold(bytes, from, units, 2);
    this.ends(narrow, units);
    let isBeyond = wide !== undefined;
    if (narrow.body?.kind === 'dense') {
      const mayHold = filter === undefined || this.mayHoldUtf16(filter, bytes, from, units);
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
    this.hold(bytes, from, to - from, 1);
    if (narrow.body?.kind !== 'dense') {
      this.places(narrow, to - from);
      return this.needsText && this.isBeyondAscii(to - from);
    }
    this.ends(narrow, to - from);
    if (filter !== undefined && !this.mayHoldBytes(filter, bytes, from, to)) return false;
    return this.denseBytes(narrow.body, bytes, from, to) && this.needsText;
  }

  /** A decoded text, letter case as it is. */
  text(text: string): void {
    const { narrow, wide } = this.tables;
    this.hold(noBytes, 0, text.length, 0);
    this.string = text;
    if (narrow.body?.kind === 'dense') {
      this.ends(narrow, text.length);
      this.denseText(narrow.body, text);
    } else this.places(narrow, text.length);
    if (wide !== undefined) this.around(wide);
  }

  /** What is not ASCII can only be near a letter that is not: the rest of a long script is passed over. */
  private around(wide: WideTables): void {
    const { units } = this;
    // Longer than any literal, so that none takes the end of the part for that of the text.
    const reach = wide.longest + 1;
    for (let at = 0; at < units; at++) {
      if (this.unitAt(at) < 0x80) continue;
      let from = Math.max(0, at - reach);
      // Halves of a pair that is cut would be taken for broken ones.
      if (from > 0 && this.unitAt(from) >>> 10 === lowHalf) from--;
      let to = Math.min(units, at + reach);
      for (let next = at + 1; next < to; next++)
        if (this.unitAt(next) >= 0x80) to = Math.min(units, next + reach);
      if (to < units && this.unitAt(to - 1) >>> 10 === highHalf) to++;
      this.part(wide, from, to);
      at = to - 1;
    }
  }

  private part({ body, head, tail }: WideTables, from: number, to: number): void {
    const { units, width, string } = this;
    const text = this.textOf(from, to);
    this.string = this.tables.folding === 'unicode' ? foldText(text) : foldScanned(text);
    this.width = 0;
    this.isWide = true;
    const places = { head: from === 0 ? head : undefined, tail: to === units ? tail : undefined };
    this.places({ ...places, body, rests: undefined }, to - from);
    this.isWide = false;
    this.width = width;
    this.string = string;
  }

  /** As a decoder has it: halves of pairs become U+FFFD. */
  private textOf(from: number, to: number): string {
    if (this.width === 0) return this.string.slice(from, to);
    let text = '';
    for (let i = from; i < to; i++) {
      const pair = String.fromCharCode(this.unitAt(i), i + 1 < to ? this.unitAt(i + 1) : 0);
      const code = pair.codePointAt(0) ?? 0;
      if (code > 0xffff) i++;
      text += code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code);
    }
    return text;
  }

  private places(tables: PlaceTables, units: number): void {
    this.ends(tables, units);
    if (tables.body?.kind === 'linked') this.linked(tables.body, units);
  }

  private hold(bytes: Uint8Array, from: number, units: number, width: 0 | 1 | 2): void {
    this.held = bytes;
    this.units = units;
    this.from = from;
    this.width = width;
  }

  private unitAt(i: number): number {
    if (this.width === 0) return this.string.charCodeAt(i);
    const at = this.from + i * this.width;
    const low = this.held[at] ?? 0;
    return this.width === 1 ? low : low | ((this.held[at + 1] ?? 0) << 8);
  }

  private symbolAt(i: number): number {
    const unit = this.unitAt(i);
    if (this.isWide) return unit;
    const { classes } = this.tables;
    return unit < 0x80 ? (classes.ofAscii[unit] ?? 0) : classBeyondAscii(classes, unit);
  }

  private isBeyondAscii(units: number): boolean {
    for (let i = 0; i < units; i++) if (this.unitAt(i) >= 0x80) return true;
    return false;
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

  // What is found here is found again, and placed, by the automaton. A letter beyond ASCII may stand for one of ASCII
  // (the Kelvin sign for a k): where one is seen the automaton is asked, and where none is seen in the four letters that
  // tell a literal, these stand there as they are.

  private mayHoldUtf16(filter: GramFilter, bytes: Uint8Array, from: number, units: number): boolean {
    const { stride, shift, grams } = filter;
    const view = this.viewOf(bytes);
    const last = from + (units - gramLetters) * 2;
    let seen = 0;
    for (let at = from; at <= last; at += stride * 2) {
      const first = view.getInt32(at, true);
      const second = view.getInt32(at + 4, true);
      seen |= first | second;
      const gram = first | (second << 8) | 0x20202020;
      const slot = Math.imul(gram, hashMultiplier) >>> shift;
      if (grams[slot] !== 0 && isGram(filter, gram, slot)) return true;
    }
    return (seen & beyondAsciiUtf16) !== 0 || this.isEndBeyondAscii(units);
  }

  private mayHoldBytes(filter: GramFilter, bytes: Uint8Array, from: number, to: number): boolean {
    const { stride, shift, grams } = filter;
    const view = this.viewOf(bytes);
    const last = to - gramLetters;
    let seen = 0;
    for (let at = from; at <= last; at += stride) {
      const letters = view.getInt32(at, true);
      seen |= letters;
      const gram = letters | 0x20202020;
      const slot = Math.imul(gram, hashMultiplier) >>> shift;
      if (grams[slot] !== 0 && isGram(filter, gram, slot)) return true;
    }
    return (seen & beyondAscii) !== 0 || this.isEndBeyondAscii(to - from);
  }

  /** The letters behind the last look. */
  private isEndBeyondAscii(units: number): boolean {
    for (let i = Math.max(0, units - gramLetters); i < units; i++) if (this.unitAt(i) >= 0x80) return true;
    return false;
  }

  private viewOf(bytes: Uint8Array): DataView {
    if (this.view.buffer !== bytes.buffer || this.view.byteOffset !== bytes.byteOffset)
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.view;
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
    if (from + length > this.units) return;
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
