// Runs the command as a user does, in this process.

import { runCommand } from '@postern/cli';
import type { Assessment } from '@postern/core';

/** What a command did: its exit status and all that it wrote. */
export interface Told {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `postern …` in this process. */
export async function postern(argv: readonly string[], signal?: AbortSignal): Promise<Told> {
  let out = '';
  let err = '';
  const status = await runCommand(argv, {
    out: { write: (text) => (out += text), columns: 100 },
    err: { write: (text) => (err += text), columns: 100 },
    signal: signal ?? new AbortController().signal,
    color: false,
  });
  return { status, out, err };
}

/** `postern scan … --json`, its assessment read back. */
export async function posternJson(
  argv: readonly string[],
  signal?: AbortSignal,
): Promise<Told & { readonly assessment: Assessment }> {
  const told = await postern(['scan', ...argv, '--jobs', '1', '--json'], signal);
  return { ...told, assessment: JSON.parse(told.out) as Assessment };
}
