import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { weblogReader } from './reader.ts';
import { madeUpLogs } from './testing/logs.ts';
import { bytesOf, naiveScanner, readAll, type Everything, type ReadRecord } from './testing/read-all.ts';

const kinds = fc.constantFrom('iis' as const, 'httperr' as const, 'exchange-log' as const);
const whole = Object.values(madeUpLogs).map(({ text }) => text);
const lines = whole.flatMap((text) => text.split('\r\n')).filter((line) => line !== '');

/** Lines of all families, cut, joined, quoted, zeroed, marked and ended in every way. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...lines) },
  { weight: 2, arbitrary: fc.constantFrom(...whole) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...lines).chain((line) => fc.nat(line.length).map((at) => line.slice(at))),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...lines).chain((line) => fc.nat(line.length).map((at) => line.slice(0, at))),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      '"',
      '"\n',
      '",',
      '#',
      '#Fields:',
      '#TYPE x',
      '\uFEFF',
      '\0',
      '\0'.repeat(5),
      '\0'.repeat(9),
      'é',
      '2021-03-03',
    ),
  },
  { weight: 1, arbitrary: fc.string() },
);
const endings = ['\n', '\n', '\n', '\r\n', ''];
const logOf = (all: readonly string[]): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.tuple(piece, fc.constantFrom(...all)), { maxLength: 24 })
    .map((pieces) => bytesOf(pieces.flat().join('')));
const log = logOf([...endings, '\r']);
/** Whether CR alone ends lines is told from the first block: where a block ends matters there. */
const logWithoutCr = logOf(endings);
const literals = fc.uniqueArray(
  fc.constantFrom('get', '/owa', 'mx01', 'example', 'curl', '2021-03-03 07', 'surplus', '"'),
  { maxLength: 3 },
);

/** What two readings of the same bytes must have in common. */
function comparable({ summary }: Everything): object {
  const shapes = summary.shapes.map(({ shape, ...counts }) => ({
    ...counts,
    fields: shape.fields,
    recorder: shape.recorder,
  }));
  return { ...summary, shapes, hours: [...summary.hours].toSorted(([a], [b]) => a - b) };
}

const place = ({ offset, line, text, shape, fields }: ReadRecord): object => ({
  offset,
  line,
  text,
  recorder: shape.recorder,
  fields: [...fields],
});

describe('any bytes', () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 400 }), log);

  test('are read to their end, in order, without an exception', () => {
    fc.assert(
      fc.property(bytes, kinds, (input, kind) => {
        const { records, summary, progress } = readAll(input, { kind });
        expect(records.length).toBe(summary.records);
        expect(summary.shapes.reduce((sum, { records }) => sum + records, 0)).toBe(summary.records);
        for (const { shape, records: count } of summary.shapes)
          expect(records.filter((record) => record.shape === shape).length).toBe(count);
        expect(summary.damaged).toBe(records.filter(({ shape }) => shape.fields[0] === 'text').length);
        expect(progress).toBeLessThanOrEqual(input.length);
        records.reduce((before, { offset, text }) => {
          expect(offset).toBeGreaterThanOrEqual(before);
          return offset + (text === '' ? 0 : 1);
        }, 0);
      }),
      propertyRuns(10),
    );
  });

  test('are recognised or not, without an exception', () => {
    fc.assert(
      fc.property(bytes, fc.string(), (input, name) => {
        const kind = weblogReader.recognise(input, name);
        return kind === undefined || weblogReader.kinds.includes(kind);
      }),
      propertyRuns(4),
    );
  });

  test('no text of a log is lost: what is not handed over is a header, a blank or a zero', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...lines, 'nonsense', '"', 'a "b" c'), { maxLength: 20 }),
        kinds,
        (all, kind) => {
          const { records } = readAll(all.join('\n'), { kind });
          const rows = all.filter((line) => !line.startsWith('#') && !/^(?:DateTime|TimeStamp),/.test(line));
          expect(records.map(({ text }) => text).join('\n')).toBe(rows.join('\n'));
        },
      ),
      propertyRuns(4),
    );
  });
});

