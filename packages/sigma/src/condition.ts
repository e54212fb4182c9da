import { didYouMean, withHint, type Report } from './diagnostic.ts';
import { allOf, anyOf, constant, negate, type Expression } from './expression.ts';
import { parsePattern } from './pattern.ts';
import { ruleLimits } from './rule-limits.ts';
import { compilePattern } from './text-match.ts';

/** The search identifiers of a detection section and what each stands for. */
export type Identifiers<T> = ReadonlyMap<string, Expression<T>>;

interface Token {
  readonly text: string;
  readonly at: number;
}

interface Parsing<T> {
  readonly tokens: readonly Token[];
  readonly identifiers: Identifiers<T>;
  readonly report: Report;
  /** Where the text ends, for what is missing there. */
  readonly end: number;
  next: number;
  depth: number;
  failed: boolean;
}

/**
 * Reads one condition: `or` binds weaker than `and`, `and` than `not`, `not` than `1 of …`. Undefined after an error.
 *
 * @param at offset of the text in its file, for the places of diagnostics
 */
export function parseCondition<T>(
  text: string,
  at: number,
  identifiers: Identifiers<T>,
  report: Report,
): Expression<T> | undefined {
  const tokens = tokenise(text, at);
  const parsing: Parsing<T> = {
    tokens,
    identifiers,
    report,
    end: at + text.length,
    next: 0,
    depth: 0,
    failed: false,
  };
  if (tokens.some((token) => token.text === '|')) return fail(parsing, aggregationMessage);
  const expression = parseOr(parsing);
  const rest = tokens[parsing.next];
  if (!parsing.failed && rest !== undefined)
    fail(parsing, `"${rest.text}" stands where "and", "or" or the end belongs`);
  return parsing.failed ? undefined : expression;
}

const aggregationMessage =
  'aggregations behind "|" (count, near …) were removed from Sigma; correlations took their place';

function tokenise(text: string, at: number): Token[] {
  const found = text.matchAll(/[()|]|[^\s()|]+/g);
  return Array.from(found, (match) => ({ text: match[0], at: at + match.index }));
}

function fail<T>(parsing: Parsing<T>, message: string, hint?: string): undefined {
  const place = parsing.tokens[parsing.next]?.at ?? parsing.end;
  // One fault often brings others with it; the first says what is wrong.
  if (!parsing.failed) {
    parsing.report(
      withHint({ code: 'POSTERN_SIGMA_CONDITION', severity: 'error', message, at: place }, hint),
    );
  }
  parsing.failed = true;
  return undefined;
}

function parseOr<T>(parsing: Parsing<T>): Expression<T> {
  const parts = [parseAnd(parsing)];
  while (takeWord(parsing, 'or')) parts.push(parseAnd(parsing));
  return anyOf(parts);
}

function parseAnd<T>(parsing: Parsing<T>): Expression<T> {
  const parts = [parseNot(parsing)];
  while (takeWord(parsing, 'and')) parts.push(parseNot(parsing));
  return allOf(parts);
}

function parseNot<T>(parsing: Parsing<T>): Expression<T> {
  let isNegated = false;
  while (takeWord(parsing, 'not')) isNegated = !isNegated;
  const part = parsePrimary(parsing);
  return isNegated ? negate(part) : part;
}

function parsePrimary<T>(parsing: Parsing<T>): Expression<T> {
  const token = parsing.tokens[parsing.next];
  if (token === undefined) return failHere(parsing, 'the condition ends where a name belongs');
  if (token.text === '(') return parseBrackets(parsing);
  if (token.text === ')' || ['and', 'or', 'of'].includes(token.text.toLowerCase())) {
    return failHere(parsing, `"${token.text}" stands where a name belongs`);
  }
  if (parsing.tokens[parsing.next + 1]?.text.toLowerCase() === 'of') return parseQuantity(parsing, token);
  parsing.next++;
  return parsing.identifiers.get(token.text) ?? unknownIdentifier(parsing, token);
}

