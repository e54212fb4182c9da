import type { RuleInfo } from '@postern/core';
import type { Expression } from '../expression.ts';
import type { RuleDetails } from '../rule-header.ts';

/** What is looked at in each window; names as in the rules. */
export const correlationTypes = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const;

/** One of {@link correlationTypes}. */
export type CorrelationType = (typeof correlationTypes)[number];

export const comparisonNames = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;

/** One comparison of the condition; several must all hold. */
export interface Threshold {
  readonly op: (typeof comparisonNames)[number];
  readonly value: number;
}

/** What must hold of a window. */
export type CorrelationCondition =
  | { readonly kind: 'thresholds'; readonly thresholds: readonly Threshold[] }
  /** Which of the rules were seen, by their place in {@link CorrelationRule.rules}. */
  | { readonly kind: 'seen'; readonly expression: Expression<number> };

/** A text of a rule file with its place (1-based). */
export interface PlacedText {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A correlation document, read and checked by itself; what it names is looked up when all rules are known. */
export interface CorrelationRule {
  /** `kind` is `correlation`. */
  readonly info: RuleInfo;
  readonly details: RuleDetails;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly type: CorrelationType;
  /** Ids or names of rules or correlations. */
  readonly rules: readonly PlacedText[];
  readonly groupBy: readonly PlacedText[];
  readonly aliases: readonly CorrelationAlias[];
  readonly timespanSeconds: number;
  readonly condition: CorrelationCondition;
  /** Fields whose values are counted, added up or ranked. */
  readonly valueFields: readonly string[];
  /** 0 to 100, for `value_percentile`. */
  readonly percentile: number;
  /** The rules it names give hits of their own, too. */
  readonly generate: boolean;
}

/** Another name for fields that are called differently in each rule. */
export interface CorrelationAlias {
  readonly alias: string;
  /** Rule as it is named here → field. */
  readonly fields: readonly { readonly rule: PlacedText; readonly field: string }[];
}
