import type { RuleInfo } from '@postern/core';
import type { Expression } from '../expression.ts';
import type { FieldTest } from '../field-test.ts';
import type { LogSource } from '../logsource.ts';
import type { PlacedText } from '../correlation/correlation-rule.ts';

/** A filter document, read and checked: what must also hold, so that the rules it names match. */
export interface SigmaFilter {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly logsource: LogSource;
  /** Ids or names; `any`: every rule whose log source has what the filter's has. */
  readonly rules: readonly PlacedText[] | 'any';
  readonly condition: Expression<FieldTest>;
}

/** A rule, a filter that was put on it. */
export interface AppliedFilter {
  readonly rule: RuleInfo;
  readonly filter: Pick<SigmaFilter, 'id' | 'title'>;
}
