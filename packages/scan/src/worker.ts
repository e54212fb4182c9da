import { parentPort } from 'node:worker_threads';
import { attempt, Hands, type NumberedOutcome, type NumberedTask, type WorkerSetup } from './worker-task.ts';

/** What a thread tells the pool. */
export type FromWorker =
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'done'; readonly outcomes: readonly NumberedOutcome[] };

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
  const work = (worker: Hands, tasks: readonly NumberedTask[]): void => {
    const outcomes = tasks.map(({ number, task }) => ({ number, outcome: attempt(worker, task) }));
    tellProgress();
    tell({ kind: 'done', outcomes });
  };
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'setup') hands = new Hands(message.setup, onProgress);
    else if (message.kind === 'tasks' && hands !== undefined) work(hands, message.tasks);
    else {
      hands?.close();
      // Without a port to listen to the thread ends by itself: ended from outside, V8 has been seen to crash.
      port.close();
    }
  });
}
