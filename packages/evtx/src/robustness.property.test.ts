import { inputOf, limits } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { chunkBytes, fileHeaderBytes } from './format.ts';
import { eventToJson } from './output/json.ts';
import { evtxReaderWith } from './reader.ts';
import { fuzz } from './testing/fuzz.ts';
import { firstTime, readWhole, someLog } from './testing/logs.ts';
import { readLog } from './testing/real-logs.ts';
import { firstDefinition, instanceAround, withRecord } from './testing/raw-record.ts';
import { seedLogs } from './testing/seed-corpus.ts';
import { defineTemplate, writeEvtx, type EvtxElement } from './writer/index.ts';

const small = someLog(10);
const large = someLog(1000);
const seeds = seedLogs();

describe('a log that is cut', () => {
  const ends = readWhole(small).records.map(({ offset }) => offset);
  const quiet = { onBatch: () => undefined, onIssue: () => undefined };

  test('at any byte keeps the records that are whole', () => {
    const reader = evtxReaderWith({ checksum: () => 0 });
    expect(small).toHaveLength(fileHeaderBytes + chunkBytes);
    const view = new DataView(small.buffer);
    const wholeAt = ends.map((at) => at + view.getUint32(at + 4, true));
    const wrong: (readonly [length: number, records: number])[] = [];
    for (let length = 0; length <= small.length; length++) {
      const { records } = reader.read(inputOf(small.subarray(0, length)), { kind: 'evtx', name: 'x' }, quiet);
      const whole = length < 128 ? 0 : wholeAt.filter((end) => end <= length).length;
      if (records !== whole) wrong.push([length, records]);
    }
    expect(wrong).toEqual([]);
  });
});

describe('damage', () => {
  test('one bit harms one record at most, or is seen', () => {
    const expected = readWhole(small).records.map(({ fields }) => [...fields]);
    fc.assert(
      fc.property(
        fc.integer({ min: fileHeaderBytes + 512, max: fileHeaderBytes + 5000 }),
        fc.nat(7),
        (at, bit) => {
          const bytes = small.slice();
          bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
          const { records, codes } = readWhole(bytes);
          const same = records.map(({ fields }) => [...fields]);
          const isSame = JSON.stringify(same) === JSON.stringify(expected);
          expect(isSame || codes.has('CHUNK_CHECKSUM')).toBe(true);
        },
      ),
      propertyRuns(),
    );
  });

  test('chunks that are swapped or zeroed cost no other chunk', () => {
    const count = (large.length - fileHeaderBytes) / chunkBytes;
    const perChunk = Array.from(
      { length: count },
      (_, chunk) => readWhole(large, { chunks: { from: chunk, to: chunk + 1 } }).summary.records,
    );
    const order = fc.array(fc.integer({ min: -1, max: count - 1 }), { minLength: 1, maxLength: count });
    fc.assert(
      fc.property(order, (chosen) => {
        const bytes = new Uint8Array(fileHeaderBytes + chosen.length * chunkBytes);
        bytes.set(large.subarray(0, fileHeaderBytes));
        for (const [place, chunk] of chosen.entries()) {
          const from = fileHeaderBytes + chunk * chunkBytes;
          if (chunk >= 0)
            bytes.set(large.subarray(from, from + chunkBytes), fileHeaderBytes + place * chunkBytes);
        }
        const { summary } = readWhole(bytes);
        const expected = chosen.reduce((sum, chunk) => sum + (perChunk[chunk] ?? 0), 0);
        expect([summary.records, summary.damaged]).toEqual([expected, 0]);
      }),
      propertyRuns(0.4),
    );
  });

  test('of any kind is survived', () => {
    const { numRuns } = propertyRuns(12);
    const result = fuzz(seeds, 1, numRuns);
    expect(result.records).toBeGreaterThan(numRuns);
    expect(result.damaged).toBeGreaterThan(0);
    expect(result.recovered).toBeGreaterThan(0);
  });

  test('bytes that are no log at all are survived', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9000 }), (bytes) => {
        const { summary, codes } = readWhole(bytes);
        expect([summary.records, codes.get('HEADER')]).toEqual([0, 1]);
      }),
      propertyRuns(),
    );
  });
});

describe('records made to be large', () => {
  const logWith = (references: number, depth: number): Uint8Array => {
    const child = { slot: 0, type: 'binxml' } as const;
    const root = { name: 'Event', children: Array.from({ length: references }, () => child) };
    const body = { template: defineTemplate(root), values: [null] };
    const log = writeEvtx([{ time: firstTime, body }], { hasChecksums: false });
    let content: Uint8Array = new Uint8Array(1);
    for (let level = 0; level < depth; level++) content = instanceAround(firstDefinition(log), content);
    return withRecord(log, content);
  };

  test('templates that repeat the next one at each level are refused', () => {
    // 20^40 elements, if they were put together.
    const log = readWhole(logWith(20, 40));
    expect([log.codes.get('LAYOUT'), log.summary.damaged, log.records.length]).toEqual([1, 1, 2]);
  });

  test('templates nested past the limit are cut there', () => {
    expect(readWhole(logWith(1, 60)).summary).toMatchObject({ records: 2, damaged: 0 });
    const log = readWhole(logWith(1, 100));
    expect([log.codes.get('DEPTH'), log.summary.damaged, log.records.length]).toEqual([1, 1, 2]);
  });

  test('a text that a template repeats does not grow without end', () => {
    const text = { slot: 0, type: 'string' } as const;
    const many = Array.from({ length: 1000 }, (_, index): EvtxElement => ({
      name: 'Data',
      attributes: [['Name', `F${index}`]],
      children: [text],
    }));
    const body = {
      template: defineTemplate({ name: 'Event', children: [{ name: 'EventData', children: many }] }),
      values: ['x'.repeat(5000)],
    };
    const bytes = writeEvtx([{ time: firstTime, body }]);
    const lengths: number[] = [];
    readLog(bytes, (batch) => lengths.push(eventToJson(batch, 0).length));
    expect(lengths[0]).toBeLessThan(limits.evtxOutputBytes + 100_000);
  });
});
