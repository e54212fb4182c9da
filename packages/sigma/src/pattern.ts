/** What stands between the literal texts of a pattern. */
export const wildcard = {
  /** `*`: any run of characters, also none. */
  any: 0,
  /** `?`: one character (code point). */
  one: 1,
  /** One of the five characters that Windows programs take for the dash or slash before an option. */
  dash: 2,
} as const;

/** A literal text, or a number of {@link wildcard}. */
export type PatternPart = string | (typeof wildcard)[keyof typeof wildcard];

/** A text with wildcards, compared with a whole value. `[]` is the empty text; two literals never stand side by side. */
export type Pattern = readonly PatternPart[];

/** The characters of {@link wildcard.dash}: hyphen, slash, en dash, em dash, horizontal bar. */
export const dashes = '-/\u2013\u2014\u2015';

/** Reads a Sigma text: `*` and `?` are wildcards; a backslash escapes only `*`, `?` and itself, else it is a backslash. */
export function parsePattern(text: string): Pattern {
  const parts: PatternPart[] = [];
  let literal = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    const next = text[i + 1];
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      i++;
    } else if (char === '*' || char === '?') {
      if (literal !== '') parts.push(literal);
      literal = '';
      pushWildcard(parts, char === '*' ? wildcard.any : wildcard.one);
    } else literal += char;
  }
  if (literal !== '') parts.push(literal);
  return parts;
}

function pushWildcard(parts: PatternPart[], part: 0 | 1): void {
  if (part !== wildcard.any || parts.at(-1) !== wildcard.any) parts.push(part);
}

/** A pattern that is nothing but this text. */
export function literalPattern(text: string): Pattern {
  return text === '' ? [] : [text];
}

/** The text of a pattern without wildcards, else undefined. */
export function literalOf(pattern: Pattern): string | undefined {
  const [first = ''] = pattern;
  return pattern.length <= 1 && typeof first === 'string' ? first : undefined;
}

/** With any run before it, unless it already begins so. */
export function openStart(pattern: Pattern): Pattern {
  return pattern[0] === wildcard.any ? pattern : [wildcard.any, ...pattern];
}

/** With any run behind it, unless it already ends so. */
export function openEnd(pattern: Pattern): Pattern {
  return pattern.at(-1) === wildcard.any ? pattern : [...pattern, wildcard.any];
}

/** `contains`: anywhere in the value. */
export function openBoth(pattern: Pattern): Pattern {
  return openEnd(openStart(pattern));
}

/** Applies a change to the literal texts of a pattern. */
export function mapLiterals(pattern: Pattern, change: (text: string) => string): Pattern {
  return pattern
    .map((part) => (typeof part === 'string' ? change(part) : part))
    .filter((part) => part !== '');
}

// A dash or slash that begins an option: no word character before it, one behind it. A wildcard is no word character.
const optionDash = /(?<![\p{L}\p{N}_])[-/](?=[\p{L}\p{N}_])/gu;

/** `windash`: dashes and slashes that begin an option stand for any of {@link dashes}; those inside words stay. */
export function withAnyDash(pattern: Pattern): Pattern {
  return pattern.flatMap((part) => (typeof part === 'string' ? splitDashes(part) : [part]));
}

function splitDashes(text: string): PatternPart[] {
  const parts: PatternPart[] = [];
  let from = 0;
  for (const { index } of text.matchAll(optionDash)) {
    if (index > from) parts.push(text.slice(from, index));
    parts.push(wildcard.dash);
    from = index + 1;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}
