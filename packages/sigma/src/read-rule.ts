import { limits, type RuleInfo } from '@postern/core';
import type { DocumentPlace } from './correlation/parse-correlation.ts';
import { parseDetection } from './detection.ts';
import { didYouMean, withHint, type Problem, type Report } from './diagnostic.ts';
import { visitTests, type Expression } from './expression.ts';
import type { FieldTest } from './field-test.ts';
import { filtersOf, type LogSource } from './logsource.ts';
import type { Placeholders } from './modifiers.ts';
import type { SigmaRule } from './parse-rules.ts';
import { parsePosternBlock } from './postern-block.ts';
import { parseDetails, parseInfo, parseLogSource, textsOf } from './rule-header.ts';
import { entryOf, textOf, type YamlMap } from './yaml-node.ts';

/** Where a document stands, and what its placeholders stand for. */
export interface RulePlace extends DocumentPlace {
  readonly placeholders: Placeholders;
}

/** A document while it is read. */
export interface ReadDocument {
  readonly map: YamlMap;
  readonly title: string | undefined;
  readonly place: RulePlace;
  readonly report: Report;
}

/** Every document has a title. */
export function checkTitle({ map, title, report }: ReadDocument): void {
  if (title === undefined || title === '') reportMissing(map, 'title', report);
  else if (title.length > 256) report(longTitle(map));
}

/** Reads a document as a rule that searches; undefined after an error. */
export function parseRule({ map, title, place, report }: ReadDocument): SigmaRule | undefined {
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
