// Holds the hits of rules through packages/webshell (YARA-X, WebAssembly) against those of Debian's yara on the same files:
//
//   node --conditions=@postern/source bench/yara.ts --rules DIR --files DIR… [--most 2000] [--named 20]
//
// Files of rules that either engine refuses are listed and compared no further. External variables are empty for both;
// `--named`: so many files are asked about again with their names, one by one, by the rules that use external variables.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  compileYara,
  keepLastModule,
  yaraEngineUrl,
  type YaraExternals,
  type YaraScanner,
} from '@postern/webshell';

const mebibyte = 1_048_576;
const names = ['filename', 'filepath', 'extension', 'filetype'] as const;
const nothing: YaraExternals = { filename: '', filepath: '', extension: '', filetype: '' };

interface RuleFile {
  readonly path: string;
  readonly text: string;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Distinct contents, the small and the large alike, at most so many, spread over all. */
function filesToScan(folders: readonly string[], most: number): readonly string[] {
  const seen = new Set<string>();
  const distinct = folders
    .flatMap((folder) => filesBelow(folder))
    .filter((path) => {
      const bytes = readFileSync(path);
      const hash = createHash('sha256').update(bytes).digest('hex');
      const isNew = bytes.length > 0 && bytes.length < 8 * mebibyte && !seen.has(hash);
      seen.add(hash);
      return isNew;
    });
  const step = Math.max(1, distinct.length / most);
  return Array.from(
    { length: Math.min(most, distinct.length) },
    (_, i) => distinct[Math.floor(i * step)] ?? '',
  );
}

function externalsOf(path: string): YaraExternals {
  return {
    filename: basename(path),
    filepath: path.toLowerCase(),
    extension: extname(path).toLowerCase(),
    filetype: '',
  };
}

/** What Debian's yara says of the files: `namespace:rule path` for each hit; undefined if it refuses the rules. */
function debianHits(
  rules: readonly RuleFile[],
  files: readonly string[],
  externals: YaraExternals,
): ReadonlySet<string> | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'postern-yara-'));
  try {
    const list = join(folder, 'files');
    writeFileSync(list, `${files.join('\n')}\n`);
    const given = names.flatMap((name) => ['-d', `${name}=${externals[name]}`]);
    const sources = rules.map(({ path }, i) => `n${i}:${path}`);
    const run = spawnSync(
      'yara',
      ['-w', '-p', '2', '-e', ...given, '-d', 'owner=', ...sources, '--scan-list', list],
      {
        encoding: 'utf8',
        maxBuffer: 512 * mebibyte,
      },
    );
    if (run.status !== 0) return undefined;
    const hits = run.stdout.split('\n').flatMap((line) => {
      const [, place, rule, path] = /^n(\d+):(\S+) (.*)$/.exec(line) ?? [];
      return path === undefined ? [] : [`${rules[Number(place)]?.path ?? ''} ${rule ?? ''} ${path}`];
    });
    return new Set(hits);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ownHits(scanner: YaraScanner, files: readonly string[], isNamed: boolean): ReadonlySet<string> {
  const hits = files.flatMap((path) => {
    const scan = scanner.scan(readFileSync(path), isNamed ? externalsOf(path) : nothing);
    for (const issue of scan.issues) console.log(`${issue.code} ${path}`);
    return scan.hits.map(({ file, rule }) => `${file} ${rule} ${path}`);
  });
  return new Set(hits);
}

function sayDifference(
  title: string,
  own: ReadonlySet<string>,
  debian: ReadonlySet<string>,
  refused: ReadonlySet<string>,
): void {
  const isCompared = (hit: string): boolean => !refused.has(hit.split(' ', 2).join(' '));
  const [ours, theirs] = [[...own].filter(isCompared), [...debian].filter(isCompared)];
  const missing = theirs.filter((hit) => !own.has(hit));
  const more = ours.filter((hit) => !debian.has(hit));
  console.log(
    `${title}: ${ours.length} hits, Debian's yara ${theirs.length}; ${missing.length} missing, ${more.length} more`,
  );
  for (const hit of missing.slice(0, 20)) console.log(`  missing ${hit}`);
  for (const hit of more.slice(0, 20)) console.log(`  more    ${hit}`);
}

function main(): void {
  const { values } = parseArgs({
    options: {
      rules: { type: 'string' },
      files: { type: 'string', multiple: true, default: [] },
      most: { type: 'string', default: '2000' },
      named: { type: 'string', default: '20' },
    },
  });
  const folder = values.rules ?? '';
  const rules = filesBelow(folder)
    .filter((path) => /\.ya?ra?$/i.test(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const accepted = rules.filter((rule) => debianHits([rule], ['/dev/null'], nothing) !== undefined);
  const refusedThere = rules.filter((rule) => !accepted.includes(rule));
  console.log(
    `${rules.length} files of rules; Debian's yara refuses ${refusedThere.length}: ${refusedThere.map(({ path }) => relative(folder, path)).join(' ')}`,
  );
  const started = performance.now();
  const wasm = readFileSync(fileURLToPath(yaraEngineUrl()));
  const scanner = compileYara(rules, wasm);
  const withNames = accepted.filter(({ text }) =>
    names.some((name) => new RegExp(`\\b${name}\\b`).test(text)),
  );
  const named = compileYara(withNames, wasm);
  keepLastModule();
  console.log(
    `YARA-X: ${scanner.loaded} rules in ${((performance.now() - started) / 1000).toFixed(1)} s, ${scanner.diagnostics.length} refused`,
  );
  for (const { path, line, rule, message } of scanner.diagnostics)
    console.log(`  ${relative(folder, path)}:${line ?? 0} ${rule ?? ''} ${message}`);
  const refused = new Set([
    ...scanner.diagnostics.map(({ path, rule }) => `${path} ${rule ?? ''}`),
    ...refusedThere.flatMap(({ path, text }) =>
      [...text.matchAll(/\brule\s+(\w+)/g)].map((m) => `${path} ${m[1] ?? ''}`),
    ),
  ]);
  const files = filesToScan(values.files, Number(values.most));
  const before = process.cpuUsage();
  const own = ownHits(scanner, files, false);
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${files.length} files, ${((user + system) / 1000 / files.length).toFixed(1)} ms of cpu a file`,
  );
  sayDifference('all rules', own, debianHits(accepted, files, nothing) ?? new Set(), refused);
  const some = filesToScan(values.files, Number(values.named));
  const debian = some.flatMap((path) => [...(debianHits(withNames, [path], externalsOf(path)) ?? [])]);
  sayDifference(
    `${withNames.length} files with external variables`,
    ownHits(named, some, true),
    new Set(debian),
    refused,
  );
}

main();
