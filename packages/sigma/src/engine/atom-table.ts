import { requiredTexts, type Literal } from '@postern/match';
import { constant, type Expression } from '../expression.ts';
import type { FieldTest, ValueTest } from '../field-test.ts';
import type { TextTest } from '../value-predicates.ts';
import type { Atom, Column } from './atom.ts';
import { guardsFor, literalsFor, type PlacedText } from './literal-tests.ts';

/** What is known of a group of shapes before one of their records is seen. */
export interface GroupScope {
  readonly fold: (text: string) => string;
  /** What Exchange adds to queries is of concern in this family. */
  readonly hasRequests: boolean;
  /** The answer to a test that the constants of the shapes settle, else undefined. */
  readonly settled: (test: number) => boolean | undefined;
}

/** Numbers the comparisons of a group of rules, each once, and the columns that they look at. */
export class AtomTable {
  readonly columns: Column[] = [];
  readonly atoms: Atom[] = [];
  /** Column → the literals looked for in it; their ids are numbers of atoms. */
  readonly literals: Literal[][] = [];
  private readonly scope: GroupScope;
  private readonly bound = new Map<number, Expression<number>>();
  private readonly columnNumbers = new Map<string, number>();
  private readonly guards = new Map<string, number>();

  constructor(scope: GroupScope) {
    this.scope = scope;
  }

  /** A test of the rule set as an expression over atoms. */
  bind(number: number, test: FieldTest): Expression<number> {
    let bound = this.bound.get(number);
    if (bound === undefined) {
      const settled = this.scope.settled(number);
      bound = settled === undefined ? this.atomOf(number, test) : constant(settled);
      this.bound.set(number, bound);
    }
    return bound;
  }

  private atomOf(test: number, { field, reads, value }: FieldTest): Expression<number> {
    if (value.kind === 'null' || value.kind === 'exists')
      return reads === 'leaves'
        ? constant(false)
        : this.add({ kind: 'presence', column: this.column(field), wanted: value.kind });
    if (value.kind === 'field') return reads === 'leaves' ? constant(false) : this.reference(field, value);
    const bare = this.scope.hasRequests && reads !== 'leaves' && mindsEnd(value);
    return this.textAtom(test, this.column(field, reads, bare), value);
  }

  private reference(field: string, value: Extract<ValueTest, { kind: 'field' }>): Expression<number> {
    return this.add({
      kind: 'reference',
      column: this.column(field),
      other: this.column(value.other),
      value,
    });
  }

  private textAtom(test: number, column: number, value: TextTest): Expression<number> {
    const literals = literalsFor(value, this.scope.fold);
    if (literals !== undefined) return { op: 'test', test: this.literalAtom(column, literals, value) };
    const guards = guardsFor(value, this.scope.fold).map((guard) => this.guardAtom(column, guard));
    return this.add({
      kind: 'text',
      column,
      value,
      test,
      isFolded: value.kind === 'text' ? !value.cased : value.kind === 'number',
      guards: [...new Set(guards)],
      shortest: value.kind === 'regex' ? requiredTexts(value.pattern).length : 0,
    });
  }

  private literalAtom(column: number, literals: readonly PlacedText[], value: ValueTest | undefined): number {
    const id = this.atoms.push({ kind: 'literal', column, value }) - 1;
    this.literals[column]?.push(...literals.map((literal) => ({ id, ...literal })));
    return id;
  }

  private guardAtom(column: number, guard: PlacedText): number {
    const key = JSON.stringify([column, guard]);
    let number = this.guards.get(key);
    if (number === undefined) {
      number = this.literalAtom(column, [guard], undefined);
      this.guards.set(key, number);
    }
    return number;
  }

  private add(atom: Atom): Expression<number> {
    return { op: 'test', test: this.atoms.push(atom) - 1 };
  }

  private column(field: string, reads: Column['reads'] = 'value', bare = false): number {
    const key = `${reads} ${bare} ${field}`;
    let number = this.columnNumbers.get(key);
    if (number === undefined) {
      number = this.columns.push({ field, reads, bare }) - 1;
      this.literals.push([]);
      this.columnNumbers.set(key, number);
    }
    return number;
  }
}

/** Whether the end of the value matters, so that what Exchange adds to a query would stand in the way. */
function mindsEnd(value: TextTest): boolean {
  return value.kind === 'text'
    ? value.pattern.at(-1) !== 0
    : value.kind === 'regex' || value.kind === 'number';
}
