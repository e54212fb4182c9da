import { foldScanned } from './fold.ts';

/** Where the reading of a pattern stands, and what it found so far. */
interface Reading {
  readonly pattern: string;
  at: number;
  best: string;
}

/** Escapes that stand for a class of characters or for a place: they end a literal and are easy to step over. */
const shortEscapes = /[dDsSwWbBAzntrfva]/;

/**
 * The longest text (lower case) that stands in everything `pattern` finds, as far as a simple reading tells: plain
 * characters in a row, outside of alternatives and of what may be left out. Undefined if there is none, or if the
 * pattern holds something that this reading does not know. `pattern` must be one that RE2 has accepted.
 */
export function requiredLiteral(pattern: string): string | undefined {
  const reading: Reading = { pattern, at: 0, best: '' };
  if (!readSequence(reading)) return undefined;
  // A closing bracket too many cannot be in an accepted pattern; reading on would be guessing.
  if (reading.at < pattern.length || reading.best === '') return undefined;
  return foldScanned(reading.best);
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
    const repeat = readRepeat(reading);
    if (repeat === 'one' && piece.literal !== '') run += piece.literal;
    else {
      if (repeat !== 'maybe' && piece.literal !== '') run += piece.literal;
      keep(reading, run);
      run = '';
      if (repeat !== 'maybe') keep(reading, piece.inner);
    }
  }
  keep(reading, run);
  return true;
}

/** One unit of a sequence: a plain character, or something with a required text inside, or neither. */
interface Piece {
  readonly literal: string;
  readonly inner: string;
}

const nothing: Piece = { literal: '', inner: '' };

function keep(reading: Reading, run: string): void {
  if (run.length > reading.best.length) reading.best = run;
}

function readPiece(reading: Reading, char: string): Piece | undefined {
  if (char === '(') return readGroup(reading);
  if (char === '[') return readClass(reading);
  if (char === '\\') return readEscape(reading);
  if ('.^$'.includes(char)) {
    reading.at++;
    return nothing;
  }
  const literal = String.fromCodePoint(reading.pattern.codePointAt(reading.at) ?? 0);
  reading.at += literal.length;
  return { literal, inner: '' };
}

function readEscape(reading: Reading): Piece | undefined {
  const escaped = reading.pattern[reading.at + 1] ?? '';
  reading.at += 2;
  if (shortEscapes.test(escaped)) return nothing;
  return /[\w\u0080-\uffff]/.test(escaped) && escaped !== '_' ? undefined : { literal: escaped, inner: '' };
}

function readClass(reading: Reading): Piece | undefined {
  let at = reading.at + 1;
  if (reading.pattern[at] === '^') at++;
  // The first closing bracket is a member of the class.
  for (let first = true; at < reading.pattern.length; first = false) {
    const char = reading.pattern[at];
    if (char === ']' && !first) {
      reading.at = at + 1;
      return nothing;
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
  const inner: Reading = { pattern: reading.pattern, at: reading.at, best: '' };
  if (!readSequence(inner)) return skipGroup(reading);
  reading.at = inner.at + 1;
  return { literal: '', inner: inner.best };
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

/** How often the piece just read occurs, after its quantifier: once, at least once, or perhaps not at all. */
function readRepeat(reading: Reading): 'one' | 'some' | 'maybe' {
  const found = /^(?:[*?+]|\{(?<least>\d+)(?:,\d*)?\})\??/.exec(
    reading.pattern.slice(reading.at, reading.at + 16),
  );
  if (found === null) return 'one';
  reading.at += found[0].length;
  if (found[0].startsWith('+')) return 'some';
  return Number(found.groups?.['least'] ?? 0) > 0 ? 'some' : 'maybe';
}
