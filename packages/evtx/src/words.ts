import { chunkBytes } from './format.ts';
import type { Chunk } from './chunk.ts';

/** Words kept; a hostile file could bring new ones without end. No real run has seen a tenth of it. */
const mostWords = 65_536;

/**
 * Names and fixed texts of templates as small numbers, the same over the whole run, so that layouts are compared as
 * numbers. Offsets of names are looked up once per chunk.
 */
export class Words {
  private readonly numbers = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly numberAt = new Int32Array(chunkBytes);
  private readonly epochAt = new Float64Array(chunkBytes);

  /** True if it should be begun anew (never in the middle of a source). */
  get isFull(): boolean {
    return this.texts.length > mostWords;
  }

  clear(): void {
    this.numbers.clear();
    this.texts.length = 0;
    this.epochAt.fill(0);
  }

  of(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  text(number: number): string {
    return this.texts[number] ?? '';
  }

  /** The word of the name at a place that {@link Chunk.isName} accepts. */
  ofName(chunk: Chunk, at: number): number {
    const offset = at - chunk.base;
    if (this.epochAt[offset] === chunk.epoch) return this.numberAt[offset] ?? 0;
    const number = this.of(chunk.nameText(at));
    this.epochAt[offset] = chunk.epoch;
    this.numberAt[offset] = number;
    return number;
  }
}
