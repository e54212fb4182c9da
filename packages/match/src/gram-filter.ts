import { hashMultiplier } from './gram-table.ts';
import type { HeldText } from './held-text.ts';

/**
 * Says with a look at four letters in every few whether any of some literals may stand in a text: all of them are long
 * enough to have four letters at one of the places looked at. Plain data.
 */
export interface GramFilter {
  /** Units from one look to the next. */
  readonly stride: number;
  readonly shift: number;
  /** Open hash table of the grams looked for; 0 is an empty slot. */
  readonly grams: Int32Array;
}

/** Letters of a gram. */
const gramLetters = 4;
/** Looking at each place costs about what a step of an automaton does; at each other one it pays. */
const leastStride = 2;
/** More gains little, and leaves less choice of rare grams. */
const greatestStride = 6;
/** With this the looks leave out no letter of a text. */
const fullStride = gramLetters;
/** With more of them too much of any text is suspicious. */
const mostGrams = 2048;
/** Slots of the table for each gram, as far as it stays in the second cache. */
const slotsPerGram = 64;
const mostBits = 16;

/**
 * A filter for ASCII literals in lower case; undefined where it would not pay.
 *
 * @param seesAll each letter of a text is to be looked at, so that any beyond ASCII is noticed
 */
export function makeGramFilter(literals: readonly string[], seesAll: boolean): GramFilter | undefined {
  const shortest = literals.reduce((least, { length }) => Math.min(least, length), Infinity);
  const most = Math.floor(mostGrams / literals.length);
  const stride = Math.min(seesAll ? fullStride : greatestStride, shortest - gramLetters + 1, most);
  if (literals.length === 0 || stride < leastStride) return undefined;
  const grams = new Set(literals.flatMap((literal) => gramsOf(literal, stride)));
  const bits = Math.min(mostBits, Math.ceil(Math.log2(grams.size * slotsPerGram)));
  const table = { stride, shift: 32 - bits, grams: new Int32Array(1 << bits) };
  for (const gram of grams) {
    let slot = Math.imul(gram, hashMultiplier) >>> table.shift;
    while (table.grams[slot] !== 0) slot = (slot + 1) & (table.grams.length - 1);
    table.grams[slot] = gram;
  }
  return table;
}

/** For each way in which the looks may fall on the literal, the rarest four letters that one of them then sees. */
function gramsOf(literal: string, stride: number): readonly number[] {
  return Array.from({ length: stride }, (_, residue) => residue).flatMap((residue) => {
    let best = residue;
    for (let at = residue; at + gramLetters <= literal.length; at += stride)
      if (rarity(literal, at) > rarity(literal, best)) best = at;
    return orders.map((order) => gramAt(literal, best, order));
  });
}

const commonLetters = 'etaoinsrlcdmpuhfgw /\\.-_';

function rarity(literal: string, at: number): number {
  const letters = Array.from(literal.slice(at, at + gramLetters));
  return letters.filter((letter) => !commonLetters.includes(letter)).length;
}

/** Four letters in the order in which bytes give them, or in which two words of UTF-16 laid over each other do. */
function gramAt(literal: string, at: number, order: readonly number[]): number {
  return order.reduce((gram, letter, i) => gram | ((literal.charCodeAt(at + letter) | 0x20) << (8 * i)), 0);
}

const orders = [
  [0, 1, 2, 3],
  [0, 2, 1, 3],
] as const;

/** Whether this is one of the grams; `slot` is where the table was found taken. */
function isGram({ grams }: GramFilter, gram: number, slot: number): boolean {
  const mask = grams.length - 1;
  for (let at = slot; grams[at] !== 0; at = (at + 1) & mask) if (grams[at] === gram) return true;
  return false;
}

/** Bits that no ASCII has, in four bytes and in two units. */
const beyondAscii = 0x80808080 | 0;
const beyondAsciiUtf16 = 0xff80ff80 | 0;

let view: DataView = new DataView(new ArrayBuffer(0));
let viewed: Uint8Array = new Uint8Array(0);

/** The view of some bytes, the same for all texts of a batch. */
export function viewOf(bytes: Uint8Array): DataView {
  if (bytes === viewed) return view;
  viewed = bytes;
  const isSame = view.buffer === bytes.buffer && view.byteOffset === bytes.byteOffset;
  if (!isSame || view.byteLength !== bytes.length)
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view;
}

// What is found here is found again, and placed, by the automaton. A letter beyond ASCII may stand for one of ASCII (the
// Kelvin sign for a k): where one is seen the automaton is asked, and where none is seen in the four letters that tell a
// literal, these stand there as they are.

/** Whether a literal may stand in a text of UTF-16, or something beyond ASCII does. */
export function mayHoldUtf16(filter: GramFilter, text: HeldText): boolean {
  const { stride, shift, grams } = filter;
  const { bytes, from, units } = text;
  const words = viewOf(bytes);
  const last = Math.min(from + (units - gramLetters) * 2, bytes.length - gramLetters * 2);
  let seen = 0;
  for (let at = from; at <= last; at += stride * 2) {
    const first = words.getInt32(at, true);
    const second = words.getInt32(at + 4, true);
    seen |= first | second;
    const gram = first | (second << 8) | 0x20202020;
    const slot = Math.imul(gram, hashMultiplier) >>> shift;
    if (grams[slot] !== 0 && isGram(filter, gram, slot)) return true;
  }
  return (seen & beyondAsciiUtf16) !== 0 || text.isBeyondAscii(Math.max(0, units - gramLetters));
}

/** The same in a text of bytes. */
export function mayHoldBytes(filter: GramFilter, text: HeldText): boolean {
  const { stride, shift, grams } = filter;
  const { bytes, from, units } = text;
  const words = viewOf(bytes);
  const last = Math.min(from + units, bytes.length) - gramLetters;
  let seen = 0;
  for (let at = from; at <= last; at += stride) {
    const letters = words.getInt32(at, true);
    seen |= letters;
    const gram = letters | 0x20202020;
    const slot = Math.imul(gram, hashMultiplier) >>> shift;
    if (grams[slot] !== 0 && isGram(filter, gram, slot)) return true;
  }
  return (seen & beyondAscii) !== 0 || text.isBeyondAscii(Math.max(0, units - gramLetters));
}
