import { foldScanned } from './fold.ts';

/** What stands in everything that a pattern finds. */
export interface RequiredTexts {
  /** Each of them stands in it, apart from letter case; lower case, by `foldScanned`. */
  readonly literals: readonly string[];
  /** UTF-16 units that it has at least. */
  readonly length: number;
}

/** Where the reading of a pattern stands, and what it found so far. */
interface Reading {
  readonly pattern: string;
  at: number;
  readonly found: string[];
  length: number;
}

/** Escapes that stand for a class of characters or for a place: they end a literal and are easy to step over. */
const shortEscapes = /[dDsSwWbBAzntrfva]/;
const placeEscapes = /[bBAz]/;

/**
 * What a simple reading tells of everything that `pattern` finds: plain characters in a row, outside of alternatives
 * and of what may be left out. Nothing, if the pattern holds something that this reading does not know. `pattern` must
 * be one that RE2 has accepted.
 */
export function requiredTexts(pattern: string): RequiredTexts {
  const reading: Reading = { pattern, at: 0, found: [], length: 0 };
  // A closing bracket too many cannot be in an accepted pattern; reading on would be guessing.
  if (!readSequence(reading) || reading.at < pattern.length) return { literals: [], length: 0 };
  return { literals: [...new Set(reading.found.map(foldScanned))], length: reading.length };
}

/** The longest of {@link requiredTexts}; undefined if there is none. */
export function requiredLiteral(pattern: string): string | undefined {
  let best: string | undefined;
  for (const literal of requiredTexts(pattern).literals)
    if (best === undefined || literal.length > best.length) best = literal;
  return best;
}

/** Reads up to the end or the closing bracket. False: alternatives, or something unknown. */
function readSequence(reading: Reading): boolean {
  let run = '';
  while (reading.at < reading.pattern.length) {
    const char = reading.pattern[reading.at] ?? '';
    if (char === ')') break;
    if (char === '|') return false;
    const piece = readPiece(reading, char);
    if (piece === undefined) return false;
    const { least, isPlain } = readRepeat(reading);
    reading.length += piece.length * least;
    if (least > 0) run += piece.literal;
    if (isPlain && piece.literal !== '') continue;
    keep(reading, run);
    run = '';
    if (least > 0) reading.found.push(...piece.inner);
  }
  keep(reading, run);
  return true;
}

/** One unit of a sequence: a plain character, or something with required texts inside, or neither. */
interface Piece {
  readonly literal: string;
  readonly inner: readonly string[];
  /** UTF-16 units at least. */
  readonly length: number;
}

/** A place, or something of which nothing is known. */
const nothing: Piece = { literal: '', inner: [], length: 0 };
/** One character of several. */
const anyOne: Piece = { literal: '', inner: [], length: 1 };

function plain(literal: string): Piece {
  return { literal, inner: [], length: literal.length };
}

function keep(reading: Reading, run: string): void {
  if (run !== '') reading.found.push(run);
}

function readPiece(reading: Reading, char: string): Piece | undefined {
  if (char === '(') return readGroup(reading);
  if (char === '[') return readClass(reading);
  if (char === '\\') return readEscape(reading);
  if ('.^$'.includes(char)) {
    reading.at++;
    return char === '.' ? anyOne : nothing;
  }
  const literal = String.fromCodePoint(reading.pattern.codePointAt(reading.at) ?? 0);
  reading.at += literal.length;
  return plain(literal);
}

function readEscape(reading: Reading): Piece | undefined {
  const escaped = reading.pattern[reading.at + 1] ?? '';
  reading.at += 2;
  if (shortEscapes.test(escaped)) return placeEscapes.test(escaped) ? nothing : anyOne;
  return /[\w\u0080-\uffff]/.test(escaped) && escaped !== '_' ? undefined : plain(escaped);
}

function readClass(reading: Reading): Piece | undefined {
  let at = reading.at + 1;
  if (reading.pattern[at] === '^') at++;
  // The first closing bracket is a member of the class.
  for (let first = true; at < reading.pattern.length; first = false) {
    const char = reading.pattern[at];
    if (char === ']' && !first) {
      reading.at = at + 1;
      return anyOne;
    }
    if (char === '[' && reading.pattern[at + 1] === ':') at = reading.pattern.indexOf(':]', at) + 1;
    if (at === 0) return undefined;
    at += char === '\\' ? 2 : 1;
  }
  return undefined;
}

const groupHead = /\((?:\?(?:P?<\w+>|(?<flags>[imsU]*(?:-[imsU]+)?)(?<end>[:)])))?/y;

function readGroup(reading: Reading): Piece | undefined {
  groupHead.lastIndex = reading.at;
  const head = groupHead.exec(reading.pattern);
  if (head === null) return undefined;
  reading.at += head[0].length;
  if (reading.pattern[reading.at] === '?') return undefined;
  // RE2 lets a quantifier behind `(?i)` count for what stands before it.
  if (head.groups?.['end'] === ')')
    return /[*+?{]/.test(reading.pattern[reading.at] ?? '') ? undefined : nothing;
  const inner: Reading = { pattern: reading.pattern, at: reading.at, found: [], length: 0 };
  if (!readSequence(inner)) return skipGroup(reading);
  reading.at = inner.at + 1;
  return { literal: '', inner: inner.found, length: inner.length };
}

/** Steps over a group with alternatives inside: nothing in it is required. */
function skipGroup(reading: Reading): Piece | undefined {
  for (let depth = 1; reading.at < reading.pattern.length;) {
    const char = reading.pattern[reading.at] ?? '';
    if (char === '\\' || char === '[') {
      if ((char === '[' ? readClass(reading) : readEscape(reading)) === undefined) return undefined;
      continue;
    }
    reading.at++;
    if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return nothing;
  }
  return undefined;
}

/** How often the piece just read occurs at least, after its quantifier; plain: it has none, so what follows adjoins. */
function readRepeat(reading: Reading): { readonly least: number; readonly isPlain: boolean } {
  const found = /^(?:[*?+]|\{(?<least>\d+)(?:,\d*)?\})\??/.exec(
    reading.pattern.slice(reading.at, reading.at + 16),
  );
  if (found === null) return { least: 1, isPlain: true };
  reading.at += found[0].length;
  const least = found[0].startsWith('+') ? 1 : Number(found.groups?.['least'] ?? 0);
  return { least, isPlain: false };
}
