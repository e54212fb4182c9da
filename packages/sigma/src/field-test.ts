import type { Pattern } from './pattern.ts';

/**
 * One comparison of a rule, as plain data. A positive test of a field that the record does not have is false; what
 * negates (`neq`, `not`, `exists: false`) is a `not` in the tree above it.
 */
export interface FieldTest {
  /** Name as in the rule; empty where `reads` is `leaves`. */
  readonly field: string;
  readonly reads: FieldReading;
  readonly value: ValueTest;
}

/**
 * Which texts of the record are compared; one that fits is enough.
 * - `value`: those of the field (its elements, if it is a list).
 * - `agent`: the same, with `+`, comma and runs of spaces as one space, for each log writes them in its own way.
 * - `request`: the whole request (path, `?`, query) as well as the query. Public web rules mean the whole by
 *   `cs-uri-query`, and IIS splits it.
 * - `leaves`: every value of the record, each for itself (keywords).
 */
export type FieldReading = 'value' | 'agent' | 'request' | 'leaves';

/** What the value is compared with. */
export type ValueTest =
  /** The pattern fits the whole value; without `cased` letter case is folded, and that of the pattern is (by `foldScanned`). */
  | { readonly kind: 'text'; readonly pattern: Pattern; readonly cased: boolean }
  /** Equal as numbers where the value is one, else the value is `text`, the number as the rule writes it. */
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Missing or null. */
  | { readonly kind: 'null' }
  /** There, even if it is null or empty. */
  | { readonly kind: 'exists' }
  | {
      readonly kind: 'regex';
      readonly pattern: string;
      readonly ignoreCase: boolean;
      readonly multiline: boolean;
      readonly dotAll: boolean;
    }
  | { readonly kind: 'cidr'; readonly network: string }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly value: number; readonly part?: DatePart }
  | { readonly kind: 'field'; readonly other: string; readonly how: FieldRelation; readonly cased: boolean };

export type Comparison = 'eq' | 'gt' | 'gte' | 'lt' | 'lte';
export type DatePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
/** How the value stands to that of the other field. */
export type FieldRelation = 'equals' | 'contains' | 'startswith' | 'endswith';
