// The plain way to run rules, one after the other: for each record every rule of its channel and event id, as closures
// over texts that are decoded and folded once per record. No literals, no triggers, nothing shared between rules but
// texts. The engine is held against it on real evidence, and measured against it.

import type { Batch, Shape } from '@postern/core';
import { foldScanned, foldText } from '@postern/match';
import { readingFor } from '../engine/column-place.ts';
import type { Expression } from '../expression.ts';
import { requestFields } from '../field-aliases.ts';
import type { FieldTest } from '../field-test.ts';
import { acceptsShape } from '../logsource.ts';
import { isPresent, readTexts, slotTexts, type Reading } from '../record-values.ts';
import type { CompiledRule, RuleSet } from '../rule-set.ts';
import { ShapeFields } from '../shape-fields.ts';
import { predicateOf, relates, type TextTest, type ValuePredicate } from '../value-predicates.ts';

/** Indexes of all rules that match, in rising order. */
export interface PlainMatcher {
  match(batch: Batch, record: number): readonly number[];
}

/** Compiled predicates by number of the test: even the plain way does not compile a pattern for each record. */
export type PlainPredicates = Map<number, ValuePredicate>;

/** Whether something holds for the record at hand. */
type Check = () => boolean;

export function plainMatcher(ruleSet: RuleSet, shape: Shape, predicates: PlainPredicates): PlainMatcher {
  const record = new PlainRecord(shape);
  const compiler = new PlainCompiler(ruleSet, shape, record, predicates);
  const rules = ruleSet.rules.flatMap((rule, index) => {
    const holds = compiler.rule(rule);
    return holds === undefined ? [] : [{ index, holds }];
  });
  return {
    match(batch, number) {
      record.begin(batch, number);
      const hits: number[] = [];
      for (const { index, holds } of rules) if (holds()) hits.push(index);
      return hits;
    },
  };
}

/** The record at hand, its texts decoded and folded once. */
class PlainRecord {
  batch: Batch | undefined;
  number = 0;
  readonly fold: (text: string) => string;
  private readonly readings: (Reading | undefined)[] = [];
  private readonly numbers = new Map<string, number>();
  private texts: (readonly string[] | undefined)[] = [];
  private folded: (readonly string[] | undefined)[] = [];

  constructor({ family }: Shape) {
    this.fold = family === 'windows-event' ? foldText : foldScanned;
  }

  begin(batch: Batch, number: number): void {
    this.batch = batch;
    this.number = number;
    this.texts = [];
    this.folded = [];
  }

  /** The number of a reading. */
  reading(key: string, make: () => Reading | undefined): number {
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.readings.push(make()) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }

  of(reading: number): readonly string[] {
    let texts = this.texts[reading];
    if (texts === undefined) {
      const asked = this.readings[reading];
      texts = (asked && this.batch && readTexts(this.batch, this.number, asked)) ?? [];
      this.texts[reading] = texts;
    }
    return texts;
  }

  foldedOf(reading: number): readonly string[] {
    let texts = this.folded[reading];
    if (texts === undefined) {
      texts = this.of(reading).map(this.fold);
      this.folded[reading] = texts;
    }
    return texts;
  }
}

class PlainCompiler {
  private readonly ruleSet: RuleSet;
  private readonly shape: Shape;
  private readonly record: PlainRecord;
  private readonly predicates: PlainPredicates;
  private readonly fields: ShapeFields;

  // oxlint-disable-next-line max-params -- what it is made of
  constructor(ruleSet: RuleSet, shape: Shape, record: PlainRecord, predicates: PlainPredicates) {
    this.ruleSet = ruleSet;
    this.shape = shape;
    this.record = record;
    this.predicates = predicates;
    this.fields = new ShapeFields(shape);
  }

  /** Undefined if the log source of the rule is another. */
  rule({ sources, condition }: CompiledRule): Check | undefined {
    const here = sources.filter(({ filter }) => acceptsShape(filter, this.shape));
    if (here.length === 0) return undefined;
    const where = here.map((source) => (source.where === undefined ? () => true : this.check(source.where)));
    const holds = this.check(condition);
    return () => where.some((check) => check()) && holds();
  }

  private check(expression: Expression<number>): Check {
    if (expression.op === 'test') return this.test(expression.test);
    if (expression.op === 'constant') return () => expression.value;
    if (expression.op === 'not') {
      const part = this.check(expression.of);
      return () => !part();
    }
    const parts = expression.of.map((part) => this.check(part));
    return expression.op === 'and' ? () => parts.every((part) => part()) : () => parts.some((part) => part());
  }

  private test(number: number): Check {
    const test = this.ruleSet.tests[number];
    if (test === undefined) return () => false;
    const { value, field, reads } = test;
    if (value.kind === 'null' || value.kind === 'exists')
      return reads === 'leaves' ? () => false : this.presence(field, value.kind);
    if (value.kind === 'field') return reads === 'leaves' ? () => false : this.reference(field, value);
    const reading = this.reading(field, reads, mindsEnd(value));
    const { isFolded, test: passes } = this.predicate(number, value);
    const { record } = this;
    const shared = this.constantLeaves(reads).map((text) => (isFolded ? record.fold(text) : text));
    if (shared.some(passes)) return () => true;
    return () => (isFolded ? record.foldedOf(reading) : record.of(reading)).some(passes);
  }

  private predicate(number: number, value: TextTest): ValuePredicate {
    const known = this.predicates.get(number) ?? predicateOf(value, this.record.fold);
    this.predicates.set(number, known);
    return known;
  }

  private presence(field: string, wanted: 'null' | 'exists'): Check {
    const place = this.fields.find(field);
    if (place === undefined || place.kind === 'constant') {
      const isTrue = (place === undefined) === (wanted === 'null');
      return () => isTrue;
    }
    const slot = place.kind === 'url' ? place.stem : place.slot;
    const { record } = this;
    return wanted === 'exists'
      ? () => record.batch !== undefined && isPresent(record.batch, record.number, slot)
      : () => record.batch !== undefined && slotTexts(record.batch, record.number, slot) === undefined;
  }

  private reference(field: string, value: Extract<FieldTest['value'], { kind: 'field' }>): Check {
    const [one, other] = [field, value.other].map((name) => this.reading(name, 'value', false));
    const { record } = this;
    const texts = (reading = -1): readonly string[] =>
      value.cased ? record.of(reading) : record.foldedOf(reading);
    return () =>
      texts(one).some((text) => texts(other).some((otherText) => relates(text, otherText, value.how)));
  }

  private reading(field: string, reads: FieldTest['reads'], mindsItsEnd: boolean): number {
    const bare = mindsItsEnd && hasRequests(this.shape.family);
    return this.record.reading(`${reads} ${bare} ${field}`, () =>
      readingFor({ field, reads, bare }, this.shape, this.fields),
    );
  }

  /** Keywords look at what all records share, too. */
  private constantLeaves(reads: FieldTest['reads']): readonly string[] {
    if (reads !== 'leaves') return [];
    return [...this.shape.constants].flatMap(([name, text]) =>
      name.startsWith('#') || name === 'malformed' ? [] : [text],
    );
  }
}

function hasRequests(family: string): boolean {
  return requestFields(family) !== undefined || family === 'httperr';
}

function mindsEnd(value: TextTest): boolean {
  return value.kind === 'text'
    ? value.pattern.at(-1) !== 0
    : value.kind === 'regex' || value.kind === 'number';
}
