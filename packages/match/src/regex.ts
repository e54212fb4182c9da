import { PosternError, remember } from '@postern/core';
import { RE2JS, RE2JSException } from 're2js';
import { makeQuickRegex, type QuickRegex } from './quick-regex.ts';
import { requiredLiteral } from './regex-literal.ts';

/** Flags of a pattern; absent is false. */
export interface RegexOptions {
  readonly ignoreCase?: boolean;
  /** `^` and `$` at every line. */
  readonly multiline?: boolean;
  /** `.` is also a line break. */
  readonly dotAll?: boolean;
}

/** A compiled pattern. */
export interface Regex {
  /** Whether the pattern is found anywhere in `text`, in time linear in its length. */
  readonly test: (text: string) => boolean;
  /**
   * A text that stands, apart from letter case, in everything the pattern finds; the longest that is told simply.
   * Lower case, by `foldScanned`. Absent where there is none.
   */
  readonly literal?: string;
}

/**
 * Compiles a pattern of RE2's language, which is PCRE without what needs backtracking. Patterns come from rules, and
 * rules are strangers': whatever the pattern, matching takes time linear in the text.
 *
 * @throws PosternError `POSTERN_MATCH_REGEX` with the reason, for look-around, back references, atomic groups,
 * possessive quantifiers, repeats over 1,000, and what is no pattern at all
 */
export function compileRegex(pattern: string, options: RegexOptions = {}): Regex {
  const { ignoreCase = false, multiline = false, dotAll = false } = options;
  const flags = (ignoreCase ? 'i' : '') + (multiline ? 'm' : '') + (dotAll ? 's' : '');
  return compiledOnce(`${flags}/${pattern}`);
}

/** Rules are checked when they are read and run when records are: each pattern is compiled once for both. */
const compiledOnce = remember((key) => {
  const slash = key.indexOf('/');
  const [flags, pattern] = [key.slice(0, slash), key.slice(slash + 1)];
  const options = {
    ignoreCase: flags.includes('i'),
    multiline: flags.includes('m'),
    dotAll: flags.includes('s'),
  };
  const compiled = compileRe2(pattern, flagsOf(options));
  const literal = requiredLiteral(pattern);
  const test = testOf(compiled, () => makeQuickRegex(pattern, options));
  return literal === undefined ? { test } : { test, literal };
});

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\u0000-\u007f]*$/;

/** Most texts hold nothing, and most of those are told by the quick form: measured, 20 times as fast. */
function testOf(compiled: RE2JS, makeQuick: () => QuickRegex | undefined): (text: string) => boolean {
  let quick: { readonly form: QuickRegex | undefined } | undefined;
  return (text) => {
    const { form } = (quick ??= { form: makeQuick() });
    const isTold = form !== undefined && text.length <= form.longestText && ascii.test(text);
    return isTold && !form.regex.test(text) ? false : compiled.test(text);
  };
}

function flagsOf({ ignoreCase, multiline, dotAll }: Required<RegexOptions>): number {
  return (
    (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (multiline ? RE2JS.MULTILINE : 0) |
    (dotAll ? RE2JS.DOTALL : 0)
  );
}

function compileRe2(pattern: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(pattern, flags);
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    throw regexError(pattern, cause);
  }
}

function regexError(pattern: string, cause: RE2JSException): PosternError {
  const reason = cause.message.replace(/^error parsing regexp: /, '');
  return new PosternError({
    code: 'POSTERN_MATCH_REGEX',
    message: `the regular expression "${shorten(pattern)}" cannot be run: ${reason}`,
    hint: 'only patterns that can be matched in linear time run: no look-around, no back references, no atomic groups',
    cause,
  });
}

function shorten(pattern: string): string {
  return pattern.length <= 80 ? pattern : `${pattern.slice(0, 79)}…`;
}
