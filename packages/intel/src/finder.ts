import type { Indicator } from './indicator.ts';

/** The indicators that one value of a field holds. */
export type Finder = (text: string) => readonly Indicator[];

/** Values kept at most, and the longest of them: some hundred kilobytes, whatever a log is stuffed with. */
const valuesKept = 4096;
const longestKept = 256;

/**
 * The same finder with a memory: addresses, agents and URLs repeat from line to line, and reading one is many times
 * dearer than looking it up. A full memory is emptied, so that values which never come again cannot clog it.
 */
export function remembered(find: Finder): Finder {
  const known = new Map<string, readonly Indicator[]>();
  return (text) => {
    if (text.length > longestKept) return find(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= valuesKept) known.clear();
    const found = find(text);
    known.set(text, found);
    return found;
  };
}
