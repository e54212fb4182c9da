import { limits, type RefusedRule, type RuleInfo } from '@postern/core';
import { parseAggregation, splitOldCondition, type OldCondition } from './correlation/aggregation.ts';
import type { CorrelationRule } from './correlation/correlation-rule.ts';
import { parseCorrelation, type DocumentPlace } from './correlation/parse-correlation.ts';
import { parseTimespan } from './correlation/timespan.ts';
import { parseDetection } from './detection.ts';
import { didYouMean, withHint, type Diagnostic, type Problem, type Report } from './diagnostic.ts';
import { readRuleDocuments, type RuleDocument } from './documents.ts';
import { visitTests, type Expression } from './expression.ts';
import type { FieldTest } from './field-test.ts';
import type { SigmaFilter } from './filter/filter-rule.ts';
import { parseFilter } from './filter/parse-filter.ts';
import { filtersOf, type LogSource } from './logsource.ts';
import { parsePosternBlock } from './postern-block.ts';
import type { Placeholders } from './modifiers.ts';
import { parseDetails, parseInfo, parseLogSource, textsOf, type RuleDetails } from './rule-header.ts';
import { entryOf, textOf, type YamlEntry, type YamlMap } from './yaml-node.ts';

/** One rule, read and checked. Plain data: what {@link compileRules} takes, and what a pack keeps. */
export interface SigmaRule {
  readonly info: RuleInfo;
  readonly details: RuleDetails;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly logsource: LogSource;
  readonly condition: Expression<FieldTest>;
  /** Names of the fields that a hit keeps, as written in the rule. */
  readonly captures: readonly string[];
}

export interface ParseOptions {
  /** Values of placeholders (`%Administrators%`) by name; rules that need others are refused. */
  readonly placeholders?: Placeholders;
}

