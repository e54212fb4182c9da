import { compareText } from '@postern/core';
import { requiredTexts } from '@postern/match';
import type { Expression } from './expression.ts';
import type { ValueTest } from './field-test.ts';
import type { Reading } from './record-values.ts';

/** A literal shorter than this says nothing of a line. */
const shortestLiteral = 4;
/** But with two signs in it, which seldom stand together, it does. */
const shortestOddLiteral = 3;
/** A longer one says no more than its beginning does. */
const longestLiteral = 64;

/**
 * `%2d` and the like for every character that can stand in a literal of a percent-decoded field: letters, digits, dot,
 * underscore and hyphen, in lower case. A request can hide a literal behind any of these; genuine clients hardly ever
 * write them. So a line with one is a candidate, and a scan misses nothing.
 */
export const percentEscapeLiterals: readonly string[] = Array.from({ length: 128 }, (_, code) => code)
  .filter((code) => /[A-Za-z0-9._-]/.test(String.fromCharCode(code)))
  .map((code) => `%${code.toString(16).padStart(2, '0')}`);

/**
 * Signs that genuine clients escape in one place and not in another, with their escapes. Where a literal of a
 * percent-decoded field holds one, a line with its escape is a candidate too, beside {@link percentEscapeLiterals}.
 */
export const signEscapeLiterals: ReadonlyMap<string, string> = new Map(
  Array.from("/:%=(){}<>[]$@*!|#'", (sign) => [sign, `%${sign.charCodeAt(0).toString(16)}`]),
);

/** How JSON may hide any ASCII character of a literal (`\u003c` and the like are usual for `<`, `>` and `&`). */
export const jsonEscapeLiterals: readonly string[] = ['\\u00'];

/**
 * The runs of characters that stand in the bytes of a record as they stand in its decoded value, by how the value is
 * written; always ASCII. What is not in a run may be escaped, doubled, replaced, or composed of two fields.
 */
