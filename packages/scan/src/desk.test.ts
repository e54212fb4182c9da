import { inputOf, type SourceInput } from '@postern/core';
import { expect, test } from 'vitest';
import { Desk } from './desk.ts';

const onDisk = (bytes: Uint8Array, size = bytes.length): SourceInput => ({
  size,
  readAt: (target, offset) => inputOf(bytes).readAt(target, offset),
});

test('a small source is laid down in memory, one after the other', () => {
  const desk = new Desk();
  const lay = (...bytes: number[]): readonly number[] => [
    ...(desk.lay(onDisk(new Uint8Array(bytes))).memory ?? [-1]),
  ];
  expect(lay(1, 2, 3)).toEqual([1, 2, 3]);
  expect(lay(4, 5)).toEqual([4, 5]);
  expect(lay()).toEqual([]);
});

test('a large source stays where it is', () => {
  const large = onDisk(new Uint8Array(4 * 1024 * 1024 + 1));
  expect(new Desk().lay(large)).toBe(large);
});

test('a file that has become shorter is given as it is, so that its reader says so', () => {
  const cut = onDisk(new Uint8Array([1, 2]), 5);
  expect(new Desk().lay(cut)).toBe(cut);
});

test('its bytes are views, copies and places as those of any array are', () => {
  const { room } = new Desk();
  const plain = new Uint8Array(room.length);
  for (const bytes of [room, plain]) bytes.set([1, 2, 3, 2, 1]);
  for (const [from, to] of [[0], [1, 3], [-3], [2, -1], [3, 1], [room.length + 1], [undefined, 2]]) {
    const [part, expected] = [room.subarray(from, to), plain.subarray(from, to)];
    expect([...part.subarray(0, 8)]).toEqual([...expected.subarray(0, 8)]);
    for (const at of [0, 1, -1, 9])
      expect([2, 0, 7].map((byte) => part.indexOf(byte, at))).toEqual(
        [2, 0, 7].map((byte) => expected.indexOf(byte, at)),
      );
  }
  const copy = room.slice(0, 3);
  room[0] = 9;
  expect([...copy]).toEqual([1, 2, 3]);
});
