/** A condition over tests: a tree of plain data. */
export type Expression<T> =
  | { readonly op: 'test'; readonly test: T }
  | { readonly op: 'and' | 'or'; readonly of: readonly Expression<T>[] }
  | { readonly op: 'not'; readonly of: Expression<T> }
  | { readonly op: 'constant'; readonly value: boolean };

/** A condition that always holds, or never. */
export function constant(value: boolean): Expression<never> {
  return { op: 'constant', value };
}

/** All of them; with none it holds. */
export function allOf<T>(parts: readonly Expression<T>[]): Expression<T> {
  return join('and', parts);
}

/** At least one of them; with none it does not hold. */
export function anyOf<T>(parts: readonly Expression<T>[]): Expression<T> {
  return join('or', parts);
}

function join<T>(op: 'and' | 'or', parts: readonly Expression<T>[]): Expression<T> {
  const neutral = op === 'and';
  const of: Expression<T>[] = [];
  for (const part of parts) {
    if (part.op === 'constant') {
      if (part.value !== neutral) return part;
    } else if (part.op === op) of.push(...part.of);
    else of.push(part);
  }
  const [only] = of;
  if (only === undefined) return constant(neutral);
  return of.length === 1 ? only : { op, of };
}

/** The opposite. */
export function negate<T>(part: Expression<T>): Expression<T> {
  if (part.op === 'constant') return constant(!part.value);
  return part.op === 'not' ? part.of : { op: 'not', of: part };
}

/** The same tree over other tests, simplified where a test turns out to be settled. */
export function mapTests<A, B>(expression: Expression<A>, change: (test: A) => Expression<B>): Expression<B> {
  switch (expression.op) {
    case 'test':
      return change(expression.test);
    case 'constant':
      return expression;
    case 'not':
      return negate(mapTests(expression.of, change));
    default:
      return join(
        expression.op,
        expression.of.map((part) => mapTests(part, change)),
      );
  }
}

/** Calls back for every test of the tree, those under a `not` too. */
export function visitTests<T>(expression: Expression<T>, visit: (test: T) => void): void {
  if (expression.op === 'test') visit(expression.test);
  else if (expression.op === 'not') visitTests(expression.of, visit);
  else if (expression.op !== 'constant') for (const part of expression.of) visitTests(part, visit);
}
