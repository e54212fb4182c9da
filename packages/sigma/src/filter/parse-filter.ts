import { stableId } from '@postern/core';
import type { DocumentPlace } from '../correlation/parse-correlation.ts';
import { textsAt } from '../correlation/parse-correlation.ts';
import { parseDetection } from '../detection.ts';
import type { Report } from '../diagnostic.ts';
import type { Placeholders } from '../modifiers.ts';
import { parseLogSource } from '../rule-header.ts';
import { entryOf, textOf, type YamlMap } from '../yaml-node.ts';
import type { SigmaFilter } from './filter-rule.ts';

/** What the reading of a filter needs beside its text. */
export interface FilterContext {
  readonly place: DocumentPlace;
  readonly placeholders: Placeholders;
  readonly report: Report;
}

/**
 * Reads a document with a `filter` section; undefined after an error. Its condition says what is *kept* (as the
 * reference implementation has it: rule and filter), so authors write `not selection`; a bare positive form is remarked.
 */
export function parseFilter(map: YamlMap, title: string, context: FilterContext): SigmaFilter | undefined {
  const { place, placeholders, report } = context;
  const entry = entryOf(map, 'filter');
  const section = entry?.value;
  if (section?.kind !== 'map') return wrong(report, 'the filter section is no map', entry?.at ?? map.at);
  const logsource = parseLogSource(map, report);
  const rules = rulesOf(section, context);
  const searches = { ...section, entries: section.entries.filter(({ key }) => key !== 'rules') };
  const condition = parseDetection(searches, { report, placeholders, isOwn: false });
  remarkWording(section, report);
  if (logsource === undefined || rules === undefined) return undefined;
  const { file, line } = place;
  const id = textOf(map, 'id')?.trim() ?? stableId('filter', [title, file, line]);
  return { id, title, file, line, logsource, rules, condition };
}

function wrong(report: Report, message: string, at: number): undefined {
  report({ code: 'POSTERN_SIGMA_FILTER', severity: 'error', message, at });
  return undefined;
}

function rulesOf(section: YamlMap, { place, report }: FilterContext): SigmaFilter['rules'] | undefined {
  const entry = entryOf(section, 'rules');
  if (entry === undefined) return wrong(report, 'the filter does not say for which rules', section.at);
  const { value } = entry;
  if (value.kind === 'scalar' && value.text.toLowerCase() === 'any') return 'any';
  if (value.kind === 'list' && value.items.length === 0) return 'any';
  const named = textsAt(entry, place, report, 'POSTERN_SIGMA_FILTER');
  return named.length === 0 ? wrong(report, 'the filter does not say for which rules', value.at) : named;
}

/** `condition: selection` keeps what is selected; an older example of the specification means the opposite by it. */
function remarkWording(section: YamlMap, report: Report): void {
  const entry = entryOf(section, 'condition');
  if (entry === undefined || entry.value.kind !== 'scalar' || /\bnot\b/i.test(entry.value.text)) return;
  report({
    code: 'POSTERN_SIGMA_FILTER',
    severity: 'warning',
    message: `"${entry.value.text}" keeps only what is selected; nothing else of the rules is left`,
    at: entry.value.at,
    hint: `write "not ${entry.value.text}" to leave out what is selected`,
  });
}
