import { formatTime, hourOf, inputOf, type ReadOptions, type Shape } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { plainChecksum } from './checksum.ts';
import { Engine } from './engine.ts';
import { evtxReader } from './reader.ts';
import { Reading } from './reading.ts';
import { readWhole, someLog } from './testing/logs.ts';

const log = someLog(1000);

describe('a log of several chunks', () => {
  const { records, summary, codes } = readWhole(log);

  test('is told by its first bytes', () => {
    expect(evtxReader.recognise(log.subarray(0, 64), 'any.bin')).toBe('evtx');
    expect(evtxReader.recognise(new TextEncoder().encode('ElfFilex'), 'Security.evtx')).toBeUndefined();
  });

  test('gives every record once, in order, and nothing to complain of', () => {
    expect([...codes]).toEqual([]);
    expect(records.map(({ fields }) => Number(fields.get('EventRecordID')))).toEqual(
      Array.from({ length: 1000 }, (_, index) => index + 1),
    );
    expect(summary).toMatchObject({ records: 1000, damaged: 0, recovered: 0, stopped: false });
  });

  test('has shapes with channel, event id and provider as constants', () => {
    const [first, second] = summary.shapes.map(({ shape }) => shape);
    expect(summary.shapes.map(({ records: count }) => count)).toEqual([500, 500]);
    expect([first?.family, first?.recorder, second?.recorder]).toEqual([
      'windows-event',
      'windows:Microsoft-Windows-Sysmon/Operational',
      'windows:MSExchange Management',
    ]);
    expect([...(first?.constants ?? [])]).toEqual(
      expect.arrayContaining([
        ['Channel', 'Microsoft-Windows-Sysmon/Operational'],
        ['EventID', '11'],
        ['Provider_Name', 'Microsoft-Windows-Sysmon'],
        ['Computer', 'ex1.corp.example'],
      ]),
    );
  });

  test('has its fields under the names of rules', () => {
    const [first, second] = records;
    expect(first?.fields.get('TargetFilename')).toBe('C:\\inetpub\\file0.aspx');
    expect(first?.fields.get('ProcessId')).toBe('4');
    expect(first?.fields.get('Keywords')).toMatch(/^0x[0-9a-f]+$/);
    expect(second?.texts.get('Data')).toEqual(['Get-Mailbox', '-Identity "user1"']);
    expect(second?.fields.get('EventID_Qualifiers')).toBe('16384');
  });

  test('counts every record in its hour and with its recorder', () => {
    const hour = hourOf(records[0]?.time ?? 0n);
    expect(formatTime(summary.first ?? 0n)).toBe('2021-03-03T04:05:06.789Z');
    expect(formatTime(summary.last ?? 0n)).toBe('2021-03-03T04:21:45.789Z');
    expect([...summary.hours]).toEqual([[hour, 1000]]);
    expect(
      summary.recorders?.map(({ family, records: count, hours }) => [family, count, hours.get(hour)]),
    ).toEqual([
      ['windows:Microsoft-Windows-Sysmon/Operational', 500, 500],
      ['windows:MSExchange Management', 500, 500],
    ]);
  });

  test('says where each record stands', () => {
    for (const { offset } of [records[0], records[500], records[999]].flatMap((one) => one ?? [])) {
      expect([...log.subarray(offset, offset + 4)]).toEqual([0x2a, 0x2a, 0, 0]);
    }
  });
});

describe('what is asked for', () => {
  const isSysmon = ({ recorder }: Shape): boolean => recorder.includes('Sysmon');

  test('records of shapes that nobody wants are only counted', () => {
    const { records, summary } = readWhole(log, { wants: isSysmon });
    expect(records).toHaveLength(500);
    expect(records.every(({ shape }) => isSysmon(shape))).toBe(true);
    const { shapes, ...counts } = readWhole(log).summary;
    expect(summary).toMatchObject(counts);
    expect(summary.shapes.map((shape) => shape.records)).toEqual(shapes.map((shape) => shape.records));
  });

  test('each n-th record is drawn, wanted or not', () => {
    const { records } = readWhole(log, { wants: () => false, sampleEvery: 100 });
    expect(records.map(({ fields }) => fields.get('EventRecordID'))).toEqual(
      Array.from({ length: 10 }, (_, index) => String(1 + 100 * index)),
    );
    expect(records.every(({ sampled }) => sampled)).toBe(true);
  });

  test('pieces of a log make up the whole', () => {
    const count = Math.ceil((log.length - 4096) / 65_536);
    expect(count).toBeGreaterThan(4);
    const pieces = [
      { from: 0, to: 2 },
      { from: 2, to: 3 },
      { from: 3, to: count + 7 },
    ].flatMap((chunks) => readWhole(log, { chunks }).records);
    expect(pieces.map(({ offset }) => offset)).toEqual(readWhole(log).records.map(({ offset }) => offset));
  });

  test('it stops when told so', () => {
    const { records, summary } = readWhole(log, { stopped: () => true });
    expect([records.length, summary.stopped]).toEqual([0, true]);
  });
});

describe('templates', () => {
  const options: ReadOptions = { kind: 'evtx', name: 'x' };
  const sink = { onBatch: () => undefined, onIssue: () => undefined };

  test('are compiled once per run, however often chunks and logs bring them', () => {
    const engine = new Engine(plainChecksum);
    new Reading(engine, inputOf(log), options, sink).run();
    const { compiled } = engine.templates;
    const { made } = engine.shapes;
    new Reading(engine, inputOf(someLog(3000)), options, sink).run();
    expect([engine.templates.compiled, engine.shapes.made]).toEqual([compiled, made]);
    expect(compiled).toBeLessThan(12);
  });

  test('a definition that was changed is another one, though its GUID is the same', () => {
    const changed = log.slice();
    const names = Buffer.from('TargetFilename', 'utf16le');
    const at = Buffer.from(changed.buffer).indexOf(names);
    changed[at] = 'B'.charCodeAt(0);
    const engine = new Engine(plainChecksum);
    const shapes: Shape[] = [];
    for (const bytes of [log, changed]) {
      const { shapes: found } = new Reading(engine, inputOf(bytes), options, sink).run();
      shapes.push(...found.map(({ shape }) => shape));
    }
    expect(shapes.filter(({ fields }) => fields.includes('BargetFilename'))).toHaveLength(1);
    expect(new Set(shapes.filter(({ fields }) => fields.includes('TargetFilename'))).size).toBe(1);
  });
});

test('a log without its header is read by its chunks, wherever they begin', () => {
  const headless = new Uint8Array(log.length - 4096 + 77);
  headless.set(log.subarray(4096), 77);
  const { records, codes } = readWhole(headless);
  expect(records).toHaveLength(1000);
  expect([...codes]).toEqual([['HEADER', 1]]);
});
