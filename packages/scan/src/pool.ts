import { Worker } from 'node:worker_threads';
import { PosternError } from '@postern/core';
import { stoppedMessage } from './first-pass.ts';
import { TaskQueues } from './task-queues.ts';
import type { FromWorker, ToWorker } from './worker.ts';
import {
  attempt,
  Hands,
  type Failure,
  type NumberedOutcome,
  type Outcome,
  type Task,
  type WorkerSetup,
} from './worker-task.ts';

export interface PoolEvents {
  readonly onProgress: (bytes: number) => void;
  readonly onOutcome?: (number: number, outcome: Outcome) => void;
}

/** Runs tasks on some threads, or in this one. The same tasks give the same outcomes on any number of threads. */
export interface Pool {
  run(tasks: readonly Task[], events: PoolEvents): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

/** One thread, this one: for small collections, tests and `--jobs 1`. */
export function inlinePool(setup: WorkerSetup): Pool {
  let report: (bytes: number) => void = () => undefined;
  const hands = new Hands(setup, (bytes) => report(bytes));
  const flag = new Int32Array(setup.control);
  return {
    async run(tasks, events) {
      report = events.onProgress;
      const outcomes: Outcome[] = [];
      for (const [number, task] of tasks.entries()) {
        const outcome = Atomics.load(flag, 0) === 1 ? stopped : attempt(hands, task);
        outcomes.push(outcome);
        events.onOutcome?.(number, outcome);
        // Lets a signal through between two sources.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return outcomes;
    },
    close: async () => undefined,
  };
}

/** The outcome of a task that was not begun, or not ended, because the run was stopped. */
export const stopped: Failure = { failure: stoppedMessage };

export function isStopped(outcome: Outcome): boolean {
  return 'failure' in outcome && outcome.failure === stoppedMessage;
}

/** Under node_modules the sources are compiled; in a checkout they run as they are. */
const workerFile = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** Records are short-lived: a small nursery is emptied often and keeps memory low at no measurable cost. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 };

/** Starts `count` threads; they share nothing but the stop flag. */
export function threadPool(setup: WorkerSetup, count: number): Pool {
  const workers = Array.from(
    { length: count },
    () => new Worker(workerFile, { workerData: setup, resourceLimits }),
  );
  const flag = new Int32Array(setup.control);
  return {
    run: (tasks, events) => runOn(workers, tasks, events, () => Atomics.load(flag, 0) === 1),
    async close() {
      // One that is still at work, because another died, need not finish.
      Atomics.store(flag, 0, 1);
      await Promise.all(workers.map(end));
    },
  };
}

async function end(worker: Worker): Promise<void> {
  if (worker.threadId < 0) return;
  const gone = new Promise((resolve) => worker.once('exit', resolve));
  send(worker, 'end');
  await gone;
}

function send(worker: Worker, message: ToWorker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  worker.postMessage(message);
}

function runOn(
  workers: readonly Worker[],
  tasks: readonly Task[],
  events: PoolEvents,
  isOver: () => boolean,
): Promise<readonly Outcome[]> {
  return new Promise((resolve, reject) => {
    const outcomes: Outcome[] = [];
    const queues = new TaskQueues(tasks);
    let open = tasks.length;
    if (open === 0) resolve(outcomes);
    const settle = ({ number, outcome }: NumberedOutcome): void => {
      outcomes[number] = outcome;
      events.onOutcome?.(number, outcome);
      if (--open === 0) finish();
    };
    const give = (worker: Worker): void => {
      if (isOver()) for (const { number } of queues.rest()) settle({ number, outcome: stopped });
      const batch = queues.next(worker === workers[0]);
      if (batch.length > 0) send(worker, batch);
    };
    const onMessage = (worker: Worker, message: FromWorker): void => {
      if (message.kind === 'progress') events.onProgress(message.bytes);
      if (message.kind === 'done') message.outcomes.forEach(settle);
      if (message.kind === 'done') give(worker);
    };
    const listeners = workers.map((worker) => (message: FromWorker) => onMessage(worker, message));
    const finish = (): void => {
      workers.forEach((worker, i) => worker.off('message', listeners[i] ?? give));
      resolve(outcomes);
    };
    workers.forEach((worker, i) => {
      worker.on('message', listeners[i] ?? give);
      worker.once('error', (cause) => reject(threadDied(cause)));
      give(worker);
    });
  });
}

function threadDied(cause: unknown): PosternError {
  return new PosternError({
    code: 'POSTERN_SCAN_THREAD_DIED',
    message: `a worker thread ended: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'Try again with --jobs 1; if it stays, please report it.',
    cause,
  });
}
