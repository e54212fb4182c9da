import { parentPort } from 'node:worker_threads';
import { attempt, Hands, type NumberedOutcome, type NumberedTask, type WorkerSetup } from './worker-task.ts';

/** What a thread tells the pool. */
export type FromWorker =
  | { readonly kind: 'progress'; readonly bytes: number }
  /** Of tasks that were given before; those that wait for an answer of YARA come by themselves. */
  | { readonly kind: 'outcomes'; readonly outcomes: readonly NumberedOutcome[] }
  /** With the tasks of one message. */
  | { readonly kind: 'done' };

/** First what there is to know, then tasks, then that there will be no more. */
export type ToWorker =
  | { readonly kind: 'setup'; readonly setup: WorkerSetup }
  | { readonly kind: 'tasks'; readonly tasks: readonly NumberedTask[] }
  | { readonly kind: 'end' };

/** Bytes that gather before the pool hears of them: a message costs more than counting. */
const progressStep = 8 * 1024 * 1024;

const port = parentPort;
if (port !== null) {
  const tell = (message: FromWorker): void => port.postMessage(message);
  let hands: Hands | undefined;
  let bytesDone = 0;
  const tellProgress = (): void => {
    tell({ kind: 'progress', bytes: bytesDone });
    bytesDone = 0;
  };
  const onProgress = (bytes: number): void => {
    bytesDone += bytes;
    if (bytesDone >= progressStep) tellProgress();
  };
  const work = async (worker: Hands, tasks: readonly NumberedTask[]): Promise<void> => {
    const outcomes: NumberedOutcome[] = [];
    for (const { number, task } of tasks) {
      const outcome = attempt(worker, task);
      if (outcome instanceof Promise)
        void outcome.then((late) => tell({ kind: 'outcomes', outcomes: [{ number, outcome: late }] }));
      else outcomes.push({ number, outcome });
    }
    tellProgress();
    tell({ kind: 'outcomes', outcomes });
    await worker.room();
    tell({ kind: 'done' });
  };
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'setup') hands = new Hands(message.setup, onProgress);
    if (message.kind === 'tasks' && hands !== undefined) void work(hands, message.tasks);
    if (message.kind === 'end') {
      hands?.close();
      // Without a port to listen to the thread ends by itself.
      port.close();
    }
  });
}
