import { parseCondition } from '../condition.ts';
import { didYouMean, withHint, type Report } from '../diagnostic.ts';
import type { Expression } from '../expression.ts';
import { entryOf, type YamlEntry, type YamlMap, type YamlNode } from '../yaml-node.ts';
import {
  comparisonNames,
  type CorrelationCondition,
  type CorrelationType,
  type PlacedText,
  type Threshold,
} from './correlation-rule.ts';

/** The condition of a correlation with what belongs to it. */
export interface ParsedCondition {
  readonly condition: CorrelationCondition;
  readonly valueFields: readonly string[];
  readonly percentile: number;
}

const otherKeys = ['field', 'percentile'];
const medianPercentile = 50;

/** Reads `condition`; undefined after an error. Without one a temporal correlation wants all of its rules. */
export function parseCorrelationCondition(
  section: YamlMap,
  type: CorrelationType,
  rules: readonly PlacedText[],
  report: Report,
): ParsedCondition | undefined {
  const entry = entryOf(section, 'condition');
  const isTemporal = type === 'temporal' || type === 'temporal_ordered';
  if (entry === undefined && isTemporal) return plain([{ op: 'gte', value: rules.length }]);
  if (entry === undefined) return wrong(report, `a correlation "${type}" needs a condition`, section.at);
  const { value } = entry;
  if (value.kind === 'map') return parseThresholds(value, type, rules.length, report);
  if (value.kind === 'scalar' && typeof value.value === 'string' && isTemporal)
    return parseSeen(value.value, value.at, rules, report);
  const wanted = isTemporal ? 'a map, or a text over the names of its rules' : 'a map';
  return wrong(report, `the condition of a correlation "${type}" is ${wanted}`, value.at);
}

function plain(thresholds: readonly Threshold[]): ParsedCondition {
  return { condition: { kind: 'thresholds', thresholds }, valueFields: [], percentile: medianPercentile };
}

function wrong(report: Report, message: string, at: number, hint?: string): undefined {
  report(withHint({ code: 'POSTERN_SIGMA_CORRELATION', severity: 'error', message, at }, hint));
  return undefined;
}

/** The form of the extended conditions: `login and not (logoff or reset)`. */
function parseSeen(
  text: string,
  at: number,
  rules: readonly PlacedText[],
  report: Report,
): ParsedCondition | undefined {
  const names = new Map(
    rules.map((rule, index): [string, Expression<number>] => [rule.text, { op: 'test', test: index }]),
  );
  const expression = parseCondition(text, at, names, report);
  if (expression === undefined) return undefined;
  return { ...plain([]), condition: { kind: 'seen', expression } };
}

function parseThresholds(
  map: YamlMap,
  type: CorrelationType,
  ruleCount: number,
  report: Report,
): ParsedCondition | undefined {
  const known: readonly string[] = [...comparisonNames, ...otherKeys];
  const stranger = map.entries.find(({ key }) => !known.includes(key));
  if (stranger !== undefined)
    return wrong(report, `no comparison "${stranger.key}"`, stranger.at, didYouMean(stranger.key, known));
  const thresholds = map.entries.flatMap((entry) => thresholdOf(entry, report));
  const compared = map.entries.filter(({ key }) => !otherKeys.includes(key));
  if (thresholds.length < compared.length) return undefined;
  const valueFields = fieldsOf(map, type, report);
  const percentile = percentileOf(map, type, report);
  if (valueFields === undefined || percentile === undefined) return undefined;
  if (thresholds.length > 0)
    return { condition: { kind: 'thresholds', thresholds }, valueFields, percentile };
  if (type === 'temporal' || type === 'temporal_ordered') return plain([{ op: 'gte', value: ruleCount }]);
  return wrong(
    report,
    'the condition compares with nothing',
    map.at,
    `add one of ${comparisonNames.join(', ')}`,
  );
}

function thresholdOf({ key, value }: YamlEntry, report: Report): readonly Threshold[] {
  const op = comparisonNames.find((name) => name === key);
  if (op === undefined) return [];
  if (value.kind === 'scalar' && typeof value.value === 'number') return [{ op, value: value.value }];
  wrong(report, `"${key}" takes a number`, value.at);
  return [];
}

function fieldsOf(map: YamlMap, type: CorrelationType, report: Report): readonly string[] | undefined {
  const value = entryOf(map, 'field')?.value;
  const takesField = type.startsWith('value_');
  if (value === undefined)
    return takesField ? wrong(report, `a correlation "${type}" needs a field`, map.at) : [];
  if (!takesField) return wrong(report, `a correlation "${type}" has no field`, value.at);
  const nodes: readonly YamlNode[] = value.kind === 'list' ? value.items : [value];
  const names = nodes.flatMap((node) =>
    node.kind === 'scalar' && node.value !== null && node.text !== '' ? [node.text] : [],
  );
  if (names.length === 0 || names.length < nodes.length)
    return wrong(report, '"field" is the name of a field, or a list of such', value.at);
  if (names.length > 1 && type !== 'value_count')
    return wrong(report, `a correlation "${type}" takes one field`, value.at);
  return names;
}

function percentileOf(map: YamlMap, type: CorrelationType, report: Report): number | undefined {
  const value = entryOf(map, 'percentile')?.value;
  if (value === undefined) return medianPercentile;
  if (type !== 'value_percentile')
    return wrong(report, `a correlation "${type}" has no percentile`, value.at);
  const isNumber = value.kind === 'scalar' && typeof value.value === 'number';
  if (isNumber && value.value >= 0 && value.value <= 100) return value.value;
  return wrong(report, '"percentile" takes a number from 0 to 100', value.at);
}
