import { limits, type Batch, type Shape } from '@postern/core';
import { allOf, anyOf, mapTests, type Expression } from './expression.ts';
import { joinLiterals, literalsOf } from './literals.ts';
import { acceptsShape } from './logsource.ts';
import { requestUrl } from './fold-request.ts';
import { isPresent, RecordValues, slotTexts } from './record-values.ts';
import type { CompiledRule, RuleSet } from './rule-set.ts';
import { ShapeCompiler, type Runner } from './shape-compiler.ts';
import type { FieldPlace, ShapeFields } from './shape-fields.ts';

/**
 * The rules that can match records of one shape. It keeps the values of the record at hand, so one matcher serves one
 * batch at a time.
 */
export interface Matcher {
  /**
   * Lower case, sorted, at least 4 bytes each, and where requests are percent-decoded also `%2e` and the like
   * (`percentEscapeLiterals`): the bytes of every record that some rule matches hold one of them, ASCII
   * letters in any case. Undefined: every record is a candidate.
   */
  readonly literals: readonly string[] | undefined;
  /** Ids of the rules without a literal, the reason for `literals` being undefined. */
  readonly unguarded: readonly string[];
  /** Indexes of the rules that are asked. */
  readonly rules: readonly number[];
  /** Calls back with the index (in {@link OpenRuleSet.rules}) of each rule that matches, in rising order. */
  match(batch: Batch, record: number, onRule: (rule: number) => void): void;
  /** The fields that a hit of the rule keeps, under the names in the rule; absent ones are left out. */
  captures(batch: Batch, record: number, rule: number): Map<string, string>;
}

interface ShapeRule {
  readonly index: number;
  readonly condition: Expression<number>;
}

/** Makes the matcher for a shape, or undefined if no rule can match it. */
export function makeMatcher(
  ruleSet: RuleSet,
  shape: Shape,
  candidates: readonly number[],
): Matcher | undefined {
  const compiler = new ShapeCompiler(shape);
  const rules: ShapeRule[] = [];
  for (const index of candidates) {
    const rule = ruleSet.rules[index];
    const condition = rule === undefined ? undefined : conditionFor(ruleSet, rule, shape, compiler);
    if (condition !== undefined) rules.push({ index, condition });
  }
  return rules.length === 0 ? undefined : new ShapeMatcher(ruleSet, rules, compiler, shape);
}

function conditionFor(
  ruleSet: RuleSet,
  rule: CompiledRule,
  shape: Shape,
  compiler: ShapeCompiler,
): Expression<number> | undefined {
  const sources = rule.sources.filter(({ filter }) => acceptsShape(filter, shape));
  if (sources.length === 0) return undefined;
  const bind = (expression: Expression<number>): Expression<number> =>
    mapTests(expression, (number) => {
      const test = ruleSet.tests[number];
      return test === undefined ? { op: 'constant', value: false } : compiler.bind(number, test);
    });
  const where = anyOf(
    sources.map((source) => (source.where === undefined ? allOf<number>([]) : bind(source.where))),
  );
  const condition = allOf([where, bind(rule.condition)]);
  return condition.op === 'constant' && !condition.value ? undefined : condition;
}

class ShapeMatcher implements Matcher {
  readonly literals: readonly string[] | undefined;
  readonly unguarded: readonly string[];
  readonly rules: readonly number[];
  private readonly ruleSet: RuleSet;
  private readonly conditions: readonly ShapeRule[];
  private readonly runners: readonly Runner[];
  private readonly values: RecordValues;
  private readonly fields: ShapeFields;
  private readonly capturePlaces = new Map<number, readonly (readonly [string, FieldPlace])[]>();
  private epoch = 0;
  /** Runner → epoch of its answer, and the answer: each test is made once per record, by how many rules ever. */
  private readonly answeredAt: Float64Array;
  private readonly answers: Uint8Array;
  private batch: Batch | undefined;
  private record = 0;

