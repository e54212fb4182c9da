import type { Expression } from '../expression.ts';

/**
 * Conditions as one array of numbers. A node is its operation, the number of words it takes in all, and then: the atom
 * of a test, 0 or 1 of a constant, else its parts one after the other.
 */
const operations = { test: 0, and: 1, or: 2, not: 3, constant: 4 } as const;

/** Words before the parts of a node. */
const headWords = 2;

/** Lays out a condition, the cheap parts of each node first. */
export function conditionCode(
  expression: Expression<number>,
  cost: (part: Expression<number>) => number,
): readonly number[] {
  switch (expression.op) {
    case 'test':
      return [operations.test, headWords + 1, expression.test];
    case 'constant':
      return [operations.constant, headWords + 1, expression.value ? 1 : 0];
    case 'not':
      return node(operations.not, conditionCode(expression.of, cost));
    default: {
      const costs = new Map(expression.of.map((part) => [part, cost(part)]));
      const parts = expression.of.toSorted((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0));
      return node(
        operations[expression.op],
        parts.flatMap((part) => conditionCode(part, cost)),
      );
    }
  }
}

function node(operation: number, parts: readonly number[]): readonly number[] {
  return [operation, headWords + parts.length, ...parts];
}

/** Whether the condition at word `at` holds; `truth` is asked for no more atoms than it takes. */
export function conditionHolds(code: Int32Array, at: number, truth: (atom: number) => boolean): boolean {
  const operation = code[at] ?? 0;
  const first = at + headWords;
  if (operation === operations.test) return truth(code[first] ?? 0);
  if (operation === operations.constant) return code[first] === 1;
  if (operation === operations.not) return !conditionHolds(code, first, truth);
  const isAnd = operation === operations.and;
  const end = at + (code[at + 1] ?? 0);
  for (let part = first; part < end; part += code[part + 1] ?? headWords) {
    if (conditionHolds(code, part, truth) !== isAnd) return !isAnd;
  }
  return isAnd;
}
