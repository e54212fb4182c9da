import type { RuleInfo } from '@postern/core';
import type { CorrelationCondition, CorrelationType } from './correlation-rule.ts';

/**
 * Correlations ready to run: plain data, JSON-able and structured-clonable as a `RuleSet` is. Each stands behind those
 * it is made of.
 */
export interface CorrelationSet {
  readonly format: 'postern.correlations/1';
  readonly rules: readonly CompiledCorrelation[];
}

export interface CompiledCorrelation {
  readonly info: RuleInfo;
  readonly type: CorrelationType;
  readonly timespanSeconds: number;
  readonly condition: CorrelationCondition;
  readonly percentile: number;
  /** As they are shown: fields, or aliases of them. */
  readonly groupBy: readonly string[];
  /** In the order of the rule. */
  readonly sources: readonly CorrelationSource[];
  /** Another correlation is made of its hits and does not let them be shown. */
  readonly isSilent: boolean;
}

/** A rule or correlation that a correlation is made of. */
export interface CorrelationSource {
  /** {@link RuleInfo.id}. */
  readonly rule: string;
  /** Captured fields that hold the values of {@link CompiledCorrelation.groupBy}, in that order. */
  readonly groupFields: readonly string[];
  readonly valueFields: readonly string[];
}
