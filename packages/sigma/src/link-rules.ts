import type { RefusedRule } from '@postern/core';
import type { CorrelationSet } from './correlation/correlation-set.ts';
import { linkCorrelations } from './correlation/link-correlations.ts';
import type { Diagnostic } from './diagnostic.ts';
import { applyFilters } from './filter/apply-filters.ts';
import type { AppliedFilter } from './filter/filter-rule.ts';
import type { ParsedRules, SigmaRule } from './parse-rules.ts';

/** All rules of a run put together: what `compileRules` and `correlate` take. */
export interface LinkedRules {
  /** With their filters in them, keeping what correlations need of their hits. */
  readonly rules: readonly SigmaRule[];
  readonly correlations: CorrelationSet;
  /** Ids of rules that are there for correlations alone and give no hits of their own. */
  readonly silent: ReadonlySet<string>;
  readonly filters: readonly AppliedFilter[];
  /** For each of `filters` the rule that matches just what that filter takes away, for those who count it. */
  readonly removed: readonly SigmaRule[];
  readonly refused: readonly RefusedRule[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Puts filters on rules and looks up what correlations name, over all files of a run. What is wrong with one touches
 * only what is made of it.
 */
export function linkRules(
  parsed: readonly Pick<ParsedRules, 'rules' | 'correlations' | 'filters'>[],
): LinkedRules {
  const given = parsed.flatMap(({ rules }) => rules);
  const filtered = applyFilters(
    given,
    parsed.flatMap(({ filters }) => filters),
  );
  const linked = linkCorrelations(
    filtered.rules,
    parsed.flatMap(({ correlations }) => correlations),
  );
  return {
    rules: filtered.rules.map((rule) => withCaptures(rule, linked.captures.get(rule.info.id) ?? [])),
    correlations: linked.set,
    silent: linked.silent,
    filters: filtered.applied,
    removed: filtered.removed,
    refused: linked.refused,
    diagnostics: [...filtered.diagnostics, ...linked.diagnostics],
  };
}

function withCaptures(rule: SigmaRule, more: readonly string[]): SigmaRule {
  return more.length === 0 ? rule : { ...rule, captures: [...new Set([...rule.captures, ...more])] };
}