function failHere<T>(parsing: Parsing<T>, message: string, hint?: string): Expression<T> {
  fail(parsing, message, hint);
  return constant(false);
}

function parseBrackets<T>(parsing: Parsing<T>): Expression<T> {
  if (parsing.depth >= ruleLimits.depth) return failHere(parsing, 'the brackets are nested too deeply');
  parsing.next++;
  parsing.depth++;
  const inner = parseOr(parsing);
  parsing.depth--;
  if (parsing.tokens[parsing.next]?.text !== ')') return failHere(parsing, 'a closing bracket is missing');
  parsing.next++;
  return inner;
}

function unknownIdentifier<T>(parsing: Parsing<T>, token: Token): Expression<T> {
  const hint = didYouMean(token.text, parsing.identifiers.keys());
  const message = `the condition names "${token.text}", which the detection does not have`;
  parsing.report(
    withHint({ code: 'POSTERN_SIGMA_UNKNOWN_IDENTIFIER', severity: 'error', message, at: token.at }, hint),
  );
  return constant(false);
}

const quantifiers: ReadonlyMap<string, <T>(parts: readonly Expression<T>[]) => Expression<T>> = new Map([
  ['1', anyOf],
  ['any', anyOf],
  ['all', allOf],
]);

function parseQuantity<T>(parsing: Parsing<T>, token: Token): Expression<T> {
  const join = quantifiers.get(token.text.toLowerCase());
  if (join === undefined)
    return failHere(parsing, `"${token.text} of" is not Sigma`, 'write "1 of", "any of" or "all of"');
  if (token.text !== token.text.toLowerCase()) upperCase(parsing, token);
  parsing.next += 2;
  const target = parsing.tokens[parsing.next];
  if (target === undefined) return failHere(parsing, 'nothing stands behind "of"');
  if (!/^[\w.*-]+$/.test(target.text))
    return failHere(parsing, `"${target.text}" is no name or pattern of names`);
  parsing.next++;
  const named = namesOf(parsing.identifiers, target.text);
  if (named.length === 0) reportEmpty(parsing, target);
  return join(named);
}

function namesOf<T>(identifiers: Identifiers<T>, target: string): readonly Expression<T>[] {
  const pattern = target.toLowerCase() === 'them' ? '*' : target;
  const isWanted = compilePattern(parsePattern(pattern));
  const names = [...identifiers].filter(
    ([name]) => (pattern.startsWith('_') || !name.startsWith('_')) && isWanted(name),
  );
  return names.map(([, expression]) => expression);
}

function reportEmpty<T>(parsing: Parsing<T>, { text, at }: Token): void {
  const message = `"${text}" names nothing in the detection: "1 of" it never holds, "all of" it always does`;
  const hint = didYouMean(text.replaceAll('*', ''), parsing.identifiers.keys());
  parsing.report(withHint({ code: 'POSTERN_SIGMA_EMPTY_PATTERN', severity: 'warning', message, at }, hint));
}

/** Takes the next token if it is this word, in capitals too. */
function takeWord<T>(parsing: Parsing<T>, word: 'or' | 'and' | 'not'): boolean {
  const token = parsing.tokens[parsing.next];
  if (token === undefined || parsing.failed || token.text.toLowerCase() !== word) return false;
  // `all of …` apart, a name may be one of these words in capitals.
  if (token.text !== word && parsing.identifiers.has(token.text)) return false;
  if (token.text !== word) upperCase(parsing, token);
  parsing.next++;
  return true;
}

function upperCase<T>(parsing: Parsing<T>, { text, at }: Token): void {
  const message = `"${text}" is read as "${text.toLowerCase()}": Sigma has these words in small letters`;
  parsing.report({ code: 'POSTERN_SIGMA_UPPER_CASE', severity: 'info', message, at });
}