export interface ParsedRules {
  readonly rules: readonly SigmaRule[];
  /** To be put together with the rules they name, wherever those stand: `linkRules`. */
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly SigmaFilter[];
  /** Documents that do not run, each with its first error as the reason. `source` is `file:line`. */
  readonly refused: readonly RefusedRule[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a Sigma file with any number of documents. What is wrong with one rule never touches another, and nothing is
 * left out in silence: each document is among `rules` or among `refused`.
 *
 * @param file name for diagnostics
 */
export function parseRules(text: string, file: string, options: ParseOptions = {}): ParsedRules {
  const { documents, placeOf } = readRuleDocuments(text);
  const rules: SigmaRule[] = [];
  const correlations: CorrelationRule[] = [];
  const filters: SigmaFilter[] = [];
  const refused: RefusedRule[] = [];
  const diagnostics: Diagnostic[] = [];
  const placeholders = options.placeholders ?? new Map<string, readonly string[]>();
  for (const document of documents) {
    const { line } = placeOf(document.at);
    const place = { file, line, placeOf, placeholders };
    const { read, title, problems } = parseDocument(document, place);
    const fault = problems.find((problem) => problem.severity === 'error');
    if (read === undefined || fault !== undefined) refused.push(refusal(place, title, fault));
    else {
      if (read.rule !== undefined) rules.push(read.rule);
      if (read.correlation !== undefined) correlations.push(read.correlation);
      if (read.filter !== undefined) filters.push(read.filter);
    }
    diagnostics.push(...problems.map((problem) => toDiagnostic(problem, title, file, placeOf)));
  }
  return { rules, correlations, filters, refused, diagnostics };
}

function refusal({ file, line }: Place, title: string | undefined, fault: Problem | undefined): RefusedRule {
  return { source: `${file}:${line}`, title: title ?? file, reason: fault?.message ?? 'nothing to evaluate' };
}

function toDiagnostic(
  { at, ...said }: Problem,
  title: string | undefined,
  file: string,
  placeOf: (offset: number) => { readonly line: number; readonly column: number },
): Diagnostic {
  return { ...said, file, ...placeOf(at), ...(title !== undefined && { rule: title }) };
}

interface Place extends DocumentPlace {
  readonly placeholders: Placeholders;
}

/** What a document turned out to be; a rule that counts is two. */
interface Read {
  readonly rule?: SigmaRule | undefined;
  readonly correlation?: CorrelationRule | undefined;
  readonly filter?: SigmaFilter | undefined;
}

interface Outcome {
  /** Undefined: nothing could be read. */
  readonly read: Read | undefined;
  readonly title: string | undefined;
  readonly problems: readonly Problem[];
}

function parseDocument(document: RuleDocument, place: Place): Outcome {
  const problems: Problem[] = [...document.problems];
  const { rule: map } = document;
  const title = textOf(map, 'title')?.trim();
  // What could be read of a broken document would be another rule than the one that was meant.
  if (map === undefined || problems.some((problem) => problem.severity === 'error'))
    return { read: undefined, title, problems };
  const report: Report = (problem) => problems.push(problem);
  return { read: readDocument(map, title, place, report), title, problems };
}

/** Correlations and filters are documents of their own kind. */
function readDocument(
  map: YamlMap,
  title: string | undefined,
  place: Place,
  report: Report,
): Read | undefined {
  checkTitle(map, title, report);
  if (entryOf(map, 'correlation') !== undefined)
    return { correlation: parseCorrelation(map, title ?? '', place, report) };
  if (entryOf(map, 'filter') !== undefined)
    return { filter: parseFilter(map, title ?? '', { place, placeholders: place.placeholders, report }) };
  const old = oldConditionOf(map);
  if (old !== undefined) return parseCounting(map, old, title, place, report);
  const rule = parseRule(map, title, place, report);
  return rule === undefined ? undefined : { rule };
}

function checkTitle(map: YamlMap, title: string | undefined, report: Report): void {
  if (title === undefined || title === '') reportMissing(map, 'title', report);
  else if (title.length > 256) report(longTitle(map));
}

interface OldRule extends OldCondition {
  /** The document with what is searched for as its whole condition. */
  readonly searching: YamlMap;
}

/** A rule of the first Sigma whose condition ends in `| count() …`. */
function oldConditionOf(map: YamlMap): OldRule | undefined {
  const detection = entryOf(map, 'detection');
  const condition = entryOf(detection?.value, 'condition');
  if (detection?.value.kind !== 'map' || condition?.value.kind !== 'scalar') return undefined;
  const { text, at } = condition.value;
  const old = splitOldCondition(text, at);
  if (old === undefined) return undefined;
  const searched: YamlMap = withEntry(detection.value, {
    ...condition,
    value: { ...condition.value, value: old.search, text: old.search },
  });
  return { ...old, searching: withEntry(map, { ...detection, value: searched }) };
}

function withEntry(map: YamlMap, entry: YamlEntry): YamlMap {
  return { ...map, entries: map.entries.map((each) => (each.key === entry.key ? entry : each)) };
}

/** It becomes two: one that searches and gives no hits of its own, and a correlation that counts. */
function parseCounting(
  map: YamlMap,
  old: OldRule,
  title: string | undefined,
  place: Place,
  report: Report,
): Read | undefined {
  const searching = parseRule(old.searching, title, place, report);
  const said = parseAggregation(old, place.placeOf(old.at), report);
  const timespanSeconds = timeframeOf(map, old, report);
  if (searching === undefined || said === undefined || timespanSeconds === undefined) return undefined;
  const { info, details, file, line } = searching;
  const rule = { ...searching, info: { ...info, id: `${info.id}#searched` } };
  const correlation: CorrelationRule = {
    info: { ...info, kind: 'correlation' },
    details,
    file,
    line,
    rules: [{ text: rule.info.id, ...place.placeOf(old.at) }],
    aliases: [],
    timespanSeconds,
    percentile: 50,
    generate: false,
    ...said,
  };
  return { rule, correlation };
}

function timeframeOf(map: YamlMap, old: OldCondition, report: Report): number | undefined {
  const entry = entryOf(entryOf(map, 'detection')?.value, 'timeframe');
  const seconds = entry?.value.kind === 'scalar' ? parseTimespan(entry.value.text) : undefined;
  if (seconds !== undefined) return seconds;
  const message = 'the condition counts, and no timeframe says over how long';
  const at = entry?.value.at ?? old.at;
  const hint = 'add "timeframe: 5m" to the detection, or write a correlation rule';
  report({ code: 'POSTERN_SIGMA_AGGREGATION', severity: 'error', message, at, hint });
  return undefined;
}

function parseRule(
  map: YamlMap,
  title: string | undefined,
  place: Place,
  report: Report,
): SigmaRule | undefined {
  const detection = entryOf(map, 'detection')?.value;
  checkTaxonomy(map, report);
  const logsource = parseLogSource(map, report);
  if (logsource !== undefined && filtersOf(logsource).length === 0) report(noSource(map, logsource));
  const blockEntry = entryOf(map, 'postern');
  const block = blockEntry === undefined ? undefined : parsePosternBlock(blockEntry, report);
  const details = parseDetails(map, report);
  if (detection?.kind !== 'map') {
    reportMissing(map, 'detection', report);
    return undefined;
  }
  const isOwn = blockEntry !== undefined;
  const condition = parseDetection(detection, { report, placeholders: place.placeholders, isOwn });
  if (title === undefined || logsource === undefined) return undefined;
  const info = parseInfo(map, title, block, report);
  const captures = capturesOf(textsOf(map, 'fields'), info, condition);
  return { info, details, file: place.file, line: place.line, logsource, condition, captures };
}

function reportMissing(map: YamlMap, key: string, report: Report): void {
  const near = map.entries.map((entry) => entry.key).find((known) => didYouMean(known, [key]) !== undefined);
  const hint = near === undefined || near === key ? undefined : `did you mean "${key}" by "${near}"?`;
  const at = entryOf(map, near ?? key)?.at ?? map.at;
  report(
    withHint(
      { code: 'POSTERN_SIGMA_MISSING', severity: 'error', message: `the rule has no ${key}`, at },
      hint,
    ),
  );
}

function longTitle(map: YamlMap): Problem {
  const message = 'the title is longer than 256 characters';
  return {
    code: 'POSTERN_SIGMA_ATTRIBUTE',
    severity: 'warning',
    message,
    at: entryOf(map, 'title')?.value.at ?? map.at,
  };
}

function checkTaxonomy(map: YamlMap, report: Report): void {
  const taxonomy = textOf(map, 'taxonomy') ?? 'sigma';
  if (taxonomy === 'sigma') return;
  const at = entryOf(map, 'taxonomy')?.value.at ?? map.at;
  const message = `field names of the taxonomy "${taxonomy}" are not known`;
  report({ code: 'POSTERN_SIGMA_TAXONOMY', severity: 'error', message, at });
}

function noSource(map: YamlMap, source: LogSource): Problem {
  const words = Object.entries(source).map(([key, value]) => `${key} ${value}`);
  const message = `no source kind of ours for ${words.join(', ')}: the rule is loaded and never asked`;
  return {
    code: 'POSTERN_SIGMA_NO_SOURCE',
    severity: 'info',
    message,
    at: entryOf(map, 'logsource')?.at ?? map.at,
  };
}

/** What the rule asks to show and what the judgement needs of it; where it asks for nothing, what it compares. */
function capturesOf(
  shown: readonly string[],
  info: RuleInfo,
  condition: Expression<FieldTest>,
): readonly string[] {
  const names = new Set([...shown, ...Object.values(info.entities).flat(), ...info.joins]);
  if (info.implant !== undefined) names.add(info.implant.field);
  if (names.size === 0) visitTests(condition, ({ field }) => names.add(field));
  names.delete('');
  return [...names].slice(0, limits.fieldsPerShape);
}
