import { stableId, type Level, type RuleInfo } from '@postern/core';
import { didYouMean, withHint, type Report } from './diagnostic.ts';
import type { LogSource } from './logsource.ts';
import type { PosternBlock } from './postern-block.ts';
import { entryOf, textOf, type YamlMap, type YamlNode } from './yaml-node.ts';

/** The attributes of Sigma that describe a rule and are not evaluated. */
export interface RuleDetails {
  /** Unique handle that correlations may use. */
  readonly name?: string;
  readonly status?: string;
  readonly description?: string;
  readonly author?: string;
  readonly license?: string;
  readonly date?: string;
  readonly modified?: string;
  readonly tags: readonly string[];
  readonly related: readonly { readonly id: string; readonly type: string }[];
  /** Keys that Sigma does not know, kept for whoever does. */
  readonly custom: readonly { readonly key: string; readonly value: PlainValue }[];
}

/** A YAML value without its places. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | readonly (readonly [string, PlainValue])[];

const levels = ['informational', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Level[];
const statuses = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];
const relations = ['derived', 'obsolete', 'obsoletes', 'merged', 'renamed', 'similar', 'correlation'];
const knownKeys = new Set([
  'title',
  'id',
  'related',
  'name',
  'taxonomy',
  'status',
  'description',
  'license',
  'author',
  'references',
  'date',
  'modified',
  'logsource',
  'detection',
  'fields',
  'falsepositives',
  'level',
  'tags',
  'scope',
  'postern',
]);

/** Reads what describes the rule. Slips here are warnings: they do not change what is found. */
export function parseDetails(rule: YamlMap, report: Report): RuleDetails {
  warnUnless(rule, 'status', (text) => statuses.includes(text), 'is no status', statuses, report);
  warnUnless(rule, 'date', isDate, 'is no date', [], report);
  warnUnless(rule, 'modified', isDate, 'is no date', [], report);
  const details: Record<string, string> = {};
  for (const key of ['name', 'status', 'description', 'author', 'license', 'date', 'modified']) {
    const text = textOf(rule, key);
    if (text !== undefined) details[key] = text;
  }
  const custom = rule.entries.filter((entry) => !knownKeys.has(entry.key));
  return {
    ...details,
    tags: parseTags(rule, report),
    related: parseRelated(rule, report),
    custom: custom.map(({ key, value }) => ({ key, value: plainOf(value) })),
  };
}

function isDate(text: string): boolean {
  return /^\d{4}([-/])\d{1,2}\1\d{1,2}$/.test(text);
}

// oxlint-disable-next-line max-params -- one line of a table
function warnUnless(
  rule: YamlMap,
  key: string,
  isRight: (text: string) => boolean,
  what: string,
  known: readonly string[],
  report: Report,
): void {
  const text = textOf(rule, key);
  if (text === undefined || isRight(text)) return;
  attributeWarning(
    report,
    `"${text}" ${what}`,
    entryOf(rule, key)?.value.at ?? rule.at,
    didYouMean(text, known),
  );
}

function attributeWarning(report: Report, message: string, at: number, hint?: string): void {
  report(withHint({ code: 'POSTERN_SIGMA_ATTRIBUTE', severity: 'warning', message, at }, hint));
}

/** The texts of a list, or one text as a list of one. */
export function textsOf(rule: YamlMap, key: string): readonly string[] {
  const value = entryOf(rule, key)?.value;
  if (value === undefined || value.kind === 'map') return [];
  const nodes = value.kind === 'list' ? value.items : [value];
  return nodes.flatMap((node) => (node.kind === 'scalar' && node.value !== null ? [node.text] : []));
}

function parseTags(rule: YamlMap, report: Report): readonly string[] {
  const tags = textsOf(rule, 'tags');
  for (const tag of tags.filter((text) => !/^[a-z0-9_-]+\.[a-z0-9._-]+$/i.test(text))) {
    attributeWarning(
      report,
      `"${tag}" is no tag: a namespace, a dot, a name`,
      entryOf(rule, 'tags')?.at ?? rule.at,
    );
  }
  return tags;
}

