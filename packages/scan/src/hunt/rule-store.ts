import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeRuleSet, encodeRuleSet, type CachedRules } from '@postern/sigma';
import { posternVersion } from '../version.ts';

/** Fewer rule files are compiled faster than it is worth writing files for. */
const fewFiles = 200;

/** Text of a rule file, and its name. */
export interface RuleText {
  readonly path: string;
  readonly text: Uint8Array;
}

/**
 * Compiled rules kept in a folder between runs. They are used only if every text of the rules, what else they were made
 * of, and the program are the same; the folder may be deleted at any time. What cannot be read or written there is no
 * error: the rules are compiled.
 *
 * @param folder undefined: nothing is kept
 * @param options what else the rules are made of
 */
export function throughStore<T extends CachedRules>(
  folder: string | undefined,
  { texts, options }: { readonly texts: readonly RuleText[]; readonly options: string },
  compile: () => T,
): T {
  if (folder === undefined || texts.length < fewFiles) return compile();
  const key = keyOf(texts, options);
  const path = join(folder, nameOf(texts, options));
  const kept = readKept(path, key);
  // Made by this program of what has this key; its checksum holds.
  if (kept !== undefined) return kept as T;
  const compiled = compile();
  keep(path, encodeRuleSet(key, compiled));
  return compiled;
}

function readKept(path: string, key: string): CachedRules | undefined {
  try {
    return decodeRuleSet(key, readFileSync(path));
  } catch {
    return undefined;
  }
}

/** Whole or not at all: another run may read it meanwhile. */
function keep(path: string, bytes: Uint8Array): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished, bytes, { mode: 0o600 });
    renameSync(unfinished, path);
  } catch {
    discard(unfinished);
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // There is no such folder.
  }
}

function keyOf(texts: readonly RuleText[], options: string): string {
  const hash = createHash('sha256');
  hash.update(`${programKey()}\n${options}\n`);
  for (const { path, text } of texts) hash.update(`${path}\n${text.length}\n`).update(text);
  return hash.digest('hex');
}

/** By the first file and not by the texts, so that what is compiled of changed rules replaces what was kept before. */
function nameOf(texts: readonly RuleText[], options: string): string {
  const hash = createHash('sha256').update(`${options}\n`);
  const first = texts[0]?.path ?? '';
  hash.update(resolve(first));
  return `rules-${hash.digest('hex').slice(0, 16)}`;
}

/** The version, and in a checkout the state of the code that compiles: it may change without a new version. */
function programKey(): string {
  const parts = ['@postern/sigma', '@postern/match'].map((name) => {
    const folder = dirname(fileURLToPath(import.meta.resolve(name)));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
    return files.map((file) => {
      const { size, mtimeMs } = statSync(join(folder, file));
      return `${file} ${size} ${mtimeMs}`;
    });
  });
  return [posternVersion, ...parts.flat()].join('\n');
}
