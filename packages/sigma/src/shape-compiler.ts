import type { Shape } from '@postern/core';
import { foldScanned, foldText } from '@postern/match';
import { constant, type Expression } from './expression.ts';
import type { FieldTest } from './field-test.ts';
import { literalOfTest, runKindOf } from './literals.ts';
import type { Reading } from './record-values.ts';
import { ShapeFields, type FieldPlace } from './shape-fields.ts';
import type { TextPredicate } from './text-match.ts';
import { predicateOf, relates, type TextTest } from './value-predicates.ts';

/** A test bound to the slots of one shape. */
export type Runner =
  | {
      readonly kind: 'text';
      readonly reading: number;
      readonly isFolded: boolean;
      readonly test: TextPredicate;
      readonly literal: string | undefined;
      /** The literal can hide behind percent escapes. */
      readonly isDecoded: boolean;
    }
  | { readonly kind: 'null' | 'exists'; readonly slot: number }
  | {
      readonly kind: 'field';
      readonly reading: number;
      readonly other: number;
      readonly isFolded: boolean;
      readonly relates: (text: string, other: string) => boolean;
    };

/** Binds tests to one shape: settles those that its constants or missing fields decide, and numbers the others. */
export class ShapeCompiler {
  readonly runners: Runner[] = [];
  readonly readings: Reading[] = [];
  readonly fields: ShapeFields;
  /** How letter case of this shape's values is folded: as the block scan sees them, but Windows events in full. */
  readonly fold: (text: string) => string;
  private readonly shape: Shape;
  private readonly settled = new Map<number, Expression<number>>();
  private readonly readingNumbers = new Map<string, number>();

  constructor(shape: Shape) {
    this.shape = shape;
    this.fields = new ShapeFields(shape);
    this.fold = shape.family === 'windows-event' ? foldText : foldScanned;
  }

  /** The test of that number as an expression over {@link runners}. */
  bind(number: number, test: FieldTest): Expression<number> {
    let bound = this.settled.get(number);
    if (bound === undefined) {
      bound = test.reads === 'leaves' ? this.bindKeyword(test) : this.bindField(test);
      this.settled.set(number, bound);
    }
    return bound;
  }

  private bindField({ field, reads, value }: FieldTest): Expression<number> {
    const place = this.fields.find(field);
    if (value.kind === 'null' || value.kind === 'exists') return this.bindPresence(value.kind, place);
    if (value.kind === 'field') return this.bindReference(place, this.fields.find(value.other), value);
    const url = reads === 'request' ? this.fields.url() : undefined;
    const bare = mindsEnd(value);
    if (url?.kind === 'url') return this.addText({ ...url, orQuery: true, bare }, value);
    if (place === undefined) return constant(false);
    if (place.kind === 'constant') return constant(this.holdsFor(place.text, value));
    return this.addText(this.readingOf(place, reads === 'agent', bare), value);
  }

  private bindPresence(kind: 'null' | 'exists', place: FieldPlace | undefined): Expression<number> {
    if (place === undefined || place.kind === 'constant')
      return constant((place === undefined) === (kind === 'null'));
    return this.add({ kind, slot: place.kind === 'url' ? place.stem : place.slot });
  }

  private bindReference(
    place: FieldPlace | undefined,
    other: FieldPlace | undefined,
    { how, cased }: Extract<FieldTest['value'], { kind: 'field' }>,
  ): Expression<number> {
    if (place === undefined || other === undefined) return constant(false);
    return this.add({
      kind: 'field',
      reading: this.reading(this.readingOf(place, false, false)),
      other: this.reading(this.readingOf(other, false, false)),
      isFolded: !cased,
      relates: (text, otherText) => relates(text, otherText, how),
    });
  }

  private bindKeyword({ value }: FieldTest): Expression<number> {
    if (value.kind === 'null' || value.kind === 'exists' || value.kind === 'field') return constant(false);
    for (const [name, text] of this.shape.constants) {
      if (isPartOfRecord(name) && this.holdsFor(text, value)) return constant(true);
    }
    return this.addText(this.leaves(), value);
  }

  private leaves(): Reading {
    const { fields } = this.shape;
    const requests = fields.flatMap((name, slot) => {
      const place = this.fields.find(name);
      return place?.kind === 'slot' && place.slot === slot && place.isRequest ? [slot] : [];
    });
    const url = this.fields.url();
    const whole: Reading | undefined =
      url?.kind === 'url' ? { ...url, orQuery: false, bare: false } : undefined;
    return { kind: 'leaves', slots: fields.length, requests, url: whole };
  }

  private holdsFor(text: string, value: TextTest): boolean {
    const { isFolded, test } = predicateOf(value, this.fold);
    return test(isFolded ? this.fold(text) : text);
  }

  private readingOf(place: FieldPlace, isAgent: boolean, bare: boolean): Reading {
    if (place.kind === 'constant') return place;
    if (place.kind === 'url') return { ...place, orQuery: false, bare };
    if (place.isRequest) return { kind: 'request', slot: place.slot, bare };
    return { kind: isAgent ? 'agent' : 'slot', slot: place.slot };
  }

  private addText(reading: Reading, value: TextTest): Expression<number> {
    const literal = literalOfTest(value, runKindOf(this.shape.family, reading));
    const isDecoded =
      reading.kind === 'request' ||
      reading.kind === 'url' ||
      (reading.kind === 'leaves' && reading.requests.length > 0);
    return this.add({
      kind: 'text',
      reading: this.reading(reading),
      ...predicateOf(value, this.fold),
      literal,
      isDecoded,
    });
  }

  private add(runner: Runner): Expression<number> {
    return { op: 'test', test: this.runners.push(runner) - 1 };
  }

  /** The number of a reading; equal ones share theirs. */
  private reading(reading: Reading): number {
    const key = JSON.stringify(reading);
    let number = this.readingNumbers.get(key);
    if (number === undefined) {
      number = this.readings.push(reading) - 1;
      this.readingNumbers.set(key, number);
    }
    return number;
  }
}

/** Header lines and our own marks are no values of the record. */
function isPartOfRecord(constantName: string): boolean {
  return !constantName.startsWith('#') && constantName !== 'malformed';
}

/** Whether the end of the value matters, so that what Exchange adds to a query would stand in the way. */
function mindsEnd(value: TextTest): boolean {
  return value.kind === 'text'
    ? value.pattern.at(-1) !== 0
    : value.kind === 'regex' || value.kind === 'number';
}
