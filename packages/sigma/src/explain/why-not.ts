import type { Expression } from '../expression.ts';
import type { ExplainedRule } from './explain-rule.ts';

/** Alternatives that are named one by one; more are only counted. */
const alternativesNamed = 3;

/**
 * What of the rule a record does not fit, in the words of its author; empty where it fits. `holds` tells of each part
 * whether it does.
 */
export function whyNot(explained: ExplainedRule, holds: (part: number) => boolean): readonly string[] {
  const { selections, labels, condition } = explained;
  const selectionHolds = (index: number): boolean => {
    const parts = selections[index]?.parts;
    return parts !== undefined && truth(parts, holds);
  };
  const selectionBlame = (index: number, wanted: boolean): readonly string[] => {
    const { name = '', parts } = selections[index] ?? {};
    if (parts === undefined) return [];
    const leaf = (part: number): readonly string[] => [labels[part] ?? ''];
    const inner = blame(parts, wanted, { holds, leaf });
    return inner.map((text) => (wanted ? `${name}: ${text}` : `${name}, which must not hold, does: ${text}`));
  };
  return blame(condition, true, { holds: selectionHolds, leaf: selectionBlame });
}

interface Asked {
  readonly holds: (test: number) => boolean;
  readonly leaf: (test: number, wanted: boolean) => readonly string[];
}

function truth(expression: Expression<number>, holds: (test: number) => boolean): boolean {
  switch (expression.op) {
    case 'test':
      return holds(expression.test);
    case 'constant':
      return expression.value;
    case 'not':
      return !truth(expression.of, holds);
    case 'and':
      return expression.of.every((part) => truth(part, holds));
    case 'or':
      return expression.of.some((part) => truth(part, holds));
  }
}

/** Why an expression is not as it should be; nothing where it is. */
function blame(expression: Expression<number>, wanted: boolean, asked: Asked): readonly string[] {
  if (truth(expression, asked.holds) === wanted) return [];
  switch (expression.op) {
    case 'test':
      return asked.leaf(expression.test, wanted);
    case 'constant':
      return ['it can never hold'];
    case 'not':
      return blame(expression.of, !wanted, asked);
    default:
      return blameOf(expression.of, wanted, expression.op === 'and' ? wanted : !wanted, asked);
  }
}

/** `each`: every part that is wrong is a reason of its own; else any one of them would have done. */
function blameOf(
  parts: readonly Expression<number>[],
  wanted: boolean,
  each: boolean,
  asked: Asked,
): readonly string[] {
  const reasons = parts.map((part) => blame(part, wanted, asked)).filter((found) => found.length > 0);
  if (each) return reasons.flat();
  if (reasons.length > alternativesNamed)
    return [`none of ${reasons.length} alternatives, such as ${reasons[0]?.join(' and ') ?? ''}`];
  return [reasons.map((found) => found.join(' and ')).join(', nor ')];
}
