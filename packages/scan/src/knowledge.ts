import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import {
  compareText,
  givenBytes,
  givenText,
  PosternError,
  type Issue,
  type Pack,
  type RefusedRule,
  type RuleInfo,
} from '@postern/core';
import { compileIndicators, parseIndicators, type Indicator } from '@postern/intel';
import { loadPack, type LoadedPack, type PackDiagnostic } from '@postern/pack';
import {
  compileRules,
  linkRules,
  openRuleSet,
  parseRules,
  type CorrelationRule,
  type Diagnostic,
  type ParsedRules,
  type ParseOptions,
  type RuleSet,
} from '@postern/sigma';
import type { YaraFile } from '@postern/webshell';
import { readBaseline, type Baseline } from './baseline.ts';
import { refusedYara } from './yara-engine.ts';
import { yaraFilesOf } from './yara-files.ts';

/** What a scan knows before it sees evidence: plain data, the same for every worker. */
export interface Knowledge {
  readonly packs: readonly Pack[];
  readonly ruleSet: RuleSet;
  readonly indicators: readonly Indicator[];
  /** YARA files: the packs' and the user's. */
  readonly yara: readonly (YaraFile & { readonly pack?: string })[];
  readonly refused: readonly RefusedRule[];
  /** A clean server of the user's, if there is one. */
  readonly baseline?: Baseline;
}

export interface KnowledgeOptions {
  /** Folders of packs. */
  readonly packs: readonly string[];
  readonly rules: readonly string[];
  readonly yara: readonly string[];
  readonly indicators: readonly string[];
  /** Folders of a clean server. */
  readonly baseline?: readonly string[];
}

/**
 * Reads packs, rules and indicators from disk. One bad rule is refused and listed; a bad pack is our own mistake.
 * @throws PosternError `POSTERN_PACK_…` for a pack that cannot be used, `POSTERN_SCAN_NO_SUCH_FILE` for a wrong path
 */
export function loadKnowledge(options: KnowledgeOptions): Knowledge {
  const loaded = options.packs.map((folder) => loadPack(readFolder(folder, isRead)));
  const users = ruleFiles(options.rules).map((path) => parseRuleFile(path));
  const linked = linkRules(users);
  const ruleSet = compileRules([
    ...loaded.flatMap((pack) => pack.sigma),
    ...linked.rules.filter(({ info }) => !linked.silent.has(info.id)),
  ]);
  const lists = options.indicators.map((path) => ({
    path,
    ...parseIndicators(givenBytes(readBytesOf(path)), basename(path)),
  }));
  const usersYara = options.yara.flatMap(yaraFilesOf);
  return {
    packs: loaded.map((pack) => pack.pack),
    ruleSet,
    indicators: [...loaded.flatMap((pack) => pack.indicators), ...lists.flatMap((list) => list.indicators)],
    yara: [...loaded.flatMap(yaraOfPack), ...usersYara],
    ...(options.baseline === undefined || options.baseline.length === 0
      ? {}
      : { baseline: readBaseline(options.baseline) }),
    refused: [
      ...[
        ...loaded.flatMap((pack) => pack.diagnostics),
        ...users.flatMap((file) => file.diagnostics),
        ...linked.diagnostics,
      ].flatMap(refusal),
      ...options.rules.filter((path) => ruleFiles([path]).length === 0).map(withoutRules),
      ...users.flatMap(({ correlations }) => correlations).map(forHunts),
      ...refusedYara(usersYara),
      ...lists.flatMap(({ path, issues }) => issues.flatMap((issue) => refusedIndicator(path, issue))),
    ],
  };
}

/** Rule files below each path, in order. */
export function ruleFiles(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => filesUnder(path, ['.yml', '.yaml']));
}

/** Reads one file of rules. */
export function parseRuleFile(path: string, options: ParseOptions = {}): ParsedRules {
  return parseRuleText(readBytesOf(path), path, options);
}

/** The same of one that is read already. */
export function parseRuleText(text: Uint8Array, path: string, options: ParseOptions = {}): ParsedRules {
  return parseRules(givenText(text), path.split(sep).join('/'), options);
}

function withoutRules(path: string): RefusedRule {
  const reason = 'POSTERN_SCAN_NO_RULES: no file in this folder ends in .yml or .yaml';
  return { source: path, title: '', reason };
}

/** A scan judges single records; what comes of several is for `hunt`. */
function forHunts({ file, line, info }: CorrelationRule): RefusedRule {
  const reason = 'POSTERN_SIGMA_CORRELATION: a scan runs no correlations; "postern hunt" does';
  return { source: `${file}:${line}`, title: info.title, reason };
}

function yaraOfPack(loaded: LoadedPack): Knowledge['yara'] {
  return loaded.yara.map((file) => ({ ...file, pack: loaded.pack.id }));
}

/** A diagnostic that cost a rule, as it is listed; none for mere remarks. */
export function refusal(diagnostic: Diagnostic | PackDiagnostic): readonly RefusedRule[] {
  if (diagnostic.severity !== 'error') return [];
  const { file, line, column, code, message, hint } = diagnostic;
  const reason = `${code}: ${message}${hint === undefined ? '' : `; ${hint}`}`;
  return [{ source: `${file}:${line}:${column}`, title: diagnostic.rule ?? '', reason }];
}

function refusedIndicator(path: string, { code, severity, message, at }: Issue): readonly RefusedRule[] {
  if (severity === 'info') return [];
  const line = at?.line === undefined ? '' : `:${at.line}`;
  return [{ source: `${path}${line}`, title: '', reason: `${code}: ${message}` }];
}

/** The tests of a pack are for its authors: no result depends on them. */
function isRead(path: string): boolean {
  return !path.startsWith('tests/');
}

/** The files below a folder by their relative path with `/`, for a pack: all, or those that are wanted. */
export function readFolder(
  folder: string,
  isWanted: (path: string) => boolean = () => true,
): ReadonlyMap<string, Uint8Array> {
  const paths = filesUnder(folder, []).map((file) => relative(folder, file).split(sep).join('/'));
  return new Map(
    paths.filter((path) => isWanted(path)).map((path) => [path, readBytesOf(join(folder, path))]),
  );
}

function filesUnder(path: string, endings: readonly string[]): readonly string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw noSuchFile(path);
  if (stats.isFile()) return [path];
  const names = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const wanted = files.filter(
    (file) => endings.length === 0 || endings.some((ending) => file.endsWith(ending)),
  );
  return wanted.toSorted(compareText);
}

export function readBytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw noSuchFile(path, cause);
  }
}

function noSuchFile(path: string, cause?: unknown): PosternError {
  return new PosternError({
    code: 'POSTERN_SCAN_NO_SUCH_FILE',
    message: 'this file or folder cannot be read',
    at: path,
    hint: 'Check the spelling and the permissions of the path.',
    cause,
  });
}

/** Every rule that a scan runs, by id: what the judgement looks hits up in. Packs know which rules are theirs. */
export function ruleInfos(knowledge: Knowledge, more: readonly RuleInfo[]): ReadonlyMap<string, RuleInfo> {
  const own = knowledge.packs.flatMap((pack) => pack.rules);
  const compiled = openRuleSet(knowledge.ruleSet).rules;
  const all = [...compiled, ...compileIndicators(knowledge.indicators).rules, ...more, ...own];
  return new Map(all.map((rule) => [rule.id, rule]));
}
