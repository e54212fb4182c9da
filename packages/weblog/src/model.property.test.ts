// Logs written from values by the rules of the format must give the same values back, wherever block borders fall.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { LineScan } from './line-scan.ts';
import { bytesOf, naiveScanner, readAll } from './testing/read-all.ts';

const sizes = fc.record({
  blockBytes: fc.integer({ min: 1, max: 120 }),
  lineBytes: fc.integer({ min: 400, max: 600 }),
});

const times = fc
  .record({ hour: fc.integer({ min: 10, max: 12 }), second: fc.integer({ min: 10, max: 59 }) })
  .map(({ hour, second }) => `${hour}:30:${second}`);

const csvValue = fc.string({
  unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', 'ä', '\u{1F600}', ' ', "'", ';', '='),
  maxLength: 12,
});

/** Quotes only where it must, or always. A value that holds quotes but does not begin with one may stand as it is. */
function csvCell(value: string, always: boolean): string {
  const must = /[,\r\n]|^"/.test(value);
  return must || always ? `"${value.replaceAll('"', '""')}"` : value;
}

const csvHead = (columns: number): string =>
  `#Log-type: Some Log\n#Fields: DateTime,${Array.from({ length: columns }, (_, i) => `v${i}`).join(',')}\n`;

test('CSV values come back, with commas, quotes and newlines in them', () => {
  const row = fc.record({
    time: times,
    values: fc.array(csvValue, { minLength: 3, maxLength: 3 }),
    always: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 12 }),
      sizes,
      fc.constantFrom('\n', '\r\n'),
      (rows, small, newline) => {
        const text = rows.map(({ time, values, always }) =>
          [`2021-03-03T${time}.250Z`, ...values.map((value) => csvCell(value, always))].join(','),
        );
        const log = csvHead(3) + text.map((line) => line + newline).join('');
        const read = readAll(log, { kind: 'exchange-log' }, small);
        expect(read.issues).toEqual([]);
        expect(read.records.map(({ fields }) => [0, 1, 2].map((i) => fields.get(`v${i}`) ?? ''))).toEqual(
          rows.map(({ values }) => values),
        );
        expect(read.records.map(({ text: line }) => line)).toEqual(text);
        const newlines = text.map((line) => line.split('\n').length);
        expect(read.records.map(({ line }) => line)).toEqual(
          text.map((_, i) => 3 + newlines.slice(0, i).reduce((sum, count) => sum + count, 0)),
        );
        expect(read.records.map(({ offset }) => offset)).toEqual(
          text.map(
            (_, i) =>
              bytesOf(
                csvHead(3) +
                  text
                    .slice(0, i)
                    .map((line) => line + newline)
                    .join(''),
              ).length,
          ),
        );
      },
    ),
    propertyRuns(10),
  );
});

const token = fc.string({
  unit: fc.constantFrom('a', '/', '?', '"', '%20', 'ä', '\u{1F600}', ',', ':'),
  minLength: 1,
  maxLength: 20,
});

test.each(['utf8', 'utf16le'] as const)(
  'IIS values come back in %s, with their places and hours',
  (encoding) => {
    const row = fc.record({ time: times, stem: token, query: token, agent: token });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), sizes, (rows, small) => {
        const head = '#Fields: date time c-ip cs-uri-stem cs-uri-query cs(User-Agent)\n';
        const text = rows.map(
          ({ time, stem, query, agent }) => `2021-03-03 ${time} ::1 ${stem} ${query} ${agent}`,
        );
        const log = `\uFEFF${head}${text.map((line) => `${line}\n`).join('')}`;
        const bytes = new Uint8Array(Buffer.from(log, encoding));
        const read = readAll(bytes, { kind: 'iis' }, small);
        expect(
          read.records.map(({ fields }) => [
            fields.get('cs-uri-stem'),
            fields.get('cs-uri-query'),
            fields.get('cs(User-Agent)'),
          ]),
        ).toEqual(rows.map(({ stem, query, agent }) => [stem, query, agent]));
        for (const [i, { offset, text: line }] of read.records.entries()) {
          expect(line).toBe(text[i]);
          expect(
            Buffer.from(bytes).toString(encoding, offset, offset + Buffer.from(line, encoding).length),
          ).toBe(line);
        }
        const last = text.at(-1) ?? 'nothing';
        const some = readAll(bytes, { kind: 'iis', scannerFor: () => naiveScanner([last]) }, small);
        expect(some.records.map(({ offset }) => offset)).toEqual(
          read.records
            .filter(({ text: line }) => line.toLowerCase() === last.toLowerCase())
            .map(({ offset }) => offset),
        );
        const hours = new Map<string, number>();
        for (const { time } of rows) hours.set(time.slice(0, 2), (hours.get(time.slice(0, 2)) ?? 0) + 1);
        expect([...read.summary.hours.values()].toSorted((a, b) => a - b)).toEqual(
          [...hours.values()].toSorted((a, b) => a - b),
        );
        const sorted = read.records.map(({ time }) => time ?? 0n).toSorted((a, b) => Number(a - b));
        expect(read.summary.first).toBe(sorted[0]);
        expect(read.summary.last).toBe(sorted.at(-1));
      }),
      propertyRuns(10),
    );
  },
);

test('one pass over a line finds its end and counts its separators, however long it is and wherever it begins', () => {
  const content = fc.array(
    fc.tuple(
      fc.constantFrom(0x20, 0x61, 0x09, 0x0b, 0x0c, 0xff, 0x80, 0x21, 0x1f),
      fc.integer({ min: 1, max: 900 }),
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(content, fc.integer({ min: 0, max: 9 }), fc.constantFrom(0x0a, 0), (runs, before, ending) => {
      const line = runs.flatMap(([byte, count]) => Array.from({ length: count }, () => byte));
      const bytes = new Uint8Array((before + line.length + 16 + 3) & ~3);
      bytes.fill(0x20, 0, before);
      bytes.set([...line, ending, 0x20, 0x0a], before);
      const scan = new LineScan();
      scan.scan({ bytes, words: new Int32Array(bytes.buffer) }, before, 0x20);
      expect(scan.stop).toBe(before + line.length);
      expect(scan.count).toBe(line.filter((byte) => byte === 0x20).length);
      expect(scan.high || line.every((byte) => byte < 0x80)).toBe(true);
    }),
    propertyRuns(10),
  );
});
