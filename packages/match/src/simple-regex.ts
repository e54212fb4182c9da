import { remember } from '@postern/core';

/** Which letters of ASCII: by code. */
export type Letters = readonly boolean[];

/** A pattern as a tree. */
export type Node =
  /** One letter of some. */
  | { readonly kind: 'letters'; readonly letters: Letters }
  /** A place: `^`, `$`, `\b`. */
  | { readonly kind: 'place' }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number };

/** A pattern of RE2's language, read. */
export interface SimpleRegex {
  readonly node: Node;
  /** For `RegExp`: holds for at least every ASCII text for which the pattern does. */
  readonly source: string;
  /** It begins with `(?i)`. */
  readonly ignoreCase: boolean;
}

interface Reading {
  readonly pattern: string;
  readonly ignoreCase: boolean;
  at: number;
  source: string;
}

/** Thrown and caught here alone: the pattern holds what this does not read. */
const notSimple = Symbol('not simple');

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\u0000-\u007f]*$/;

/**
 * Reads a pattern made of ASCII letters, classes, groups, alternatives and quantifiers. Undefined: it holds something
 * else (classes by name, flags inside, letters by number).
 */
export function parseSimple(pattern: string, ignoresCase = false): SimpleRegex | undefined {
  if (!ascii.test(pattern)) return undefined;
  const begins = pattern.startsWith('(?i)');
  const ignoreCase = begins || ignoresCase;
  const reading: Reading = { pattern, ignoreCase, at: begins ? 4 : 0, source: '' };
  try {
    const node = readChoice(reading);
    return reading.at < pattern.length ? undefined : { node, source: reading.source, ignoreCase };
  } catch (error) {
    if (error === notSimple) return undefined;
    throw error;
  }
}

function giveUp(): never {
  // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- goes no further than the function above
  throw notSimple;
}

function readChoice(reading: Reading): Node {
  const parts = [readSequence(reading)];
  while (reading.pattern[reading.at] === '|') {
    reading.at++;
    reading.source += '|';
    parts.push(readSequence(reading));
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'choice', parts };
}

function readSequence(reading: Reading): Node {
  const parts: Node[] = [];
  for (;;) {
    const char = reading.pattern[reading.at];
    if (char === undefined || char === '|' || char === ')') return { kind: 'sequence', parts };
    parts.push(readRepeat(reading, readUnit(reading, char)));
  }
}

function readUnit(reading: Reading, char: string): Node {
  switch (char) {
    case '(':
      return readGroup(reading);
    case '[':
      return readClass(reading);
    case '\\':
      return readEscape(reading);
    case '.':
      reading.at++;
      reading.source += '[^]';
      return { kind: 'letters', letters: anyLetter };
    case '^':
    case '$':
      reading.at++;
      reading.source += char;
      return { kind: 'place' };
    case '*':
    case '+':
    case '?':
      return giveUp();
    default:
      reading.at++;
      reading.source += char === '{' || char === '}' || char === ']' ? `\\${char}` : char;
      return { kind: 'letters', letters: lettersOf(char, reading.ignoreCase) };
  }
}

const groupHead = /\((?:\?(?::|P?<\w+>))?/y;

function readGroup(reading: Reading): Node {
  groupHead.lastIndex = reading.at;
  reading.at += groupHead.exec(reading.pattern)?.[0].length ?? 0;
  if (reading.pattern[reading.at] === '?') giveUp();
  reading.source += '(?:';
  const node = readChoice(reading);
  if (reading.pattern[reading.at] !== ')') giveUp();
  reading.at++;
  reading.source += ')';
  return node;
}

/** RE2's own: JavaScript counts more as white space, which would be no harm but for what is not. */
const namedClasses: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: '\\t\\n\\f\\r ',
};

const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', f: '\f', r: '\r', v: '\v' };

function readEscape(reading: Reading): Node {
  const escaped = reading.pattern[reading.at + 1] ?? giveUp();
  reading.at += 2;
  if (escaped === 'b' || escaped === 'B') {
    reading.source += `\\${escaped}`;
    return { kind: 'place' };
  }
  if (escaped === 'A' || escaped === 'z') giveUp();
  const { source, letters } = escapedLetters(escaped, reading.ignoreCase);
  reading.source += source.length > 2 ? `[${source}]` : source;
  return { kind: 'letters', letters };
}

