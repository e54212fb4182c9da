import type { RefusedRule, RuleInfo } from '@postern/core';
import type { CorrelationRule } from './correlation/correlation-rule.ts';
import { oldConditionOf, parseCounting } from './correlation/counting-rule.ts';
import { parseCorrelation } from './correlation/parse-correlation.ts';
import type { Diagnostic, Problem, Report } from './diagnostic.ts';
import { readRuleDocuments, type RuleDocument } from './documents.ts';
import type { Expression } from './expression.ts';
import type { FieldTest } from './field-test.ts';
import type { SigmaFilter } from './filter/filter-rule.ts';
import { parseFilter } from './filter/parse-filter.ts';
import type { LogSource } from './logsource.ts';
import type { Placeholders } from './modifiers.ts';
import { checkTitle, parseRule, type RulePlace } from './read-rule.ts';
import type { RuleDetails } from './rule-header.ts';
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

function refusal(
  { file, line }: RulePlace,
  title: string | undefined,
  fault: Problem | undefined,
): RefusedRule {
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

function parseDocument(document: RuleDocument, place: RulePlace): Outcome {
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
  place: RulePlace,
  report: Report,
): Read | undefined {
  checkTitle({ map, title, place, report });
  if (entryOf(map, 'correlation') !== undefined)
    return { correlation: parseCorrelation(map, title ?? '', place, report) };
  if (entryOf(map, 'filter') !== undefined)
    return { filter: parseFilter(map, title ?? '', { place, placeholders: place.placeholders, report }) };
  const old = oldConditionOf(map);
  if (old !== undefined) return parseCounting(old, { map, title, place, report });
  const rule = parseRule({ map, title, place, report });
  return rule === undefined ? undefined : { rule };
}
