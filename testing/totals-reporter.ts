import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Test counts of one run, as `.ci/run` adds them up. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function countTests(modules: readonly TestModule[], errors: number): Totals {
  let passed = 0;
  let failed = errors;
  let skipped = 0;
  for (const module of modules) {
    // A file that cannot be loaded has no tests to fail.
    failed += module.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed++;
      else if (state === 'failed') failed++;
      else skipped++;
    }
  }
  return { passed, failed, skipped };
}

/** Appends the totals of the run as one JSON line to the file that `POSTERN_TOTALS` names. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env['POSTERN_TOTALS'];
    if (file === undefined) return;
    appendFileSync(file, `${JSON.stringify(countTests(modules, unhandledErrors.length))}\n`);
  }
}
