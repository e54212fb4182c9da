import type { Literal } from '@postern/match';
import { allOf, anyOf, mapTests, type Expression } from '../expression.ts';
import type { RuleSet } from '../rule-set.ts';
import type { Atom, Column } from './atom.ts';
import { AtomTable, type GroupScope } from './atom-table.ts';
import type { ApplyingRule } from './source-index.ts';

export interface GroupRule {
  /** Position in the rule set. */
  readonly index: number;
  /** Over numbers of {@link RuleGroup.atoms}. */
  readonly condition: Expression<number>;
}

/**
 * The rules for all shapes that are alike in what their constants say (channel, event id, provider), whatever their
 * fields and the order of these. Rules that can match none of them are not in it. Rising by `index`.
 */
export interface RuleGroup {
  readonly columns: readonly Column[];
  readonly atoms: readonly Atom[];
  readonly rules: readonly GroupRule[];
  /** Column → what is looked for in it. */
  readonly literals: readonly (readonly Literal[])[];
  /** What it takes of memory, about, without the tables for its literals. */
  readonly bytes: number;
}

/** Objects and stamps of one atom, about. */
const bytesOfAtom = 256;

/** Makes the group; undefined if no rule can match. */
export function compileGroup(
  ruleSet: RuleSet,
  applying: readonly ApplyingRule[],
  scope: GroupScope,
): RuleGroup | undefined {
  const table = new AtomTable(scope);
  const rules: GroupRule[] = [];
  for (const rule of applying) {
    const condition = conditionOf(ruleSet, rule, table);
    if (condition.op !== 'constant' || condition.value) rules.push({ index: rule.index, condition });
  }
  if (rules.length === 0) return undefined;
  const { columns, atoms, literals } = table;
  return { columns, atoms, rules, literals, bytes: atoms.length * bytesOfAtom };
}

function conditionOf(
  ruleSet: RuleSet,
  { index, sources }: ApplyingRule,
  table: AtomTable,
): Expression<number> {
  const rule = ruleSet.rules[index];
  const bind = (expression: Expression<number>): Expression<number> =>
    mapTests(expression, (number) => {
      const test = ruleSet.tests[number];
      return test === undefined ? { op: 'constant', value: false } : table.bind(number, test);
    });
  const where = anyOf(
    sources.map((source) => (source.where === undefined ? allOf<number>([]) : bind(source.where))),
  );
  return rule === undefined ? anyOf([]) : allOf([where, bind(rule.condition)]);
}