  // oxlint-disable-next-line max-params -- the parts of a compiled shape
  constructor(ruleSet: RuleSet, conditions: readonly ShapeRule[], compiler: ShapeCompiler, shape: Shape) {
    this.ruleSet = ruleSet;
    this.conditions = conditions;
    this.runners = compiler.runners;
    this.fields = compiler.fields;
    this.values = new RecordValues(compiler.readings, compiler.fold);
    this.answeredAt = new Float64Array(this.runners.length);
    this.answers = new Uint8Array(this.runners.length);
    this.rules = conditions.map(({ index }) => index);
    const sets = conditions.map(({ condition }) =>
      literalsOf(condition, (test) => literalOf(this.runners[test])),
    );
    const open = conditions.filter((_, i) => sets[i] === undefined);
    this.unguarded = open.map(({ index }) => ruleSet.rules[index]?.info.id ?? '');
    const isDecoded = this.runners.some((runner) => runner.kind === 'text' && runner.isDecoded);
    this.literals = joinLiterals(sets, shape.family === 'windows-event', isDecoded);
  }

  match(batch: Batch, record: number, onRule: (rule: number) => void): void {
    this.batch = batch;
    this.record = record;
    this.epoch++;
    this.values.begin(batch, record);
    for (const { index, condition } of this.conditions) if (this.holds(condition)) onRule(index);
  }

  private holds(expression: Expression<number>): boolean {
    switch (expression.op) {
      case 'test':
        return this.answer(expression.test);
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

  private answer(number: number): boolean {
    if (this.answeredAt[number] === this.epoch) return this.answers[number] === 1;
    const runner = this.runners[number];
    const isTrue = runner !== undefined && this.run(runner);
    this.answeredAt[number] = this.epoch;
    this.answers[number] = isTrue ? 1 : 0;
    return isTrue;
  }

  private run(runner: Runner): boolean {
    if (runner.kind === 'text') return this.texts(runner.reading, runner.isFolded).some(runner.test);
    if (runner.kind === 'field') {
      const others = this.texts(runner.other, runner.isFolded);
      return this.texts(runner.reading, runner.isFolded).some((text) =>
        others.some((other) => runner.relates(text, other)),
      );
    }
    if (this.batch === undefined) return false;
    if (runner.kind === 'exists') return isPresent(this.batch, this.record, runner.slot);
    return slotTexts(this.batch, this.record, runner.slot) === undefined;
  }

  private texts(reading: number, isFolded: boolean): readonly string[] {
    return (isFolded ? this.values.folded(reading) : this.values.of(reading)) ?? [];
  }

  captures(batch: Batch, record: number, rule: number): Map<string, string> {
    const captured = new Map<string, string>();
    for (const [name, place] of this.placesFor(rule)) {
      const text = textAt(batch, record, place);
      if (text !== undefined) captured.set(name, text.slice(0, limits.captureCharacters));
    }
    return captured;
  }

  private placesFor(rule: number): readonly (readonly [string, FieldPlace])[] {
    let places = this.capturePlaces.get(rule);
    if (places === undefined) {
      const names = this.ruleSet.rules[rule]?.captures ?? [];
      places = names.flatMap((name): (readonly [string, FieldPlace])[] => {
        const place = this.fields.find(name);
        return place === undefined ? [] : [[name, place]];
      });
      this.capturePlaces.set(rule, places);
    }
    return places;
  }
}

function literalOf(runner: Runner | undefined): string | undefined {
  return runner?.kind === 'text' ? runner.literal : undefined;
}

function textAt(batch: Batch, record: number, place: FieldPlace): string | undefined {
  if (place.kind === 'constant') return place.text;
  if (place.kind === 'slot') return slotTexts(batch, record, place.slot)?.join(', ');
  const stem = slotTexts(batch, record, place.stem)?.[0];
  const query = place.query === undefined ? undefined : slotTexts(batch, record, place.query)?.[0];
  return stem === undefined ? undefined : requestUrl(stem, query);
}
