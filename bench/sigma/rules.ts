import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileRules, decodeRuleSet, encodeRuleSet, parseRules, type RuleSet } from '@postern/sigma';

const key = 'bench';

/** Files below a folder whose names end so, sorted. */
export function filesIn(folder: string, ending: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name }) => name.endsWith(ending))
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}

function timed<T>(what: string, run: () => T): T {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  const ms = (performance.now() - start).toFixed(0);
  process.stdout.write(`  ${what}: ${ms} ms, ${((user + system) / 1000).toFixed(0)} ms of CPU\n`);
  return result;
}

/** Loads the rules from YAML, writes the cache, and reads it back. */
export function loadRules(data: string, cache: string): void {
  const folders = readdirSync(join(data, 'sigmahq')).filter((name) => name.startsWith('rules'));
  const paths = folders.flatMap((folder) => filesIn(join(data, 'sigmahq', folder), '.yml'));
  process.stdout.write(`rules: ${paths.length} files\n`);
  const ruleSet = timed('from YAML', () =>
    compileRules(paths.flatMap((path) => parseRules(readFileSync(path, 'utf8'), path).rules)),
  );
  writeFileSync(cache, encodeRuleSet(key, { ruleSet, refused: [] }));
  timed('texts read and hashed, rules from the cache', () => {
    for (const path of paths) createHash('sha256').update(readFileSync(path)).digest();
    return ruleSetIn(cache);
  });
  timed('rules from the cache alone', () => ruleSetIn(cache));
  const isWindows = ({ sources }: RuleSet['rules'][number]): boolean =>
    sources.some(({ filter }) => filter.family === 'windows-event');
  const windows = ruleSet.rules.filter(isWindows).length;
  process.stdout.write(`  ${ruleSet.rules.length} rules loaded, ${windows} of Windows events\n`);
}

export function ruleSetIn(cache: string): RuleSet {
  const cached = decodeRuleSet(key, readFileSync(cache));
  if (cached === undefined) throw new Error('the cache cannot be read');
  return cached.ruleSet;
}

/** Evenly drawn literals of the Windows rules, ASCII and of 6 letters and more, each letter followed by a NUL. */
export function literalsOf(cache: string, count: number): readonly string[] {
  const texts = new Set<string>();
  for (const { value } of ruleSetIn(cache).tests) {
    if (value.kind !== 'text') continue;
    for (const part of value.pattern) {
      if (typeof part === 'string' && /^[\x20-\x7e]{6,}$/.test(part)) texts.add(part);
    }
  }
  const all = [...texts].toSorted();
  const step = all.length / count;
  return Array.from({ length: count }, (_, i) => all[Math.floor(i * step)] ?? '').map((text) =>
    Array.from(text, (letter) => `${letter}\0`).join(''),
  );
}
