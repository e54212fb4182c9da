import { limits } from '@postern/core';
import type { Chunk } from './chunk.ts';
import { chunkBytes, moreFollows, tokens } from './format.ts';
import type { Words } from './words.ts';

/** Bound here: an imported name is looked up at every use, and these are used for every token. */
const token = tokens;
const more = moreFollows;

/**
 * One step of a markup, as `word or value × 16 + step`: the same for a template's definition and for elements that
 * are written out in a record, so that equal layouts are equal numbers.
 */
export const steps = {
  open: 1,
  attribute: 2,
  content: 3,
  close: 4,
  /** A fixed text. */
  text: 5,
  value: 6,
  optionalValue: 7,
  /** The element that was just opened is left out where this value is null. */
  dependsOn: 8,
  instruction: 9,
} as const;

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

const noDependency = 0xffff;
/** Steps of one markup: past it the markup is no event's. */
const mostSteps = 16_384;

/**
 * Reads markup into steps. In a definition texts are fixed and values are those of the instance; in elements that are
 * written out in a record texts are values themselves, of which it notes the places.
 */
export class MarkupScanner {
  readonly steps: Int32Array = new Int32Array(mostSteps);
  count = 0;
  /** Places of the texts that are values, of one written-out markup. */
  readonly valueAt: Int32Array = new Int32Array(mostSteps);
  readonly valueLength: Int32Array = new Int32Array(mostSteps);
  values = 0;
  /** Places of the references to names, for comparing definitions. */
  readonly references: Int32Array = new Int32Array(mostSteps);
  referenceCount = 0;
  /** Places of the sizes of elements and of their attributes, which say nothing. */
  readonly sizes: Int32Array = new Int32Array(2 * mostSteps);
  sizeCount = 0;
  /** All elements have the usual form and no name stands within: the same bytes elsewhere are the same markup. */
  isPlain = true;
  private readonly chunk: Chunk;
  private readonly words: Words;
  private isDefinition = false;
  private depth = 0;
  private end = 0;
  private isNaming = false;
  private isStart = false;

  constructor(chunk: Chunk, words: Words) {
    this.chunk = chunk;
    this.words = words;
  }

  /**
   * The markup from `at` on: of a definition all, of a record up to the end of its outermost element. Where that is, or
   * -1 if it is damaged.
   */
  scan(at: number, end: number, isDefinition: boolean): number {
    this.count = 0;
    this.values = 0;
    this.referenceCount = 0;
    this.sizeCount = 0;
    this.isPlain = true;
    this.depth = 0;
    this.isDefinition = isDefinition;
    this.end = Math.min(end, this.chunk.end);
    this.isNaming = false;
    this.isStart = false;
    for (let here = at; here >= 0 && here < this.end && this.count < mostSteps - 4;) {
      here = this.token(here);
      if (this.depth === 0 && this.count > 0 && (!isDefinition || this.isEnd(here))) return here;
    }
    return -1;
  }

  /** A definition may have an instruction beside its element. */
  private isEnd(at: number): boolean {
    return at >= this.end || this.chunk.bytes[at] === token.end;
  }

  private token(at: number): number {
    switch ((this.chunk.bytes[at] ?? 0) & ~more) {
      case token.open:
        return this.open(at);
      case token.attribute:
        return this.attribute(at);
      case token.closeStart:
        return this.closeStart(at);
      case token.closeEmpty:
      case token.closeElement:
        return this.close(at);
      case token.text:
        return this.text(at + 2);
      case token.cdata:
        return this.text(at + 1);
      case token.character:
        return this.character(at);
      case token.entity:
        return this.entity(at);
      case token.instruction:
        return this.instruction(at);
      case token.value:
      case token.optionalValue:
        return this.substitution(at);
      case token.fragment:
        return this.depth === 0 ? at + 4 : -1;
      default:
        return -1;
    }
  }

