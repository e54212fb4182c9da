import type { Layout } from '@postern/core';
import { lastPart } from './served.ts';

/** A page that is none of the product, named so that it passes for one. */
export interface LookAlike {
  /** URL path of the genuine page. */
  readonly genuine: string;
  readonly how: 'letters' | 'signs' | 'folder';
}

/** Letters of other scripts and digits that look like Latin letters. */
const lookalikeSigns: ReadonlyMap<string, string> = new Map(
  `а:a е:e о:o р:p с:c у:y х:x і:i ѕ:s ԁ:d ɡ:g һ:h ј:j ӏ:l ո:n տ:s ց:g ο:o α:a ρ:p ν:v ι:i κ:k τ:t υ:u ı:i ſ:s 0:o 1:l 3:e 5:s 7:t |:l !:i $:s`
    .split(' ')
    .map((pair) => [pair.charAt(0), pair.charAt(2)]),
);
/** Names that every application has: the same name elsewhere means nothing. */
const commonNames = new Set([
  'default.aspx',
  'error.aspx',
  'about.aspx',
  'redir.aspx',
  'index.aspx',
  'iisstart.aspx',
]);

/**
 * The genuine page that a page's URL path (lower case) imitates: some letters off, with signs of other scripts, or
 * under its name in another folder. The genuine ones are those of the packs.
 */
export function lookAlikeOf(layout: Layout, url: string): LookAlike | undefined {
  const [name, folder] = [lastPart(url, '/'), url.slice(0, url.lastIndexOf('/') + 1)];
  const genuine = layout.productPages.filter(
    (page) => !page.includes('*') && !commonNames.has(lastPart(page, '/')),
  );
  if (genuine.includes(url)) return undefined;
  const same = genuine.find((page) => lastPart(page, '/') === name);
  if (same !== undefined) return { genuine: same, how: 'folder' };
  const folded = foldSigns(name);
  const looks = genuine.find((page) => foldSigns(lastPart(page, '/')) === folded);
  if (looks !== undefined) return { genuine: looks, how: 'signs' };
  const near = genuine.find(
    (page) => page.startsWith(folder) && isNear(stem(lastPart(page, '/')), stem(name)),
  );
  return near === undefined ? undefined : { genuine: near, how: 'letters' };
}

function stem(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}

function foldSigns(name: string): string {
  return Array.from(name.normalize('NFKC').toLowerCase(), (sign) => lookalikeSigns.get(sign) ?? sign).join(
    '',
  );
}

/** Names this long are not made by hand to look like another. */
const longestName = 64;

/** The longer the name, the more letters may differ: errorEE for errorFE, RedirSuiteServerProxy for …ServiceProxy. */
function isNear(genuine: string, name: string): boolean {
  const most = genuine.length >= 14 ? 3 : genuine.length >= 7 ? 2 : 1;
  if (Math.abs(genuine.length - name.length) > most || name.length > longestName) return false;
  return distance(genuine, name) <= most;
}

/** Levenshtein's: letters to put in, take out or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
