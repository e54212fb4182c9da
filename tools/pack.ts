// Builds what would be published and packs it: one tarball per package, with compiled sources, and the campaigns in
// that of the command.
//
//   npm run pack -- OUT

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
/** Makes evidence for the demonstration and for tests; nobody installs it. */
const NOT_PUBLISHED = new Set(['example']);

/** Runs a command in the root; npm's messages go to stderr, so that stdout holds results only. */
function run(command: string, args: readonly string[]): void {
  const isWindows = process.platform === 'win32';
  const { status } = spawnSync(command, [...args], { cwd: ROOT, stdio: ['ignore', 2, 2], shell: isWindows });
  if (status !== 0) throw new Error(`${command} ${args[0] ?? ''} failed; its messages are above`);
}

/** A folder with what one package's tarball holds. */
function stage(name: string, folder: string): string {
  const [from, to] = [join(ROOT, 'packages', name), join(folder, name)];
  mkdirSync(to);
  for (const file of ['package.json', 'README.md'])
    if (existsSync(join(from, file))) cpSync(join(from, file), join(to, file));
  cpSync(join(ROOT, 'LICENSE'), join(to, 'LICENSE'));
  cpSync(join(from, 'dist'), join(to, 'dist'), { recursive: true, filter: (path) => isBuilt(path, from) });
  // Cases of packs are for those who write packs; samples in them would alarm virus scanners of users.
  const isNoCase = (path: string): boolean => !/[\\/]packs[\\/][^\\/]+[\\/]tests(?:[\\/]|$)/.test(path);
  if (name === 'cli') cpSync(join(ROOT, 'packs'), join(to, 'packs'), { recursive: true, filter: isNoCase });
  return to;
}

/** Code and types whose source is still there; an incremental build leaves what is gone. */
function isBuilt(path: string, from: string): boolean {
  const built = /^(.*)\.(?:js|d\.ts)$/.exec(path.slice(join(from, 'dist').length))?.[1];
  if (built === undefined) return !/\.(?:map|tsbuildinfo)$/.test(path);
  return existsSync(join(from, 'src', `${built}.ts`));
}

const [out] = process.argv.slice(2).filter((argument) => argument !== '--');
if (out === undefined) throw new Error('usage: npm run pack -- OUT');
mkdirSync(out, { recursive: true });
run(process.execPath, [join(ROOT, 'tools', 'start.mjs'), 'tsc', '-b']);
const folder = mkdtempSync(join(tmpdir(), 'postern-pack-'));
try {
  const names = readdirSync(join(ROOT, 'packages')).filter((name) => !NOT_PUBLISHED.has(name));
  const staged = names.map((name) => stage(name, folder));
  run('npm', ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', resolve(out), ...staged]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${readdirSync(out).length} tarballs in ${out}\n`);
