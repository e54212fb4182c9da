import { expect, test } from 'vitest';
import { TaskQueues } from './task-queues.ts';
import { entryOf } from './testing/results.ts';
import type { NumberedTask, Task } from './worker-task.ts';

const task = (originalPath: string, size = 10): Task => ({
  pass: 'first',
  entry: entryOf(originalPath, { originalPath, size }),
});
const numbers = (batch: readonly NumberedTask[]): readonly number[] => batch.map(({ number }) => number);

test('one thread takes pages before others, the others take them last', () => {
  const tasks = [task('a.aspx'), task('b.log'), task('c.aspx'), task('d.log')];
  const queues = new TaskQueues(tasks);
  expect(numbers(queues.next('large'))).toEqual([1, 3]);
  expect(numbers(queues.next('pages'))).toEqual([0, 2]);
  expect(numbers(new TaskQueues(tasks).next('pages'))).toEqual([0, 2]);
  expect(numbers(new TaskQueues(tasks.slice(0, 1)).next('small'))).toEqual([0]);
});

test('what is large is taken from one end, what is small from the other', () => {
  const tasks = Array.from({ length: 130 }, (_, i) => task(`${i}.log`));
  const queues = new TaskQueues(tasks);
  expect(numbers(queues.next('small'))).toEqual(Array.from({ length: 64 }, (_, i) => 129 - i));
  expect(numbers(queues.next('large'))).toEqual(Array.from({ length: 64 }, (_, i) => i));
  expect(numbers(queues.next('small'))).toEqual([65, 64]);
  expect(queues.next('large')).toEqual([]);
  expect(queues.next('small')).toEqual([]);
});

test('every task is given once, in order, in batches of limited size', () => {
  const mebibyte = 1024 * 1024;
  const queues = new TaskQueues([
    task('large.log', 3 * mebibyte),
    task('half.log', mebibyte),
    task('other.log', mebibyte),
    ...Array.from({ length: 65 }, (_, i) => task(`${i}.log`)),
  ]);
  expect(numbers(queues.next('large'))).toEqual([0]);
  expect(numbers(queues.next('pages'))).toEqual([1, 2]);
  expect(queues.next('large')).toHaveLength(64);
  expect(numbers(queues.next('large'))).toEqual([67]);
  expect(queues.next('pages')).toEqual([]);
});

test('in the second pass the large ones come first too, and batches are larger', () => {
  const follow = (name: string, size: number): Task => ({
    pass: 'second',
    entry: entryOf(name, { originalPath: name, size }),
    source: name,
    kind: 'iis',
    pivots: { addresses: [], urls: [], paths: [], sessions: [] },
  });
  const mebibyte = 1024 * 1024;
  const queues = new TaskQueues([
    follow('small.log', 1),
    follow('large.log', 7 * mebibyte),
    follow('half.log', mebibyte),
    follow('other.log', 1),
  ]);
  expect(numbers(queues.next('large'))).toEqual([1, 2]);
  expect(numbers(queues.next('small'))).toEqual([3, 0]);
});

test('what is left can be taken at once', () => {
  const queues = new TaskQueues([task('a.aspx'), task('b.log', 2 * 1024 * 1024), task('c.log')]);
  queues.next('large');
  expect(numbers(queues.rest())).toEqual([0, 2]);
  expect(queues.next('pages')).toEqual([]);
  expect(queues.next('large')).toEqual([]);
});
