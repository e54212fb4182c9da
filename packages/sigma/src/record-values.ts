import { arrayOf, limits, slotText, slotTexts as listedTexts, slotTypes, type Batch } from '@postern/core';
import { foldAgent, percentDecode, requestUrl, withoutInsertions } from './fold-request.ts';

/**
 * Which texts of a record a test compares. `bare`: also without what Exchange adds to a query, for comparisons that
 * mind where the query ends.
 */
export type Reading =
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'agent'; readonly slot: number }
  | { readonly kind: 'request'; readonly slot: number; readonly bare: boolean }
  | {
      readonly kind: 'url';
      readonly stem: number;
      readonly query: number | undefined;
      /** The query alone as well. */
      readonly orQuery: boolean;
      readonly bare: boolean;
    }
  /** Every value of the record; `requests` are slots to be percent-decoded, `url` the whole request beside them. */
  | {
      readonly kind: 'leaves';
      readonly slots: number;
      readonly requests: readonly number[];
      readonly url: Reading | undefined;
    };

/** The texts of one record, each made when it is first asked for and kept until the next record. */
export class RecordValues {
  private readonly fold: (text: string) => string;
  private readonly counter: { decoded: number };
  private readings: readonly (Reading | undefined)[] = [];
  private batch: Batch | undefined;
  private record = 0;
  /** Counts records, so that nothing need be cleared between them. */
  private epoch = 0;
  private readonly readAt: Float64Array;
  private readonly foldedAt: Float64Array;
  private readonly texts: (readonly string[] | undefined)[] = [];
  private readonly foldedTexts: (readonly string[] | undefined)[] = [];

  /** @param counter told of each value that is decoded */
  constructor(readings: number, fold: (text: string) => string, counter: { decoded: number }) {
    this.fold = fold;
    this.counter = counter;
    this.readAt = new Float64Array(readings);
    this.foldedAt = new Float64Array(readings);
  }

  /** @param readings one for each number; undefined: records of this shape have no such value */
  begin(batch: Batch, record: number, readings: readonly (Reading | undefined)[]): void {
    this.batch = batch;
    this.record = record;
    this.readings = readings;
    this.epoch++;
  }

  /** Undefined where the record has no such value. */
  of(reading: number): readonly string[] | undefined {
    if (this.readAt[reading] !== this.epoch) {
      const asked = this.readings[reading];
      this.readAt[reading] = this.epoch;
      this.counter.decoded++;
      this.texts[reading] =
        asked === undefined || this.batch === undefined
          ? undefined
          : readTexts(this.batch, this.record, asked);
    }
    return this.texts[reading];
  }

  /** As {@link of}, with letter case folded. */
  folded(reading: number): readonly string[] | undefined {
    if (this.foldedAt[reading] !== this.epoch) {
      this.foldedAt[reading] = this.epoch;
      this.foldedTexts[reading] = this.of(reading)?.map(this.fold);
    }
    return this.foldedTexts[reading];
  }
}

/** The texts of a record that a reading stands for. */
export function readTexts(batch: Batch, record: number, reading: Reading): readonly string[] | undefined {
  switch (reading.kind) {
    case 'constant':
      return [reading.text];
    case 'slot':
      return slotTexts(batch, record, reading.slot);
    case 'agent':
      return slotTexts(batch, record, reading.slot)?.map(foldAgent);
    case 'request':
      return requestTexts(slotText(batch, record, reading.slot), reading.bare);
    case 'url':
      return urlTexts(batch, record, reading);
    case 'leaves':
      return leafTexts(batch, record, reading);
  }
}

function requestTexts(text: string | undefined, bare: boolean): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const texts = [text];
  if (bare) addOther(texts, withoutInsertions(text));
  addDecoded(texts);
  return texts;
}

/** Decodes once: what is escaped twice was meant so. */
function addDecoded(texts: string[]): void {
  const given = texts.slice();
  for (const text of given) addOther(texts, percentDecode(text));
}

function addOther(texts: string[], text: string): void {
  if (!texts.includes(text)) texts.push(text);
}

function urlTexts(
  batch: Batch,
  record: number,
  reading: Extract<Reading, { kind: 'url' }>,
): readonly string[] | undefined {
  const stem = slotText(batch, record, reading.stem);
  const query = reading.query === undefined ? undefined : slotText(batch, record, reading.query);
  const texts: string[] = [];
  if (stem !== undefined) {
    texts.push(requestUrl(stem, query));
    if (reading.bare && query !== undefined) addOther(texts, requestUrl(stem, withoutInsertions(query)));
    addDecoded(texts);
  }
  if (reading.orQuery) texts.push(...(requestTexts(query, reading.bare) ?? []));
  return texts.length === 0 ? undefined : texts;
}

function leafTexts(
  batch: Batch,
  record: number,
  reading: Extract<Reading, { kind: 'leaves' }>,
): readonly string[] {
  const texts = reading.url === undefined ? [] : [...(readTexts(batch, record, reading.url) ?? [])];
  for (let slot = 0; slot < reading.slots; slot++) {
    if (reading.requests.includes(slot))
      texts.push(...(requestTexts(slotText(batch, record, slot), false) ?? []));
    else texts.push(...leafTextsAt(batch, record, slot));
  }
  return texts;
}

/** Every value in one slot. */
export function leafTextsAt(batch: Batch, record: number, slot: number): readonly string[] {
  const texts: string[] = [];
  collectLeaves(valueOf(batch, record, slot), texts, 0);
  return texts;
}

/** The scalars of a slot: one, or the elements of a list. None for an object; undefined where it is absent or null. */
export function slotTexts(batch: Batch, record: number, slot: number): readonly string[] | undefined {
  const value = valueOf(batch, record, slot);
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) return typeof value === 'object' ? [] : [scalarText(value)];
  const elements: readonly unknown[] = value;
  return elements.filter((element) => element !== null && typeof element !== 'object').map(scalarText);
}

/** A slot as a value: text, or what the JSON of a list or an object stands for. */
function valueOf(batch: Batch, record: number, slot: number): unknown {
  const type = batch.type[(batch.slotStart[record] ?? 0) + slot] ?? slotTypes.null;
  if (type === slotTypes.list || type >= arrayOf) return listedTexts(batch, record, slot);
  const text = slotText(batch, record, slot);
  if (text === undefined || type !== slotTypes.jsonValue) return text;
  if (text === 'null') return null;
  // Numbers stay as they are written: 64-bit integers do not fit a JavaScript number.
  return text.startsWith('[') || text.startsWith('{') ? parseJson(text) : text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function scalarText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function collectLeaves(value: unknown, texts: string[], depth: number): void {
  if (value === undefined || value === null || depth > limits.jsonDepth) return;
  if (typeof value !== 'object') texts.push(scalarText(value));
  else for (const inner of Object.values(value)) collectLeaves(inner, texts, depth + 1);
}

/** Whether a slot is there at all, be it null or empty. */
export function isPresent(batch: Batch, record: number, slot: number): boolean {
  const s = (batch.slotStart[record] ?? 0) + slot;
  return s < (batch.slotStart[record + 1] ?? 0) && batch.type[s] !== slotTypes.null;
}
