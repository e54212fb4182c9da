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
  type NumberedTask,
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
  return pool(setup, [], true);
}

/**
 * `count` threads, of which this one is the first: its memory and its compiled code are there anyway. They share
 * nothing but the stop flag.
 */
export function threadPool(setup: WorkerSetup, count: number): Pool {
  return pool(setup, startWorkers(setup, count - 1), true);
}

/** `count` threads beside this one, which only listens: a signal of the user is heard between two tasks only. */
export function listeningPool(setup: WorkerSetup, count: number): Pool {
  return pool(setup, startWorkers(setup, count), false);
}

function startWorkers(setup: WorkerSetup, count: number): readonly Worker[] {
  const options = { workerData: setup, resourceLimits };
  return Array.from({ length: count }, () => new Worker(workerFile, options));
}

function pool(setup: WorkerSetup, workers: readonly Worker[], works: boolean): Pool {
  let report: (bytes: number) => void = () => undefined;
  const hands = works ? new Hands(setup, (bytes) => report(bytes)) : undefined;
  const flag = new Int32Array(setup.control);
  return {
    run(tasks, events) {
      report = events.onProgress;
      return new Run(tasks, events, { hands, workers, isOver: () => Atomics.load(flag, 0) === 1 }).outcome();
    },
    async close() {
      // One that is still at work, because another died, need not finish.
      Atomics.store(flag, 0, 1);
      hands?.close();
      await Promise.all(workers.map(end));
    },
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

interface Crew {
  /** Of this thread; undefined where it only listens. */
  readonly hands: Hands | undefined;
  readonly workers: readonly Worker[];
  readonly isOver: () => boolean;
}

/** So that a thread has work while this one, busy itself, has not yet heard that it is done. */
const batchesAhead = 2;

/** One run over some tasks. */
class Run {
  private readonly outcomes: Outcome[] = [];
  private readonly queues: TaskQueues;
  private readonly events: PoolEvents;
  private readonly crew: Crew;
  private open: number;
  private finish: () => void = () => undefined;

  constructor(tasks: readonly Task[], events: PoolEvents, crew: Crew) {
    this.queues = new TaskQueues(tasks);
    this.events = events;
    this.crew = crew;
    this.open = tasks.length;
  }

  async outcome(): Promise<readonly Outcome[]> {
    if (this.open === 0) return this.outcomes;
    const away = this.crew.workers.map((worker) => this.employ(worker));
    try {
      await Promise.race([this.finished(), ...away.map(({ died }) => died)]);
    } finally {
      for (const { leave } of away) leave();
    }
    return this.outcomes;
  }

  /** Gives a thread its first work, and more whenever it is done with some. */
  private employ(worker: Worker): { readonly died: Promise<never>; readonly leave: () => void } {
    const onMessage = (message: FromWorker): void => {
      if (message.kind === 'progress') this.events.onProgress(message.bytes);
      if (message.kind !== 'done') return;
      message.outcomes.forEach((outcome) => this.settle(outcome));
      this.give(worker);
    };
    worker.on('message', onMessage);
    let onError: (cause: unknown) => void = () => undefined;
    const died = new Promise<never>((_, reject) => {
      onError = (cause) => reject(threadDied(cause));
      worker.on('error', onError);
    });
    for (let i = 0; i < batchesAhead; i++) this.give(worker);
    return {
      died,
      leave() {
        worker.off('message', onMessage);
        worker.off('error', onError);
      },
    };
  }

  private give(worker: Worker): void {
    const batch = this.next(worker === this.crew.workers[0]);
    if (batch.length > 0) send(worker, batch);
  }

  /** What this thread does itself, until all is done. */
  private async finished(): Promise<void> {
    if (this.crew.hands !== undefined) await this.work(this.crew.hands);
    if (this.open > 0) await new Promise<void>((resolve) => (this.finish = resolve));
  }

  private async work(hands: Hands): Promise<void> {
    const { isOver, workers } = this.crew;
    const isAlone = workers.length === 0;
    for (let batch = this.next(isAlone); batch.length > 0; batch = this.next(isAlone)) {
      for (const { number, task } of batch)
        this.settle({ number, outcome: isOver() ? stopped : attempt(hands, task) });
      // Lets signals and the other threads' messages through.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The next tasks; none once the run is over, for then all that is left is settled. */
  private next(hasPages: boolean): readonly NumberedTask[] {
    if (this.crew.isOver())
      for (const { number } of this.queues.rest()) this.settle({ number, outcome: stopped });
    return this.queues.next(hasPages);
  }

  private settle({ number, outcome }: NumberedOutcome): void {
    this.outcomes[number] = outcome;
    this.events.onOutcome?.(number, outcome);
    if (--this.open === 0) this.finish();
  }
}

function threadDied(cause: unknown): PosternError {
  return new PosternError({
    code: 'POSTERN_SCAN_THREAD_DIED',
    message: `a worker thread ended: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'Try again with --jobs 1; if it stays, please report it.',
    cause,
  });
}
