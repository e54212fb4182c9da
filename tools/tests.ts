// Runs vitest with the given arguments, and once more where V8 itself broke down: when WebAssembly code is made and
// freed on several threads, it now and then loses sight of a code page and ends the process
// (nodejs/node#64500). A test that fails by its own assertion is never run again.

import { spawn } from 'node:child_process';
import { existsSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

const BREAKDOWN = /# Check failed: jit_page(?:\.has_value\(\)|_->allocations_\.erase)/;
/** The longest message above; a chunk of output may end within it. */
const OVERLAP = 100;

interface Run {
  readonly status: number;
  readonly broke: boolean;
}

function runVitest(args: readonly string[]): Promise<Run> {
  const start = join(import.meta.dirname, 'start.mjs');
  const child = spawn(process.execPath, [start, 'vitest', 'run', ...args], {
    stdio: ['inherit', 'inherit', 'pipe'],
  });
  const decoder = new StringDecoder();
  let tail = '';
  let broke = false;
  child.stderr.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    tail += decoder.write(chunk);
    broke ||= BREAKDOWN.test(tail);
    tail = tail.slice(-OVERLAP);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? 1, broke }));
  });
}

/** Takes back what a run wrote to the totals, so that they are those of the last run alone. */
function totalsKeeper(): () => void {
  const file = process.env['POSTERN_TOTALS'];
  if (file === undefined) return () => undefined;
  const size = existsSync(file) ? statSync(file).size : 0;
  return () => {
    if (existsSync(file)) truncateSync(file, size);
  };
}

const args = process.argv.slice(2);
const forgetTotals = totalsKeeper();
let run = await runVitest(args);
if (run.status !== 0 && run.broke) {
  process.stdout.write(
    '\nV8 lost a code page and ended a process (nodejs/node#64500): all tests run once more.\n',
  );
  forgetTotals();
  run = await runVitest(args);
}
process.exitCode = run.status;
