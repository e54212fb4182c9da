import { limits, type RefusedRule, type RuleInfo } from '@postern/core';
import { parseDetection } from './detection.ts';
import { didYouMean, withHint, type Diagnostic, type Problem, type Report } from './diagnostic.ts';
import { readRuleDocuments, type RuleDocument } from './documents.ts';
import { visitTests, type Expression } from './expression.ts';
import type { FieldTest } from './field-test.ts';
import { filtersOf, type LogSource } from './logsource.ts';
import { parsePosternBlock } from './postern-block.ts';
import type { Placeholders } from './modifiers.ts';
import { parseDetails, parseInfo, parseLogSource, textsOf, type RuleDetails } from './rule-header.ts';
import { entryOf, textOf, type YamlMap } from './yaml-node.ts';

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
  const refused: RefusedRule[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const document of documents) {
    const { line } = placeOf(document.at);
    const place = { file, line, placeholders: options.placeholders ?? new Map<string, readonly string[]>() };
    const { rule, title, problems } = parseDocument(document, place);
    const fault = problems.find((problem) => problem.severity === 'error');
    if (rule !== undefined && fault === undefined) rules.push(rule);
    else refused.push(refusal(place, title, fault));
    diagnostics.push(...problems.map((problem) => toDiagnostic(problem, title, file, placeOf)));
  }
  return { rules, refused, diagnostics };
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

interface Place {
  readonly file: string;
  readonly line: number;
  readonly placeholders: Placeholders;
}

interface Outcome {
  readonly rule: SigmaRule | undefined;
  readonly title: string | undefined;
  readonly problems: readonly Problem[];
}

function parseDocument(document: RuleDocument, place: Place): Outcome {
  const problems: Problem[] = [...document.problems];
  const { rule: map } = document;
  const title = textOf(map, 'title')?.trim();
  // What could be read of a broken document would be another rule than the one that was meant.
  if (map === undefined || problems.some((problem) => problem.severity === 'error'))
    return { rule: undefined, title, problems };
  const report: Report = (problem) => problems.push(problem);
  const other = otherDocument(map);
  if (other !== undefined) {
    report(other);
    return { rule: undefined, title, problems };
  }
  return { rule: parseRule(map, title, place, report), title, problems };
}

/** Correlations and filters are documents of their own kind. */
function otherDocument(map: YamlMap): Problem | undefined {
  for (const [key, code] of [
    ['correlation', 'POSTERN_SIGMA_CORRELATION'],
    ['filter', 'POSTERN_SIGMA_FILTER'],
  ] as const) {
    const entry = entryOf(map, key);
    if (entry === undefined) continue;
    return { code, severity: 'error', message: `${key} documents are not evaluated yet`, at: entry.at };
  }
  return undefined;
}

function parseRule(
  map: YamlMap,
  title: string | undefined,
  place: Place,
  report: Report,
): SigmaRule | undefined {
  const detection = entryOf(map, 'detection')?.value;
  if (title === undefined || title === '') reportMissing(map, 'title', report);
  else if (title.length > 256) report(longTitle(map));
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
