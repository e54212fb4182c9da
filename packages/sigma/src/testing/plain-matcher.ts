// The plain way to run rules, one after the other: for each record every rule of its source, every test of the rule as
// it comes, on texts decoded once per record. No literals, no triggers, nothing shared between rules but texts. The
// engine is held against it on real evidence, and measured against it.

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

interface PlainRule {
  readonly index: number;
  readonly rule: CompiledRule;
}

/** Compiled predicates by number of the test: even the plain way does not compile a pattern for each record. */
export type PlainPredicates = Map<number, ValuePredicate>;

export function plainMatcher(ruleSet: RuleSet, shape: Shape, predicates: PlainPredicates): PlainMatcher {
  const rules = ruleSet.rules.flatMap((rule, index): PlainRule[] =>
    rule.sources.some(({ filter }) => acceptsShape(filter, shape)) ? [{ index, rule }] : [],
  );
  const record = new PlainRecord(ruleSet, shape, predicates);
  return {
    match(batch, number) {
      record.begin(batch, number);
      return rules.flatMap(({ index, rule }) => (record.matches(rule) ? [index] : []));
    },
  };
}

class PlainRecord {
  private readonly ruleSet: RuleSet;
  private readonly shape: Shape;
  private readonly fields: ShapeFields;
  private readonly fold: (text: string) => string;
  private readonly predicates: PlainPredicates;
  private readonly readings = new Map<string, Reading | undefined>();
  private readonly texts = new Map<string, readonly string[]>();
  private batch: Batch | undefined;
  private record = 0;

  constructor(ruleSet: RuleSet, shape: Shape, predicates: PlainPredicates) {
    this.ruleSet = ruleSet;
    this.shape = shape;
    this.fields = new ShapeFields(shape);
    this.fold = shape.family === 'windows-event' ? foldText : foldScanned;
    this.predicates = predicates;
  }

  begin(batch: Batch, record: number): void {
    this.batch = batch;
    this.record = record;
    this.texts.clear();
  }

  matches({ sources, condition }: CompiledRule): boolean {
    const here = sources.filter(({ filter }) => acceptsShape(filter, this.shape));
    return here.some(({ where }) => where === undefined || this.holds(where)) && this.holds(condition);
  }

  private holds(expression: Expression<number>): boolean {
    switch (expression.op) {
      case 'test':
        return this.passes(expression.test);
      case 'constant':
        return expression.value;
      case 'not':
        return !this.holds(expression.of);
      case 'and':
        return expression.of.every((part) => this.holds(part));
      case 'or':
        return expression.of.some((part) => this.holds(part));
    }
  }

  private passes(number: number): boolean {
    const test = this.ruleSet.tests[number];
    if (test === undefined) return false;
    const { value, field, reads } = test;
    if (value.kind === 'null' || value.kind === 'exists')
      return reads !== 'leaves' && this.presence(field, value.kind);
    if (value.kind === 'field') return reads !== 'leaves' && this.refers(field, value);
    const predicate = this.predicate(number, value);
    return this.values(test, mindsEnd(value), predicate.isFolded).some((text) => predicate.test(text));
  }

  private predicate(number: number, value: TextTest): ValuePredicate {
    const known = this.predicates.get(number) ?? predicateOf(value, this.fold);
    this.predicates.set(number, known);
    return known;
  }

  private presence(field: string, wanted: 'null' | 'exists'): boolean {
    const place = this.fields.find(field);
    if (place === undefined || place.kind === 'constant')
      return (place === undefined) === (wanted === 'null');
    const slot = place.kind === 'url' ? place.stem : place.slot;
    if (this.batch === undefined) return false;
    return wanted === 'exists'
      ? isPresent(this.batch, this.record, slot)
      : slotTexts(this.batch, this.record, slot) === undefined;
  }

  private refers(field: string, value: Extract<FieldTest['value'], { kind: 'field' }>): boolean {
    const others = this.values({ field: value.other, reads: 'value' }, false, !value.cased);
    return this.values({ field, reads: 'value' }, false, !value.cased).some((text) =>
      others.some((other) => relates(text, other, value.how)),
    );
  }

  private values(
    { field, reads }: Pick<FieldTest, 'field' | 'reads'>,
    mindsItsEnd: boolean,
    isFolded: boolean,
  ): readonly string[] {
    const bare = mindsItsEnd && hasRequests(this.shape.family);
    const key = `${reads} ${bare} ${isFolded} ${field}`;
    let texts = this.texts.get(key);
    if (texts === undefined) {
      const raw = isFolded
        ? this.values({ field, reads }, mindsItsEnd, false).map(this.fold)
        : this.read(field, reads, bare);
      texts = raw;
      this.texts.set(key, texts);
    }
    return texts;
  }

  private read(field: string, reads: FieldTest['reads'], bare: boolean): readonly string[] {
    const key = `${reads} ${bare} ${field}`;
    if (!this.readings.has(key))
      this.readings.set(key, readingFor({ field, reads, bare }, this.shape, this.fields));
    const reading = this.readings.get(key);
    if (reading === undefined || this.batch === undefined) return [];
    return [...(readTexts(this.batch, this.record, reading) ?? []), ...this.constantLeaves(reads)];
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
