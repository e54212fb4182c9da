import { Worker } from 'node:worker_threads';
import type { PosternError } from '@postern/core';
import { endOf, send, threadDied } from './thread-life.ts';
import type { ToWorker } from './worker.ts';
import type { WorkerSetup } from './worker-task.ts';

/** Under node_modules the sources are compiled; in a checkout they run as they are. */
const workerFile = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** Records are short-lived: a small nursery is emptied often and keeps memory low at no measurable cost. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 };

/**
 * The threads of one scan beside the main one. They load their code, some tenths of a second, as soon as they are
 * started, and can do tasks once they are told the knowledge.
 */
export class Threads {
  readonly #workers: Worker[] = [];
  #setup: WorkerSetup | undefined;
  #bury: (error: PosternError) => void = () => undefined;
  /** Fails once one of them died. */
  readonly died: Promise<never> = new Promise<never>((_, reject) => (this.#bury = reject));

  constructor() {
    // One may die before anybody waits for its work.
    this.died.catch(() => undefined);
  }

  get workers(): readonly Worker[] {
    return this.#workers;
  }

  /** Starts as many as are missing. */
  start(count: number): void {
    while (this.#workers.length < count) {
      const worker = new Worker(workerFile, { resourceLimits });
      worker.on('error', (cause) => this.#bury(threadDied(cause)));
      this.#workers.push(worker);
      if (this.#setup !== undefined) send(worker, { kind: 'setup', setup: this.#setup } satisfies ToWorker);
    }
  }

  /** Once; those that are started later hear of it too. */
  tell(setup: WorkerSetup): void {
    if (this.#setup !== undefined) return;
    this.#setup = setup;
    for (const worker of this.#workers) send(worker, { kind: 'setup', setup } satisfies ToWorker);
  }

  /** Lets them end by themselves, and waits for that. Others that are started afterwards are told anew. */
  async end(): Promise<void> {
    this.#setup = undefined;
    const gone = this.#workers.splice(0).map((worker) => endOf(worker, { kind: 'end' } satisfies ToWorker));
    await Promise.all(gone);
  }
}
