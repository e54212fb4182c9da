/** A literal shorter than this would make almost every line a candidate. */
export const shortestLiteral = 4;

/**
 * The longest piece of `value` that stands in the raw bytes of any log as it stands here, whatever the format escapes:
 * letters, digits, `.`, `_`, `-`, `$`, `~`. Backslashes are doubled in JSON, quotes in CSV, spaces become `+` in IIS.
 * Undefined where no piece is long enough; then no line can be ruled out.
 */
export function plainLiteral(value: string): string | undefined {
  let longest = '';
  for (const piece of value.split(/[^A-Za-z0-9._$~-]+/)) {
    if (piece.length > longest.length) longest = piece;
  }
  return longest.length < shortestLiteral ? undefined : longest.toLowerCase();
}

/** As {@link plainLiteral} for a folded address: IPv6 is written in several ways, so only a full group is sure. */
export function addressLiteral(folded: string): string | undefined {
  if (!folded.includes(':')) return folded;
  return folded.split(':').find((group) => group.length === 4);
}
