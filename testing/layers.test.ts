// Holds the table of packages (who may import whom) against the real imports, manifests and project references.

import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listFiles, listPackages, readManifest, readText } from './repository.ts';

const ABOVE_SCAN = [
  'core',
  'match',
  'evtx',
  'weblog',
  'jsonlog',
  'sigma',
  'intel',
  'webshell',
  'incident',
  'pack',
  'collection',
];

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  match: ['core'],
  evtx: ['core'],
  weblog: ['core', 'match'],
  jsonlog: ['core', 'match'],
  sigma: ['core', 'match'],
  intel: ['core', 'match'],
  webshell: ['core', 'match'],
  incident: ['core'],
  pack: ['core', 'sigma', 'intel', 'webshell'],
  collection: ['core'],
  scan: ABOVE_SCAN,
  report: ['core'],
  cli: ['core', 'scan', 'report', 'pack', 'incident'],
  // The demonstration is worth something only if its evidence was made without knowledge of the rules that find it:
  // of all packages it may use the writer of event logs alone.
  example: ['evtx'],
};

/** Packages that may use files, the clock, the process. All others are pure. */
const NODE_FACING = new Set(['collection', 'scan', 'cli', 'example']);

/** What would make a pure package depend on the moment, the machine or its language. */
const IMPURE: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Date.now', /\bDate\s*\.\s*now\b/],
  ['new Date()', /\bnew\s+Date\s*(?:\(\s*\)|(?!\s*\())/],
  ['Math.random', /\bMath\s*\.\s*random\b/],
  ['crypto', /\b(?:globalThis\s*\.\s*)?crypto\s*\./],
  ['performance', /\bperformance\s*\./],
  ['process', /\bprocess\s*\./],
  ['fetch', /(?<!\.)\bfetch\s*\(/],
  ['timers', /\bset(?:Timeout|Interval|Immediate)\s*\(/],
  ['locale', /\b(?:Intl\s*\.|localeCompare\b|toLocale\w+)/],
  ['code from text', /\bnew\s+Function\b|\beval\s*\(/],
];

const IMPORT =
  /^\s*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*(['"])(?<from>[^'"]+)\1|\bimport\s*\(\s*(['"])(?<dynamic>[^'"]+)\3/gm;
const COMMENT_OR_STRING = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;

function withoutComments(text: string): string {
  return text.replaceAll(COMMENT_OR_STRING, (token) => (token.startsWith('/') ? ' ' : token));
}

function withoutCommentsAndStrings(text: string): string {
  return text.replaceAll(COMMENT_OR_STRING, (token) => (token.startsWith('/') ? ' ' : "''"));
}

function importsOf(text: string): string[] {
  return [...withoutComments(text).matchAll(IMPORT)].map(
    ({ groups }) => groups?.['from'] ?? groups?.['dynamic'] ?? '',
  );
}

function isTest(path: string): boolean {
  return /\.(?:test|bench)\.ts$/.test(path) || path.includes('/testing/');
}

const sources = listFiles('packages').filter(
  (path) => /^packages\/[^/]+\/src\/.*\.tsx?$/.test(path) && !isTest(path),
);
const sourcesOf = (name: string): string[] =>
  sources.filter((path) => path.startsWith(`packages/${name}/src/`));

/** Why a package must not import this, or undefined. */
function objection(name: string, path: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    if (!target.startsWith(`packages/${name}/src/`)) return 'leaves its package';
    return isTest(target) ? 'is for tests' : undefined;
  }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    if (!specifier.startsWith('node:')) return 'lacks the prefix node:';
    return NODE_FACING.has(name) ? undefined : 'is not for pure packages';
  }
  const [scope = '', rest = ''] = specifier.split('/');
  if (scope === '@postern')
    return MAY_IMPORT[name]?.includes(rest) === true ? undefined : 'is not in the table';
  const dependency = specifier.startsWith('@') ? `${scope}/${rest}` : scope;
  return readManifest(`packages/${name}`).dependencies?.[dependency] === undefined
    ? 'is not declared'
    : undefined;
}

describe('the reader of imports', () => {
  test('finds every form and no text that only looks like one', () => {
    const text = [
      "import a from 'a';",
      "import type { B } from 'b';",
      'import {\n  c,\n  d,\n} from "c";',
      "export * from 'd';",
      "export type { E } from './e.ts';",
      "import 'f';",
      "const g = await import('g');",
      "// import h from 'h';",
      "/* import i from 'i'; */",
      "export const j = 'from';",
      'export {};',
    ].join('\n');
    expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', './e.ts', 'f', 'g']);
  });

  test('sees what is impure in code, not in comments and strings', () => {
    const find = (text: string): string[] =>
      IMPURE.filter(([, pattern]) => pattern.test(withoutCommentsAndStrings(text))).map(([name]) => name);
    expect(find("const a = 'process.exit'; // Date.now()\nconst t = new Date(0);")).toEqual([]);
    expect(find('const t = new Date();')).toEqual(['new Date()']);
    expect(find('const t = Date.now() + Math.random();')).toEqual(['Date.now', 'Math.random']);
  });
});

test('the table names every package', () => {
  expect(listPackages()).toEqual(Object.keys(MAY_IMPORT).toSorted());
});

describe.each(Object.keys(MAY_IMPORT))('%s', (name) => {
  test('imports only what the table and its manifest allow', () => {
    const objections = sourcesOf(name).flatMap((path) =>
      importsOf(readText(path)).flatMap((specifier) => {
        const why = objection(name, path, specifier);
        return why === undefined ? [] : [`${path}: ${specifier} ${why}`];
      }),
    );
    expect(objections).toEqual([]);
  });

  test('declares and references exactly the packages of the table', () => {
    const table = (MAY_IMPORT[name] ?? []).toSorted();
    const declared = Object.keys(readManifest(`packages/${name}`).dependencies ?? {})
      .filter((dependency) => dependency.startsWith('@postern/'))
      .map((dependency) => dependency.slice('@postern/'.length));
    const config = JSON.parse(withoutComments(readText(`packages/${name}/tsconfig.json`))) as {
      readonly references: readonly { readonly path: string }[];
    };
    expect(declared.toSorted()).toEqual(table);
    expect(config.references.map(({ path }) => posix.basename(path)).toSorted()).toEqual(table);
  });
});

test.each(listPackages().filter((name) => !NODE_FACING.has(name)))('%s is pure', (name) => {
  const found = sourcesOf(name).flatMap((path) => {
    const code = withoutCommentsAndStrings(readText(path));
    return IMPURE.filter(([, pattern]) => pattern.test(code)).map(([what]) => `${path}: ${what}`);
  });
  expect(found).toEqual([]);
});
