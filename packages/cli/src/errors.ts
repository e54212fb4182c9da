import { isPosternError, showControls, type Issue, type RefusedRule } from '@postern/core';

/** An error for people: code, place, what happened, what to do. No stack unless it was asked for. */
export function renderError(error: unknown, debug: boolean): string {
  if (isPosternError(error)) {
    const text = [error.message, ...(error.hint === undefined ? [] : [error.hint])].join('\n');
    return `${block(`error ${error.code}`, error.at, text)}\n${debug ? `${error.stack ?? ''}\n` : ''}`;
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

/** Something met in the evidence: severity, code, place; what happened below it. */
export function issueText({ severity, code, source, message }: Issue): string {
  const text =
    source !== undefined && message.startsWith(`${source}: `) ? message.slice(source.length + 2) : message;
  return block(`${severity} ${code}`, source, text);
}

/** A rule that is left out. */
export function refusedText({ source, title, reason }: RefusedRule): string {
  const [, code = 'POSTERN_SCAN_REFUSED', text = reason] = /^(POSTERN_\w+): ([\s\S]*)$/.exec(reason) ?? [];
  return block(
    `error ${code}`,
    source,
    `${title === '' ? '' : `${title}: `}${text}\nThis is left out, the others run.`,
  );
}

/** Places and texts may be of the evidence: what would steer a terminal is shown, not sent. */
function block(head: string, place: string | undefined, text: string): string {
  const lines = [place === undefined ? head : `${head}  ${place}`, ...text.split('\n')];
  return lines.map(showControls).join('\n      ');
}
