// Adds up the totals that the runs of `.ci/run` left, and prints them as one line.
//
//   node tools/start.mjs tools/totals.ts FILE RUNS STATUS
//
// RUNS is how many totals there must be: a run that broke off counts as one failure, and so does a STATUS other
// than 0 that no failure explains.

import { existsSync, readFileSync } from 'node:fs';
import type { Totals } from '../testing/totals-reporter.ts';

const [file = '', runs = '1', status = '0'] = process.argv.slice(2);
const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
const totals = lines.map((line) => JSON.parse(line) as Totals);
const sum = (key: keyof Totals): number => totals.reduce((total, one) => total + one[key], 0);

let failed = sum('failed') + Math.max(0, Number(runs) - totals.length);
if (failed === 0 && status !== '0') failed = 1;
process.stdout.write(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped\n`);
if (failed > 0) process.exitCode = 1;
