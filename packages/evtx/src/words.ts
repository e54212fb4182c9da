import { nameHeaderBytes } from './format.ts';
import type { Chunk } from './chunk.ts';
import { keepBytes, type KnownBytes } from './known-bytes.ts';
import { placeNumbers, unknown, type PlaceNumbers } from './place-numbers.ts';

/** Words kept; a hostile file could bring new ones without end. No real run has seen a tenth of it. */
const mostWords = 65_536;
/** A power of two; more names than that share their places. */
const mostLikely = 4096;
/** Texts of these attributes belong to the layout: they are names, not values. */
const namingAttribute = /^(?:Name$|xmlns)/;

interface Word {
  readonly number: number;
  readonly known: KnownBytes;
}

/**
 * Names and fixed texts of templates as small numbers, the same over the whole run, so that layouts are compared as
 * numbers. Texts are found by their bytes, and names once per chunk by their place: nothing is decoded that is known.
 */
export class Words {
  private readonly numbers = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly naming: boolean[] = [];
  private readonly byHash = new Map<number, Word[]>();
  private readonly likely: (Word | undefined)[] = Array.from({ length: mostLikely });
  private readonly places: PlaceNumbers;

  constructor(chunk: Chunk) {
    this.places = placeNumbers(chunk);
  }

  /** True if it should be begun anew (never in the middle of a source). */
  get isFull(): boolean {
    return this.texts.length > mostWords;
  }

  clear(): void {
    this.numbers.clear();
    this.texts.length = 0;
    this.naming.length = 0;
    this.byHash.clear();
    this.likely.fill(undefined);
    this.places.clear();
  }

  of(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.texts.length);
    this.naming.push(namingAttribute.test(text));
    return this.texts.push(text) - 1;
  }

  text(number: number): string {
    return this.texts[number] ?? '';
  }

  /** Whether an attribute of this name says how something is called. */
  isNaming(number: number): boolean {
    return this.naming[number] === true;
  }

  /** The word of the name at an offset of the chunk; -1 if none stands there. */
  ofName(chunk: Chunk, offset: number): number {
    const known = this.places.get(offset);
    if (known !== unknown) return known;
    const at = chunk.base + offset;
    if (!chunk.isName(at)) return -1;
    const number = this.ofEntry(chunk, at);
    this.places.set(offset, number);
    return number;
  }

  /** The word of the name at `at`. Its entry has a hash: the word that had the same one last is asked for first. */
  private ofEntry(chunk: Chunk, at: number): number {
    const length = 2 * chunk.u16(at + 6);
    const place = chunk.u16(at + 4) & (mostLikely - 1);
    const likely = this.likely[place];
    const isKnown = likely?.known.length === length && chunk.standsAt(at + nameHeaderBytes, likely.known);
    const word = isKnown ? likely : this.wordAt(chunk, at + nameHeaderBytes, length);
    this.likely[place] = word;
    return word.number;
  }

  /** The number of the word that a text in UTF-16 is. */
  ofBytes(chunk: Chunk, at: number, length: number): number {
    return this.wordAt(chunk, at, length).number;
  }

  private wordAt(chunk: Chunk, at: number, length: number): Word {
    const hash = hashOf(chunk.view, at, length);
    const alike = this.byHash.get(hash);
    if (alike !== undefined) {
      for (const word of alike) {
        if (word.known.length === length && chunk.standsAt(at, word.known)) return word;
      }
    }
    const word = { number: this.of(chunk.text(at, length)), known: keepBytes(chunk, at, length) };
    if (alike === undefined) this.byHash.set(hash, [word]);
    else if (alike.length < mostAlike) alike.push(word);
    return word;
  }
}

/** A hostile file can make many words with one hash: past this they are found by their text. */
const mostAlike = 16;

/** Of texts in UTF-16: two characters at a time. */
function hashOf(view: DataView, at: number, length: number): number {
  let hash = length;
  let i = at;
  for (; i + 4 <= at + length; i += 4) hash = Math.imul(hash ^ view.getInt32(i, true), 0x9e37_79b1);
  if (i < at + length) hash = Math.imul(hash ^ view.getUint16(i, true), 0x9e37_79b1);
  return hash ^ (hash >>> 16);
}
