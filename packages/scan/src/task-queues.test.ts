import { expect, test } from 'vitest';
import { TaskQueues } from './task-queues.ts';
import { entryOf } from './testing/results.ts';
import type { NumberedTask, Task } from './worker-task.ts';

const task = (originalPath: string, size = 10): Task => ({
  pass: 'first',
  entry: entryOf(originalPath, { originalPath, size }),
});
const numbers = (batch: readonly NumberedTask[]): readonly number[] => batch.map(({ number }) => number);

test('the first thread takes pages before logs, the others logs before pages', () => {
  const tasks = [task('a.aspx'), task('b.log'), task('c.aspx'), task('d.log')];
  expect(numbers(new TaskQueues(tasks).next(true))).toEqual([0, 2]);
  expect(numbers(new TaskQueues(tasks).next(false))).toEqual([1, 3]);
});

test('every task is given once, in order, in batches of limited size', () => {
  const mebibyte = 1024 * 1024;
  const queues = new TaskQueues([
    task('large.log', 3 * mebibyte),
    task('half.log', mebibyte),
    task('other.log', mebibyte),
    ...Array.from({ length: 65 }, (_, i) => task(`${i}.log`)),
  ]);
  expect(numbers(queues.next(false))).toEqual([0]);
  expect(numbers(queues.next(true))).toEqual([1, 2]);
  expect(queues.next(false)).toHaveLength(64);
  expect(numbers(queues.next(false))).toEqual([67]);
  expect(queues.next(true)).toEqual([]);
});

test('what is left can be taken at once', () => {
  const queues = new TaskQueues([task('a.aspx'), task('b.log')]);
  expect(numbers(queues.rest())).toEqual([0, 1]);
  expect(queues.next(true)).toEqual([]);
});
