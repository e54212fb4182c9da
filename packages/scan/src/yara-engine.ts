import type { RefusedRule, RuleInfo } from '@postern/core';
import { outlineYara } from '@postern/webshell';
import type { Knowledge } from './knowledge.ts';
import { WatchedYara } from './yara-watch.ts';

/** What the judgement is told of a user's own YARA rules; those of packs describe themselves. */
export function usersYaraRules(files: Knowledge['yara']): readonly RuleInfo[] {
  return files
    .filter((file) => file.pack === undefined)
    .flatMap((file) => outlineYara(file.text).rules.map((rule) => leadOf(rule.name)));
}

/** The user's YARA rules that do not compile. Those of packs are checked with the pack. */
export function refusedYara(files: Knowledge['yara']): readonly RefusedRule[] {
  if (files.length === 0) return [];
  const engine = new WatchedYara(files);
  const diagnostics = engine.diagnostics();
  engine.close();
  return diagnostics.map(({ path, line, rule, message }) => ({
    source: line === undefined ? path : `${path}:${line}`,
    title: rule ?? '',
    reason: `POSTERN_WEBSHELL_YARA: ${message}`,
  }));
}

function leadOf(name: string): RuleInfo {
  return {
    id: name,
    title: name,
    kind: 'yara',
    level: 'medium',
    meaning: `The content of the file matches the YARA rule ${name}.`,
    stage: 'success',
    witness: 'lead',
    act: 'page-content',
    cves: [],
    flawProved: false,
    techniques: [],
    falsePositives: [],
    entities: { path: ['path'], hash: ['sha256'] },
    joins: [],
    references: [],
  };
}
