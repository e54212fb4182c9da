import { linkedStep, type DenseTables, type LinkedTables } from './automaton.ts';
import { foldScanned, foldText } from './fold.ts';
import { mayHoldBytes, mayHoldUtf16, viewOf } from './gram-filter.ts';
import {
  countBits,
  entriesOf,
  entryWords,
  gramLetters,
  gramOf,
  gramStride,
  type GramIndex,
} from './gram-index.ts';
import { hashMultiplier } from './gram-table.ts';
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
  /** Letters beyond ASCII fold into some of the literals. */
  private readonly mayFold: boolean;
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
    this.mayFold = (tables.classes.dottedI | tables.classes.kelvin) !== 0;
    this.gone = hits.makeStamps(endStates(tables.narrow.body));
    this.goneWide = hits.makeStamps(endStates(tables.wide?.body));
  }

  /** UTF-16LE, `units` of them from byte `from`. */
  utf16(bytes: Uint8Array, from: number, units: number): void {
    const { narrow, wide, filter } = this.tables;
    this.given.holdBytes(bytes, from, units, 2);
    this.ends(narrow, units);
    let isBeyond = wide !== undefined;
    if (narrow.grams !== undefined) {
      isBeyond = this.gramsUtf16(narrow.grams, bytes, from, units);
      if (isBeyond && this.mayFold) this.gramsFolded(narrow.grams, this.given.slice(0, units));
    }
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
    if (narrow.grams !== undefined) this.gramsBytes(narrow.grams, bytes, from, to - from);
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
    if (narrow.grams !== undefined) {
      this.gramsText(narrow.grams, text);
      if (this.mayFold) this.gramsFolded(narrow.grams, text);
    }
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
      this.places({ ...places, body, grams: undefined }, to - from);
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

  // The loops below are the cost of matching: one for each encoding, without calls and objects.

  /** Whether something beyond ASCII was seen. */
  // oxlint-disable-next-line max-params -- called for each value
  private gramsUtf16(index: GramIndex, bytes: Uint8Array, from: number, units: number): boolean {
    const { bits, bitShift } = index;
    const words = viewOf(bytes);
    let seen = 0;
    for (let i = 0; i <= units - gramLetters; i += gramStride) {
      const first = words.getInt32(from + i * 2, true);
      const second = words.getInt32(from + i * 2 + 4, true);
      seen |= first | second;
      const gram = first | (second << 8) | 0x20202020;
      const hash = Math.imul(gram, hashMultiplier);
      const bit = hash >>> bitShift;
      if (((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0) this.tryGram(index, gram, hash, i);
    }
    return (seen & beyondAsciiUtf16) !== 0 || this.given.isBeyondAscii(Math.max(0, units - gramLetters));
  }

  // oxlint-disable-next-line max-params -- called for each value
  private gramsBytes(index: GramIndex, bytes: Uint8Array, from: number, units: number): void {
    const { bits, bitShift } = index;
    for (let i = 0; i <= units - gramLetters; i += gramStride) {
      const at = from + i;
      const gram = gramOf(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0);
      const hash = Math.imul(gram, hashMultiplier);
      const bit = hash >>> bitShift;
      if (((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0) this.tryGram(index, gram, hash, i);
    }
  }

  private gramsText(index: GramIndex, text: string): void {
    const { bits, bitShift } = index;
    for (let i = 0; i <= text.length - gramLetters; i += gramStride) {
      const gram = gramOf(
        text.charCodeAt(i),
        text.charCodeAt(i + 1),
        text.charCodeAt(i + 2),
        text.charCodeAt(i + 3),
      );
      const hash = Math.imul(gram, hashMultiplier);
      const bit = hash >>> bitShift;
      if (((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0) this.tryGram(index, gram, hash, i);
    }
  }

  /** Once more, if letters stand in the text that look like none of ASCII and fold into one. */
  private gramsFolded(index: GramIndex, text: string): void {
    if (!foldsIntoAscii.test(text)) return;
    const folded = text.replaceAll('\u0130', 'i').replaceAll('\u212a', 'k');
    this.folded.holdText(folded);
    this.held = this.folded;
    this.gramsText(index, folded);
    this.held = this.given;
  }

  /** Compares the words that have this gram with what stands around it. */
  // oxlint-disable-next-line max-params -- called for each place that may hold something
  private tryGram(index: GramIndex, gram: number, hash: number, at: number): void {
    const { entries, symbols } = index;
    const found = entriesOf(index, gram, hash);
    let entry = (found >>> countBits) * entryWords;
    for (let left = found & ((1 << countBits) - 1); left > 0; left--, entry += entryWords) {
      const id = entries[entry] ?? 0;
      const start = entries[entry + 1] ?? 0;
      const length = entries[entry + 2] ?? 0;
      const from = at - (entries[entry + 3] ?? 0);
      if (from < 0 || from + length > this.held.units || this.hits.has(this.idOf(id))) continue;
      let i = 0;
      while (i < length && symbols[start + i] === this.symbolAt(from + i)) i++;
      if (i === length) this.found(id);
    }
  }

  private denseUtf16(tables: DenseTables, bytes: Uint8Array, from: number, to: number): boolean {
    const { next, width, accept } = tables;
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
      if (state >= accept && gone[state - accept] !== epoch) this.denseEnd(tables, state);
    }
    return seen >= 0x80;
  }

  private denseBytes(tables: DenseTables, bytes: Uint8Array, from: number, to: number): boolean {
    const { next, width, accept } = tables;
    const { gone } = this;
    const { epoch } = this.hits;
    const { ofAscii } = this.tables.classes;
    let [state, seen] = [0, 0];
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      seen |= byte;
      const letter = byte < 0x80 ? (ofAscii[byte] ?? 0) : 0;
      state = next[Math.imul(state, width) + letter] ?? 0;
      if (state >= accept && gone[state - accept] !== epoch) this.denseEnd(tables, state);
    }
    return seen >= 0x80;
  }

  private denseText(tables: DenseTables, text: string): void {
    const { next, width, accept } = tables;
    const { gone } = this;
    const { epoch } = this.hits;
    const { classes } = this.tables;
    const { ofAscii } = classes;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const letter = unit < 0x80 ? (ofAscii[unit] ?? 0) : classBeyondAscii(classes, unit);
      state = next[Math.imul(state, width) + letter] ?? 0;
      if (state >= accept && gone[state - accept] !== epoch) this.denseEnd(tables, state);
    }
  }

  private denseEnd({ accept, outStart, ids, link }: DenseTables, found: number): void {
    const { gone } = this;
    const { epoch } = this.hits;
    for (let state = found; state !== 0; state = link[state - accept] ?? 0) {
      const index = state - accept;
      if (gone[index] === epoch) break;
      gone[index] = epoch;
      const end = outStart[index + 1] ?? 0;
      for (let out = outStart[index] ?? 0; out < end; out++) this.found(ids[out] ?? 0);
    }
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

/** Bits that no two units of ASCII have. */
const beyondAsciiUtf16 = 0xff80ff80 | 0;

const foldsIntoAscii = /[\u0130\u212a]/;

function endStates(tables: DenseTables | LinkedTables | undefined): number {
  if (tables === undefined) return 0;
  return tables.kind === 'dense' ? tables.link.length : tables.fail.length;
}
