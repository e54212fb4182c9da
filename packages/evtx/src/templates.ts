import type { Chunk } from './chunk.ts';
import { definitionHeaderBytes } from './format.ts';
import { steps, type MarkupScanner } from './markup.ts';
import { treeOf, type MarkupElement } from './tree.ts';
import { keepMarkup, type KnownMarkup, type Surroundings } from './known-markup.ts';
import { placeNumbers, unknown, type PlaceNumbers } from './place-numbers.ts';
import type { Words } from './words.ts';

/** Templates and definitions kept; real machines have some thousand, a hostile file could bring new ones without end. */
const mostDefinitions = 32_768;

/** What is the same in all records made with one template. */
export interface Template {
  readonly number: number;
  readonly roots: readonly MarkupElement[];
  /** Written out in records, without a definition: its values are texts. */
  readonly isWritten: boolean;
  /** How many values its instances need. */
  readonly values: number;
}

/** A definition as it stood in the chunk in which it was first met, with its header. */
interface Definition {
  readonly template: number;
  readonly markup: KnownMarkup;
}

const ambiguous = -1;

/**
 * Templates, compiled once per run. Each chunk brings its own copies of the definitions it uses: these are compared
 * byte by byte with what is known (a GUID alone can be reused, by a new version or with intent), and what was found is
 * kept per chunk and offset. Definitions that differ only in where their names stand are one template.
 */
export class Templates {
  /** How many definitions were compiled: a counter for tests. */
  compiled = 0;
  private readonly chunk: Chunk;
  private readonly words: Words;
  private readonly around: Surroundings;
  private readonly scanner: MarkupScanner;
  private readonly list: Template[] = [];
  private readonly definitions = new Map<number, Definition[]>();
  /** First part of the GUID → template of this source, {@link ambiguous} where there are several. */
  private readonly byId = new Map<number, number>();
  private readonly byLayout = new Map<
    number,
    { readonly layout: Int32Array; readonly template: Template }[]
  >();
  private kept = 0;
  private readonly places: PlaceNumbers;

  constructor(around: Surroundings, scanner: MarkupScanner) {
    this.chunk = around.chunk;
    this.words = around.words;
    this.around = around;
    this.places = placeNumbers(around.chunk);
    this.scanner = scanner;
  }

  get isFull(): boolean {
    return this.kept > mostDefinitions;
  }

  clear(): void {
    this.list.length = 0;
    this.definitions.clear();
    this.byId.clear();
    this.byLayout.clear();
    this.places.clear();
    this.kept = 0;
  }

  /**
   * To be called before a source: only templates of the source itself are lent to its records, so that what is read of
   * a damaged log does not depend on what was read before it.
   */
  begin(): void {
    this.byId.clear();
  }

  get(number: number): Template | undefined {
    return this.list[number];
  }

  /** The number of the template whose definition stands at `at`, -1 if that is none. */
  definedAt(at: number): number {
    const offset = at - this.chunk.base;
    const known = this.places.get(offset);
    if (known !== unknown) return known;
    const number = this.find(at);
    this.places.set(offset, number);
    return number;
  }

  /** The only template met so far in this source whose GUID begins so, if it asks for no more than these values; else -1. */
  withId(id: number, values: number): number {
    const number = this.byId.get(id) ?? ambiguous;
    const template = this.list[number];
    return template !== undefined && template.values <= values ? number : ambiguous;
  }

  /** The number of the template that the steps just scanned in a record stand for. */
  written(): number {
    return this.ofSteps(true);
  }

  private find(at: number): number {
    const { chunk } = this;
    if (at + definitionHeaderBytes > chunk.end) return -1;
    const size = chunk.u32(at + 20);
    if (size > chunk.end - at - definitionHeaderBytes) return -1;
    const key = chunk.u32(at + 4) ^ size;
    const alike = this.definitions.get(key) ?? [];
    for (const definition of alike) {
      if (this.around.isCopy(at, definition.markup)) return this.lend(at, definition.template);
    }
    const template = this.compile(at, size);
    if (template < 0) return -1;
    this.definitions.set(key, [...alike, this.keep(at, size, template)]);
    return this.lend(at, template);
  }

  /** The definition that was just compiled. The link within its bucket differs from chunk to chunk. */
  private keep(at: number, size: number, template: number): Definition {
    const { references, referenceCount } = this.scanner;
    const loose = { references: references.slice(0, referenceCount), others: Int32Array.of(at) };
    return {
      template,
      markup: keepMarkup(this.around, [at, at + definitionHeaderBytes + size], loose),
    };
  }

  /** Notes the template of the definition at `at` for records that lack theirs. */
  private lend(at: number, template: number): number {
    const id = this.chunk.u32(at + 4);
    const known = this.byId.get(id);
    this.byId.set(id, known === undefined || known === template ? template : ambiguous);
    return template;
  }

  private compile(at: number, size: number): number {
    const from = at + definitionHeaderBytes;
    this.compiled++;
    return this.scanner.scan(from, from + size, true) < 0 ? -1 : this.ofSteps(false);
  }

  private ofSteps(isWritten: boolean): number {
    const { steps: scanned, count } = this.scanner;
    const key = hashOf(scanned, count, isWritten ? 1 : 0);
    const alike = this.byLayout.get(key) ?? [];
    for (const { layout, template } of alike) {
      if (template.isWritten === isWritten && isSame(layout, scanned, count)) return template.number;
    }
    const layout = scanned.slice(0, count);
    const roots = treeOf(layout, this.words);
    const template = { number: this.list.length, roots, isWritten, values: valuesOf(layout) };
    this.kept++;
    this.byLayout.set(key, [...alike, { layout, template }]);
    return this.list.push(template) - 1;
  }
}

function hashOf(scanned: Int32Array, count: number, seed: number): number {
  let hash = seed;
  for (let i = 0; i < count; i++) hash = Math.imul(hash ^ (scanned[i] ?? 0), 0x01000193) + count;
  return hash;
}

function valuesOf(layout: Int32Array): number {
  let values = 0;
  for (const step of layout) {
    const kind = step & 15;
    if (kind === steps.value || kind === steps.optionalValue) values = Math.max(values, (step >>> 4) + 1);
  }
  return values;
}

function isSame(layout: Int32Array, scanned: Int32Array, count: number): boolean {
  if (layout.length !== count) return false;
  for (let i = 0; i < count; i++) if (layout[i] !== scanned[i]) return false;
  return true;
}
