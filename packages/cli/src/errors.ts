import { isPosternError } from '@postern/core';

/** An error for people: code, place, what happened, what to do. No stack unless it was asked for. */
export function renderError(error: unknown, debug: boolean): string {
  if (isPosternError(error)) {
    const place = error.at === undefined ? '' : `  ${error.at}`;
    const hint = error.hint === undefined ? '' : `\n      ${error.hint}`;
    return `error ${error.code}${place}\n      ${error.message}${hint}\n${debug ? `${error.stack ?? ''}\n` : ''}`;
  }
  const text = error instanceof Error ? error.message : String(error);
  const stack =
    debug && error instanceof Error
      ? `${error.stack ?? ''}\n`
      : '      Run again with --debug for the place in the code, and please report it.\n';
  return `error POSTERN_INTERNAL\n      ${text}\n${stack}`;
}

/** Exit status (design 4.1): 2 wrong usage, 3 no evidence could be read. */
export function exitStatus(error: unknown): number {
  if (!isPosternError(error)) return 70;
  return error.code === 'POSTERN_SCAN_NO_EVIDENCE' ? 3 : 2;
}
