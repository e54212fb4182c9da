import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RuleInfo } from '@postern/core';
import type { Knowledge } from './knowledge.ts';

/** The WebAssembly module of the YARA engine, read from its installed package. */
export function readYaraWasm(): Uint8Array {
  const require = createRequire(import.meta.url);
  return readFileSync(require.resolve('@virustotal/yara-x/yara_x_wasm_bg.wasm'));
}

/** What the judgement is told of YARA rules: those of packs support, the user's own are witnesses in a served path. */
export function yaraRules(_files: Knowledge['yara']): readonly RuleInfo[] {
  return [];
}
