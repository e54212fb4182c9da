import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CollectionEntry } from '@postern/collection';
import { afterEach, describe, expect, test } from 'vitest';
import { testFolder } from '../../collection/src/testing/evidence.ts';
import { loadKnowledge, type Knowledge } from './knowledge.ts';
import { inlinePool, isStopped, listeningPool, threadPool, type Pool } from './pool.ts';
import { frontLog, iisLog } from './testing/records.ts';
import { entryOf } from './testing/results.ts';
import { Threads } from './threads.ts';
import type { Outcome, Task, WorkerSetup } from './worker-task.ts';

const knowledge = loadKnowledge({ packs: [], rules: [], yara: [], indicators: [] });
const opened: Pool[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((pool) => pool.close()));
});

function setupOf(isStopped = false): WorkerSetup {
  const control = new SharedArrayBuffer(4);
  new Int32Array(control)[0] = isStopped ? 1 : 0;
  return { knowledge, control };
}

const kinds: readonly (readonly [name: string, make: (setup: WorkerSetup) => Pool])[] = [
  ['in this thread', inlinePool],
  ['on one thread', (setup) => threadPool(setup, 1)],
  ['on three threads', (setup) => threadPool(setup, 3)],
  ['on two threads while this one listens', (setup) => listeningPool(setup, 2)],
];

/** Logs of different sizes, so that threads do not end in the order of the tasks. */
function entries(count: number): readonly CollectionEntry[] {
  const folder = testFolder();
  return Array.from({ length: count }, (_, i) => {
    const file = join(folder, `${i}.log`);
    const text = iisLog(Array.from({ length: (count - i) * 50 }, (_, k) => ({ url: `/${i}/${k}` })));
    writeFileSync(file, text);
    return entryOf(`${i}.log`, { file, size: text.length, originalPath: frontLog });
  });
}

const tasks = (from: readonly CollectionEntry[]): Task[] => from.map((entry) => ({ pass: 'first', entry }));
const recordsOf = (outcome: Outcome): number | string =>
  'failure' in outcome
    ? outcome.failure
    : outcome.result.pass === 'first'
      ? outcome.result.result.facts.records
      : -1;

describe.each(kinds)('%s', (_, make) => {
  function open(setup: WorkerSetup): Pool {
    const pool = make(setup);
    opened.push(pool);
    return pool;
  }

  test('outcomes come in the order of the tasks, and each is told of once', async () => {
    const told: number[] = [];
    let bytes = 0;
    const all = entries(9);
    const outcomes = await open(setupOf()).run(tasks(all), {
      onProgress: (more) => (bytes += more),
      onOutcome: (number) => told.push(number),
    });
    expect(outcomes.map(recordsOf)).toEqual([450, 400, 350, 300, 250, 200, 150, 100, 50]);
    expect(told.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(bytes).toBe(all.reduce((sum, { size }) => sum + size, 0));
  });

  test('one that fails does not stop the others', async () => {
    const [first, last] = entries(2);
    const missing = entryOf('gone.log', { file: join(testFolder(), 'gone.log') });
    const given = [first, missing, last].flatMap((entry) => entry ?? []);
    const outcomes = await open(setupOf()).run(tasks(given), { onProgress: () => undefined });
    expect(outcomes.map(recordsOf)).toEqual([100, expect.stringContaining('ENOENT'), 50]);
  });

  test('nothing to do is done at once', async () => {
    expect(await open(setupOf()).run([], { onProgress: () => undefined })).toEqual([]);
  });

  test('once stopped, all that is left is stopped, however much it is', async () => {
    const many = Array.from({ length: 20_000 }, () => entryOf('never-opened.log'));
    const outcomes = await open(setupOf(true)).run(tasks(many), { onProgress: () => undefined });
    expect(outcomes).toHaveLength(many.length);
    expect(outcomes.every(isStopped)).toBe(true);
  });

  test('a pool runs more than once', async () => {
    const pool = open(setupOf());
    const given = tasks(entries(2));
    const run = (): Promise<readonly Outcome[]> => pool.run(given, { onProgress: () => undefined });
    expect(await run()).toEqual(await run());
  });
});

test('the same threads serve another pool, and know what that one knows', async () => {
  const threads = new Threads();
  const given = tasks(entries(1));
  const known = {
    rule: 'known',
    type: 'file_name',
    value: 'u_ex210303.log',
    cluster: 'c',
    source: 's',
    paths: [],
    file: 'list.csv',
    line: 2,
  } as const;
  const hitsOf = async (indicators: Knowledge['indicators']): Promise<number> => {
    const setup = { ...setupOf(), knowledge: { ...knowledge, indicators } };
    const pool = listeningPool(setup, 1, threads);
    const [outcome] = await pool.run(given, { onProgress: () => undefined });
    await pool.close();
    return outcome !== undefined && 'result' in outcome ? outcome.result.result.hits.length : -1;
  };
  expect([await hitsOf([]), await hitsOf([known]), await hitsOf([])]).toEqual([0, 1, 0]);
});

test('a stop in the middle of a file counts as a stop, not as a failure of the disk', async () => {
  const setup = setupOf();
  const pool = inlinePool(setup);
  const given = tasks(entries(3));
  const outcomes = await pool.run(given, {
    onProgress: () => Atomics.store(new Int32Array(setup.control), 0, 1),
  });
  expect(outcomes.map(isStopped)).toEqual([false, true, true]);
});
