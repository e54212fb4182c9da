import { runCommand } from '../command.ts';

/** What a command did: its exit status and all that it wrote. */
export interface Told {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `postern …` with streams that remember. */
export async function tell(argv: readonly string[]): Promise<Told> {
  let out = '';
  let err = '';
  const status = await runCommand(argv, {
    out: { write: (text) => (out += text), columns: 100 },
    err: { write: (text) => (err += text), columns: 100 },
    signal: new AbortController().signal,
    color: false,
  });
  return { status, out, err };
}
