import { chunkBytes, nameHeaderBytes } from './format.ts';
import type { Chunk } from './chunk.ts';
import { keepBytes, standsAt, type KnownBytes } from './known-bytes.ts';

/** Words kept; a hostile file could bring new ones without end. No real run has seen a tenth of it. */
const mostWords = 65_536;
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
  private readonly numberAt = new Int32Array(chunkBytes);
  private readonly epochAt = new Float64Array(chunkBytes);

  /** True if it should be begun anew (never in the middle of a source). */
  get isFull(): boolean {
    return this.texts.length > mostWords;
  }

  clear(): void {
    this.numbers.clear();
    this.texts.length = 0;
    this.naming.length = 0;
    this.byHash.clear();
    this.epochAt.fill(0);
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
    if (this.epochAt[offset] === chunk.epoch) return this.numberAt[offset] ?? -1;
    const at = chunk.base + offset;
    if (!chunk.isName(at)) return -1;
    const number = this.ofBytes(chunk, at + nameHeaderBytes, 2 * chunk.u16(at + 6));
    this.epochAt[offset] = chunk.epoch;
    this.numberAt[offset] = number;
    return number;
  }

  /** The word of a text in UTF-16. */
  ofBytes(chunk: Chunk, at: number, length: number): number {
    const hash = hashOf(chunk.view, at, length);
    const alike = this.byHash.get(hash);
    if (alike !== undefined) {
      for (const { number, known } of alike) {
        if (known.bytes.length === length && standsAt(chunk, at, known)) return number;
      }
    }
    const word = { number: this.of(chunk.text(at, length)), known: keepBytes(chunk, at, length) };
    if (alike === undefined) this.byHash.set(hash, [word]);
    else if (alike.length < mostAlike) alike.push(word);
    return word.number;
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
