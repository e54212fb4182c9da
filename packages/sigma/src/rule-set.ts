import type { RuleInfo } from '@postern/core';
import type { Expression } from './expression.ts';
import type { FieldTest } from './field-test.ts';
import type { SourceFilter } from './logsource.ts';

/**
 * Compiled rules as plain data: it survives `JSON.stringify` and `structuredClone`, so a cache on disk and worker
 * threads take the same. {@link openRuleSet} makes it run.
 *
 * Tests are numbered over all rules and each stands here once, for public rules share most of theirs. What depends on
 * the layout of records (slots, constants, literals for block scans) is worked out when a shape is met, not here. Who
 * makes this faster may replace `tests` and `condition` by typed arrays; nothing outside of this package reads them.
 */
export interface RuleSet {
  readonly format: 'postern.ruleset/1';
  readonly tests: readonly FieldTest[];
  /** In the order of the rules given; their positions are the rule indexes of a {@link Matcher}. */
  readonly rules: readonly CompiledRule[];
}

export interface CompiledRule {
  readonly info: RuleInfo;
  /** Any of them; none: the rule is never asked. */
  readonly sources: readonly CompiledSource[];
  /** Over numbers of {@link RuleSet.tests}. */
  readonly condition: Expression<number>;
  /** Fields that a hit keeps, as named in the rule. */
  readonly captures: readonly string[];
}

/** A source filter, and what only the record can tell of it. */
export interface CompiledSource {
  readonly filter: SourceFilter;
  readonly where?: Expression<number>;
}
