import { compareText, PosternError, sha256Hex, type Pack } from '@postern/core';
import { parseIndicators, type Indicator } from '@postern/intel';
import { linkRules, parseRules, type ParsedRules, type SigmaRule } from '@postern/sigma';
import { readAdvice, type LoadedAdvice } from './advice.ts';
import { readBuilds } from './builds.ts';
import { readClaims } from './claims.ts';
import { Diagnostics, type PackDiagnostic } from './diagnostic.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { readTestCase, type TestCase } from './test-case.ts';
import { yaraRuleInfos, type YaraFile } from './yara.ts';
import { readYamlValue } from './yaml-value.ts';

/** A pack as it lies in memory: what the judgement reads, what the engines run, and what was wrong with it. */
export interface LoadedPack {
  readonly pack: Pack;
  /** The rules to be compiled; each carries its postern block. */
  readonly sigma: readonly SigmaRule[];
  /** Rule id → name (its file without the ending), as the test cases write it. */
  readonly names: ReadonlyMap<string, string>;
  readonly yara: readonly YaraFile[];
  readonly indicators: readonly Indicator[];
  readonly advice: readonly LoadedAdvice[];
  readonly tests: readonly TestCase[];
  /** Everything that was left out or looks wrong, with file and line. */
  readonly diagnostics: readonly PackDiagnostic[];
}

type Files = ReadonlyMap<string, Uint8Array>;

interface Loading {
  readonly files: Files;
  readonly texts: ReadonlyMap<string, string>;
  readonly diagnostics: Diagnostics;
}

/**
 * Loads a pack from its files (path inside the pack, with `/` → bytes). Rules, rows and advice that cannot be used are
 * left out and listed in `diagnostics`.
 *
 * @throws PosternError `POSTERN_PACK_MISSING` without `pack.yaml`; `POSTERN_PACK_BROKEN` if that file has an error,
 * with the first one and its line
 */
export function loadPack(files: Files): LoadedPack {
  const diagnostics = new Diagnostics();
  const loading = { files, texts: decodeTexts(files, diagnostics), diagnostics };
  const manifest = loadManifest(loading);
  const sigma = loadSigma(loading, manifest.id);
  const yara = textsUnder(loading, 'yara/', '.yar').map(([path, text]) => ({ path, text }));
  const advice = textsUnder(loading, 'advice/', '.md').flatMap(
    ([path, text]) => readAdvice(path, text, diagnostics.for(path)) ?? [],
  );
  const yaraRules = yara.flatMap((file) => yaraRuleInfos(file, manifest.id, diagnostics.for(file.path)));
  const pack: Pack = {
    ...manifest,
    sha256: hashOf(files),
    builds: table(loading, 'builds.csv', readBuilds),
    claims: table(loading, 'claims.csv', readClaims),
    advice: advice.map(({ rule }) => rule).toSorted((a, b) => a.order - b.order || compareText(a.id, b.id)),
    rules: [...sigma.rules.map(({ info }) => info), ...yaraRules],
  };
  const indicators = loadIndicators(loading, manifest.id);
  const tests = loadTests(loading);
  reportStrangers(loading);
  const names = new Map([...sigma.names, ...yaraRules.map(({ id }) => [id, id] as const)]);
  return {
    pack,
    sigma: sigma.rules,
    names,
    yara,
    indicators,
    advice,
    tests,
    diagnostics: diagnostics.sorted(),
  };
}

function decodeTexts(files: Files, diagnostics: Diagnostics): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [path, bytes] of [...files].toSorted(([a], [b]) => compareText(a, b))) {
    if (path.startsWith('tests/') && !path.endsWith('/expect.yaml')) continue;
    try {
      texts.set(path, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      diagnostics.for(path)({ code: 'POSTERN_PACK_YAML', message: 'the file is not UTF-8' });
    }
  }
  return texts;
}

