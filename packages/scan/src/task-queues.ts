import { isPageName } from './readers.ts';
import type { NumberedTask, Task } from './worker-task.ts';

/** A thread is given work for some milliseconds at a time: a message for each of thousands of small files costs more. */
const batchBytes = 2 * 1024 * 1024;
const batchTasks = 64;
/** Some tenths of a second for the slowest reader. */
const longBytes = 64 * 1024 * 1024;
/** Pages are judged one by one and slowly. */
const batchPages = 8;

/** Which tasks a thread takes first. */
export type Share = 'pages' | 'large' | 'small';

/**
 * Which tasks come next: pages and others, each with the large ones first. Pages go to one thread as long as there is
 * other work: only there the YARA engine, which takes some hundred megabytes, is then started.
 */
export class TaskQueues {
  private readonly pages = new TaskQueue(batchPages);
  private readonly others = new TaskQueue(batchTasks);

  constructor(tasks: readonly Task[]) {
    tasks.forEach((task, number) =>
      (isPageName(task.entry.originalPath) ? this.pages : this.others).add({ number, task }),
    );
  }

  /** Empty once there is nothing left. */
  next(share: Share): readonly NumberedTask[] {
    const [first, second] = share === 'pages' ? [this.pages, this.others] : [this.others, this.pages];
    return (first.isEmpty ? second : first).take(share === 'small' ? 'back' : 'front');
  }

  /** All that is left, and nothing is after it. */
  rest(): readonly NumberedTask[] {
    return [...this.pages.rest(), ...this.others.rest()];
  }
}

/** Taken from both ends. */
class TaskQueue {
  private readonly tasks: NumberedTask[] = [];
  private readonly most: number;
  private front = 0;

  constructor(most: number) {
    this.most = most;
  }

  get isEmpty(): boolean {
    return this.front === this.tasks.length;
  }

  add(task: NumberedTask): void {
    this.tasks.push(task);
  }

  take(end: 'front' | 'back'): readonly NumberedTask[] {
    const batch: NumberedTask[] = [];
    let bytes = 0;
    while (batch.length < this.most && bytes < batchBytes && !this.isEmpty) {
      const next = end === 'back' ? this.tasks.pop() : this.tasks[this.front++];
      if (next === undefined) break;
      bytes += next.task.entry.size;
      batch.push(next);
    }
    return batch;
  }

  rest(): readonly NumberedTask[] {
    return this.tasks.splice(this.front);
  }
}

/** True if reading so many bytes takes so long that somebody who pressed Ctrl-C would press it again. */
export function isLong(bytes: number): boolean {
  return bytes > longBytes;
}
