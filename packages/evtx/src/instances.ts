import { limits } from '@postern/core';
import type { Chunk } from './chunk.ts';
import { definitionHeaderBytes, moreFollows, tokens, valueTypes } from './format.ts';
import type { KnownBytes } from './known-bytes.ts';
import type { MarkupScanner } from './markup.ts';
import {
  sizeOf,
  typeOf,
  valueComparer,
  valueReader,
  type ReadValues,
  type RecordValues,
} from './record-values.ts';
import type { Templates } from './templates.ts';
import type { WrittenMarkup } from './written-markup.ts';

/** Bound here: an imported name is looked up at every use, and these are used for every value. */
const token = tokens;
const { binXml, utf16 } = valueTypes;
const more = moreFollows;

/** Each value takes four bytes of the record at least, so that no record of a chunk has more. */
const mostValues = 16_384;
const mostInstances = 1024;

/** Why a record cannot be read. */
export type Fault = 'DEPTH' | 'INSTANCES' | 'TOKEN' | 'TEMPLATE' | 'TEMPLATE_BORROWED' | 'VALUES' | 'MARKUP';

/** Reads elements that are written out in records; their texts are then in the scanner. */
interface Markup {
  readonly written: WrittenMarkup;
  readonly scanner: MarkupScanner;
}

/**
 * What one record is made of: instances of templates, one in a value of another, and the places of all their values
 * one after the other. Nothing is decoded. The arrays are used again for each record.
 */
export class Instances implements RecordValues {
  count = 0;
  readonly template: Int32Array = new Int32Array(mostInstances);
  /** Number of the instance's first value, and how many it has. */
  readonly firstValue: Int32Array = new Int32Array(mostInstances);
  readonly valueCount: Int32Array = new Int32Array(mostInstances);
  /** The value that the instance stands in, -1 for those of the record itself. */
  readonly parent: Int32Array = new Int32Array(mostInstances);
  values = 0;
  readonly offset: Int32Array = new Int32Array(mostValues);
  readonly descriptor: Int32Array = new Int32Array(mostValues);
  firstNested = 0;
  /** Whether a value has these bytes. */
  readonly isValue: (value: number, known: KnownBytes) => boolean;
  /** Whether the instances are those of a {@link signature}. */
  readonly isMadeAs: (signature: readonly number[]) => boolean;
  fault: Fault | undefined;
  private readonly chunk: Chunk;
  private readonly templates: Templates;
  private readonly readValues: ReadValues;
  private readonly markup: Markup;
  private depth = 0;

  constructor(chunk: Chunk, templates: Templates, markup: Markup) {
    this.chunk = chunk;
    this.templates = templates;
    this.readValues = valueReader(this, chunk.view);
    this.isValue = valueComparer(this, chunk);
    this.isMadeAs = signatureComparer(this);
    this.markup = markup;
  }

  /**
   * Reads the BinXML in `from..to`. False if nothing of it can be read; if only a part of it cannot, that part is left
   * out and {@link fault} says why.
   */
  read(from: number, to: number): boolean {
    this.count = 0;
    this.values = 0;
    this.depth = 0;
    this.fault = undefined;
    return this.fragments(from, to, -1) && this.count > 0;
  }

  /** Template, number of values and parent of each instance. */
  signature(): readonly number[] {
    const { count, template, valueCount, parent } = this;
    const triples = Array.from({ length: count }, (_, i) => [template[i], valueCount[i], parent[i]]);
    return Array.from(triples.flat(), (number) => number ?? 0);
  }

  /** One fragment or several behind each other. */
  private fragments(from: number, to: number, parent: number): boolean {
    const { bytes } = this.chunk;
    for (let at = from; at < to;) {
      const first = bytes[at] ?? 0;
      if (first === token.fragment) at += 4;
      else if (first === token.template) at = this.instance(at, to, parent);
      // What stands behind the end is left of older records, even where it looks like one more fragment.
      else if (first === token.end) return true;
      else if ((first & ~more) === token.open || first === token.instruction)
        at = this.written(at, to, parent);
      else at = this.fails('TOKEN');
      if (at < 0) return false;
    }
    return true;
  }

