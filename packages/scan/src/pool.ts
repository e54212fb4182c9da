import type { Worker } from 'node:worker_threads';
import { stoppedMessage } from './first-pass.ts';
import { TaskQueues, type Share } from './task-queues.ts';
import { after } from './later.ts';
import { send } from './thread-life.ts';
import { Threads } from './threads.ts';
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
  return pool(setup, new Threads(), true);
}

/**
 * `count` threads, of which this one is the first: its memory and its compiled code are there anyway. They share
 * nothing but the stop flag.
 */
export function threadPool(setup: WorkerSetup, count: number, threads: Threads = new Threads()): Pool {
  threads.start(count - 1);
  return pool(setup, threads, true);
}

/** `count` threads beside this one, which only listens: a signal of the user is heard between two tasks only. */
export function listeningPool(setup: WorkerSetup, count: number, threads: Threads = new Threads()): Pool {
  threads.start(count);
  return pool(setup, threads, false);
}

function pool(setup: WorkerSetup, threads: Threads, works: boolean): Pool {
  threads.tell(setup);
  let report: (bytes: number) => void = () => undefined;
  let hands: Hands | undefined;
  const flag = new Int32Array(setup.control);
  const crew: Crew = {
    // Made when the others have work already.
    hands: () => (works ? (hands ??= new Hands(setup, (bytes) => report(bytes))) : undefined),
    threads,
    isOver: () => Atomics.load(flag, 0) === 1,
  };
  return {
    run(tasks, events) {
      report = events.onProgress;
      return new Run(tasks, events, crew).outcome();
    },
    async close() {
      // One that is still at work, because another died, need not finish.
      Atomics.store(flag, 0, 1);
      hands?.close();
      await threads.end();
    },
  };
}

/** The outcome of a task that was not begun, or not ended, because the run was stopped. */
export const stopped: Failure = { failure: stoppedMessage };

export function isStopped(outcome: Outcome): boolean {
  return 'failure' in outcome && outcome.failure === stoppedMessage;
}

interface Crew {
  /** Of this thread; undefined where it only listens. */
  readonly hands: () => Hands | undefined;
  readonly threads: Threads;
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
    const { workers, died } = this.crew.threads;
    const leave = workers.map((worker) => this.employ(worker));
    try {
      await Promise.race([this.finished(), died]);
    } finally {
      for (const stopListening of leave) stopListening();
    }
    return this.outcomes;
  }

  /** Gives a thread its first work, and more whenever it is done with some, until that is called off. */
  private employ(worker: Worker): () => void {
    const onMessage = (message: FromWorker): void => {
      if (message.kind === 'progress') this.events.onProgress(message.bytes);
      if (message.kind === 'outcomes') message.outcomes.forEach((outcome) => this.settle(outcome));
      if (message.kind === 'done') this.give(worker);
    };
    worker.on('message', onMessage);
    for (let i = 0; i < batchesAhead; i++) this.give(worker);
    return () => worker.off('message', onMessage);
  }

  private give(worker: Worker): void {
    const tasks = this.next(worker === this.crew.threads.workers[0] ? 'pages' : 'large');
    if (tasks.length > 0) send(worker, { kind: 'tasks', tasks } satisfies ToWorker);
  }

  /** What this thread does itself, until all is done. */
  private async finished(): Promise<void> {
    const hands = this.crew.hands();
    if (hands !== undefined) await this.work(hands);
    if (this.open > 0) await new Promise<void>((resolve) => (this.finish = resolve));
  }

  private async work(hands: Hands): Promise<void> {
    const { isOver, threads } = this.crew;
    // While this thread reads it gives no work to others: with others it takes what is short.
    const share: Share = threads.workers.length === 0 ? 'pages' : 'small';
    for (let batch = this.next(share); batch.length > 0; batch = this.next(share)) {
      for (const { number, task } of batch)
        void after(isOver() ? stopped : attempt(hands, task), (outcome) => this.settle({ number, outcome }));
      // Lets signals and the other threads' messages through.
      await new Promise((resolve) => setImmediate(resolve));
      await hands.room();
    }
  }

  /** The next tasks; none once the run is over, for then all that is left is settled. */
  private next(share: Share): readonly NumberedTask[] {
    if (this.crew.isOver())
      for (const { number } of this.queues.rest()) this.settle({ number, outcome: stopped });
    return this.queues.next(share);
  }

  private settle({ number, outcome }: NumberedOutcome): void {
    this.outcomes[number] = outcome;
    this.events.onOutcome?.(number, outcome);
    if (--this.open === 0) this.finish();
  }
}
