// What holds for the checkout as a whole: few dependencies, exact versions, nothing of the machine it was made on.

import { expect, test } from 'vitest';
import { listWrittenFiles, listPackages, readManifest, readText, ROOT } from './repository.ts';

/** Every foreign package that runs at a user's, with the reason why it is not written here. */
const RUNTIME_DEPENDENCIES: Readonly<Record<string, string>> = {
  '@virustotal/yara-x':
    'match, webshell: YARA as its authors understand it; no second implementation is complete',
  re2js: 'match: regular expressions from rules are hostile and must run in linear time',
  'tar-stream': 'collection: tar has five dialects, each with its own long names',
  yaml: 'sigma, pack: keeps lines and columns, so that a message can point at the fault in a rule',
  yauzl: 'collection: reads a zip from its directory, entry by entry, and checks it against the entries',
  zod: 'report: one description of the assessment gives the check, the types and the published schema',
};

const folders = ['.', ...listPackages().map((name) => `packages/${name}`)];

test('every runtime dependency has a reason', () => {
  const used = folders
    .flatMap((folder) => {
      const manifest = readManifest(folder);
      return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    })
    .filter((name) => !name.startsWith('@postern/'));
  expect([...new Set(used)].toSorted()).toEqual(Object.keys(RUNTIME_DEPENDENCIES).toSorted());
});

test('every version is exact', () => {
  const loose = folders.flatMap((folder) => {
    const { dependencies, devDependencies, optionalDependencies } = readManifest(folder);
    return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${folder}: ${name}@${version}`);
  });
  expect(loose).toEqual([]);
});

test('the pinned Node is the same everywhere', () => {
  const version = readText('.node-version').trim();
  const pinned = readManifest('.').optionalDependencies ?? {};
  const node = Object.entries(pinned).filter(([name]) => name.startsWith('node-'));
  expect(node.length).toBeGreaterThan(0);
  expect(node.filter(([, pin]) => pin !== version)).toEqual([]);
});

interface LockEntry {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = Object.entries(
  (JSON.parse(readText('package-lock.json')) as { readonly packages: Readonly<Record<string, LockEntry>> })
    .packages,
);

test('the lock file names no registry and vouches for every package', () => {
  expect(lock.filter(([, { resolved }]) => resolved?.includes('://') === true)).toEqual([]);
  const foreign = lock.filter(([path, { link }]) => path.startsWith('node_modules/') && link !== true);
  expect(foreign.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});

test('the lock file serves every platform', () => {
  // npm drops what it cannot find for another platform, without a word; there `npm ci` then fails.
  const paths = lock.map(([path]) => path);
  const missing = lock.flatMap(([, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter(
      (name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)),
    ),
  );
  expect(missing).toEqual([]);
});

test('no text names a path of the machine it was written on', () => {
  const machinePath = /(?<![\w.:*\\/-])\/(?:home|Users|root|work|workspace|builds)\/[\w.-]+/;
  // Evidence has paths of its own.
  const written = listWrittenFiles().filter(
    (path) => !/^corpus\/|^packs\/[^/]+\/tests\/|\/fixtures\//.test(path),
  );
  const found = written.flatMap((path) => {
    const text = readText(path);
    if (text.includes('\0')) return [];
    const hit = text.includes(ROOT) ? ROOT : machinePath.exec(text)?.[0];
    return hit === undefined ? [] : [`${path}: ${hit}`];
  });
  expect(found).toEqual([]);
});
