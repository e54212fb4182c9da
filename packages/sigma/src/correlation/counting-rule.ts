import type { Report } from '../diagnostic.ts';
import type { SigmaRule } from '../parse-rules.ts';
import { parseRule, type ReadDocument } from '../read-rule.ts';
import { entryOf, type YamlEntry, type YamlMap } from '../yaml-node.ts';
import { parseAggregation, splitOldCondition, type OldCondition } from './aggregation.ts';
import type { CorrelationRule } from './correlation-rule.ts';
import { parseTimespan } from './timespan.ts';

/** A document whose condition ends in `| count() …`. */
export interface OldRule extends OldCondition {
  /** The document with what is searched for as its whole condition. */
  readonly searching: YamlMap;
}

/** A rule of the first Sigma whose condition ends in `| count() …`. */
export function oldConditionOf(map: YamlMap): OldRule | undefined {
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

/** It becomes two: a rule that searches and gives no hits of its own, and a correlation that counts. */
export function parseCounting(
  old: OldRule,
  document: ReadDocument,
): { readonly rule: SigmaRule; readonly correlation: CorrelationRule } | undefined {
  const { map, place, report } = document;
  const searching = parseRule({ ...document, map: old.searching });
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
