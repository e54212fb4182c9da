import { inputOf } from '@postern/core';
import { makeWorkMemory } from '@postern/match';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import type { Track } from './layout.ts';
import { LineQueue } from './line-queue.ts';
import { PlainLines } from './plain-lines.ts';
import { Tally } from './tally.ts';
import { bytesOf, naiveScanner, readAll, type Everything, type ReadRecord } from './testing/read-all.ts';
import { Window } from './window.ts';

const memory = makeWorkMemory(8_000_000);

function workRoom(bytes: number): Uint8Array {
  const address = memory?.take(bytes);
  if (memory === undefined || address === undefined) throw new Error('no room left in the work memory');
  return new Uint8Array(memory.buffer, address, bytes);
}

const room = workRoom(1_000_000);
const queue = new LineQueue(4, memory);
const plain = PlainLines.into(queue);

/** Only what is asked of a track: rows of three values, in the hour that a first line told. */
function trackOf(csv: boolean, first: string): Track {
  const tally = new Tally(new Map());
  const line = bytesOf(first);
  tally.noteTime(line, 0, line.length);
  const layout = { columns: csv ? 3 : 4, csv } as Track['layout'];
  return { layout, tally } as Track;
}

interface Taken {
  readonly lines: readonly string[];
  /** What was left, and the records and last millisecond of the hour. */
  readonly rest: string;
  readonly records: number;
  readonly highest: number;
}

function take(text: string, csv = false): Taken {
  const bytes = bytesOf(text);
  const window = new Window(inputOf(bytes), { blockBytes: 4096, lineBytes: 60 }, room);
  window.slide(0);
  const track = trackOf(csv, csv ? '2021-03-03T06:00:00.000Z,' : '2021-03-03 06:00:00 ');
  queue.count = 0;
  const count = plain?.take(window, 0, track) ?? -1;
  const places = Array.from({ length: count }, (_, i) => [queue.start[i], queue.end[i]] as const);
  return {
    lines: places.map(([start, end]) => text.slice(start, end)),
    rest: text.slice(plain?.next),
    records: track.tally.records,
    highest: track.tally.highest,
  };
}

describe('plain lines', () => {
  const rows = ['2021-03-03 06:40:12 ::1 /', '2021-03-03 06:59:59 ::1 /owa', '2021-03-03 06:41:00 ::1 /x'];

  it.each(['\n', '\r\n'])('are taken together, and their times counted (%j)', (newline) => {
    const text = `${rows.join(newline)}${newline}`;
    expect(take(text)).toEqual({ lines: rows, rest: '', records: 3, highest: 3_599_000 });
  });

  it('in CSV too, to the millisecond', () => {
    const csv = ['2021-03-03T06:40:12.987Z,a,b', '2021-03-03T06:40:13.001Z,,'];
    expect(take(`${csv.join('\n')}\n`, true)).toMatchObject({ lines: csv, highest: 2_413_001 });
  });

  it('are taken as far as the queue has room', () => {
    const text = `${[...rows, ...rows].join('\n')}\n`;
    expect(take(text)).toMatchObject({ lines: [...rows, rows[0]], rest: `${rows[1]}\n${rows[2]}\n` });
  });

  it.each([
    ['another hour', '2021-03-03 07:00:00 ::1 /'],
    ['no time', '2021-03-03 06:xx:00 ::1 /'],
    ['a minute too many', '2021-03-03 06:60:00 ::1 /'],
    ['more after the seconds', '2021-03-03 06:40:12+01 ::1 /'],
    ['a fraction that is no millisecond', '2021-03-03 06:40:12.98Z ::1 /'],
    ['a value too few', '2021-03-03 06:40:12 ::1'],
    ['a value too many', '2021-03-03 06:40:12 ::1 / x'],
    ['a zero', '2021-03-03 06:40:12 ::1 /\0'],
    ['a header', '#Fields: date time c-ip cs-uri-stem'],
    ['an empty line', ''],
    ['a line that is too long', `2021-03-03 06:40:12 ::1 /${'x'.repeat(60)}`],
  ])('end at %s', (_, odd) => {
    const text = `${rows[0]}\n${odd}\n${rows[1]}\n`;
    expect(take(text)).toMatchObject({ lines: [rows[0]], rest: text.slice(rows[0]!.length + 1) });
  });

  it('end at a quote in CSV only', () => {
    expect(take('2021-03-03 06:40:12 ::1 /"\n').lines).toHaveLength(1);
    expect(take('2021-03-03T06:40:12.987Z,"a",b\n', true).lines).toHaveLength(0);
  });

  it.each([
    ['neither starts nor ends', 300, false],
    ['no ends', 700, false],
    ['all of it', 1100, true],
  ])('are taken only into a queue that lies in the memory whole: %s', (_, left, isWhole) => {
    const small = makeWorkMemory(10_000);
    small?.take(small.buffer.byteLength - 64 - left);
    expect(PlainLines.into(new LineQueue(100, small)) !== undefined).toBe(isWhole);
  });

  it('end where the bytes do', () => {
    expect(take(`${rows[0]}\n${rows[1]}`)).toMatchObject({ lines: [rows[0]], rest: rows[1] });
    expect(take('').lines).toEqual([]);
  });
});