  /** `0C 01`, id, place of the definition, the definition itself where it is used first; then descriptors and values. */
  private instance(at: number, to: number, parent: number): number {
    const { chunk } = this;
    if (at + 14 > to) return this.fails('VALUES');
    const definition = chunk.base + chunk.u32(at + 6);
    let here = at + 10;
    if (definition === here) {
      if (here + definitionHeaderBytes > to) return this.fails('TEMPLATE');
      here += definitionHeaderBytes + chunk.u32(here + 20);
      if (here + 4 > to) return this.fails('TEMPLATE');
    }
    const count = chunk.u32(here);
    if (count > (to - here - 4) / 4) return this.fails('VALUES');
    const first = this.values;
    const template = this.templateOf(definition, chunk.u32(at + 2), count);
    if (!this.add(template, count, parent)) return -1;
    return this.descriptors(here + 4, to, first);
  }

  /**
   * An id is the beginning of its definition's GUID: another one stands there if the place was written over. Without a
   * good definition that of another chunk with the same id is taken; without that -1, and values alone.
   */
  private templateOf(definition: number, id: number, values: number): number {
    const { chunk } = this;
    const isDefined = definition + definitionHeaderBytes <= chunk.end && chunk.u32(definition + 4) === id;
    const found = isDefined ? this.templates.definedAt(definition) : -1;
    if (found >= 0) return found;
    const borrowed = this.templates.withId(id, values);
    this.fault = borrowed < 0 ? 'TEMPLATE' : 'TEMPLATE_BORROWED';
    return borrowed;
  }

  private descriptors(at: number, to: number, first: number): number {
    const end = this.values;
    const place = this.readValues(at, first, end);
    if (place > to) return this.fails('VALUES');
    if (this.firstNested < end) this.nested(this.firstNested, end);
    return place;
  }

  private nested(first: number, end: number): void {
    if (this.depth === limits.evtxDepth) {
      this.fault = 'DEPTH';
      return;
    }
    this.depth++;
    for (let value = first; value < end; value++) {
      const descriptor = this.descriptor[value] ?? 0;
      const size = sizeOf(descriptor);
      if (typeOf(descriptor) !== binXml || size === 0) continue;
      const { count, values } = this;
      const from = this.offset[value] ?? 0;
      if (this.fragments(from, from + size, value)) continue;
      // What was read of a damaged part is void; the rest of the record stands.
      this.count = count;
      this.values = values;
    }
    this.depth--;
  }

  /** Elements without a template: their texts are the values. */
  private written(at: number, to: number, parent: number): number {
    const { scanner, written } = this.markup;
    const behind = written.read(at, to);
    if (behind < 0) return this.fails('MARKUP');
    const first = this.values;
    if (!this.add(written.template, scanner.values, parent)) return -1;
    const { offset, descriptor } = this;
    for (let i = 0; i < scanner.values; i++) {
      offset[first + i] = scanner.valueAt[i] ?? 0;
      descriptor[first + i] = (scanner.valueLength[i] ?? 0) | (utf16 << 16);
    }
    return behind;
  }

  private add(template: number, values: number, parent: number): boolean {
    const { count } = this;
    if (count === mostInstances || this.values + values > mostValues) return this.fails('INSTANCES') > 0;
    this.template[count] = template;
    this.firstValue[count] = this.values;
    this.valueCount[count] = values;
    this.parent[count] = parent;
    this.count++;
    this.values += values;
    return true;
  }

  private fails(fault: Fault): -1 {
    this.fault = fault;
    return -1;
  }
}

/** A closure, as those of the chunk. */
function signatureComparer(instances: Instances): (signature: readonly number[]) => boolean {
  const { template, valueCount, parent } = instances;
  return (signature) => {
    const { count } = instances;
    if (signature.length !== 3 * count) return false;
    for (let i = 0; i < count; i++) {
      if (signature[3 * i] !== template[i] || signature[3 * i + 1] !== valueCount[i]) return false;
      if (signature[3 * i + 2] !== parent[i]) return false;
    }
    return true;
  };
}
