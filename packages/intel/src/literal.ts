/** A literal shorter than this would make almost every line a candidate. */
export const shortestLiteral = 4;

/**
 * The most telling piece of `value` that stands in the raw bytes of any log as it stands here, whatever the format escapes:
 * letters, digits, `.`, `_`, `-`, `$`, `~`. Backslashes are doubled in JSON, quotes in CSV, spaces become `+` in IIS.
 * Undefined where no piece is long enough; then no line can be ruled out.
 */
export function plainLiteral(value: string): string | undefined {
  const pieces = value.split(/[^A-Za-z0-9._$~-]+/).filter((piece) => piece.length >= shortestLiteral);
  const [best] = pieces.toReversed().toSorted((a, b) => rarity(b) - rarity(a));
  return best?.toLowerCase();
}

/**
 * A version number tells one user agent from the many that share all its words. One of four bytes would make the search
 * for all literals slower: it has to be looked for at every place.
 */
function rarity(piece: string): number {
  return piece.length + (/\d/.test(piece) && piece.length > shortestLiteral ? 8 : 0);
}

/** As {@link plainLiteral} for a path: folders are shared by many, so the last part comes first. */
export function pathLiteral(path: string): string | undefined {
  const bare = path.replace(/[\\/]+$/, '');
  return (
    plainLiteral(bare.slice(Math.max(bare.lastIndexOf('\\'), bare.lastIndexOf('/')) + 1)) ??
    plainLiteral(bare)
  );
}

/** As {@link plainLiteral} for a folded address: IPv6 is written in several ways, so only a full group is sure. */
export function addressLiteral(folded: string): string | undefined {
  if (!folded.includes(':')) return folded;
  return folded.split(':').find((group) => group.length === 4);
}
