/** Patterns in which `*` stands for any run of characters: the texts between the stars, lower case. */
export type Wildcards = readonly (readonly string[])[];

export function wildcards(patterns: readonly string[]): Wildcards {
  return patterns.map((pattern) => pattern.toLowerCase().split('*'));
}

/** Whether `text` (lower case) is matched as a whole by one of the patterns. Linear in the text. */
export function matchesAny(patterns: Wildcards | undefined, text: string): boolean {
  return patterns?.some((pieces) => matchesPieces(pieces, text)) ?? false;
}

function matchesPieces(pieces: readonly string[], text: string): boolean {
  const [head = '', ...rest] = pieces;
  if (rest.length === 0) return text === head;
  const tail = rest.pop() ?? '';
  if (!text.startsWith(head) || text.length < head.length + tail.length || !text.endsWith(tail)) return false;
  let at = head.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - tail.length;
}
