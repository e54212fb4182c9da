import { defineConfig } from 'vitest/config';

const SOURCE = '@postern/source';
const SLOW_MS = 10 * 60_000;
const isLong = process.env['POSTERN_PROPERTY_RUNS'] !== undefined;

const conditions = [SOURCE, 'module', 'node', 'development|production'];
/** Packages resolve to their sources, in worker threads and child processes too. */
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };
const execArgv = [`--conditions=${SOURCE}`, '--disable-warning=ExperimentalWarning'];
const DATA_TESTS = ['packages/*/src/**/*.data.test.ts', 'testing/**/*.data.test.ts'];
const NO_BENCHES = { include: [] };

export default defineConfig({
  test: {
    reporters: ['default', './testing/totals-reporter.ts'],
    passWithNoTests: true,
    // All of them: vitest leaves one out, which on two cores makes every file wait for the one before.
    maxWorkers: '100%',
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'testing/**/*.test.ts'],
          exclude: DATA_TESTS,
          benchmark: NO_BENCHES,
          testTimeout: isLong ? SLOW_MS : 20_000,
          execArgv,
        },
      },
      {
        ...shared,
        test: {
          name: 'data',
          include: DATA_TESTS,
          benchmark: NO_BENCHES,
          testTimeout: SLOW_MS,
          hookTimeout: SLOW_MS,
          execArgv,
        },
      },
      {
        ...shared,
        test: {
          name: 'bench',
          include: [],
          benchmark: {
            enabled: true,
            include: ['packages/*/src/**/*.bench.ts', 'bench/**/*.bench.ts'],
          },
          execArgv,
        },
      },
    ],
  },
});
