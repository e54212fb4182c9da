// Damage and oddities that were seen in real logs, each made anew in a log of our own.

import { limits } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { chunkBytes, fileHeaderBytes } from './format.ts';
import { firstTime, logOf, onlyRecord, readWhole, someLog } from './testing/logs.ts';
import { firstDefinition, withRecord } from './testing/raw-record.ts';
import { readLog } from './testing/real-logs.ts';
import { defineEvent, eventBody, writeEvtx, type EvtxElement } from './writer/index.ts';

const named = (...children: NonNullable<EvtxElement['children']>): EvtxElement => ({
  name: 'EventData',
  children: [{ name: 'Data', attributes: [['Name', 'V']], children }],
});

/** Places of a text in UTF-16. */
function placesOf(bytes: Uint8Array, text: string): readonly number[] {
  const wanted = Array.from(text, (one) => one.charCodeAt(0));
  const found: number[] = [];
  for (let at = 0; at + 2 * wanted.length <= bytes.length; at++) {
    if (wanted.every((unit, i) => bytes[at + 2 * i] === unit && bytes[at + 2 * i + 1] === 0)) found.push(at);
  }
  return found;
}

describe('texts', () => {
  test.each([
    ['a first half alone', [0x00, 0xd8]],
    ['a second half alone', [0x00, 0xdc]],
    ['halves in the wrong order', [0x01, 0xdc]],
  ])('with %s of a character of two are read with U+FFFD', (_, half) => {
    const log = logOf([named({ slot: 0, type: 'string' })], ['beforeXbehind']);
    const [at = 0] = placesOf(log, 'beforeXbehind');
    log.set(half, at + 12);
    const { fields, json, flat, xml } = onlyRecord(log);
    expect(fields.get('V')).toBe('before\uFFFDbehind');
    expect(json).toMatchObject({ Event: { EventData: { V: 'before\uFFFDbehind' } } });
    expect(flat).toMatchObject({ V: 'before\uFFFDbehind' });
    expect(xml).toContain('>before\uFFFDbehind<');
  });

  test('of an old code page may have bytes that it does not know', () => {
    const log = logOf([named({ slot: 0, type: 'ansi' })], [Uint8Array.of(0x41, 0x81, 0x8d, 0xff, 0x00)]);
    const { fields, json } = onlyRecord(log);
    expect(fields.get('V')).toMatch(/^A[^]{2}ÿ$/u);
    expect(json).toMatchObject({ Event: { EventData: { V: fields.get('V') } } });
  });

  test('in CDATA and instructions end by their count, whatever stands in them or behind', () => {
    const tokens = '\u0004\u0003\u0001\u0000\u000c\u000f';
    const log = logOf([
      named({ cdata: tokens }, ' then'),
      { name: 'X', children: [{ target: 'pi', data: tokens }] },
    ]);
    const { fields, xml } = onlyRecord(log);
    expect(fields.get('V')).toBe(`${tokens} then`);
    expect(xml).toContain('<?pi ');
  });

  test('the computer may have no name', () => {
    const computer = { name: 'Computer', children: [{ slot: 0, type: 'string' }] } as const;
    const log = logOf([{ name: 'System2', children: [computer] }, named('v')], ['']);
    const { fields, json } = onlyRecord(log);
    expect(fields.get('V')).toBe('v');
    expect(json).toMatchObject({ Event: { System2: { Computer: '' } } });
  });
});

describe('tables of a chunk', () => {
  /** Spoils all 64 heads of names and 32 of templates, and every link behind them. */
  function withoutTables(fill: (view: DataView, at: number) => void): Uint8Array {
    const log = someLog(60, { hasChecksums: false });
    const view = new DataView(log.buffer);
    for (let at = fileHeaderBytes + 128; at < fileHeaderBytes + 512; at += 4) fill(view, at);
    return log;
  }

  test.each([
    ['lead nowhere', 0xffff_ffff],
    ['lead into the middle of something', 0x0203],
    ['are empty', 0],
  ])('that %s are not needed', (_, value) => {
    const { records, codes } = readWhole(withoutTables((view, at) => view.setUint32(at, value, true)));
    expect([records.length, codes.size]).toEqual([60, 0]);
  });

  test('a name or template that is its own next is read once', () => {
    const log = someLog(60, { hasChecksums: false });
    const view = new DataView(log.buffer);
    const [name = 0] = placesOf(log.subarray(0, fileHeaderBytes + chunkBytes), 'EventData');
    view.setUint32(name - 8, name - 8 - fileHeaderBytes, true);
    const definition = view.getUint32(fileHeaderBytes + 512 + 34, true);
    view.setUint32(fileHeaderBytes + definition, definition, true);
    const { records, codes } = readWhole(log);
    expect([records.length, codes.size, records[59]?.fields.has('Data')]).toEqual([60, 0, true]);
  });

  test('a reference to a name outside of the chunk costs its template, not the log', () => {
    const log = someLog(60, { hasChecksums: false });
    const view = new DataView(log.buffer);
    const [name = 0] = placesOf(log.subarray(0, fileHeaderBytes + chunkBytes), 'EventData');
    view.setUint32(name - 12, 0x7fff_0000, true);
    const { records, summary } = readWhole(log);
    expect(records).toHaveLength(60);
    expect(summary.damaged).toBeGreaterThan(0);
    expect(summary.damaged).toBeLessThan(60);
  });
});

