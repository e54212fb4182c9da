import { limits } from '@postern/core';
import { makeWorkMemory } from '@postern/match';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { COMMA, SPACE } from './bytes.ts';
import { Cells } from './cells.ts';
import { bytesOf } from './testing/read-all.ts';

const memory = makeWorkMemory(200_000);
const places: readonly (readonly [name: string, cells: Cells, buffer: ArrayBuffer, at: number])[] = [
  ['elsewhere', new Cells(), new ArrayBuffer(4096), 0],
  ['in work memory', new Cells(memory), memory?.buffer ?? new ArrayBuffer(0), memory?.take(4096) ?? -1],
];

const line = fc.string({
  unit: fc.constantFrom('a', 'bc', 'é', ',', ' ', '-', 'longer than a word'),
  maxLength: 40,
});

test.each(places)('%s a line is split at each separator', (_, cells, buffer, at) => {
  fc.assert(
    fc.property(line, fc.nat(20), fc.constantFrom(COMMA, SPACE), (text, before, separator) => {
      const bytes = new Uint8Array(buffer, at, 4096).fill(separator);
      const from = before;
      bytes.set(bytesOf(text), from);
      const to = from + bytesOf(text).length;
      cells.split({ bytes, words: new Int32Array(buffer, at, 1024) }, from, to, separator);
      const found = Array.from({ length: cells.count }, (__, i) =>
        new TextDecoder().decode(bytes.subarray(cells.from[i], cells.to[i])),
      );
      expect(found).toEqual(text.split(String.fromCharCode(separator)));
    }),
    propertyRuns(20),
  );
});

test.each(places)(
  '%s more values than a shape may have are counted, and only the first are kept',
  (_, cells, buffer, at) => {
    const many = limits.fieldsPerShape + 20;
    const bytes = new Uint8Array(buffer, at, 4096).fill(COMMA);
    cells.split({ bytes, words: new Int32Array(buffer, at, 1024) }, 0, many - 1, COMMA);
    expect(cells.count).toBe(many);
    expect([...cells.from].slice(0, 3)).toEqual([0, 1, 2]);
    expect([...cells.to].slice(0, 3)).toEqual([0, 1, 2]);
    expect(cells.to.at(-1)).toBe(limits.fieldsPerShape);
  },
);
