import { type Issue, PosternError } from '@postern/core';
import { Compiler, initSync, type Rules, type Scanner } from '@virustotal/yara-x';
import { blankOut, outlineYara, prefixConditions } from './yara-source.ts';

/** A file of YARA rules. `path` is how messages name it, and what `include` is resolved against. */
export interface YaraFile {
  readonly path: string;
  readonly text: string;
  /** Known from an `include` alone: no rules of its own. */
  readonly isIncluded?: boolean;
}

/** Rules that were not loaded, and why. `rule` is absent where the whole file was refused. */
export interface YaraDiagnostic {
  readonly path: string;
  readonly line?: number;
  readonly rule?: string;
  /** As the compiler says it, the first line. */
  readonly message: string;
}

/** External variables that rules of the field expect. */
export interface YaraExternals {
  readonly filename: string;
  readonly filepath: string;
  /** With its dot: `.aspx`. */
  readonly extension: string;
  readonly filetype: string;
}

/** A rule that matched. Rules of two files may have one name: `file` tells them apart. */
export interface YaraHit {
  readonly rule: string;
  readonly file: string;
}

export interface YaraScan {
  readonly hits: readonly YaraHit[];
  /** Names of the rules that matched, each once, in the order of their files. */
  readonly rules: readonly string[];
  /** `POSTERN_WEBSHELL_YARA_CUT`: only the first bytes were scanned. `POSTERN_WEBSHELL_YARA_FAILED`: the engine gave up; the file is not judged. */
  readonly issues: readonly Issue[];
}

/** Compiled rules. They live in the engine's memory until {@link close}. */
export interface YaraScanner {
  /** How many rules were loaded, private ones included. */
  readonly loaded: number;
  readonly diagnostics: readonly YaraDiagnostic[];
  scan(bytes: Uint8Array, externals: YaraExternals): YaraScan;
  close(): void;
}

/** More of a file is not handed to the engine: it copies what it scans, and web content is far smaller. */
export const yaraBytes = 33_554_432;

/**
 * Goes before every condition and changes none. YARA-X 1.20 leaves out patterns where a rule that demands a size or a
 * head of files (`filesize < 20KB and`, `uint16(0) == 0x5A4D and`) shares them with a rule that does not, and that one
 * then misses its hits. It does not see such demands behind an `or`.
 */
const unseenBounds = ' filesize < 0 or ';

/** Rules blanked out of one file before the file is refused as a whole. */
const repairs = 12;
const fileNames = ['filename', 'filepath', 'extension', 'filetype'] as const;
const externalNames = [...fileNames, 'owner'] as const;

/** Where the engine lies: `yara_x_js_bg.wasm` beside the entry of `@virustotal/yara-x`. The caller reads it. */
export function yaraEngineUrl(): string {
  return import.meta.resolve('@virustotal/yara-x').replace(/[^/]*$/, 'yara_x_js_bg.wasm');
}

/**
 * Compiles rules with YARA-X. `wasm` is the content of {@link yaraEngineUrl}; it is used by the first call of a thread.
 * A file with errors loses the rules that have them, and if that does not help, all; each loss is a diagnostic.
 *
 * A scan costs some milliseconds whatever the file's size (2.6 ms with one rule, 15 ms with ten files of web shell
 * rules, measured in Node 24), for the engine's WebAssembly build makes the module of all conditions anew each time and
 * copies its memory to and fro with every call out of it: scan each distinct content once. The engine has no working
 * time limit, so a thread that may be ended should own it. Rules cannot be shared between threads.
 *
 * @throws PosternError `POSTERN_WEBSHELL_YARA_ENGINE` if the engine does not start
 */
export function compileYara(files: readonly YaraFile[], wasm: Uint8Array): YaraScanner {
  startEngine(wasm);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const diagnostics: YaraDiagnostic[] = [];
  const included = includedPaths(files, byPath);
  const units = files
    .filter((file) => file.isIncluded !== true && !included.has(file.path))
    .map((file) => unitOf(file, byPath, diagnostics));
  const { compiler, added } = compileUnits(units, diagnostics);
  try {
    return new EngineScanner(compiler.build(), added, diagnostics);
  } finally {
    compiler.free();
  }
}

/** Compiles all at once; only if some are refused, those are repaired and all is compiled again. */
function compileUnits(
  units: readonly Unit[],
  diagnostics: YaraDiagnostic[],
): { readonly compiler: Compiler; readonly added: readonly Unit[] } {
  const compiler = newCompiler();
  const refused = new Set(units.filter((unit) => !tryUnit(compiler, unit)));
  if (refused.size === 0) return { compiler, added: units };
  compiler.free();
  const added = units.flatMap((unit) => {
    const good = refused.has(unit) ? loadable(unit, diagnostics) : unit;
    return good === undefined ? [] : [good];
  });
  const again = newCompiler();
  for (const unit of added) addUnit(again, unit);
  return { compiler: again, added };
}

