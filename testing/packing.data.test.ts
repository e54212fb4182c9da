// What would be published works: packed, installed somewhere else without any registry, run as a user runs it.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Assessment } from '@postern/core';
import { listPackages, readManifest, ROOT } from './repository.ts';
import { evidenceTar, freshFolder, shortStory } from './scanning.ts';

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command elsewhere, without the condition that lets packages of a checkout run from their sources. */
function run(command: string, args: readonly string[], cwd: string): Ran {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const options = { cwd, env, encoding: 'utf8', shell: process.platform === 'win32' } as const;
  const { status, stdout, stderr } = spawnSync(command, [...args], options);
  return { status, out: stdout, err: stderr };
}

function succeed({ status, out, err }: Ran): void {
  if (status !== 0) throw new Error(`status ${status}\n${out}${err}`);
}

function tarballsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(folder, name));
}

/** Foreign packages that run at a user's, and what those need: as they lie in node_modules, so that none is fetched. */
function foreignPackages(): string[] {
  const found = new Set<string>();
  const add = (names: readonly string[]): void => {
    for (const name of names.filter((each) => !each.startsWith('@postern/') && !found.has(each))) {
      found.add(name);
      add(Object.keys(readManifest(`node_modules/${name}`).dependencies ?? {}));
    }
  };
  for (const name of listPackages().filter((each) => each !== 'example'))
    add(Object.keys(readManifest(`packages/${name}`).dependencies ?? {}));
  return [...found];
}

const home = join(freshFolder(), 'home');
const tarballs = join(freshFolder(), 'tarballs');
const postern = join(home, 'node_modules', '.bin', 'postern');

beforeAll(() => {
  mkdirSync(home);
  mkdirSync(tarballs);
  succeed(run(process.execPath, [join(ROOT, 'tools/start.mjs'), 'tools/pack.ts', tarballs], ROOT));
  const folders = foreignPackages().map((name) => join(ROOT, 'node_modules', name));
  succeed(run('npm', ['pack', '--ignore-scripts', '--pack-destination', tarballs, ...folders], tarballs));
  writeFileSync(join(home, 'package.json'), '{ "name": "home", "private": true }');
  const quiet = ['--offline', '--no-audit', '--no-fund', '--loglevel=error'];
  succeed(run('npm', ['install', ...quiet, ...tarballsIn(tarballs)], home));
});

describe('installed from tarballs', () => {
  test('the command is there, and the campaigns with it', () => {
    expect(run(postern, ['version'], home)).toEqual({ status: 0, out: 'postern 0.1.0\n', err: '' });
    expect(run(postern, ['pack', 'list'], home).out).toMatch(/^exchange-2021 /m);
  });

  test.each(['1', '2'])('postern scan finds the intrusion, with %s threads', (jobs) => {
    const { files } = shortStory('attack');
    const out = join(freshFolder(), 'out');
    const told = run(postern, ['scan', evidenceTar(files), '--out', out, '--jobs', jobs], home);
    expect(told).toMatchObject({ status: 0, out: expect.stringMatching(/^\s+COMPROMISED /m) as unknown });
    const assessment = JSON.parse(readFileSync(join(out, 'assessment.json'), 'utf8')) as Assessment;
    expect(assessment.servers.map(({ headline }) => headline?.verdict)).toEqual(['compromised']);
    expect(readdirSync(out).toSorted()).toEqual([
      'assessment.json',
      'findings.jsonl',
      'hashes.csv',
      'report.html',
      'run.json',
      'timeline.csv',
    ]);
  });

  test('no test, no sample and no source comes along', () => {
    const paths = readdirSync(join(home, 'node_modules', '@postern'), { recursive: true, encoding: 'utf8' });
    const files = paths.filter((path) => statSync(join(home, 'node_modules', '@postern', path)).isFile());
    expect(files.length).toBeGreaterThan(200);
    expect(files.filter((path) => /\.(?:test|bench)\.|[\\/]tests?(?:ing)?[\\/]|\.b64$/.test(path))).toEqual(
      [],
    );
    expect(files.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
  });
});
