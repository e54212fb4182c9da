// node tools/start.mjs packages/evtx/src/testing/fuzz-main.ts [ROUNDS] [SEED]: fuzzes as long as one likes.

import { performance } from 'node:perf_hooks';
import { fuzz } from './fuzz.ts';
import { seedLogs } from './seed-corpus.ts';

const [rounds = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const step = 5000;
for (let done = 0, from = seed; done < rounds; done += step, from++) {
  const started = performance.now();
  const result = fuzz(seedLogs(), from, Math.min(step, rounds - done));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`seed ${from}: ${Math.min(step, rounds - done)} rounds in ${seconds} s`, result);
}
