import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RuleInfo } from '@postern/core';
import { outlineYara, yaraEngineUrl } from '@postern/webshell';
import type { Knowledge } from './knowledge.ts';

/** The WebAssembly module of the YARA engine, read from its installed package. */
export function readYaraWasm(): Uint8Array {
  return readFileSync(fileURLToPath(yaraEngineUrl()));
}

/** What the judgement is told of a user's own YARA rules; those of packs describe themselves. */
export function usersYaraRules(files: Knowledge['yara']): readonly RuleInfo[] {
  return files
    .filter((file) => file.pack === undefined)
    .flatMap((file) => outlineYara(file.text).rules.map((rule) => leadOf(rule.name)));
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
