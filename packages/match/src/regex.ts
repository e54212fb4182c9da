import { PosternError } from '@postern/core';
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
  const compiled = compileRe2(pattern, flagsOf(options));
  const literal = requiredLiteral(pattern);
  const test = testOf(compiled, makeQuickRegex(pattern, options));
  return literal === undefined ? { test } : { test, literal };
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\u0000-\u007f]*$/;

/** Most texts hold nothing, and most of those are told by the quick form: measured, 20 times as fast. */
function testOf(compiled: RE2JS, quick: QuickRegex | undefined): (text: string) => boolean {
  if (quick === undefined) return (text) => compiled.test(text);
  const { regex, longestText } = quick;
  return (text) => {
    if (text.length <= longestText && ascii.test(text) && !regex.test(text)) return false;
    return compiled.test(text);
  };
}

function flagsOf({ ignoreCase = false, multiline = false, dotAll = false }: RegexOptions): number {
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