describe('candidate mode', () => {
  test('hands over what full mode does in lines with a hit, and counts all the same', () => {
    fc.assert(
      fc.property(log, kinds, literals, (input, kind, wanted) => {
        const all = readAll(input, { kind });
        const scanner = naiveScanner(wanted);
        const some = readAll(input, { kind, scannerFor: () => scanner });
        const expected = all.records.filter(({ text }) =>
          wanted.some((literal) => text.toLowerCase().includes(literal)),
        );
        expect(some.records.map(place)).toEqual(expected.map(place));
        expect(comparable(some)).toEqual(comparable(all));
        expect(some.issues).toEqual(all.issues);
      }),
      propertyRuns(6),
    );
  });

  test('samples the same records as full mode', () => {
    fc.assert(
      fc.property(log, kinds, fc.integer({ min: 1, max: 5 }), (input, kind, sampleEvery) => {
        const all = readAll(input, { kind, sampleEvery });
        const some = readAll(input, { kind, sampleEvery, scannerFor: () => naiveScanner([]) });
        expect(some.records.map(place)).toEqual(all.records.filter(({ sampled }) => sampled).map(place));
      }),
      propertyRuns(2),
    );
  });
});

describe('block borders', () => {
  /** Far smaller than any line, so that a border falls everywhere. Lines longer than `lineBytes` are cut alike. */
  const sizes = fc.record({
    blockBytes: fc.integer({ min: 1, max: 200 }),
    lineBytes: fc.integer({ min: 60, max: 1000 }),
  });

  test('change nothing', () => {
    fc.assert(
      fc.property(logWithoutCr, kinds, sizes, (input, kind, small) => {
        const inOne = readAll(input, { kind }, { blockBytes: 1_000_000, lineBytes: small.lineBytes });
        const inMany = readAll(input, { kind }, small);
        expect(inMany.records.map(place)).toEqual(inOne.records.map(place));
        expect(comparable(inMany)).toEqual(comparable(inOne));
        expect(inMany.issues).toEqual(inOne.issues);
      }),
      propertyRuns(6),
    );
  });

  test('change nothing in UTF-16', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...lines, 'ä', '\u{1F600}'), { maxLength: 12 }),
        sizes,
        (all, { blockBytes }) => {
          const text = `\uFEFF${all.join('\n')}`;
          // Longer than any line here, for a cut may fall inside a character.
          const lineBytes = 1000;
          const input = new Uint8Array(Buffer.from(text, 'utf16le'));
          const inOne = readAll(input, { kind: 'iis' }, { blockBytes: 1_000_000, lineBytes });
          const inMany = readAll(input, { kind: 'iis' }, { blockBytes, lineBytes });
          expect(inMany.records.map(place)).toEqual(inOne.records.map(place));
          for (const { offset, text: line } of inOne.records)
            expect(Buffer.from(input).toString('utf16le', offset, offset + line.length * 2)).toBe(line);
        },
      ),
      propertyRuns(4),
    );
  });
});

describe('cut short at every byte', () => {
  test.each(Object.entries(madeUpLogs))('%s', (_, { name, kind, text }) => {
    const all = bytesOf(text);
    const full = readAll(all, { name, kind });
    for (let length = 0; length < all.length; length++) {
      const cut = readAll(all.subarray(0, length), { name, kind });
      const wholeRecords = full.records.filter(
        ({ offset, text: row }) => offset + bytesOf(row).length <= length,
      );
      expect(cut.records.slice(0, wholeRecords.length).map(place)).toEqual(wholeRecords.map(place));
      expect(cut.records.length - wholeRecords.length).toBeLessThanOrEqual(1);
    }
  });
});

describe('logs put one behind the other', () => {
  test('read as each alone', () => {
    const some = fc.array(fc.constantFrom(...Object.values(madeUpLogs)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(some, (logs) => {
        const together = readAll(logs.map(({ text }) => text).join(''), { kind: 'iis', name: 'x.log' });
        const apart = logs.flatMap(({ text, kind }) => readAll(text, { kind, name: 'x.log' }).records);
        expect(together.records.map(({ text }) => text)).toEqual(apart.map(({ text }) => text));
        expect(together.records.map(({ shape }) => [shape.family, shape.recorder, shape.fields])).toEqual(
          apart.map(({ shape }) => [shape.family, shape.recorder, shape.fields]),
        );
        expect(together.summary.damaged).toBe(0);
      }),
      propertyRuns(2),
    );
  });
});