/** As it stands in a class, and the letters. */
function escapedLetters(
  escaped: string,
  ignoreCase: boolean,
): { readonly source: string; readonly letters: Letters } {
  const named = namedClasses[escaped];
  if (named !== undefined) return { source: named, letters: lettersIn(`[${named}]`, ignoreCase) };
  const opposite = namedClasses[escaped.toLowerCase()];
  if (opposite !== undefined) {
    // Written out, for a class may hold more than this: `[\W.]`.
    const letters = lettersIn(`[^${opposite}]`, ignoreCase);
    return { source: codesOf(letters), letters };
  }
  const control = controls[escaped];
  if (control !== undefined) return { source: `\\${escaped}`, letters: lettersOf(control, false) };
  if (/\w/.test(escaped)) giveUp();
  return { source: `\\${escaped}`, letters: lettersOf(escaped, ignoreCase) };
}

function codesOf(letters: Letters): string {
  return letters.map((is, code) => (is ? `\\x${code.toString(16).padStart(2, '0')}` : '')).join('');
}

function readClass(reading: Reading): Node {
  const { pattern, ignoreCase } = reading;
  let at = reading.at + 1;
  let source = '[';
  if (pattern[at] === '^') {
    source += '^';
    at++;
  }
  // The first closing bracket is a member of the class.
  for (let isFirst = true; isFirst || pattern[at] !== ']'; isFirst = false) {
    const char = pattern[at] ?? giveUp();
    if (char === '[' && pattern[at + 1] === ':') giveUp();
    if (char === '\\') source += escapedLetters(pattern[at + 1] ?? giveUp(), ignoreCase).source;
    else source += char === '[' || char === ']' ? `\\${char}` : char;
    at += char === '\\' ? 2 : 1;
  }
  source += ']';
  // A range from or to a class means something else in each language.
  if (/\\[dwsDWS]-[^\]]|[^[^]-\\[dwsDWS]/.test(pattern.slice(reading.at, at))) giveUp();
  reading.at = at + 1;
  reading.source += source;
  return { kind: 'letters', letters: lettersIn(source, ignoreCase) };
}

const quantifier = /([*+?]|\{(\d+)(,(\d*))?\})(\??)/y;

function readRepeat(reading: Reading, of: Node): Node {
  quantifier.lastIndex = reading.at;
  const found = quantifier.exec(reading.pattern);
  if (found === null) return of;
  const [whole, sign = '', from, comma, to] = found;
  reading.at += whole.length;
  reading.source += whole;
  if (/[*+?]/.test(reading.pattern[reading.at] ?? '') || of.kind === 'place') giveUp();
  if (from === undefined)
    return { kind: 'repeat', of, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity };
  const least = Number(from);
  if (comma === undefined) return { kind: 'repeat', of, least, most: least };
  return { kind: 'repeat', of, least, most: to === '' ? Infinity : Number(to) };
}

function lettersOf(char: string, ignoreCase: boolean): Letters {
  return ignoreCase ? bothCases(char.toLowerCase()) : oneLetter(char);
}

/** The patterns of a set of rules are made of the same few letters and classes. */
const oneLetter = remember((char) => lettersWhere((letter) => letter === char));
const bothCases = remember((lower) => lettersWhere((letter) => letter.toLowerCase() === lower));

function lettersIn(source: string, ignoreCase: boolean): Letters {
  return ignoreCase ? inClassOfBothCases(source) : inClass(source);
}

const inClass = remember((source) => lettersMatching(new RegExp(`^${source}$`)));
const inClassOfBothCases = remember((source) => lettersMatching(new RegExp(`^${source}$`, 'i')));

function lettersMatching(regex: RegExp): Letters {
  return lettersWhere((letter) => regex.test(letter));
}

const anyLetter: Letters = lettersWhere(() => true);

function lettersWhere(is: (letter: string) => boolean): Letters {
  return Array.from({ length: 128 }, (_, code) => is(String.fromCharCode(code)));
}
