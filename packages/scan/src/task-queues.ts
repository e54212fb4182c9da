import { isPageName } from './readers.ts';
import type { NumberedTask, Task } from './worker-task.ts';

/** A thread is given work for some milliseconds at a time: a message for each of thousands of small files costs more. */
const batchBytes = 2 * 1024 * 1024;
const batchTasks = 64;
/** Some tenths of a second for the slowest reader. */
const longBytes = 64 * 1024 * 1024;
/** Pages are judged one by one and slowly. */
const batchPages = 8;

/**
 * Which tasks come next. Pages go to the first thread as long as there is other work: only there the YARA engine, which
 * takes some hundred megabytes, is then started.
 */
export class TaskQueues {
  private readonly pages: NumberedTask[] = [];
  private readonly others: NumberedTask[] = [];

  constructor(tasks: readonly Task[]) {
    tasks.forEach((task, number) =>
      (isPageName(task.entry.originalPath) ? this.pages : this.others).push({ number, task }),
    );
    this.pages.reverse();
    this.others.reverse();
  }

  /** Empty once there is nothing left. */
  next(isFirstThread: boolean): readonly NumberedTask[] {
    const order = isFirstThread ? [this.pages, this.others] : [this.others, this.pages];
    const queue = order.find(({ length }) => length > 0) ?? [];
    return take(queue, queue === this.pages ? batchPages : batchTasks);
  }

  /** All that is left, and nothing is after it. */
  rest(): readonly NumberedTask[] {
    return [...this.pages.splice(0), ...this.others.splice(0)];
  }
}

/** True if reading so many bytes takes so long that somebody who pressed Ctrl-C would press it again. */
export function isLong(bytes: number): boolean {
  return bytes > longBytes;
}

function take(queue: NumberedTask[], most: number): readonly NumberedTask[] {
  const batch: NumberedTask[] = [];
  let bytes = 0;
  while (batch.length < most && bytes < batchBytes) {
    const next = queue.pop();
    if (next === undefined) break;
    bytes += next.task.entry.size;
    batch.push(next);
  }
  return batch;
}
