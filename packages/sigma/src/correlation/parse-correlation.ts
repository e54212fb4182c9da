import { didYouMean, withHint, type Report, type SigmaCode } from '../diagnostic.ts';
import { parseDetails, parseInfo } from '../rule-header.ts';
import { entryOf, textOf, type YamlEntry, type YamlMap, type YamlNode } from '../yaml-node.ts';
import {
  correlationTypes,
  type CorrelationAlias,
  type CorrelationRule,
  type CorrelationType,
  type PlacedText,
} from './correlation-rule.ts';
import { parseCorrelationCondition } from './parse-condition.ts';
import { parseTimespan } from './timespan.ts';

/** Where a document stands, and how places in it are told. */
export interface DocumentPlace {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly placeOf: (offset: number) => { readonly line: number; readonly column: number };
}

const knownKeys = ['type', 'rules', 'group-by', 'timespan', 'timeframe', 'aliases', 'condition', 'generate'];
/** A chain of more rules than this says nothing any more, and its evaluation grows with the square. */
const rulesPerCorrelation = 100;

/** Reads a document with a `correlation` section; undefined after an error. */
export function parseCorrelation(
  map: YamlMap,
  title: string,
  place: DocumentPlace,
  report: Report,
): CorrelationRule | undefined {
  const entry = entryOf(map, 'correlation');
  const section = entry?.value;
  if (section?.kind !== 'map') return wrong(report, 'the correlation section is no map', entry?.at ?? map.at);
  remarkStrangers(section, report);
  const type = typeOf(section, report);
  const rules = rulesOf(section, place, report);
  const timespanSeconds = timespanOf(section, report);
  const groupBy = textsAt(entryOf(section, 'group-by'), place, report);
  const aliases = aliasesOf(section, place, report);
  if (type === undefined || rules === undefined || timespanSeconds === undefined) return undefined;
  const parsed = parseCorrelationCondition(section, type, rules, report);
  const generate = generateOf(section, report);
  if (parsed === undefined) return undefined;
  const info = { ...parseInfo(map, title, undefined, report), kind: 'correlation' as const };
  const details = parseDetails(map, report);
  const { file, line } = place;
  return { info, details, file, line, type, rules, groupBy, aliases, timespanSeconds, generate, ...parsed };
}

function wrong(report: Report, message: string, at: number, hint?: string): undefined {
  report(withHint({ code: 'POSTERN_SIGMA_CORRELATION', severity: 'error', message, at }, hint));
  return undefined;
}

function remarkStrangers(section: YamlMap, report: Report): void {
  for (const { key, at } of section.entries) {
    if (knownKeys.includes(key)) continue;
    const message = `a correlation has no "${key}"; it is not looked at`;
    const hint = didYouMean(key, knownKeys);
    report(withHint({ code: 'POSTERN_SIGMA_CORRELATION', severity: 'warning', message, at }, hint));
  }
}

function typeOf(section: YamlMap, report: Report): CorrelationType | undefined {
  const text = textOf(section, 'type');
  const type = correlationTypes.find((known) => known === text);
  if (type !== undefined) return type;
  const at = entryOf(section, 'type')?.value.at ?? section.at;
  if (text === undefined) return wrong(report, 'the correlation has no type', at);
  const hint = didYouMean(text, correlationTypes) ?? `one of ${correlationTypes.join(', ')}`;
  return wrong(report, `no correlation "${text}"`, at, hint);
}

function rulesOf(section: YamlMap, place: DocumentPlace, report: Report): readonly PlacedText[] | undefined {
  const entry = entryOf(section, 'rules');
  const named = textsAt(entry, place, report);
  const rules = named.filter(({ text }, i) => named.findIndex((other) => other.text === text) === i);
  const at = entry?.value.at ?? section.at;
  if (rules.length < named.length)
    report({
      code: 'POSTERN_SIGMA_CORRELATION',
      severity: 'warning',
      message: 'a rule is named twice; it counts once',
      at,
    });
  if (rules.length === 0) return wrong(report, 'the correlation names no rules', at);
  if (rules.length > rulesPerCorrelation)
    return wrong(report, `the correlation names more than ${rulesPerCorrelation} rules`, at);
  return rules;
}

function timespanOf(section: YamlMap, report: Report): number | undefined {
  const entry = entryOf(section, 'timespan') ?? entryOf(section, 'timeframe');
  if (entry === undefined) return wrong(report, 'the correlation has no timespan', section.at);
  const seconds = entry.value.kind === 'scalar' ? parseTimespan(entry.value.text) : undefined;
  if (seconds !== undefined) return seconds;
  return wrong(report, 'this is no timespan', entry.value.at, 'write 30s, 5m, 2h or 1d');
}

function generateOf(section: YamlMap, report: Report): boolean {
  const value = entryOf(section, 'generate')?.value;
  if (value === undefined) return false;
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
  wrong(report, '"generate" is true or false', value.at);
  return false;
}

/** The texts of a list (or one text), each with its place. */
export function textsAt(
  entry: YamlEntry | undefined,
  place: DocumentPlace,
  report: Report,
  code: SigmaCode = 'POSTERN_SIGMA_CORRELATION',
): readonly PlacedText[] {
  if (entry === undefined) return [];
  const nodes: readonly YamlNode[] = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return nodes.flatMap((node) => {
    if (node.kind === 'scalar' && node.value !== null && node.text !== '')
      return [{ text: node.text, ...place.placeOf(node.at) }];
    report({ code, severity: 'error', message: `"${entry.key}" is a list of texts`, at: node.at });
    return [];
  });
}

function aliasesOf(section: YamlMap, place: DocumentPlace, report: Report): readonly CorrelationAlias[] {
  const value = entryOf(section, 'aliases')?.value;
  if (value === undefined) return [];
  if (value.kind === 'map') return value.entries.flatMap((entry) => aliasOf(entry, place, report) ?? []);
  wrong(report, '"aliases" is a map from a name to the fields of each rule', value.at);
  return [];
}

function aliasOf(
  { key, at, value }: YamlEntry,
  place: DocumentPlace,
  report: Report,
): CorrelationAlias | undefined {
  if (value.kind !== 'map') return wrong(report, `the alias "${key}" is no map from rules to fields`, at);
  const fields = value.entries.flatMap((entry) => {
    const field = entry.value.kind === 'scalar' && entry.value.value !== null ? entry.value.text : '';
    if (field === '') wrong(report, `the alias "${key}" names no field for "${entry.key}"`, entry.at);
    return [{ rule: { text: entry.key, ...place.placeOf(entry.at) }, field }];
  });
  return { alias: key, fields };
}
