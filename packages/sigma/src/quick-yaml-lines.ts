/** Thrown and caught inside of the quick reader alone. */
export const notPlain: unique symbol = Symbol('not plain');

/** Leaves the document to the reader of all YAML. */
export function giveUp(): never {
  // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- goes no further than readQuickYaml
  throw notPlain;
}

/** A line with something on it that is no comment. */
export interface Line {
  readonly indent: number;
  /** Of its first character that is no space, and behind its last. */
  readonly from: number;
  readonly to: number;
}

export interface Reading {
  readonly text: string;
  readonly lines: readonly Line[];
  /** The line at hand. */
  at: number;
}

export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    let from = start;
    while (from < end && text.charCodeAt(from) === 0x20) from++;
    if (from < end && text[from] !== '#') lines.push({ indent: from - start, from, to: end });
    start = end + 1;
  }
  return lines;
}

export function skipSpaces(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) === 0x20) at++;
  return at;
}
