import { parentPort, workerData } from 'node:worker_threads';
import { makeHands } from './hands.ts';
import { consumedAt, type HuntedSource, type HuntPiece, type HuntSetup } from './hunt-task.ts';
import type { SourcePart } from './parts.ts';

/** What a thread of a hunt tells. */
export type FromHuntWorker =
  | { readonly kind: 'progress'; readonly number: number; readonly bytes: number }
  | { readonly kind: 'piece'; readonly number: number; readonly piece: HuntPiece }
  | { readonly kind: 'done'; readonly number: number; readonly source: HuntedSource }
  | { readonly kind: 'failed'; readonly number: number; readonly failure: string };

/** A part of a source, or that there will be no more. */
export type ToHuntWorker = { readonly number: number; readonly part: SourcePart } | 'end';

/** Bytes that gather before they are told: a message costs more than counting. */
const progressStep = 8 * 1024 * 1024;

/** A thread's own part of what all are given. */
export interface ThreadSetup extends HuntSetup {
  readonly thread: number;
}

/** Pieces of one thread that may wait in the main one: for the turn of their part, or to be written. */
const piecesAhead = 32;

const port = parentPort;
if (port !== null) {
  const tell = (message: FromHuntWorker): void => port.postMessage(message);
  // What the pool gave; a thread has no other way to be told.
  const setup = workerData as ThreadSetup;
  const control = new Int32Array(setup.control);
  const consumed = consumedAt + setup.thread;
  let number = 0;
  let bytesDone = 0;
  let sent = 0;
  const tellProgress = (): void => {
    tell({ kind: 'progress', number, bytes: bytesDone });
    bytesDone = 0;
  };
  const hands = makeHands(setup, (bytes) => {
    bytesDone += bytes;
    if (bytesDone >= progressStep) tellProgress();
  });
  /** The part whose turn it is has its pieces taken, so one that waits is always woken. */
  const waitForRoom = (): void => {
    for (;;) {
      const taken = Atomics.load(control, consumed);
      if (sent - taken < piecesAhead || Atomics.load(control, 0) === 1) return;
      Atomics.wait(control, consumed, taken);
    }
  };
  const onPiece = (piece: HuntPiece): void => {
    waitForRoom();
    tell({ kind: 'piece', number, piece });
    sent++;
  };
  port.on('message', (message: ToHuntWorker) => {
    // Without a port to listen to the thread ends by itself: ended from outside, V8 has been seen to crash.
    if (message === 'end') return port.close();
    number = message.number;
    try {
      const source = hands(message.part, onPiece);
      tellProgress();
      tell({ kind: 'done', number, source });
    } catch (error) {
      tell({ kind: 'failed', number, failure: error instanceof Error ? error.message : String(error) });
    }
  });
}
