import { parentPort, workerData } from 'node:worker_threads';
import { attempt, Hands, type NumberedOutcome, type NumberedTask, type WorkerSetup } from './worker-task.ts';

/** What a thread tells the pool. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'done'; readonly outcomes: readonly NumberedOutcome[] };

/** Tasks, or that there will be no more. */
export type ToWorker = readonly NumberedTask[] | 'end';

/** Bytes that gather before the pool hears of them: a message costs more than counting. */
const progressStep = 8 * 1024 * 1024;

const port = parentPort;
if (port !== null) {
  const tell = (message: FromWorker): void => port.postMessage(message);
  let bytesDone = 0;
  // What the pool gave; a thread has no other way to be told.
  const setup = workerData as WorkerSetup;
  const hands = new Hands(setup, (bytes) => {
    bytesDone += bytes;
    if (bytesDone >= progressStep) tellProgress();
  });
  const tellProgress = (): void => {
    tell({ kind: 'progress', bytes: bytesDone });
    bytesDone = 0;
  };
  port.on('message', (message: ToWorker) => {
    // Without a port to listen to the thread ends by itself: ended from outside, V8 has been seen to crash.
    if (message === 'end') {
      hands.close();
      return port.close();
    }
    const outcomes = message.map(({ number, task }) => ({ number, outcome: attempt(hands, task) }));
    tellProgress();
    tell({ kind: 'done', outcomes });
  });
  tell({ kind: 'ready' });
}
