import { dashes, wildcard, type Pattern, type PatternPart } from './pattern.ts';

/** Whether a text (already folded where letter case does not count) fits. */
export type TextPredicate = (text: string) => boolean;

/** Compiles a pattern. The time is that of a search for each of its literals, one after the other: it never backtracks. */
export function compilePattern(pattern: Pattern): TextPredicate {
  return compileSimple(pattern) ?? compileSegments(pattern);
}

/** The usual forms (equal, contains, startswith, endswith) in the words of the engine. */
function compileSimple(pattern: Pattern): TextPredicate | undefined {
  const literals = pattern.filter((part) => typeof part === 'string');
  const [literal = ''] = literals;
  if (literals.length > 1 || pattern.some((part) => part === wildcard.one || part === wildcard.dash))
    return undefined;
  const isOpenAtStart = pattern[0] === wildcard.any;
  const isOpenAtEnd = pattern.at(-1) === wildcard.any;
  if (isOpenAtStart && isOpenAtEnd) return literal === '' ? () => true : (text) => text.includes(literal);
  if (isOpenAtStart) return (text) => text.endsWith(literal);
  return isOpenAtEnd ? (text) => text.startsWith(literal) : (text) => text === literal;
}

/** What stands between two `*`. */
type Segment = readonly Exclude<PatternPart, 0>[];

function segmentsOf(pattern: Pattern): readonly Segment[] {
  const segments: Exclude<PatternPart, 0>[][] = [[]];
  for (const part of pattern) {
    if (part === wildcard.any) segments.push([]);
    else segments.at(-1)?.push(part);
  }
  return segments;
}

function compileSegments(pattern: Pattern): TextPredicate {
  const segments = segmentsOf(pattern);
  const [first = [], ...rest] = segments;
  const last = rest.pop();
  if (last === undefined) return (text) => forward(text, 0, first) === text.length;
  return (text) => {
    let from = forward(text, 0, first);
    // Each segment as early as it can: what is left is then as long as it can be.
    for (const segment of rest) from = from < 0 ? -1 : search(text, from, segment);
    return from >= 0 && backward(text, text.length, last) >= from;
  };
}

function search(text: string, from: number, segment: Segment): number {
  const [head] = segment;
  for (let at = from; at <= text.length; at++) {
    if (typeof head === 'string') at = text.indexOf(head, at);
    if (at < 0) return -1;
    const end = forward(text, at, segment);
    if (end >= 0) return end;
  }
  return -1;
}

/** Where the segment ends if it begins at `at`, or -1. */
function forward(text: string, at: number, segment: Segment): number {
  let end = at;
  for (const part of segment) {
    if (end >= text.length && part !== '') return -1;
    if (typeof part === 'string') {
      if (!text.startsWith(part, end)) return -1;
      end += part.length;
    } else if (part === wildcard.dash) {
      if (!dashes.includes(text[end] ?? ' ')) return -1;
      end++;
    } else end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return end;
}

/** Where the segment begins if it ends at `at`, or -1. */
function backward(text: string, at: number, segment: Segment): number {
  let start = at;
  for (const part of segment.toReversed()) {
    if (start <= 0) return -1;
    if (typeof part === 'string') {
      if (!text.endsWith(part, start)) return -1;
      start -= part.length;
    } else if (part === wildcard.dash) {
      if (!dashes.includes(text[start - 1] ?? ' ')) return -1;
      start--;
    } else start -= endsWithPair(text, start) ? 2 : 1;
  }
  return start;
}

function endsWithPair(text: string, end: number): boolean {
  return end >= 2 && (text.codePointAt(end - 2) ?? 0) > 0xffff;
}
