import type { Worker } from 'node:worker_threads';
import { PosternError } from '@postern/core';

/** Tells a thread something; which messages it takes, its own types say. */
export function send(worker: Worker, message: unknown): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  worker.postMessage(message);
}

/** Asks a thread to end by itself, and waits for that: ended from outside, V8 has been seen to crash. */
export async function endOf(worker: Worker, farewell: unknown): Promise<void> {
  if (worker.threadId < 0) return;
  const gone = new Promise((resolve) => worker.once('exit', resolve));
  send(worker, farewell);
  await gone;
}

export function threadDied(cause: unknown): PosternError {
  return new PosternError({
    code: 'POSTERN_SCAN_THREAD_DIED',
    message: `a worker thread ended: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'Try again with --jobs 1; if it stays, please report it.',
    cause,
  });
}
