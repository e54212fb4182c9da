import type { Layout } from '@postern/core';

const shortForm = /^(.{1,6})~(\d{1,6})(?:\.(.{0,3}))?$/;

export function hasShortName(path: string): boolean {
  return path.split(/[\\/]/).some((part) => shortForm.test(part));
}

/**
 * True if the 8.3 name may stand for the long one: its first six characters (two and a checksum once there are several
 * alike) and the first three of the ending, blanks and dots left out, signs that 8.3 does not know as `_`. Both in
 * lower case. Which of several alike names it is cannot be told.
 */
export function maybeShortOf(short: string, long: string): boolean {
  if (short === long) return true;
  const [, head, , ending = ''] = shortForm.exec(short) ?? [];
  if (head === undefined) return false;
  const dot = long.lastIndexOf('.');
  const [base, last] = dot > 0 ? [long.slice(0, dot), long.slice(dot + 1)] : [long, ''];
  const plain = shortened(base);
  const isHashed = /^.{2}[0-9a-f]{4}$/.test(head) && plain.startsWith(head.slice(0, 2));
  return ending === shortened(last).slice(0, 3) && (plain.startsWith(head) || isHashed);
}

function shortened(name: string): string {
  return name.replace(/[ .]/g, '').replace(/[+,;=[\]]/g, '_');
}

/**
 * A path in lower case with the 8.3 names of served folders written out (`\inetpub\wwwroot\aspnet~1\…`), where exactly
 * one of the layout's folders fits; else the path as it is.
 */
export function withLongFolders(layout: Layout, path: string): string {
  if (!path.includes('~') || !hasShortName(path)) return path;
  const parts = path.split('\\');
  let best: { readonly from: number; readonly names: readonly string[] } | undefined;
  for (const served of layout.served) {
    const names = served.path.split('\\').filter((name) => name !== '');
    const from = placeOf(parts, names);
    if (from >= 0 && names.length > (best?.names.length ?? 0)) best = { from, names };
  }
  if (best === undefined) return path;
  const { from, names } = best;
  return [...parts.slice(0, from), ...names, ...parts.slice(from + names.length)].join('\\');
}

/** Where these folders stand in a path, each long or short, the file's own name not among them; -1 if nowhere. */
function placeOf(parts: readonly string[], names: readonly string[]): number {
  for (let from = 0; from + names.length < parts.length; from++) {
    if (names.every((name, k) => maybeShortOf(parts[from + k] ?? '', name))) return from;
  }
  return -1;
}
