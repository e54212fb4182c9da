/**
 * Sigma rules: `parseRules` reads and checks them, `compileRules` makes plain data of them, `openRuleSet` runs that
 * data against records.
 */
export { compileRules } from './compile-rules.ts';
export { correlate, type Correlated } from './correlation/correlate.ts';
export type { CompiledCorrelation, CorrelationSet } from './correlation/correlation-set.ts';
export type { CorrelationRule } from './correlation/correlation-rule.ts';
export type { CorrelationEvent, CorrelationHit } from './correlation/item.ts';
export { didYouMean, sigmaCodes, type Diagnostic, type SigmaCode } from './diagnostic.ts';
export type { RuleAccount, RuleWork } from './engine/rule-account.ts';
export { explainedProbes, explainRule, type ExplainedRule } from './explain/explain-rule.ts';
export { whyNot } from './explain/why-not.ts';
export type { Expression } from './expression.ts';
export type { FieldTest, ValueTest } from './field-test.ts';
export type { AppliedFilter, SigmaFilter } from './filter/filter-rule.ts';
export { withoutInsertions } from './fold-request.ts';
export { linkRules, type LinkedRules } from './link-rules.ts';
export { jsonEscapeLiterals, percentEscapeLiterals, signEscapeLiterals } from './literals.ts';
export type { LogSource, SourceFilter } from './logsource.ts';
export type { Matcher } from './matcher.ts';
export { openRuleSet, type OpenOptions, type OpenRuleSet } from './open-rule-set.ts';
export { parseRules, type ParsedRules, type ParseOptions, type SigmaRule } from './parse-rules.ts';
export { decodeRuleSet, encodeRuleSet, type CachedRules } from './rule-cache.ts';
export type { RuleDetails } from './rule-header.ts';
export type { CompiledRule, CompiledSource, RuleSet } from './rule-set.ts';
export { readYaml, type YamlFile, type YamlNode } from './yaml-node.ts';
