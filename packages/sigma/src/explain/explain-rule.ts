import type { Report } from '../diagnostic.ts';
import { parseCondition } from '../condition.ts';
import { parseSelection, type DetectionContext } from '../detection.ts';
import { readRuleDocuments } from '../documents.ts';
import { allOf, anyOf, constant, visitTests, type Expression } from '../expression.ts';
import type { FieldTest } from '../field-test.ts';
import type { ParseOptions, SigmaRule } from '../parse-rules.ts';
import { parseRule } from '../read-rule.ts';
import { entryOf, textOf, type YamlMap, type YamlNode } from '../yaml-node.ts';

/** A rule taken apart, so that it can be said which part of it a record does not fit. Plain data. */
export interface ExplainedRule {
  readonly rule: SigmaRule;
  /**
   * To be compiled together, in this order: the log source alone, the whole rule, then one for each of `labels`. A
   * record of the right shape matches the first; which of the others it matches is what {@link whyNot} is asked with.
   */
  readonly probes: readonly SigmaRule[];
  /** What the author wrote, for each part. */
  readonly labels: readonly string[];
  /** Search identifier → its parts. */
  readonly selections: readonly { readonly name: string; readonly parts: Expression<number> }[];
  /** Over numbers of `selections`. */
  readonly condition: Expression<number>;
}

/** Probes that stand before those of the parts. */
export const explainedProbes = 2;

/** Takes apart the first rule of a file that `isWanted`; undefined if there is none, or if it does not run. */
export function explainRule(
  text: string,
  file: string,
  isWanted: (rule: SigmaRule) => boolean,
  options: ParseOptions = {},
): ExplainedRule | undefined {
  const { documents, placeOf } = readRuleDocuments(text);
  for (const { rule: map, at } of documents) {
    let isSound = true;
    const report: Report = ({ severity }) => (isSound &&= severity !== 'error');
    const placeholders = options.placeholders ?? new Map<string, readonly string[]>();
    const place = { file, line: placeOf(at).line, placeOf, placeholders };
    const rule =
      map === undefined ? undefined : parseRule({ map, title: textOf(map, 'title'), place, report });
    if (map === undefined || rule === undefined || !isSound || !isWanted(rule)) continue;
    const isOwn = entryOf(map, 'postern') !== undefined;
    return takeApart(rule, map, { report, placeholders, isOwn });
  }
  return undefined;
}

function takeApart(rule: SigmaRule, map: YamlMap, context: DetectionContext): ExplainedRule | undefined {
  const detection = entryOf(map, 'detection')?.value;
  if (detection?.kind !== 'map') return undefined;
  const parts = new Parts(rule, context);
  const searches = detection.entries.filter(({ key }) => key !== 'condition' && key !== 'timeframe');
  const selections = searches.map(({ key, value }) => ({ name: key, parts: parts.of(value) }));
  const named = new Map(
    selections.map(({ name }, index): [string, Expression<number>] => [name, { op: 'test', test: index }]),
  );
  const entry = entryOf(detection, 'condition');
  const nodes = entry?.value.kind === 'list' ? entry.value.items : entry === undefined ? [] : [entry.value];
  const conditions = nodes.map((node) =>
    node.kind === 'scalar' ? parseCondition(node.text, node.at, named, context.report) : undefined,
  );
  const condition = anyOf(conditions.map((each) => each ?? constant(false)));
  const source: SigmaRule = { ...rule, condition: constant(true), captures: fieldsOf(rule.condition) };
  return { rule, probes: [source, rule, ...parts.probes], labels: parts.labels, selections, condition };
}

function fieldsOf(condition: Expression<FieldTest>): readonly string[] {
  const fields = new Set<string>();
  visitTests(condition, ({ field }) => fields.add(field));
  fields.delete('');
  return [...fields];
}

/** The items of selections, numbered as they come. */
class Parts {
  readonly labels: string[] = [];
  readonly probes: SigmaRule[] = [];
  private readonly rule: SigmaRule;
  private readonly context: DetectionContext;

  constructor(rule: SigmaRule, context: DetectionContext) {
    this.rule = rule;
    this.context = context;
  }

  of(node: YamlNode): Expression<number> {
    if (node.kind === 'list' && node.items.some(({ kind }) => kind !== 'scalar'))
      return anyOf(node.items.map((item) => this.of(item)));
    if (node.kind === 'map' && node.entries.length > 1)
      return allOf(node.entries.map((entry) => this.of({ ...node, entries: [entry] })));
    return this.add(labelOf(node), parseSelection(node, this.context));
  }

  private add(label: string, condition: Expression<FieldTest>): Expression<number> {
    this.probes.push({ ...this.rule, condition, captures: [] });
    return { op: 'test', test: this.labels.push(label) - 1 };
  }
}

/** Characters of a label; the file has the rest. */
const labelCharacters = 160;

function labelOf(node: YamlNode): string {
  const label =
    node.kind === 'map'
      ? node.entries.map(({ key, value }) => `${key}: ${valueOf(value)}`).join(', ')
      : valueOf(node);
  return label.length <= labelCharacters ? label : `${label.slice(0, labelCharacters - 1)}…`;
}

function valueOf(node: YamlNode): string {
  if (node.kind === 'scalar')
    return node.value === null ? 'null' : typeof node.value === 'string' ? `'${node.text}'` : node.text;
  return node.kind === 'list' ? `[${node.items.map(valueOf).join(', ')}]` : '{…}';
}
