/** How much an issue costs the result. */
export type Severity = 'info' | 'warning' | 'error';

/** A place in the evidence, exact enough to walk back to the byte. */
export interface Position {
  /** Byte offset in the source. */
  readonly offset: number;
  /** 1-based; absent for sources without lines. */
  readonly line?: number;
  /** The record's own number or id, where the format has one. */
  readonly record?: string;
}

/**
 * Evidence is broken by nature: readers report what they met and go on. An issue is never thrown.
 * @see PosternError for the other kind of wrong, ours or the user's.
 */
export interface Issue {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Source id or path, filled in by whoever knows it. */
  readonly source?: string;
  readonly at?: Position;
  /** How many times it happened, where one issue stands for many alike. */
  readonly count?: number;
  readonly expected?: string;
  readonly found?: string;
}

export interface PosternErrorDetail {
  /** `POSTERN_<PACKAGE>_<WHAT>`, stable: programs may depend on it. */
  readonly code: string;
  readonly message: string;
  /** Where: a path, `file:line:column`, an option's name. */
  readonly at?: string;
  /** What the reader of the message can do. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** We or the user are wrong (usage, rules, packs, a limit of ours). Recognise it with {@link isPosternError}. */
export class PosternError extends Error {
  readonly code: string;
  readonly at: string | undefined;
  readonly hint: string | undefined;

  constructor(detail: PosternErrorDetail) {
    super(detail.message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'PosternError';
    this.code = detail.code;
    this.at = detail.at;
    this.hint = detail.hint;
  }
}

/** True for our own errors, also for those that crossed a thread and lost their class. */
export function isPosternError(value: unknown): value is PosternError {
  if (typeof value !== 'object' || value === null || !('code' in value)) return false;
  return typeof value.code === 'string' && value.code.startsWith('POSTERN_');
}
