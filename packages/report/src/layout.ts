/** Columns on screen: a text of the catalogue or of the evidence has one per character (no East Asian widths needed). */
export function width(text: string): number {
  return Array.from(text).length;
}

export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

/** Left and right text on one line; on two where they do not fit, the right one at the right edge. */
export function spread(left: string, right: string, columns: number): readonly string[] {
  if (right === '') return [left];
  const room = columns - width(left) - width(right);
  if (room >= 2) return [left + ' '.repeat(room) + right];
  return [left, ' '.repeat(Math.max(0, columns - width(right))) + right];
}

/** Dates stay whole: `28 Feb`, `28 Feb –`. */
const breakable = / (?!–|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b)/;

/** Breaks at spaces; a word longer than the line is cut, never lost. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(breakable)) {
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

/** A margin, a text that wraps, and a short note at the right edge of its first line (below it where it is too long). */
export function hangWithNote(
  margin: string,
  text: string,
  note: string,
  { marginColumns, columns }: { readonly marginColumns: number; readonly columns: number },
): readonly string[] {
  if (note === '') return hang(margin, text, marginColumns, columns);
  const narrow = columns - width(note) - 2;
  const fitsBeside = narrow - marginColumns >= leastTextColumns;
  const noteAt = columns - width(note);
  if (!fitsBeside)
    return [
      ...hang(margin, text, marginColumns, columns),
      ' '.repeat(Math.max(marginColumns, noteAt)) + note,
    ];
  // Only the first line has to leave room for the note.
  const [first = ''] = wrap(text, narrow - marginColumns);
  const rest = text.slice(first.length).trimStart();
  const beside = pad(pad(margin, marginColumns) + first, noteAt) + note;
  return rest === '' ? [beside] : [beside, ...hang('', rest, marginColumns, columns)];
}

/** A text narrower than this is no line any more. */
const leastTextColumns = 30;

/** A heading over items of one or more lines; some items go where there is no room. */
export interface Section {
  readonly heading: string;
  readonly count: number;
  /** Items that go only when all other sections are short already. */
  readonly keep: number;
  /** Items that stay whatever the room. */
  readonly floor: number;
  /** No more than so many, however much room there is. */
  readonly most: number;
  /** The lines of so many items, the most telling ones. */
  readonly show: (count: number) => readonly string[];
  /** Said where items were left out. */
  readonly more?: (hidden: number) => string;
}

/** Sections with as many items as fit into so many lines, shortened where they are longest; empty ones are left out. */
export function fitSections(sections: readonly Section[], lines: number): readonly string[] {
  const given = sections.filter(({ count }) => count > 0);
  const shown = given.map(({ count, most }) => Math.min(count, most));
  const heightAt = (i: number): number => {
    const section = given[i];
    return section === undefined ? 0 : linesOf(section, shown[i] ?? 0).length;
  };
  const total = (): number => given.reduce((sum, _, i) => sum + heightAt(i), 0);
  const shorten = (least: (section: Section) => number): boolean => {
    const [longest] = given
      .map((section, i) => ({ i, spare: (shown[i] ?? 0) - least(section), height: heightAt(i) }))
      .filter(({ spare }) => spare > 0)
      .toSorted((a, b) => b.height - a.height);
    if (longest === undefined) return false;
    shown[longest.i] = (shown[longest.i] ?? 0) - 1;
    return true;
  };
  while (total() > lines && (shorten(({ keep }) => keep) || shorten(({ floor }) => floor)));
  return given.flatMap((section, i) => linesOf(section, shown[i] ?? 0));
}

function linesOf({ heading, count, show, more }: Section, shown: number): readonly string[] {
  const hidden = count - shown;
  const rest = hidden > 0 && more !== undefined ? [more(hidden)] : [];
  return [heading, ...show(shown), ...rest, ''];
}