function tryUnit(compiler: Compiler, unit: Unit): boolean {
  try {
    addUnit(compiler, unit);
    return true;
  } catch {
    return false;
  }
}

function startEngine(wasm: Uint8Array): void {
  try {
    initSync({ module: new WebAssembly.Module(wasm) });
  } catch (cause) {
    throw new PosternError({
      code: 'POSTERN_WEBSHELL_YARA_ENGINE',
      message: 'The YARA engine does not start.',
      hint: 'Its file (yara_x_js_bg.wasm of @virustotal/yara-x) may be damaged: install again.',
      cause,
    });
  }
}

function newCompiler(): Compiler {
  const compiler = new Compiler();
  for (const name of externalNames) compiler.defineGlobal(name, '');
  return compiler;
}

/** A rule file and what it includes, the included first: one namespace of the engine. */
interface Unit {
  readonly path: string;
  readonly sources: readonly YaraFile[];
}

function unitOf(file: YaraFile, byPath: ReadonlyMap<string, YaraFile>, diagnostics: YaraDiagnostic[]): Unit {
  const sources: YaraFile[] = [];
  const seen = new Set<string>();
  /** Includes are resolved among the files given, relative to the including one, never beyond them. */
  const collect = (current: YaraFile): void => {
    seen.add(current.path);
    const { includes } = outlineYara(current.text);
    for (const { path } of includes) {
      const target = byPath.get(resolveInclude(current.path, path));
      if (target === undefined) {
        const message = `include "${path}": no such file in the folder of the rules`;
        diagnostics.push({ path: current.path, message });
      } else if (!seen.has(target.path)) collect(target);
    }
    const text = prefixConditions(blankOut(current.text, includes), unseenBounds);
    sources.push({ path: current.path, text });
  };
  collect(file);
  return { path: file.path, sources };
}

/**
 * Files that another one includes: their rules run as part of that, once. A ring of files that include each other has
 * no first one; each of those stays.
 */
function includedPaths(
  files: readonly YaraFile[],
  byPath: ReadonlyMap<string, YaraFile>,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const file of files) {
    for (const { path } of outlineYara(file.text).includes) {
      const target = byPath.get(resolveInclude(file.path, path));
      const isRing = target !== undefined && includes(target, file, byPath);
      if (target !== undefined && !isRing) found.add(target.path);
    }
  }
  return found;
}

/** True if `from` includes `wanted`, by any number of steps. */
function includes(from: YaraFile, wanted: YaraFile, byPath: ReadonlyMap<string, YaraFile>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (file === wanted) return true;
    if (seen.has(file.path)) continue;
    seen.add(file.path);
    for (const { path } of outlineYara(file.text).includes) {
      const target = byPath.get(resolveInclude(file.path, path));
      if (target !== undefined) open.push(target);
    }
  }
  return false;
}

