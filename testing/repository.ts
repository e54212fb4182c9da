import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/** The root of the checkout. */
export const ROOT: string = resolve(import.meta.dirname, '..');

/** Folders that are made, never written by hand. */
const MADE = new Set(['.git', '.cache', 'coverage', 'dist', 'node_modules', 'out']);

/** All files below a folder of the checkout, as sorted paths from the root with forward slashes. */
export function listFiles(folder = '.'): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = relative(ROOT, join(ROOT, folder, entry.name)).replaceAll(sep, '/');
      if (entry.isDirectory()) return MADE.has(entry.name) ? [] : listFiles(path);
      return entry.isFile() ? [path] : [];
    })
    .toSorted();
}

/** The files that are tracked or would be: what git ignores is left out where git is there to ask. */
export function listWrittenFiles(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) return listFiles();
  const written = new Set(stdout.split('\0'));
  return listFiles().filter((path) => written.has(path));
}

/** The names of the folders in `packages`. */
export function listPackages(): string[] {
  return readdirSync(join(ROOT, 'packages')).toSorted();
}

/** The text of a file of the checkout. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** What the tests look at in a `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Reads the manifest of a folder (`.` for the root). */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readText(`${folder}/package.json`)) as Manifest;
}