test('zeros over the border of two chunks: what is behind them is read, or found by recovery', () => {
  const log = someLog(400, { hasChecksums: false });
  const second = fileHeaderBytes + chunkBytes;
  const whole = readWhole(log).records;
  log.fill(0, second - 9000, second + 9000);
  const plain = readWhole(log);
  const { summary, records } = readWhole(log, { recover: true });
  const hit = whole.filter(({ offset }) => offset > second - 11_000 && offset < second + 9000).length;
  expect(plain.codes.get('CHUNK_MAGIC')).toBe(1);
  expect(plain.summary.records).toBeGreaterThan(100);
  expect(summary.recovered).toBeGreaterThan(50);
  expect(records.length).toBeGreaterThan(400 - hit - 5);
});

describe('records that no writer writes', () => {
  const log = someLog(4, { hasChecksums: false });
  const { id, offset } = firstDefinition(log);

  test('of more templates than the limit keep their texts', () => {
    const instance = new Uint8Array(18);
    const view = new DataView(instance.buffer);
    view.setUint32(0, 0x0001_010f, true);
    view.setUint16(4, 0x010c, true);
    view.setUint32(6, id, true);
    view.setUint32(10, offset, true);
    const many = new Uint8Array(18 * 1100);
    for (let at = 0; at < many.length; at += 18) many.set(instance, at);
    const { codes, records, summary } = readWhole(withRecord(log, many));
    expect([codes.get('INSTANCES'), summary.damaged, records.length]).toEqual([1, 1, 5]);
  });

  test('with an element that is none keep their texts', () => {
    const content = Uint8Array.of(
      0x0f,
      1,
      1,
      0,
      0x01,
      9,
      0,
      0,
      0,
      0xff,
      0xff,
      0xff,
      0x7f,
      0x41,
      0,
      0x42,
      0,
      0x43,
      0,
      0x44,
      0,
    );
    const { codes, records } = readWhole(withRecord(log, content));
    expect([codes.get('MARKUP'), records[4]?.texts.get('text')]).toEqual([1, ['ABCD']]);
  });

  test('left behind a chunk are told, even where they cannot be read any more', () => {
    const bytes = withRecord(log, Uint8Array.of(0x0f, 1, 1, 0, 0x77, 0, 0, 0));
    const view = new DataView(bytes.buffer);
    const free = view.getUint32(fileHeaderBytes + 48, true);
    view.setUint32(fileHeaderBytes + 48, free - 36, true);
    // Its header is moved away from the last record, as slack is.
    bytes.copyWithin(fileHeaderBytes + free + 64, fileHeaderBytes + free - 36, fileHeaderBytes + free);
    bytes.fill(0, fileHeaderBytes + free - 36, fileHeaderBytes + free);
    const { codes, summary } = readWhole(bytes, { recover: true });
    expect([codes.get('UNREADABLE_REST'), summary.recovered, summary.records]).toEqual([1, 0, 4]);
  });

  test('of more layouts than one log may have keep their texts', () => {
    const count = limits.evtxShapes + 5;
    const records = Array.from({ length: count }, (_, index) => {
      const event = defineEvent({
        provider: 'P',
        channel: 'C',
        id: index,
        data: { form: 'unnamed' },
      });
      const base = { time: firstTime, record: index + 1, computer: 'c' };
      return { time: firstTime, body: eventBody(event, { ...base, values: [[`text ${index}`]] }) };
    });
    const { issues, summary } = readLog(writeEvtx(records));
    const told = issues.find(({ code }) => code === 'POSTERN_EVTX_SHAPES_LIMIT')?.count;
    expect([told, summary.records, summary.damaged]).toEqual([5, count, 5]);
  });
});
