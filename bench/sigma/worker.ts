import { parentPort, workerData } from 'node:worker_threads';
import { shapeOfRecord, type Batch } from '@postern/core';
import { openRuleSet } from '@postern/sigma';
import { ruleSetIn } from './rules.ts';
import { passOver, type Counted } from './runs.ts';

/** What each thread is given: the files are shared out by a counter. */
export interface WorkerInput {
  readonly cache: string;
  readonly paths: readonly string[];
  readonly counter: SharedArrayBuffer;
}

/** What it tells of one pass. */
export interface WorkerPass extends Counted {
  readonly hits: number;
}

const port = parentPort;
if (port !== null) {
  // What the bench gave; a thread has no other way to be told.
  const { cache, paths, counter } = workerData as WorkerInput;
  const next = new Int32Array(counter);
  const open = openRuleSet(ruleSetIn(cache));
  function* share(): Generator<string> {
    for (;;) {
      const path = paths[Atomics.add(next, 0, 1)];
      if (path === undefined) return;
      yield path;
    }
  }
  port.on('message', (message: 'pass' | 'end') => {
    if (message === 'end') return port.close();
    let hits = 0;
    const counted = passOver(share(), (batch: Batch, record: number) => {
      open.forShape(shapeOfRecord(batch, record))?.match(batch, record, () => hits++);
    });
    const told: WorkerPass = { ...counted, hits };
    port.postMessage(told);
  });
}