const runs: Readonly<Record<RunKind, RegExp>> = {
  request: /[a-z0-9._-]+/g,
  w3cRequest: /[a-z0-9._-]+/g,
  path: /[a-z0-9._/:-]+/g,
  signs: /[a-z0-9._/:%=(){}<>[\]$@*!|#'-]+/g,
  pieces: /[a-z0-9._-]+/g,
  words: /[!#-&(-*\-.-~]+/g,
  csv: /[ !#-&(-~]+/g,
  json: /[ !#-%()*,.0-;?@[\]^_a-hjl-z{|}~-]+/g,
};

/**
 * - `request`: percent-decoded: only what no encoding of a genuine client touches.
 * - `path`: the same with slashes and colons, which genuine clients do encode inside parameters: second choice.
 * - `signs`: with others of {@link signEscapeLiterals} too, in logs that double no quotes: third choice, for requests in
 *   W3C logs. No sign that parts what is put together from several values (`&`, `?`, `;`), or stands for another (`+`).
 * - `w3cRequest`: what `request` is, where the third choice is open.
 * - `pieces`: joined from pieces by the reader.
 * - `words`: W3C logs write `+` for a space; agents are compared with spaces and commas folded too.
 * - `csv`: CSV doubles quotes, ECP event data apostrophes too.
 * - `json`: without what JSON escapes, and without `i` and `k`: İ and the Kelvin sign, which are other bytes, fold to
 *   them in Windows events.
 */
type RunKind = 'request' | 'w3cRequest' | 'path' | 'signs' | 'pieces' | 'words' | 'csv' | 'json';

const csvFamilies = new Set([
  'httpproxy',
  'ecp-server',
  'ecp-activity',
  'ews',
  'rps-http',
  'rps-cmdlet',
  'oab-generator',
  'admin-audit',
  'exchange-other',
]);

/** The kind of run for values that are read in this way from records of this family. */
export function runKindOf(family: string, reading: Reading): RunKind {
  if (family === 'windows-event') return 'json';
  if (reading.kind === 'slot' && family === 'iis') return 'words';
  if (reading.kind === 'agent') return 'words';
  if (reading.kind === 'slot') return csvFamilies.has(family) ? 'csv' : 'pieces';
  return family === 'iis' ? 'w3cRequest' : 'request';
}

/** With this length a piece without slashes is telling enough to do without {@link signEscapeLiterals}. */
const tellingLength = 6;

/**
 * The most telling text (lower case, ASCII) that stands in the raw bytes of every record for which the test holds,
 * apart from letter case and from escapes of {@link percentEscapeLiterals}, {@link signEscapeLiterals} or
 * {@link jsonEscapeLiterals}. Undefined: none.
 */
export function literalOfTest(value: ValueTest, kind: RunKind): string | undefined {
  const texts = textsRequiredBy(value).map(asciiLowerCase);
  const literal = bestRun(texts, runs[kind]);
  const isRequest = kind === 'request' || kind === 'w3cRequest';
  if (!isRequest || rarity(literal) >= tellingLength) return usable(literal);
  const path = bestRun(texts, runs.path);
  const chosen = rarity(path) > rarity(literal) ? path : literal;
  if (kind === 'request' || rarity(chosen) >= tellingLength) return usable(chosen);
  const odd = bestRun(texts, runs.signs);
  return usable(rarity(odd) > rarity(chosen) ? odd : chosen);
}

function bestRun(texts: readonly string[], pattern: RegExp): string {
  let best = '';
  for (const text of texts) {
    for (const [run] of text.matchAll(pattern)) if (rarity(run) > rarity(best)) best = run;
  }
  return best;
}

function usable(literal: string): string | undefined {
  const isLong = literal.length >= shortestLiteral;
  const isOdd = literal.length === shortestOddLiteral && signsIn(literal) >= 2;
  return isLong || isOdd ? literal.slice(0, longestLiteral) : undefined;
}

/** Words that stand in a good part of all lines; a literal is better the rarer it is. */
const common = new Set([
  'post',
  'options',
  'mozilla',
  'mozilla/5.0',
  'mozilla/4.0',
  'windows',
  'https',
  'http/1.1',
  'http',
  'user',
  'version',
]);

/** How telling a literal is: its length, or little; a sign says more than a letter. */
function rarity(literal: string): number {
  return common.has(literal) ? 1 : literal.length + signsIn(literal);
}

/** Signs that few values hold. */
function signsIn(literal: string): number {
  return literal.replaceAll(/[a-z0-9._/: -]/gi, '').length;
}

/** Texts, folded by `foldScanned` at most, of which each stands in every value for which the test holds. */
export function textsRequiredBy(value: ValueTest): readonly string[] {
  if (value.kind === 'text') return value.pattern.filter((part) => typeof part === 'string');
  if (value.kind !== 'regex') return [];
  const { literals } = requiredTexts(value.pattern);
  const ignoresCase = value.ignoreCase || /\(\?[a-z]*i/i.test(value.pattern);
  // The long s and the Kelvin sign are an s and a k to a pattern that ignores case.
  return ignoresCase ? literals.flatMap((literal) => literal.split(/[ks]/)) : literals;
}

/** As a scanner folds: other letters that have ASCII ones as their lower case must not become such here. */
function asciiLowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Literals of which one stands in every record for which the expression holds; undefined: there are none to go by. */
export type LiteralSet = readonly string[] | undefined;

/** Of parts that must all hold the best one counts; of alternatives each must have its own. */
export function literalsOf<T>(
  expression: Expression<T>,
  literalOf: (test: T) => string | undefined,
  isNegated = false,
): LiteralSet {
  switch (expression.op) {
    case 'test': {
      const literal = isNegated ? undefined : literalOf(expression.test);
      return literal === undefined ? undefined : [literal];
    }
    case 'constant':
      return expression.value === isNegated ? [] : undefined;
    case 'not':
      return literalsOf(expression.of, literalOf, !isNegated);
    default: {
      const sets = expression.of.map((part) => literalsOf(part, literalOf, isNegated));
      return (expression.op === 'and') === isNegated ? union(sets) : best(sets);
    }
  }
}

function union(sets: readonly LiteralSet[]): LiteralSet {
  const all: string[] = [];
  for (const set of sets) {
    if (set === undefined) return undefined;
    all.push(...set);
  }
  return withoutLonger(all);
}

/** So many literals are compared with one another; more are taken as they are. */
const comparedLiterals = 512;

/** A literal that holds another one adds nothing. */
function withoutLonger(literals: readonly string[]): readonly string[] {
  const unique = [...new Set(literals)];
  if (unique.length > comparedLiterals) return unique;
  return unique.filter((literal) => !unique.some((other) => other !== literal && literal.includes(other)));
}

function best(sets: readonly LiteralSet[]): LiteralSet {
  let chosen: LiteralSet;
  for (const set of sets) {
    if (set !== undefined && (chosen === undefined || isBetter(set, chosen))) chosen = set;
  }
  return chosen;
}

/** The set whose most common literal is the rarer one; of sets alike in that the smaller one. */
function isBetter(a: readonly string[], b: readonly string[]): boolean {
  const [shortestA, shortestB] = [shortestIn(a), shortestIn(b)];
  return shortestA > shortestB || (shortestA === shortestB && a.length < b.length);
}

function shortestIn(literals: readonly string[]): number {
  return Math.min(longestLiteral, ...literals.map(rarity));
}

/**
 * One sorted set for a shape: without duplicates, and without those that hold another. With `decoded` come the escapes
 * that percent-decoded fields can hide a literal behind.
 */
export function joinLiterals(sets: readonly LiteralSet[], isJson: boolean, decoded: boolean): LiteralSet {
  const literals = union(sets);
  if (literals === undefined) return undefined;
  const escapes = isJson ? jsonEscapeLiterals : decoded ? percentEscapes(literals) : [];
  return [...literals, ...escapes].toSorted(compareText);
}

function percentEscapes(literals: readonly string[]): readonly string[] {
  const held = [...signEscapeLiterals].filter(([mark]) => literals.some((literal) => literal.includes(mark)));
  return [...percentEscapeLiterals, ...held.map(([, escape]) => escape)];
}