/** The path that an `include` of the file at `from` means. */
export function resolveInclude(from: string, path: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function addUnit(compiler: Compiler, unit: Unit): void {
  compiler.newNamespace(unit.path);
  for (const source of unit.sources) compiler.addSource(source.text);
}

/** The unit without the rules that do not compile; undefined if nothing is left. */
function loadable(unit: Unit, diagnostics: YaraDiagnostic[]): Unit | undefined {
  let current = unit;
  for (let round = 0; round < repairs; round++) {
    const failure = failureOf(current);
    if (failure === undefined) return current;
    const repaired = withoutBroken(current, failure, diagnostics);
    if (repaired === undefined) break;
    current = repaired;
  }
  const failure = failureOf(current);
  if (failure === undefined) return current;
  diagnostics.push({ path: unit.path, ...lineOf(failure.errors[0]), message: firstLine(failure.errors[0]) });
  return undefined;
}

interface Failure {
  /** Index of the source that was refused. */
  readonly source: number;
  readonly errors: readonly string[];
}

function failureOf(unit: Unit): Failure | undefined {
  const compiler = newCompiler();
  compiler.newNamespace(unit.path);
  let source = 0;
  try {
    for (; source < unit.sources.length; source++) compiler.addSource(unit.sources[source]?.text ?? '');
    return undefined;
  } catch {
    return { source, errors: compiler.errors };
  } finally {
    compiler.free();
  }
}

function withoutBroken(unit: Unit, failure: Failure, diagnostics: YaraDiagnostic[]): Unit | undefined {
  const file = unit.sources[failure.source];
  if (file === undefined) return undefined;
  const { rules } = outlineYara(file.text);
  const broken = new Map<number, YaraDiagnostic>();
  for (const error of failure.errors) {
    const line = lineOf(error).line ?? 0;
    const index = rules.findLastIndex((rule) => rule.line <= line);
    const rule = rules[index];
    if (rule === undefined) return undefined;
    if (!broken.has(index))
      broken.set(index, { path: file.path, line, rule: rule.name, message: firstLine(error) });
  }
  if (broken.size === 0) return undefined;
  diagnostics.push(...broken.values());
  const text = blankOut(
    file.text,
    rules.filter((_, i) => broken.has(i)),
  );
  return { ...unit, sources: unit.sources.map((s, i) => (i === failure.source ? { ...s, text } : s)) };
}

function lineOf(error: string | undefined): { readonly line?: number } {
  const line = /-->\s*line:(\d+):/.exec(error ?? '')?.[1];
  return line === undefined ? {} : { line: Number(line) };
}

function firstLine(error: string | undefined): string {
  return (error ?? 'the compiler refused it').split('\n', 1)[0] ?? '';
}

function rulesIn({ sources }: Unit): number {
  return outlineYara(sources.at(-1)?.text ?? '').rules.length;
}

/** The external variables that the rules speak of; more than they do in truth where a string or comment says the word. */
function namesUsed(units: readonly Unit[]): readonly (keyof YaraExternals)[] {
  const texts = units.flatMap(({ sources }) => sources.map(({ text }) => text));
  return fileNames.filter((name) => texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)));
}

class EngineScanner implements YaraScanner {
  readonly loaded: number;
  readonly diagnostics: readonly YaraDiagnostic[];
  readonly #rules: Rules;
  readonly #scanner: Scanner;
  readonly #names: readonly (keyof YaraExternals)[];
  readonly #set: Map<string, string> = new Map();

  constructor(rules: Rules, units: readonly Unit[], diagnostics: readonly YaraDiagnostic[]) {
    this.#rules = rules;
    this.#names = namesUsed(units);
    this.#scanner = rules.scanner();
    this.#scanner.setMaxMatchesPerPattern(1_000_000);
    this.loaded = units.reduce((sum, unit) => sum + rulesIn(unit), 0);
    this.diagnostics = diagnostics;
  }

  scan(bytes: Uint8Array, externals: YaraExternals): YaraScan {
    const issues: Issue[] = bytes.length > yaraBytes ? [cutIssue(bytes.length)] : [];
    try {
      this.#setNames(externals);
      const result: unknown = this.#scanner.scan(bytes.subarray(0, yaraBytes));
      const hits = hitsOf(result);
      return { hits, rules: [...new Set(hits.map((hit) => hit.rule))], issues };
    } catch (error) {
      return { hits: [], rules: [], issues: [...issues, failedIssue(error)] };
    }
  }

  /** Each costs the engine some milliseconds, for it starts anew: only those that rules ask for, and only once they change. */
  #setNames(externals: YaraExternals): void {
    for (const name of this.#names) {
      const value = externals[name];
      if (this.#set.get(name) === value) continue;
      this.#scanner.setGlobal(name, value);
      this.#set.set(name, value);
    }
  }

  close(): void {
    this.#scanner.free();
    this.#rules.free();
  }
}

function cutIssue(size: number): Issue {
  return {
    code: 'POSTERN_WEBSHELL_YARA_CUT',
    severity: 'warning',
    message: 'The file is larger than what YARA rules are run on: only its first part was scanned.',
    expected: `at most ${yaraBytes} bytes`,
    found: `${size} bytes`,
    at: { offset: yaraBytes },
  };
}

function failedIssue(error: unknown): Issue {
  const found = error instanceof Error ? error.message.slice(0, 200) : 'no reason given';
  return {
    code: 'POSTERN_WEBSHELL_YARA_FAILED',
    severity: 'error',
    message: 'The YARA engine gave up on this file; its rules are not judged.',
    found,
  };
}

function hitsOf(result: unknown): readonly YaraHit[] {
  const matches = property(result, 'matches');
  if (!Array.isArray(matches)) return [];
  return matches.flatMap((match: unknown): YaraHit[] => {
    const rule = property(match, 'identifier');
    const file = property(match, 'namespace');
    const shown = property(match, 'isPrivate') !== true;
    return shown && typeof rule === 'string' && typeof file === 'string' ? [{ rule, file }] : [];
  });
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
