/**
 * Sigma rules: `parseRules` reads and checks them, `compileRules` makes plain data of them, `openRuleSet` runs that
 * data against records.
 */
export { compileRules } from './compile-rules.ts';
export { didYouMean, sigmaCodes, type Diagnostic, type SigmaCode } from './diagnostic.ts';
export type { Expression } from './expression.ts';
export type { FieldTest, ValueTest } from './field-test.ts';
export { withoutInsertions } from './fold-request.ts';
export { jsonEscapeLiterals, percentEscapeLiterals, slashEscapeLiteral } from './literals.ts';
export type { LogSource, SourceFilter } from './logsource.ts';
export type { Matcher } from './matcher.ts';
export { openRuleSet, type OpenRuleSet } from './open-rule-set.ts';
export { parseRules, type ParsedRules, type ParseOptions, type SigmaRule } from './parse-rules.ts';
export type { RuleDetails } from './rule-header.ts';
export type { CompiledRule, CompiledSource, RuleSet } from './rule-set.ts';
