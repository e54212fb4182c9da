import type { CaseFacts, FileFacts, Layout } from '@postern/core';
import { mergeLayouts } from './layouts.ts';
import { canonicalPath } from './served.ts';

/** Virtual directories of intruders are few; a made-up configuration may have thousands. */
const mostFolders = 200;

/**
 * The layout of all packs, and the folders that a configuration of the case serves although no product does: a page
 * below one of them is as reachable as any other.
 */
export function layoutOf({ packs, files }: Pick<CaseFacts, 'packs' | 'files'>): Layout {
  const layout = mergeLayouts(packs);
  const known = new Set(layout.served.map(({ path }) => path));
  const more = new Map<string, string>();
  for (const { path, url } of files.flatMap(rogueFolders))
    if (!known.has(path) && more.size < mostFolders && !more.has(path)) more.set(path, url);
  if (more.size === 0) return layout;
  return { ...layout, served: [...layout.served, ...[...more].map(([path, url]) => ({ path, url }))] };
}

function rogueFolders({ judged, inert }: FileFacts): Layout['served'] {
  if (inert !== undefined) return [];
  return (judged?.configured ?? []).flatMap(({ kind, strength, path, url }) => {
    if (kind !== 'virtual-directory' || strength !== 'indirect' || path === undefined || url === undefined)
      return [];
    const tail = canonicalPath(path).replace(/^[a-z]:/, '');
    // The root of a drive would make everything a page.
    return tail.length < 3 ? [] : [{ path: `${tail}\\`, url: `${url.replace(/\/$/, '')}/` }];
  });
}
