import type { Diagnostic } from '../diagnostic.ts';
import { didYouMean } from '../diagnostic.ts';
import { allOf, negate } from '../expression.ts';
import type { LogSource } from '../logsource.ts';
import type { SigmaRule } from '../parse-rules.ts';
import type { AppliedFilter, SigmaFilter } from './filter-rule.ts';

/** Rules with their filters in them. */
export interface FilteredRules {
  readonly rules: readonly SigmaRule[];
  readonly applied: readonly AppliedFilter[];
  /** For each entry of `applied` the rule that matches just what that filter took away. */
  readonly removed: readonly SigmaRule[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Puts filters on the rules that they name. A filter that finds none is remarked. */
export function applyFilters(rules: readonly SigmaRule[], filters: readonly SigmaFilter[]): FilteredRules {
  const applied: AppliedFilter[] = [];
  const removed: SigmaRule[] = [];
  const filtered = rules.map((rule) => {
    let kept = rule;
    for (const filter of filters.filter((each) => isFor(each, rule))) {
      applied.push({ rule: rule.info, filter: { id: filter.id, title: filter.title } });
      removed.push({ ...kept, condition: allOf([kept.condition, negate(filter.condition)]) });
      kept = { ...kept, condition: allOf([kept.condition, filter.condition]) };
    }
    return kept;
  });
  return {
    rules: filtered,
    applied,
    removed,
    diagnostics: filters.flatMap((each) => strangers(each, rules)),
  };
}

function isFor(filter: SigmaFilter, rule: SigmaRule): boolean {
  if (!contains(rule.logsource, filter.logsource)) return false;
  return filter.rules === 'any' || filter.rules.some(({ text }) => isNamed(rule, text));
}

function isNamed({ info, details }: SigmaRule, text: string): boolean {
  return info.id.toLowerCase() === text.toLowerCase() || details.name === text;
}

/** Whether a rule's log source has every attribute of the filter's. */
function contains(rule: LogSource, filter: LogSource): boolean {
  return (['category', 'product', 'service'] as const).every(
    (key) => filter[key] === undefined || filter[key] === rule[key],
  );
}

function strangers(filter: SigmaFilter, rules: readonly SigmaRule[]): readonly Diagnostic[] {
  if (filter.rules === 'any') {
    if (rules.some((rule) => isFor(filter, rule))) return [];
    return [remark(filter, 'no rule has the log source of this filter', { line: filter.line, column: 1 })];
  }
  return filter.rules.flatMap((named) => {
    const rule = rules.find((each) => isNamed(each, named.text));
    if (rule !== undefined && isFor(filter, rule)) return [];
    const message =
      rule === undefined
        ? `the filter names "${named.text}", and no such rule is loaded`
        : `the filter names "${named.text}", whose log source is another`;
    const names = rules.flatMap(({ info, details }) => [info.id, details.name ?? info.id]);
    return [remark(filter, message, named, rule === undefined ? didYouMean(named.text, names) : undefined)];
  });
}

function remark(
  { file, title }: SigmaFilter,
  message: string,
  { line, column }: { readonly line: number; readonly column: number },
  hint?: string,
): Diagnostic {
  const said = { code: 'POSTERN_SIGMA_REFERENCE', severity: 'warning', message } as const;
  return { ...said, file, line, column, rule: title, ...(hint === undefined ? {} : { hint }) };
}
