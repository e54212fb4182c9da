// `npm test`: every check that needs nothing but the checkout. All of them run, so that one call shows all that is
// wrong; the exit status is 1 if any failed. Further arguments go to vitest: `npm test -- packages/core`.

import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

interface Check {
  readonly title: string;
  readonly command: readonly string[];
}

const CHECKS: readonly Check[] = [
  { title: 'format', command: ['oxfmt', '--check'] },
  { title: 'lint', command: ['oxlint', '--type-aware'] },
  // --force: the incremental build does not see a change of the configuration that others extend.
  { title: 'types', command: ['tsc', '-b', '--force'] },
  { title: 'unused code', command: ['knip', '--no-config-hints'] },
];
const TESTS: Check = {
  title: 'tests',
  command: ['tools/tests.ts', '--project', 'unit', ...process.argv.slice(2)],
};

function runCheck(check: Check): boolean {
  process.stdout.write(`\n── ${check.title}\n`);
  const started = performance.now();
  const start = join(import.meta.dirname, 'start.mjs');
  const { status } = spawnSync(process.execPath, [start, ...check.command], { stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? 'ok' : 'FAILED'}: ${check.title}, ${seconds} s\n`);
  return status === 0;
}

const failed = CHECKS.filter((check) => !runCheck(check));
const totals = process.env['POSTERN_TOTALS'];
if (totals !== undefined) {
  const counts = { passed: CHECKS.length - failed.length, failed: failed.length, skipped: 0 };
  appendFileSync(totals, `${JSON.stringify(counts)}\n`);
}
if (!runCheck(TESTS)) failed.push(TESTS);
if (failed.length > 0) {
  process.stdout.write(`\nFailed: ${failed.map((check) => check.title).join(', ')}\n`);
  process.exitCode = 1;
}
