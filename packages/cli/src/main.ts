#!/usr/bin/env node
import { runCommand } from './command.ts';
import { cliWords } from './words.ts';
import { writeWhole } from './write-whole.ts';

const controller = new AbortController();
let interrupted = 0;

/** The first Ctrl-C ends the scan with what it has; a second one, later than a repeat of the first, ends at once. */
process.on('SIGINT', () => {
  const now = Date.now();
  if (interrupted !== 0 && now - interrupted > 1000) process.exit(130);
  if (interrupted === 0) {
    interrupted = now;
    process.stderr.write(`\n${cliWords.stopping}\n`);
  }
  controller.abort();
});

/** A reader that went away (`| head`) is no error of ours. */
function writeOut(text: string): void {
  try {
    writeWhole(process.stdout.fd, text);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') process.exit(0);
    throw error;
  }
}

const { columns, isTTY } = process.stdout;
process.exitCode = await runCommand(process.argv.slice(2), {
  out: { write: writeOut, columns, isTTY },
  err: process.stderr,
  signal: controller.signal,
  color: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
});
