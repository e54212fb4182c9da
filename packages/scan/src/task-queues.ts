import { isPageName } from './readers.ts';
import type { NumberedTask, Task } from './worker-task.ts';

/** A thread is given work for some milliseconds at a time: a message for each of thousands of small files costs more. */
const batchBytes = 2 * 1024 * 1024;
const batchTasks = 64;
/** Most files hold nothing that is followed: looked through for that, they take a fraction of the time. */
const followTimes = 4;
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
  private readonly pages: TaskQueue;
  private readonly others: TaskQueue;

  constructor(tasks: readonly Task[]) {
    const follows = tasks[0]?.pass === 'second';
    const numbered = tasks.map((task, number): NumberedTask => ({ number, task }));
    // Those of the first pass come in an order that was thought about.
    if (follows) numbered.sort((a, b) => b.task.entry.size - a.task.entry.size);
    const isPage = ({ task }: NumberedTask): boolean => isPageName(task.entry.originalPath);
    const times = follows ? followTimes : 1;
    this.pages = new TaskQueue(numbered.filter(isPage), { tasks: batchPages, bytes: batchBytes });
    this.others = new TaskQueue(
      numbered.filter((task) => !isPage(task)),
      { tasks: times * batchTasks, bytes: times * batchBytes },
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

/** What a batch holds: it is full with either. */
interface Batch {
  readonly tasks: number;
  readonly bytes: number;
}

/** Taken from both ends. */
class TaskQueue {
  private readonly tasks: NumberedTask[];
  private readonly most: Batch;
  private front = 0;

  constructor(tasks: NumberedTask[], most: Batch) {
    this.tasks = tasks;
    this.most = most;
  }

  get isEmpty(): boolean {
    return this.front === this.tasks.length;
  }

  take(end: 'front' | 'back'): readonly NumberedTask[] {
    const batch: NumberedTask[] = [];
    let bytes = 0;
    while (batch.length < this.most.tasks && bytes < this.most.bytes && !this.isEmpty) {
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
