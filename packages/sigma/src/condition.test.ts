import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { parseCondition } from './condition.ts';
import type { Problem } from './diagnostic.ts';
import type { Expression } from './expression.ts';

const names = ['a', 'b', 'sel_one', 'sel_two', 'x_sel', '_hidden', '_sel', 'all', 'of-course'];

function parse(text: string): { expression: Expression<string> | undefined; problems: Problem[] } {
  const identifiers = new Map(
    names.map((name): [string, Expression<string>] => [name, { op: 'test', test: name }]),
  );
  const problems: Problem[] = [];
  const expression = parseCondition(text, 10, identifiers, (problem) => problems.push(problem));
  return { expression, problems };
}

/** An expression as text with all its brackets. */
function show(expression: Expression<string> | undefined): string {
  if (expression === undefined) return 'nothing';
  if (expression.op === 'test') return expression.test;
  if (expression.op === 'constant') return String(expression.value);
  if (expression.op === 'not') return `!${show(expression.of)}`;
  return `(${expression.of.map(show).join(expression.op === 'and' ? ' & ' : ' | ')})`;
}

describe('parseCondition', () => {
  test.each([
    ['a', 'a'],
    ['a or b and not sel_one', '(a | (b & !sel_one))'],
    ['(a or b) and sel_one', '((a | b) & sel_one)'],
    ['not (a or b)', '!(a | b)'],
    ['not not a', 'a'],
    ['not 1 of sel_*', '!(sel_one | sel_two)'],
    ['1 of sel_* and a', '((sel_one | sel_two) & a)'],
    ['any of sel_*', '(sel_one | sel_two)'],
    ['all of sel_*', '(sel_one & sel_two)'],
    ['all of *sel*', '(sel_one & sel_two & x_sel)'],
    ['1 of _*', '(_hidden | _sel)'],
    ['1 of them', '(a | b | sel_one | sel_two | x_sel | all | of-course)'],
    ['all of them', '(a & b & sel_one & sel_two & x_sel & all & of-course)'],
    ['all or of-course', '(all | of-course)'],
    ['all of a', 'a'],
    ['1 of nothing*', 'false'],
    ['all of nothing*', 'true'],
    ['a and not 1 of nothing*', 'a'],
    ['_hidden', '_hidden'],
    [' a\n  and\tb ', '(a & b)'],
    ['a AND NOT b OR All of sel_*', '((a & !b) | (sel_one & sel_two))'],
  ])('%j is %s', (text, shown) => {
    const { expression, problems } = parse(text);
    expect(show(expression)).toBe(shown);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each([
    ['', 10, /ends where a name belongs/],
    ['a and', 15, /ends where a name belongs/],
    ['a b', 12, /"b" stands where/],
    ['(a', 12, /closing bracket is missing/],
    ['a)', 11, /"\)" stands where/],
    ['and a', 10, /"and" stands where a name belongs/],
    ['2 of sel_*', 10, /"2 of" is not Sigma/],
    ['1 of', 14, /nothing stands behind "of"/],
    ['1 of (a)', 15, /no name or pattern/],
    ['a | count() > 5', 10, /removed from Sigma/],
    ['a near b', 12, /stands where/],
  ])('%j is refused', (text, at, message) => {
    const { expression, problems } = parse(text);
    expect(expression).toBeUndefined();
    expect(problems).toEqual([
      expect.objectContaining({ code: 'POSTERN_SIGMA_CONDITION', severity: 'error', at }),
    ]);
    expect(problems[0]?.message).toMatch(message);
  });

  test('names what it does not know', () => {
    expect(parse('a and sel_oen').problems).toEqual([
      expect.objectContaining({
        code: 'POSTERN_SIGMA_UNKNOWN_IDENTIFIER',
        severity: 'error',
        at: 16,
        hint: 'did you mean "sel_one"?',
      }),
    ]);
  });

  test('has a word for patterns of nothing and for capitals', () => {
    expect(parse('1 of nothing*').problems).toEqual([
      expect.objectContaining({ code: 'POSTERN_SIGMA_EMPTY_PATTERN', severity: 'warning', at: 15 }),
    ]);
    expect(parse('a OR b').problems).toEqual([
      expect.objectContaining({ code: 'POSTERN_SIGMA_UPPER_CASE', severity: 'info', at: 12 }),
    ]);
  });

  test('a pattern of many stars takes no long time', () => {
    const long = 'x'.repeat(3000);
    const problems: Problem[] = [];
    parseCondition(`1 of ${'*x'.repeat(300)}y`, 0, new Map([[long, { op: 'test', test: long }]]), (problem) =>
      problems.push(problem),
    );
    expect(problems.map(({ code }) => code)).toEqual(['POSTERN_SIGMA_EMPTY_PATTERN']);
  });

  test('whatever stands there, it gives an expression or says an error', () => {
    const word = fc.constantFrom(
      'a',
      'b',
      'or',
      'and',
      'not',
      '(',
      ')',
      '1',
      'all',
      'of',
      'them',
      'sel_*',
      '|',
      'NOT',
      '*',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const { expression, problems } = parse(words.join(' '));
        expect(expression === undefined).toBe(
          problems.some(({ code }) => code === 'POSTERN_SIGMA_CONDITION'),
        );
      }),
      propertyRuns(20),
    );
  });
});