const times = fc
  .record({ hour: fc.integer({ min: 10, max: 11 }), second: fc.integer({ min: 10, max: 59 }) })
  .map(({ hour, second }) => `2021-03-03 ${hour}:30:${second}`);
const oddities = fc.constantFrom(
  '\0',
  '\0'.repeat(9),
  ' ',
  '"',
  'é',
  '\n',
  '\r',
  '#Fields: date time c-ip cs-uri-stem sc-status\n',
  '#Fields: date time cs-uri-stem\n',
  '\uFEFF',
);
const row = fc.tuple(times, fc.constantFrom('::1', '10.0.0.1', 'ä'), fc.constantFrom('/', '/owa', '/x.aspx'));
const iisLog = fc
  .array(fc.tuple(row, fc.constantFrom('\n', '\r\n'), fc.option(oddities, { freq: 8 })), { maxLength: 60 })
  .map((lines) => lines.map(([values, newline, odd]) => `${values.join(' ')}${odd ?? ''}${newline}`).join(''))
  .map((text) => `#Fields: date time c-ip cs-uri-stem\n${text}`);
const csvLog = fc
  .array(fc.tuple(row, fc.option(fc.constantFrom('"', '\n', ',', '"a,b"'), { freq: 8 })), { maxLength: 60 })
  .map((lines) =>
    lines.map(([[time, ...rest], odd]) => `${time.replace(' ', 'T')}.125Z,${rest.join(',')}${odd ?? ''}\n`),
  )
  .map((lines) => `#Log-type: Some Log\n#Fields: DateTime,a,b\n${lines.join('')}`);

function comparable({ records, issues, summary }: Everything): object {
  const place = ({ offset, line, text, sampled, shape, fields, time }: ReadRecord): object => {
    return { offset, line, text, sampled, time, shape: shape.recorder, fields: [...fields] };
  };
  return { records: records.map(place), issues, summary };
}

test('a log is read the same in work memory and elsewhere', () => {
  const sizes = fc.record({ blockBytes: fc.integer({ min: 50, max: 900 }), lineBytes: fc.constant(400) });
  const logs = fc.oneof(
    iisLog.map((log) => ({ kind: 'iis' as const, log })),
    csvLog.map((log) => ({ kind: 'exchange-log' as const, log })),
  );
  fc.assert(
    fc.property(logs, sizes, fc.nat(5), fc.boolean(), ({ kind, log }, small, sampleEvery, all) => {
      const scanner = naiveScanner(['/owa']);
      const options = { kind, sampleEvery, ...(all ? {} : { scannerFor: () => scanner }) };
      expect(comparable(readAll(log, { ...options, room }, small))).toEqual(
        comparable(readAll(log, options, small)),
      );
    }),
    propertyRuns(4),
  );
});