  /**
   * `01`, the number of the value it depends on, size, name. Elements in definitions have the number, those written
   * out in records mostly not (MS-EVEN6 makes it optional): what gives a good name is right.
   */
  private open(at: number): number {
    if (this.depth >= limits.evtxDepth) return -1;
    const usual = this.isDefinition ? 3 : 1;
    let skip = usual;
    let word = this.wordAt(at + skip + 4);
    if (word < 0) word = this.wordAt(at + (skip = 4 - usual) + 4);
    if (word < 0) return -1;
    this.depth++;
    this.isStart = true;
    this.add(steps.open, word);
    const dependency = skip === 3 ? this.chunk.u16(at + 1) : noDependency;
    if (this.isDefinition && dependency !== noDependency) this.add(steps.dependsOn, dependency);
    if (skip !== usual) this.isPlain = false;
    this.sizes[this.sizeCount++] = at + skip;
    const behind = this.behindName(at + skip + 4);
    if ((this.chunk.bytes[at] ?? 0) < more) return behind;
    this.sizes[this.sizeCount++] = behind;
    return behind + 4;
  }

  private attribute(at: number): number {
    const word = this.isStart ? this.wordAt(at + 1) : -1;
    if (word < 0) return -1;
    this.add(steps.attribute, word);
    this.isNaming = this.words.isNaming(word);
    return this.behindName(at + 1);
  }

  private closeStart(at: number): number {
    if (!this.isStart) return -1;
    this.isStart = false;
    this.add(steps.content, 0);
    return at + 1;
  }

  private close(at: number): number {
    if (this.depth === 0) return -1;
    this.depth--;
    this.isStart = false;
    this.add(steps.close, 0);
    return at + 1;
  }

  /** A number of characters and the characters. */
  private text(at: number): number {
    if (this.depth === 0 || at + 2 > this.end) return -1;
    const length = 2 * this.chunk.u16(at);
    if (at + 2 + length > this.end) return -1;
    if (this.isDefinition || (this.isStart && this.isNaming)) {
      this.add(steps.text, this.words.ofBytes(this.chunk, at + 2, length));
    } else {
      this.add(steps.value, this.values);
      this.addText(at + 2, length);
    }
    return at + 2 + length;
  }

  /** A text that is a value. */
  addText(at: number, length: number): void {
    this.valueAt[this.values] = at;
    this.valueLength[this.values] = length;
    this.values++;
  }

  private character(at: number): number {
    if (this.depth === 0 || at + 3 > this.end) return -1;
    this.add(steps.text, this.words.of(String.fromCharCode(this.chunk.u16(at + 1))));
    return at + 3;
  }

  private entity(at: number): number {
    const word = this.depth === 0 ? -1 : this.wordAt(at + 1);
    if (word < 0) return -1;
    const name = this.words.text(word);
    this.add(steps.text, this.words.of(entities.get(name) ?? `&${name};`));
    return this.behindName(at + 1);
  }

  /** A processing instruction: target, then its data. It says nothing of the event. */
  private instruction(at: number): number {
    const target = this.wordAt(at + 1);
    if (target < 0) return -1;
    const data = this.behindName(at + 1);
    if (data + 3 > this.end || this.chunk.bytes[data] !== token.instructionData) return -1;
    const length = 2 * this.chunk.u16(data + 1);
    if (data + 3 + length > this.end) return -1;
    this.add(steps.instruction, target);
    this.add(steps.text, this.words.of(this.chunk.text(data + 3, length)));
    this.add(steps.close, 0);
    return data + 3 + length;
  }

  private substitution(at: number): number {
    if (!this.isDefinition || this.depth === 0 || at + 4 > this.end) return -1;
    const isOptional = this.chunk.bytes[at] === token.optionalValue;
    this.add(isOptional ? steps.optionalValue : steps.value, this.chunk.u16(at + 1));
    return at + 4;
  }

  private add(step: number, value: number): void {
    this.steps[this.count++] = value * 16 + step;
  }

  /** The word of the name that is referred to at `at`; -1 if there is no good reference. */
  private wordAt(at: number): number {
    if (at + 4 > this.end) return -1;
    const offset = this.chunk.u32(at);
    const word = offset < chunkBytes ? this.words.ofName(this.chunk, offset) : -1;
    if (word >= 0) this.references[this.referenceCount++] = at;
    return word;
  }

  /** The name itself stands behind the reference where it is used for the first time in its chunk. */
  private behindName(at: number): number {
    const { chunk } = this;
    if (chunk.base + chunk.u32(at) !== at + 4) return at + 4;
    this.isPlain = false;
    return at + 4 + chunk.nameBytes(at + 4);
  }
}
