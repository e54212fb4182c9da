/** Reads indicators of compromise and looks for them in records and files. Everything it finds is a lead. */
export { compileIndicators, literalOf } from './compile.ts';
export type { FileIdentity, IndicatorMatcher, IndicatorSet, OnIndicator } from './compile.ts';
export { parseCsv } from './csv.ts';
export type { CsvRecord, CsvTable } from './csv.ts';
export { indicatorTypes } from './indicator.ts';
export type { Indicator, IndicatorType } from './indicator.ts';
export { parseIndicators } from './parse.ts';
export type { ParsedIndicators } from './parse.ts';
export { indicatorRule } from './rule.ts';
