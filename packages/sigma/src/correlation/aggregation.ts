import { withHint, type Report } from '../diagnostic.ts';
import type { PlacedText, Threshold } from './correlation-rule.ts';
import type { CorrelationRule } from './correlation-rule.ts';

/** The part of a correlation that an old aggregation says. */
export type Aggregation = Pick<CorrelationRule, 'type' | 'groupBy' | 'valueFields' | 'condition'>;

/** A condition of the first version of Sigma, taken apart at its `|`. */
export interface OldCondition {
  /** What stands before. */
  readonly search: string;
  /** What stands behind, and where (offset in the file). */
  readonly aggregation: string;
  readonly at: number;
}

/** Undefined where the condition has no `|`. */
export function splitOldCondition(text: string, at: number): OldCondition | undefined {
  const bar = text.indexOf('|');
  if (bar < 0) return undefined;
  return { search: text.slice(0, bar), aggregation: text.slice(bar + 1).trim(), at: at + bar + 1 };
}

const form =
  /^(count|sum|avg|min|max)\s*\(\s*([^()]*?)\s*\)(?:\s+by\s+([^<>=]+?))?\s*(<=|>=|==|<|>|=)\s*(\d+(?:\.\d+)?)$/i;

const comparisons: ReadonlyMap<string, Threshold['op']> = new Map([
  ['<', 'lt'],
  ['<=', 'lte'],
  ['>', 'gt'],
  ['>=', 'gte'],
  ['=', 'eq'],
  ['==', 'eq'],
]);

/**
 * Reads `count() by User > 5` and its like: they live on as correlations. What no correlation can say (`near`, `min`,
 * `max`) is refused; undefined then.
 */
export function parseAggregation(
  { aggregation, at }: OldCondition,
  place: Omit<PlacedText, 'text'>,
  report: Report,
): Aggregation | undefined {
  const [, name = '', field = '', by = '', sign = '', number = ''] = form.exec(aggregation) ?? [];
  const type = typeOf(name.toLowerCase(), field);
  const op = comparisons.get(sign);
  if (type === undefined || op === undefined) {
    const message = `"${aggregation}" is an aggregation of the first Sigma that no correlation can take the place of`;
    const hint = 'write a correlation rule instead';
    report(withHint({ code: 'POSTERN_SIGMA_AGGREGATION', severity: 'error', message, at }, hint));
    return undefined;
  }
  const groupBy = by
    .split(',')
    .map((text) => ({ text: text.trim(), ...place }))
    .filter(({ text }) => text !== '');
  const condition = { kind: 'thresholds', thresholds: [{ op, value: Number(number) }] } as const;
  return { type, groupBy, valueFields: field === '' ? [] : [field], condition };
}

function typeOf(name: string, field: string): Aggregation['type'] | undefined {
  if (name === 'count') return field === '' ? 'event_count' : 'value_count';
  if (field === '') return undefined;
  if (name === 'sum') return 'value_sum';
  return name === 'avg' ? 'value_avg' : undefined;
}
