import { foldPath, remember } from '@postern/core';
import type { Layout } from '@postern/core';
import { withLongFolders } from './short-names.ts';

/** A place under a folder that the web server runs pages from. */
export interface ServedPlace {
  /** URL path in lower case. */
  readonly url: string;
  /** The path from the served folder's tail on, the same on every drive and in every form of writing it. */
  readonly tail: string;
}

/** Every check asks for the paths of every file. */
const paths = { kept: 32_768, longestKey: 512 };

/**
 * A Windows path in one form: lower case, backslashes, administrative shares turned back into drives. `All Users` is
 * Windows' other name of ProgramData, and one that intruders like in configurations.
 */
export const canonicalPath: (path: string) => string = remember((path) => {
  const folded = foldPath(path);
  const onDrive = folded.startsWith('\\')
    ? folded.replace(/^\\\?\?\\/, '').replace(/^\\\\[^\\]+\\([a-z])\$(?=\\|$)/, '$1:')
    : folded;
  return onDrive.replace(/^([a-z]:)\\users\\all users(?=\\|$)/, '$1\\programdata');
}, paths);

const places = new WeakMap<Layout, (path: string) => ServedPlace | undefined>();

/** Where a Windows path is reached through the web server; undefined outside all served folders. */
export function servedPlace(layout: Layout, path: string): ServedPlace | undefined {
  const known = places.get(layout);
  if (known !== undefined) return known(path);
  const made = remember((text) => placeOf(layout, text), paths);
  places.set(layout, made);
  return made(path);
}

function placeOf(layout: Layout, path: string): ServedPlace | undefined {
  const folded = withLongFolders(layout, canonicalPath(path));
  // A share's relative names lack the drive and its backslash.
  const whole = /^(?:[a-z]:)?\\/.test(folded) ? folded : `\\${folded}`;
  let found: { readonly at: number; readonly length: number; readonly url: string } | undefined;
  for (const served of layout.served) {
    const at = whole.indexOf(served.path);
    if (at >= 0 && served.path.length > (found?.length ?? 0)) {
      found = { at, length: served.path.length, url: served.url };
    }
  }
  if (found === undefined) return undefined;
  const rest = whole.slice(found.at + found.length);
  return { url: found.url + rest.replaceAll('\\', '/'), tail: whole.slice(found.at) };
}

/** The served folder that a URL path lies in: the longest one counts. */
export function servedFolder(layout: Layout, url: string): string | undefined {
  let found: string | undefined;
  for (const served of layout.served) {
    if (url.startsWith(served.url) && served.url.length > (found?.length ?? -1)) found = served.url;
  }
  return found;
}

/** Endings that a server of ASP.NET runs, or compiles into what it runs, whatever the product uses. */
const otherPages =
  /\.(?:soap|svc|rem|asbx|cshtml|vbhtml|xamlx|asa|cer|cdx|as[cmhp]x|master|asax|as[cmhp]x\.(?:cs|vb))$/;

/** True if the web server would run a file of this name. `web.config` can carry code too. */
export function isRunnable(layout: Layout, name: string): boolean {
  const lower = name.toLowerCase();
  return lower.endsWith('web.config') || otherPages.test(lower) || isPage(layout, lower);
}

export function isPage(layout: Layout, name: string): boolean {
  const lower = name.toLowerCase();
  return layout.pageEndings.some((ending) => lower.endsWith(ending));
}

/** A page behind another ending (`x.aspx.txt`): somebody put it away where it lay, and it may be put back. */
export function isPutAwayPage(layout: Layout, name: string): boolean {
  const whole = name.replace(/\.[^.\\/]+$/, '');
  return whole !== name && !isRunnable(layout, name) && isPage(layout, whole);
}

export function isProductPage(layout: Layout, url: string): boolean {
  const lower = url.toLowerCase();
  return layout.productPages.some((pattern) => matchesPattern(lower, pattern));
}

/** True if a genuine page of the product has this file name, in whatever folder. */
export function isProductName(layout: Layout, name: string): boolean {
  const lower = name.toLowerCase();
  return layout.productPages.some((pattern) => matchesPattern(lower, lastPart(pattern, '/')));
}

export function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}

/** `*` stands for any run of characters; all else for itself. */
export function matchesPattern(text: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return text === pattern;
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let from = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
