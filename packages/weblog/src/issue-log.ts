import type { Issue, Position, Severity } from '@postern/core';

/** What can be wrong with a log, each a code that programs may depend on. */
export type WeblogCode =
  | 'POSTERN_WEBLOG_LINE_MISFIT'
  | 'POSTERN_WEBLOG_LINE_TORN'
  | 'POSTERN_WEBLOG_LINE_RECOVERED'
  | 'POSTERN_WEBLOG_LINE_TOO_LONG'
  | 'POSTERN_WEBLOG_NO_FIELDS'
  | 'POSTERN_WEBLOG_FIELDS_GUESSED'
  | 'POSTERN_WEBLOG_TOO_MANY_FIELDS'
  | 'POSTERN_WEBLOG_TOO_MANY_SHAPES'
  | 'POSTERN_WEBLOG_DATE_FROM_HEADER'
  | 'POSTERN_WEBLOG_NO_DATE'
  | 'POSTERN_WEBLOG_LOCAL_TIME'
  | 'POSTERN_WEBLOG_TIME_UNREADABLE'
  | 'POSTERN_WEBLOG_ZEROS'
  | 'POSTERN_WEBLOG_QUOTE_OPEN'
  | 'POSTERN_WEBLOG_UTF16'
  | 'POSTERN_WEBLOG_CUT_SHORT';

/** Occurrences of one code that are told one by one, with their place; the rest is told as a number. */
const toldApart = 3;

type What = Pick<Issue, 'message' | 'expected' | 'found'>;

/** Passes issues on, so that a hundred thousand bad lines make four issues and not a hundred thousand. */
export class IssueLog {
  private readonly seen = new Map<
    WeblogCode,
    { count: number; severity: Severity; last: Position; message: string }
  >();
  private readonly onIssue: (issue: Issue) => void;

  constructor(onIssue: (issue: Issue) => void) {
    this.onIssue = onIssue;
  }

  note(code: WeblogCode, severity: Severity, at: Position, what: What): void {
    const before = this.seen.get(code);
    const count = (before?.count ?? 0) + 1;
    this.seen.set(code, { count, severity, last: at, message: before?.message ?? what.message });
    if (count <= toldApart) this.onIssue({ code, severity, at, ...what });
  }

  /** True while a further occurrence would be told with its place: what that costs is worth it only then. */
  tellsPlace(code: WeblogCode): boolean {
    return (this.seen.get(code)?.count ?? 0) < toldApart;
  }

  /** Tells how many more there were of each code; `at` is the last of them. */
  finish(): void {
    for (const [code, { count, severity, last, message }] of this.seen) {
      const more = count - toldApart;
      if (more > 0)
        this.onIssue({
          code,
          severity,
          message: `${more} more like this: ${message}`,
          at: last,
          count: more,
        });
    }
  }
}
