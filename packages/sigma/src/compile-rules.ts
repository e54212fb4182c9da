import { foldText } from '@postern/match';
import { anyOf, mapTests, type Expression } from './expression.ts';
import type { FieldTest } from './field-test.ts';
import { filtersOf, type SourceFilter } from './logsource.ts';
import type { SigmaRule } from './parse-rules.ts';
import { literalPattern } from './pattern.ts';
import type { CompiledRule, CompiledSource, RuleSet } from './rule-set.ts';

/** Puts checked rules together into one set. The same rules in the same order give the same set. */
export function compileRules(rules: readonly SigmaRule[]): RuleSet {
  const numbering = new TestNumbering();
  const compiled = rules.map((rule) => compileRule(rule, numbering));
  return { format: 'postern.ruleset/1', tests: numbering.tests, rules: compiled };
}

/** Gives equal tests the same number. */
class TestNumbering {
  readonly tests: FieldTest[] = [];
  private readonly numbers = new Map<string, number>();

  number(test: FieldTest): Expression<number> {
    const key = JSON.stringify([test.field, test.reads, test.value]);
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.tests.push(test) - 1;
      this.numbers.set(key, number);
    }
    return { op: 'test', test: number };
  }
}

function compileRule(
  { info, logsource, condition, captures }: SigmaRule,
  numbering: TestNumbering,
): CompiledRule {
  return {
    info,
    sources: filtersOf(logsource).map((filter) => compileSource(filter, numbering)),
    condition: mapTests(condition, (test) => numbering.number(test)),
    captures,
  };
}

function compileSource(filter: SourceFilter, numbering: TestNumbering): CompiledSource {
  const { where } = filter;
  if (where === undefined) return { filter };
  const tests = where.values.map((value) =>
    numbering.number({
      field: where.field,
      reads: 'value',
      value: { kind: 'text', pattern: literalPattern(foldText(value)), cased: false },
    }),
  );
  return { filter, where: anyOf(tests) };
}
