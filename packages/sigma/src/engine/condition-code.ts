import type { Expression } from '../expression.ts';
import type { Likelihood } from './triggers.ts';

/**
 * Conditions as one array of numbers. A node is its operation, the number of words it takes in all, and then: the atom
 * of a test, 0 or 1 of a constant, the atoms of literals of which any or all must be found, else its parts one after
 * the other.
 */
export const operations = {
  test: 0,
  and: 1,
  or: 2,
  not: 3,
  constant: 4,
  anyLiteral: 5,
  allLiterals: 6,
} as const;

/** Words before the parts of a node. */
export const headWords = 2;

/** What the order of the parts of a condition goes by. */
export interface Weights {
  /** Steps that asking an atom takes. */
  readonly cost: (atom: number) => number;
  readonly likelihood: Likelihood;
  /** The search for literals that settles the atom, by a number; undefined: none does. */
  readonly searchOf: (atom: number) => number | undefined;
}

/** What is expected of a part. */
interface Weight {
  readonly cost: number;
  /** How often it holds, as a share. */
  readonly likelihood: number;
}

/** Lays out a condition so that what settles it for the least work comes first in each node. */
export function conditionCode(expression: Expression<number>, weights: Weights): readonly number[] {
  return layOut(expression, weights).code;
}

interface LaidOut extends Weight {
  readonly code: readonly number[];
}

function layOut(expression: Expression<number>, weights: Weights): LaidOut {
  switch (expression.op) {
    case 'test': {
      const { test } = expression;
      const operation = weights.searchOf(test) === undefined ? operations.test : operations.anyLiteral;
      return {
        code: node(operation, [test]),
        cost: weights.cost(test),
        likelihood: Math.min(1, weights.likelihood(test)),
      };
    }
    case 'constant': {
      const holds = expression.value ? 1 : 0;
      return { code: node(operations.constant, [holds]), cost: 0, likelihood: holds };
    }
    case 'not': {
      const { code, cost, likelihood } = layOut(expression.of, weights);
      return { code: node(operations.not, code), cost, likelihood: 1 - likelihood };
    }
    default:
      return layOutParts(expression.op, expression.of, weights);
  }
}

function layOutParts(
  operation: 'and' | 'or',
  expressions: readonly Expression<number>[],
  weights: Weights,
): LaidOut {
  const isAnd = operation === 'and';
  const laidOut = expressions.map((part) => layOut(part, weights));
  const parts = laidOut.toSorted((a, b) => workOf(a, isAnd) - workOf(b, isAnd));
  const missed = parts.reduce((left, part) => left * (isAnd ? part.likelihood : 1 - part.likelihood), 1);
  return {
    code: joinParts(parts, isAnd),
    cost: costTogether(parts, weights),
    likelihood: isAnd ? missed : 1 - missed,
  };
}

/** A look at what a search that was made for another literal found. */
const costOfFurther = 0.25;

/** Literals that one search settles cost hardly more than one of them. */
function costTogether(parts: readonly LaidOut[], { searchOf }: Weights): number {
  const made = new Set<number>();
  let sum = 0;
  for (const { code, cost } of parts) {
    const search = isLiteral(code) ? searchOf(code[headWords] ?? 0) : undefined;
    sum += search !== undefined && made.has(search) ? costOfFurther : cost;
    if (search !== undefined) made.add(search);
  }
  return sum;
}

function isLiteral(code: readonly number[]): boolean {
  return code[0] === operations.anyLiteral && code.length === headWords + 1;
}

/** Work until the part settles its node: what hardly ever does goes last. */
function workOf({ cost, likelihood }: Weight, isAnd: boolean): number {
  return cost / Math.max(isAnd ? 1 - likelihood : likelihood, leastShare);
}

const leastShare = 1e-6;

/** A node of the parts one after the other; literals that follow each other are one part. */
function joinParts(parts: readonly LaidOut[], isAnd: boolean): readonly number[] {
  const nodes: (readonly number[])[] = [];
  let literals: number[] = [];
  const flush = (): void => {
    if (literals.length > 0)
      nodes.push(node(isAnd ? operations.allLiterals : operations.anyLiteral, literals));
    literals = [];
  };
  for (const { code } of parts) {
    if (isLiteral(code)) literals.push(code[headWords] ?? 0);
    else {
      flush();
      nodes.push(code);
    }
  }
  flush();
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined
    ? only
    : node(isAnd ? operations.and : operations.or, nodes.flat());
}

function node(operation: number, parts: readonly number[]): readonly number[] {
  return [operation, headWords + parts.length, ...parts];
}
