import type { EntityKind, ImplantKind, RuleInfo, Stage, Witness } from '@postern/core';
import { didYouMean, withHint, type Report } from './diagnostic.ts';
import { entryOf, textOf, type YamlEntry, type YamlMap, type YamlNode } from './yaml-node.ts';

/** What a `postern:` block says of its rule: the part of {@link RuleInfo} that Sigma itself has no words for. */
export type PosternBlock = Pick<
  RuleInfo,
  'stage' | 'witness' | 'act' | 'meaning' | 'cves' | 'flawProved' | 'entities' | 'implant' | 'joins'
>;

const stages = ['probe', 'attempt', 'success', 'use', 'aftermath'] as const satisfies readonly Stage[];
const witnesses = ['direct', 'indirect', 'lead'] as const satisfies readonly Witness[];
const entityKinds = [
  'address',
  'account',
  'path',
  'url',
  'hash',
  'agent',
  'mailbox',
  'host',
] as const satisfies readonly EntityKind[];
const implantKinds = [
  'web-shell',
  'iis-module',
  'virtual-directory',
  'transport-agent',
  'scheduled-task',
  'service',
  'account',
  'other',
] as const satisfies readonly ImplantKind[];
const implantForms = ['path', 'url'] as const;
const implantEvents = ['placed', 'seen', 'used', 'removed', 'probed'] as const;
const blockKeys = [
  'stage',
  'witness',
  'act',
  'meaning',
  'cves',
  'flawProved',
  'entities',
  'implant',
  'joins',
];
const implantKeys = ['kind', 'field', 'is', 'event'];

/**
 * Reads the `postern:` block of a rule. A slip in it would change verdicts, so each is an error and the rule is left
 * out; undefined then.
 */
export function parsePosternBlock(entry: YamlEntry, report: Report): PosternBlock | undefined {
  const block = entry.value;
  if (block.kind !== 'map') {
    blockError(report, 'the postern block is no map', entry.at);
    return undefined;
  }
  checkKeys(block, blockKeys, report);
  const stage = wordOf(block, 'stage', stages, report);
  const witness = wordOf(block, 'witness', witnesses, report);
  const act = requiredText(block, 'act', report);
  const meaning = requiredText(block, 'meaning', report);
  const implant = parseImplant(entryOf(block, 'implant'), report);
  if (stage === undefined || witness === undefined || act === undefined || meaning === undefined)
    return undefined;
  const cves = parseCves(block, report);
  const lists = {
    cves,
    joins: textsOf(entryOf(block, 'joins'), report),
    entities: parseEntities(block, report),
  };
  const parsed = { stage, witness, act, meaning, flawProved: flagOf(block, 'flawProved', report), ...lists };
  return implant === undefined ? parsed : { ...parsed, implant };
}

function blockError(report: Report, message: string, at: number, hint?: string): void {
  report(withHint({ code: 'POSTERN_SIGMA_BLOCK', severity: 'error', message, at }, hint));
}

function checkKeys(map: YamlMap, known: readonly string[], report: Report): void {
  for (const { key, at } of map.entries) {
    if (!known.includes(key))
      blockError(report, `the postern block has no "${key}"`, at, didYouMean(key, known));
  }
}

function wordOf<T extends string>(
  map: YamlMap,
  key: string,
  words: readonly T[],
  report: Report,
): T | undefined {
  const text = requiredText(map, key, report);
  const word = words.find((known) => known === text);
  if (word !== undefined || text === undefined) return word;
  const hint = didYouMean(text, words) ?? `one of ${words.join(', ')}`;
  blockError(report, `"${text}" is no ${key}`, entryOf(map, key)?.value.at ?? map.at, hint);
  return undefined;
}

function requiredText(map: YamlMap, key: string, report: Report): string | undefined {
  const text = textOf(map, key)?.trim();
  if (text !== undefined && text !== '') return text;
  blockError(report, `the postern block needs "${key}"`, entryOf(map, key)?.at ?? map.at);
  return undefined;
}

function flagOf(map: YamlMap, key: string, report: Report): boolean {
  const value = entryOf(map, key)?.value;
  if (value === undefined) return false;
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
  blockError(report, `"${key}" is true or false`, value.at);
  return false;
}

function parseCves(block: YamlMap, report: Report): readonly string[] {
  const entry = entryOf(block, 'cves');
  const cves = textsOf(entry, report);
  for (const cve of cves.filter((text) => !/^CVE-\d{4}-\d{4,}$/.test(text))) {
    blockError(report, `"${cve}" is no CVE`, entry?.value.at ?? block.at, 'write CVE-2021-26855');
  }
  return cves;
}

function parseEntities(block: YamlMap, report: Report): RuleInfo['entities'] {
  const entry = entryOf(block, 'entities');
  const entities: Partial<Record<EntityKind, readonly string[]>> = {};
  if (entry === undefined) return entities;
  if (entry.value.kind !== 'map') {
    blockError(report, '"entities" is a map from a kind to fields', entry.value.at);
    return entities;
  }
  checkKeys(entry.value, entityKinds, report);
  for (const item of entry.value.entries) {
    const kind = entityKinds.find((known) => known === item.key);
    if (kind !== undefined) entities[kind] = textsOf(item, report);
  }
  return entities;
}

function parseImplant(entry: YamlEntry | undefined, report: Report): PosternBlock['implant'] {
  if (entry === undefined) return undefined;
  if (entry.value.kind !== 'map') {
    blockError(report, '"implant" is a map', entry.value.at);
    return undefined;
  }
  checkKeys(entry.value, implantKeys, report);
  const kind = wordOf(entry.value, 'kind', implantKinds, report);
  const is = wordOf(entry.value, 'is', implantForms, report);
  const event = wordOf(entry.value, 'event', implantEvents, report);
  const field = requiredText(entry.value, 'field', report);
  if (kind === undefined || is === undefined || event === undefined || field === undefined) return undefined;
  return { kind, is, event, field };
}

/** A list of texts, or one text as a list of one. */
function textsOf(entry: YamlEntry | undefined, report: Report): readonly string[] {
  if (entry === undefined) return [];
  const nodes: readonly YamlNode[] = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return nodes.flatMap((node) => {
    if (node.kind === 'scalar' && node.value !== null && node.text !== '') return [node.text];
    blockError(report, `"${entry.key}" is a list of texts`, node.at);
    return [];
  });
}
