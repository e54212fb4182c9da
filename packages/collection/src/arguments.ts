import type { Stats } from 'node:fs';
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { compareText, PosternError } from '@postern/core';
import { errorCode } from './file-range.ts';
import { archiveStem } from './layout/segments.ts';

/** A PATH of the command line, looked up. */
export interface Argument {
  /** Absolute, with all links resolved. */
  readonly real: string;
  readonly isFolder: boolean;
  /** Neither: a device, a pipe, a socket. */
  readonly isFile: boolean;
  /** Distinguishes it from the other arguments, by as little of its path as that takes. */
  readonly name: string;
}

/**
 * Looks up the PATHs. One that is given twice, or lies inside another, counts once. The order does not matter: they
 * come back sorted.
 *
 * @throws PosternError POSTERN_COLLECTION_NO_PATH, POSTERN_COLLECTION_NOT_FOUND
 */
export function lookUp(paths: readonly string[]): readonly Argument[] {
  if (paths.length === 0) {
    throw new PosternError({
      code: 'POSTERN_COLLECTION_NO_PATH',
      message: 'no evidence was named',
      hint: 'Name a file, a folder or an archive (zip, 7z, tar, tar.gz, gz): postern scan PATH…',
    });
  }
  const found = new Map(paths.map((path) => find(path)).map((argument) => [argument.real, argument]));
  const folders = [...found.values()].filter(({ isFolder }) => isFolder);
  const outer = [...found.values()].filter(
    ({ real }) => !folders.some((folder) => folder.real !== real && isInside(real, folder.real)),
  );
  const sorted = outer.toSorted((a, b) => compareText(a.real, b.real));
  const names = namesFor(sorted.map(({ real }) => real));
  return sorted.map((argument, i) => ({ ...argument, name: names[i] ?? argument.real }));
}

function find(path: string): Omit<Argument, 'name'> {
  let stats: Stats;
  let real: string;
  try {
    real = realpathSync.native(path);
    stats = statSync(real);
  } catch (cause) {
    throw new PosternError({
      code: 'POSTERN_COLLECTION_NOT_FOUND',
      message: `there is nothing to read at this path: ${errorCode(cause)}`,
      at: path,
      hint: 'Check the spelling, and put quotes around a path with blanks.',
      cause,
    });
  }
  return { real, isFolder: stats.isDirectory(), isFile: stats.isFile() };
}

/**
 * Refuses a folder of ours inside the evidence: writing there would change it, and the next scan would read our own
 * report. Compares real paths; folders that do not exist yet are judged by the nearest one above that does.
 *
 * @throws PosternError POSTERN_COLLECTION_OUTPUT_INSIDE
 */
export function refuseInside(
  folder: string,
  option: '--out' | '--temp',
  evidence: readonly Argument[],
): void {
  const real = realPathToBe(resolve(folder));
  const around = evidence.find((argument) => argument.isFolder && isInside(real, argument.real));
  if (around === undefined) return;
  throw new PosternError({
    code: 'POSTERN_COLLECTION_OUTPUT_INSIDE',
    message: `${folder} lies inside the evidence folder ${around.name}; nothing is ever written into evidence`,
    at: option,
    hint: `Name a folder elsewhere: ${option} DIR.`,
  });
}

/** A path of the disk as entries below an argument have it: '' for the argument itself; undefined outside of it. */
export function belowArgument({ real, isFolder }: Argument, path: string): string | undefined {
  const there = realPathToBe(resolve(path));
  if (!isFolder) return there === real ? '' : undefined;
  return isInside(there, real) ? relative(real, there).split(sep).join('/') : undefined;
}

function realPathToBe(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPathToBe(parent), basename(path));
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The shortest ends of the paths that differ, first without the extensions of archives, then with them. */
function namesFor(paths: readonly string[]): readonly string[] {
  const parts = paths.map((path) => path.split(/[\\/]+/).filter((part) => part !== ''));
  const longest = Math.max(1, ...parts.map(({ length }) => length));
  for (let length = 1; length <= longest; length++) {
    const ends = parts.map((part) => part.slice(-length).join('/'));
    const stems = ends.map((end) => archiveStem(end));
    if (areDistinct(stems)) return stems;
    if (areDistinct(ends)) return ends;
  }
  return paths;
}

function areDistinct(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size === names.length;
}