function loadManifest({ texts, diagnostics }: Loading): Manifest {
  const text = texts.get('pack.yaml');
  if (text === undefined) {
    throw new PosternError({
      code: 'POSTERN_PACK_MISSING',
      message: 'this folder holds no pack: there is no pack.yaml that can be read',
      hint: 'Name the folder that holds pack.yaml itself.',
    });
  }
  const root = readYamlValue(text, diagnostics.for('pack.yaml'));
  const manifest = root === undefined ? undefined : readManifest(root);
  const errors = diagnostics.all.filter(({ file, severity }) => file === 'pack.yaml' && severity === 'error');
  const [first] = errors;
  if (manifest !== undefined && first === undefined) return manifest;
  throw new PosternError({
    code: 'POSTERN_PACK_BROKEN',
    message: `pack.yaml has ${errors.length === 1 ? 'an error' : `${errors.length} errors; the first`}: ${first?.message ?? 'the file is empty'}`,
    at: `pack.yaml:${first?.line ?? 1}:${first?.column ?? 1}`,
    hint: errors
      .slice(1, 4)
      .map(({ line, message }) => `line ${line}: ${message}`)
      .join('; '),
  });
}

function textsUnder({ texts }: Loading, folder: string, ending: string): [string, string][] {
  return [...texts].filter(([path]) => path.startsWith(folder) && path.endsWith(ending));
}

function table<T>(
  loading: Loading,
  path: string,
  read: (text: string, report: ReturnType<Diagnostics['for']>) => T[],
): T[] {
  const text = loading.texts.get(path);
  return text === undefined ? [] : read(text, loading.diagnostics.for(path));
}

function loadSigma(loading: Loading, pack: string): { rules: SigmaRule[]; names: Map<string, string> } {
  const names = new Map<string, string>();
  const rules = textsUnder(loading, 'sigma/', '.yml').flatMap(([path, text]) => {
    const parsed = parseRules(text, path);
    loading.diagnostics.all.push(...parsed.diagnostics);
    refuseOthers(parsed, loading.diagnostics.for(path));
    const { silent } = linkRules([parsed]);
    const stem = path.slice('sigma/'.length, -'.yml'.length);
    return parsed.rules.flatMap((rule, i) => {
      if (silent.has(rule.info.id)) return [];
      names.set(rule.info.id, i === 0 ? stem : `${stem}#${i + 1}`);
      return { ...rule, info: { ...rule.info, pack } };
    });
  });
  return { rules, names };
}

/** Correlations and filters are for hunts: a verdict is made of single records. */
function refuseOthers({ correlations, filters }: ParsedRules, report: ReturnType<Diagnostics['for']>): void {
  for (const { line } of [...correlations, ...filters])
    report({
      code: 'POSTERN_PACK_RULE',
      message: 'correlations and filters are no part of a pack; this one is left out',
      line,
    });
}

function loadIndicators(loading: Loading, pack: string): Indicator[] {
  const paths = [...loading.files].filter(([path]) => path.startsWith('indicators/'));
  return paths.flatMap(([path, bytes]) => {
    const { indicators, issues } = parseIndicators(bytes, path);
    for (const { code, severity, message, at } of issues) {
      loading.diagnostics.all.push({ code, severity, message, file: path, line: at?.line ?? 1, column: 1 });
    }
    return indicators.map((indicator) => ({ ...indicator, pack }));
  });
}

function loadTests(loading: Loading): TestCase[] {
  return textsUnder(loading, 'tests/', '/expect.yaml').flatMap(([path, text]) => {
    const folder = path.slice(0, -'expect.yaml'.length);
    const own = [...loading.files].filter(([file]) => file.startsWith(folder));
    const files = new Map(own.map(([file, bytes]) => [file.slice(folder.length), bytes]));
    const name = folder.slice('tests/'.length, -1);
    return readTestCase({ name, files }, text, loading.diagnostics.for(path)) ?? [];
  });
}

const known =
  /^(?:pack\.yaml|builds\.csv|claims\.csv|README\.md|sigma\/.+\.yml|yara\/.+\.yar|indicators\/.+\.(?:csv|txt)|advice\/[^/]+\.md|tests\/[^/]+\/.+)$/;

function reportStrangers({ files, diagnostics }: Loading): void {
  for (const path of files.keys()) {
    if (known.test(path)) continue;
    diagnostics.for(path)({
      code: 'POSTERN_PACK_UNKNOWN_FILE',
      message: 'no part of a pack has such a name; it is not read',
      severity: 'warning',
    });
  }
}

/** Over the names and hashes of all files but tests and README, which change no result. */
function hashOf(files: Files): string {
  const lines = [...files]
    .filter(([path]) => !path.startsWith('tests/') && path !== 'README.md')
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([path, bytes]) => `${sha256Hex(bytes)}  ${path}\n`);
  return sha256Hex(new TextEncoder().encode(lines.join('')));
}
