// Every event of a real Exchange server's log, as OTRF published it, read field by field against JSON.parse.

import { existsSync, readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import {
  keepRecord,
  parseTime,
  recogniseHeadBytes,
  type KeptRecord,
  type ReadSummary,
  inputOf,
} from '@postern/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { jsonlogReader } from './event-reader.ts';

const path = new URL('../../../../shared/data/otrf/proxylogon_ssrf_rce_poc.zip', import.meta.url).pathname;
const isThere = existsSync(path);
if (!isThere) process.stdout.write('skipped: ../shared/data/otrf/proxylogon_ssrf_rce_poc.zip is not there\n');

/** The one entry of a zip, by way of its central directory (which lies before the last 22 bytes). */
function unzipOnly(): Uint8Array {
  const zip = readFileSync(path);
  const directory = zip.readUInt32LE(zip.length - 22 + 16);
  const packed = zip.readUInt32LE(directory + 20);
  const local = zip.readUInt32LE(directory + 42);
  const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  return inflateRawSync(zip.subarray(data, data + packed));
}

describe.skipIf(!isThere)('the OTRF capture', () => {
  const records: KeptRecord[] = [];
  const codes: string[] = [];
  let events: Record<string, unknown>[] = [];
  let summary: ReadSummary | undefined;
  let head: Uint8Array = new Uint8Array(0);

  beforeAll(() => {
    const bytes = unzipOnly();
    const lines = new TextDecoder()
      .decode(bytes)
      .split('\n')
      .filter((line) => line !== '');
    events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    head = bytes.subarray(0, recogniseHeadBytes);
    summary = jsonlogReader.read(
      inputOf(bytes),
      { kind: 'windows-events-json', name: 'x.json' },
      {
        onBatch: (batch) => {
          for (let record = 0; record < batch.count; record++) records.push(keepRecord(batch, record));
        },
        onIssue: ({ code }) => codes.push(code),
      },
    );
  });

  test('all events are read, without a complaint', () => {
    expect(jsonlogReader.recognise(head, 'x.json')).toBe('windows-events-json');
    expect(records).toHaveLength(10_487);
    expect(summary).toMatchObject({ records: 10_487, damaged: 0, stopped: false });
    expect(codes).toEqual([]);
    expect(records.map(({ line }) => line)).toEqual(events.map((_, index) => index + 1));
  });

  test('field by field equal to JSON.parse', () => {
    const wrong = events.flatMap((event, index) =>
      Object.entries(event).flatMap(([name, value]) => {
        const expected =
          value === null ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
        const read = records[index]?.fields.get(name);
        return read === expected ? [] : [{ index, name, read, expected }];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('common names, channels and times', () => {
    const channels = new Map<string, number>();
    for (const [index, { fields, shape, time }] of records.entries()) {
      const channel = String(events[index]?.['Channel']);
      channels.set(channel, (channels.get(channel) ?? 0) + 1);
      expect(shape.recorder).toBe(`windows:${channel}`);
      expect(shape.constants.get('EventID')).toBe(String(events[index]?.['EventID']));
      expect(fields.get('Provider_Name')).toBe(events[index]?.['SourceName']);
      expect(fields.get('Computer')).toBe(events[index]?.['Hostname']);
      expect(time).toBe(parseTime(String(events[index]?.['TimeCreated'])));
    }
    expect(Object.fromEntries(channels)).toMatchObject({
      Security: 5227,
      'Microsoft-Windows-Sysmon/Operational': 4679,
      Application: 39,
      System: 10,
      'MSExchange Management': 3,
    });
  });

  test('the summary says the same as the records', () => {
    const times = records
      .flatMap(({ time }) => (time === undefined ? [] : [time]))
      .toSorted((a, b) => (a < b ? -1 : 1));
    expect(summary?.first).toBe(times[0]);
    expect(summary?.last).toBe(times.at(-1));
    const hours = new Map<number, number>();
    for (const time of times)
      hours.set(Number(time / 36_000_000_000n), (hours.get(Number(time / 36_000_000_000n)) ?? 0) + 1);
    expect(summary?.hours).toEqual(hours);
    expect(summary?.shapes.reduce((sum, shape) => sum + shape.records, 0)).toBe(10_487);
    expect(summary?.shapes).toHaveLength(52);
  });

  test('4,679 records carry a second time, five hours later', () => {
    const apart = records.flatMap(({ fields, time }) => {
      const utc = parseTime(fields.get('UtcTime') ?? '');
      return utc === undefined || time === undefined
        ? []
        : [Math.round(Number(utc - time) / 1e7 / 900) * 0.25];
    });
    expect(apart).toHaveLength(4679);
    expect(new Set(apart)).toEqual(new Set([5]));
  });
});
