/** Columns on screen: a text of the catalogue or of the evidence has one per character (no East Asian widths needed). */
export function width(text: string): number {
  return Array.from(text).length;
}

export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

/** Left and right text on one line; on two where they do not fit. */
export function spread(left: string, right: string, columns: number): readonly string[] {
  const room = columns - width(left) - width(right);
  return room >= 2 ? [left + ' '.repeat(room) + right] : [left, right];
}

/** Breaks at spaces; a word longer than the line is cut, never lost. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
    while (width(line) > columns) {
      lines.push(Array.from(line).slice(0, columns).join(''));
      line = Array.from(line).slice(columns).join('');
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** A margin column and a wrapped text beside it. */
export function hang(
  margin: string,
  text: string,
  marginColumns: number,
  columns: number,
): readonly string[] {
  const body = wrap(text, columns - marginColumns);
  return body.map((line, i) => pad(i === 0 ? margin : '', marginColumns) + line);
}
