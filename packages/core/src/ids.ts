import { sha256Prefix } from './sha256.ts';

const encoder = new TextEncoder();

/**
 * A stable id: a prefix and 16 hex digits of the SHA-256 over the parts. Parts are joined with a separator that
 * cannot stand in them unescaped, so `["a", "b"]` and `["ab"]` differ. Ids are the same on every machine and stay the
 * same when evidence is added, as long as the caller leaves out paths as collected, lines and offsets.
 *
 * @param sha256 the platform's own, where there is one: hex of the hash of a text as UTF-8
 */
export function stableId(
  prefix: string,
  parts: readonly (string | number | undefined)[],
  sha256: (text: string) => string = ownSha256,
): string {
  const text = parts.map((part) => (part === undefined ? '~' : `=${String(part).length}:${part}`)).join('|');
  return `${prefix}-${sha256(text).slice(0, 16)}`;
}

function ownSha256(text: string): string {
  return sha256Prefix(encoder.encode(text));
}

/** A Windows path in the form that comparisons use: backslashes, lower case, no drive prefix `\\?\`, no trailing one. */
export function foldPath(path: string): string {
  const folded = path
    .replaceAll('/', '\\')
    .toLowerCase()
    .replace(/^\\\\\?\\/, '');
  return folded.length > 3 && folded.endsWith('\\') ? folded.slice(0, -1) : folded;
}

/** Orders text by code unit: the same everywhere, unlike `localeCompare`. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
