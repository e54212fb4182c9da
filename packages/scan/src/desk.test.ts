import { inputOf, type SourceInput } from '@postern/core';
import { expect, test } from 'vitest';
import { Desk } from './desk.ts';

const onDisk = (bytes: Uint8Array, size = bytes.length): SourceInput => ({
  size,
  readAt: (target, offset) => inputOf(bytes).readAt(target, offset),
});

test('a small source is laid down in memory, one after the other', () => {
  const desk = new Desk();
  expect(desk.lay(onDisk(new Uint8Array([1, 2, 3]))).memory).toEqual(new Uint8Array([1, 2, 3]));
  expect(desk.lay(onDisk(new Uint8Array([4, 5]))).memory).toEqual(new Uint8Array([4, 5]));
  expect(desk.lay(onDisk(new Uint8Array())).memory).toEqual(new Uint8Array());
});

test('a large source stays where it is', () => {
  const large = onDisk(new Uint8Array(4 * 1024 * 1024 + 1));
  expect(new Desk().lay(large)).toBe(large);
});

test('a file that has become shorter is given as it is, so that its reader says so', () => {
  const cut = onDisk(new Uint8Array([1, 2]), 5);
  expect(new Desk().lay(cut)).toBe(cut);
});