function parseRelated(rule: YamlMap, report: Report): RuleDetails['related'] {
  const value = entryOf(rule, 'related')?.value;
  if (value?.kind !== 'list') return [];
  return value.items.flatMap((item) => {
    const id = textOf(item, 'id');
    const type = textOf(item, 'type');
    if (id === undefined || type === undefined) return [];
    if (!relations.includes(type))
      attributeWarning(report, `"${type}" is no relation`, item.at, didYouMean(type, relations));
    return [{ id, type }];
  });
}

function plainOf(node: YamlNode): PlainValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainOf);
  return node.entries.map(({ key, value }): readonly [string, PlainValue] => [key, plainOf(value)]);
}

/** Reads title, id and level, and joins them with the `postern:` block. Without a block the rule is a lead. */
export function parseInfo(
  rule: YamlMap,
  title: string,
  block: PosternBlock | undefined,
  report: Report,
): RuleInfo {
  const description = textOf(rule, 'description') ?? '';
  const tags = textsOf(rule, 'tags').map((tag) => tag.toLowerCase());
  const judged = block ?? leadBlock(title, description);
  return {
    ...judged,
    id: parseId(rule, title, report),
    title,
    kind: 'sigma',
    level: parseLevel(rule, report),
    cves: judged.cves.length > 0 ? judged.cves : tags.flatMap(cveOfTag),
    techniques: tags.flatMap(techniqueOfTag),
    falsePositives: textsOf(rule, 'falsepositives'),
    references: textsOf(rule, 'references'),
  };
}

function leadBlock(title: string, description: string): PosternBlock {
  const meaning = firstSentence(description) || title;
  return {
    stage: 'probe',
    witness: 'lead',
    act: 'lead',
    meaning,
    cves: [],
    flawProved: false,
    entities: {},
    joins: [],
  };
}

/** Up to the first full stop that ends a sentence, on one line. */
function firstSentence(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return /^.*?[^.\s]{2}[.!?](?= [A-Z(]|$)/.exec(line)?.[0] ?? line;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function parseId(rule: YamlMap, title: string, report: Report): string {
  const id = textOf(rule, 'id')?.trim() ?? '';
  if (id === '') return stableId('sigma', [title, JSON.stringify(plainOf(rule))]);
  if (!uuid.test(id))
    attributeWarning(report, `the id "${id}" is no UUID`, entryOf(rule, 'id')?.value.at ?? rule.at);
  return id;
}

function parseLevel(rule: YamlMap, report: Report): Level {
  const text = textOf(rule, 'level');
  const level = levels.find((known) => known === text?.toLowerCase());
  if (level !== undefined || text === undefined) return level ?? 'informational';
  const at = entryOf(rule, 'level')?.value.at ?? rule.at;
  attributeWarning(report, `"${text}" is no level; it counts as informational`, at, didYouMean(text, levels));
  return 'informational';
}

function techniqueOfTag(tag: string): string[] {
  const [, technique] = /^attack\.(t\d{4}(?:\.\d{3})?)$/.exec(tag) ?? [];
  return technique === undefined ? [] : [technique.toUpperCase()];
}

function cveOfTag(tag: string): string[] {
  const [, year, number] = /^cve\.(\d{4})[-.](\d{4,})$/.exec(tag) ?? [];
  return year === undefined || number === undefined ? [] : [`CVE-${year}-${number}`];
}

/** Reads the log source; undefined after an error. */
export function parseLogSource(rule: YamlMap, report: Report): LogSource | undefined {
  const value = entryOf(rule, 'logsource')?.value;
  if (value?.kind !== 'map')
    return logSourceError('the rule has no log source', value?.at ?? rule.at, report);
  const source: { category?: string; product?: string; service?: string } = {};
  for (const key of ['category', 'product', 'service'] as const) {
    const node = entryOf(value, key)?.value;
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) continue;
    if (node.kind !== 'scalar')
      return logSourceError(`the ${key} of the log source is no text`, node.at, report);
    const text = node.text.trim().toLowerCase().replaceAll(' ', '_');
    if (text !== '') source[key] = text;
  }
  if (Object.keys(source).length > 0) return source;
  return logSourceError('the log source has neither category, product nor service', value.at, report);
}

function logSourceError(message: string, at: number, report: Report): undefined {
  report({ code: 'POSTERN_SIGMA_LOGSOURCE', severity: 'error', message, at });
  return undefined;
}
