import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { compareText, givenText, PosternError } from '@postern/core';
import { outlineYara, resolveInclude, type YaraFile } from '@postern/webshell';

const endings = ['.yar', '.yara', '.rule', '.rules'];
/** Files of rules read for one `--yara`: more than any public collection has. */
const mostFiles = 20_000;

/**
 * The rules of a user: a file, or all files of rules below a folder, and what they include. Includes are read inside of
 * the folder only, links that lead out of it are not followed; one that is not there is refused when rules compile.
 *
 * @throws PosternError `POSTERN_SCAN_NO_SUCH_FILE` for a path that cannot be read
 */
export function yaraFilesOf(path: string): readonly YaraFile[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw noSuchFile(path);
  const root = realpathSync(stats.isFile() ? dirname(path) : path);
  const found = new Map<string, YaraFile>();
  for (const file of stats.isFile() ? [path] : rulesBelow(path)) {
    const read = readRules(file, root);
    if (read === undefined && stats.isFile()) throw noSuchFile(path);
    if (read !== undefined) found.set(read.path, read);
  }
  addIncluded(found, root);
  return [...found.values()];
}

function rulesBelow(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.toLowerCase().endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted(compareText)
    .slice(0, mostFiles);
}

/** Undefined for what is not there or lies outside of the folder. */
function readRules(path: string, root: string): YaraFile | undefined {
  try {
    const real = realpathSync(path);
    if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
    return { path: path.split(sep).join('/'), text: givenText(readFileSync(real)) };
  } catch {
    return undefined;
  }
}

/** Files that only includes name may have any ending; they are no rules of their own. */
function addIncluded(found: Map<string, YaraFile>, root: string): void {
  const open = [...found.values()];
  for (let file = open.pop(); file !== undefined && found.size < mostFiles; file = open.pop()) {
    for (const include of outlineYara(file.text).includes) {
      const target = resolveInclude(file.path, include.path);
      const read = found.has(target) ? undefined : readRules(target.split('/').join(sep), root);
      if (read === undefined) continue;
      const included: YaraFile = { path: target, text: read.text, isIncluded: true };
      found.set(target, included);
      open.push(included);
    }
  }
}

function noSuchFile(path: string): PosternError {
  return new PosternError({
    code: 'POSTERN_SCAN_NO_SUCH_FILE',
    message: 'this file or folder cannot be read',
    at: path,
    hint: 'Check the spelling and the permissions of the path.',
  });
}
