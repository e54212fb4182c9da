import type { FileFacts } from '@postern/core';
import { groupBy } from './ordered.ts';

const archiveEnding = /\.(?:zip|7z|rar|cab|dmp|pst|dit|tar|tgz)[\\/]?$/i;

/**
 * Packed files, dumps and mailbox files that were collected. What lies inside of an archive tells of the archive: it
 * stands once, by its first entry, with its own size and hash where it was opened.
 */
export function packedFiles(files: readonly FileFacts[]): FileFacts[] {
  const collected = files.filter(({ source, inert }) => source !== undefined && inert === undefined);
  const outside = collected.filter(({ path }) => !path.includes(inside));
  const opened = groupBy(
    collected.filter(({ path }) => path.includes(inside)),
    (file) => `${file.collection}\0${outerOf(file.path)}`,
  );
  const known =
    opened.size === 0
      ? new Map<string, FileFacts>()
      : new Map(files.map((file) => [`${file.collection}\0${file.path}`, file]));
  const archives = [...opened].flatMap(([key, entries]) => {
    const [first] = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    if (first?.source === undefined) return [];
    const { source, collection } = first;
    return [{ ...known.get(key), path: outerOf(first.path), collection, source }];
  });
  return [...outside, ...archives].filter(({ path }) => archiveEnding.test(path));
}

/** Stands in a path between an archive and what lies in it. */
const inside = '!\\';

function outerOf(path: string): string {
  return path.slice(0, path.indexOf(inside));
}
