import type { FieldReading, ValueTest } from '../field-test.ts';
import type { TextTest } from '../value-predicates.ts';

/** What rules compare: a field in one reading. Each shape has its own place for it, or none. */
export interface Column {
  /** Name as in the rule; empty for `leaves`. */
  readonly field: string;
  readonly reads: FieldReading;
  /** Also without what Exchange adds to a query. */
  readonly bare: boolean;
}

/**
 * One comparison that several rules may share.
 * - `literal`: settled by the search for literals in its column.
 * - `text`: asked when a rule needs it, and only where all its guards (other atoms) were found.
 * - `presence`: whether the field is there.
 * - `reference`: the values of two columns.
 */
export type Atom =
  | { readonly kind: 'literal'; readonly column: number; readonly value: ValueTest | undefined }
  | {
      readonly kind: 'text';
      readonly column: number;
      readonly value: TextTest;
      /** Number of the test in the rule set. */
      readonly test: number;
      readonly isFolded: boolean;
      readonly guards: readonly number[];
      /** It holds for no text of fewer UTF-16 units. */
      readonly shortest: number;
    }
  | { readonly kind: 'presence'; readonly column: number; readonly wanted: 'null' | 'exists' }
  | {
      readonly kind: 'reference';
      readonly column: number;
      readonly other: number;
      readonly value: Extract<ValueTest, { kind: 'field' }>;
    };

/**
 * How much asking an atom costs, in steps: what is cheap goes first.
 * @param isLate its column is searched for it (and its like) only if some rule asks
 */
export function costOf(atom: Atom | undefined, isLate: boolean): number {
  if (atom === undefined || atom.kind === 'presence') return 1;
  if (atom.kind === 'literal') return isLate ? 4 : 1;
  if (atom.kind === 'reference') return 20;
  if (atom.value.kind === 'regex') return 40;
  return atom.value.kind === 'cidr' || atom.value.kind === 'text' ? 15 : 10;
}
