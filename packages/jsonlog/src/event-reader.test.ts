// How the reader gets along with what evidence is like: damage, odd line ends, encodings, sizes, hostile content.

import { inputOf, limits, type SourceInput } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { jsonlogReader } from './event-reader.ts';
import { bytesOf, counted, fieldsOf, readAll, utf16Of } from './testing/read-all.ts';

const event = (n: number, more = {}): string =>
  JSON.stringify({ Channel: 'C', EventID: n, TimeCreated: `2031-05-06T07:0${n % 10}:00Z`, ...more });
const ids = (content: Uint8Array | string): (string | undefined)[] =>
  readAll(jsonlogReader, content).records.map(({ fields }) => fields.get('EventID') ?? fields.get('text'));

describe('where records begin and end', () => {
  const three = [1, 2, 3].map((n) => ({
    Channel: 'C',
    EventID: n,
    EventData: { A: `{"x${n}`, B: ['}', '{'] },
  }));
  const lines = three.map((one) => JSON.stringify(one));
  test.each([
    ['lines', lines.join('\n')],
    ['CRLF', `${lines.join('\r\n')}\r\n`],
    ['CR alone', lines.join('\r')],
    ['blank lines', `\n\n${lines.join('\n \n')}\n\n`],
    ['byte order mark', `\ufeff${lines.join('\n')}`],
    ['several on one line', lines.join(' ')],
    ['commas between lines', `${lines.join(',\n')}\n`],
    ['a list on one line', JSON.stringify(three)],
    ['a list, one per line', `[\n${lines.join(',\n')}\n]\n`],
    ['a pretty-printed list', JSON.stringify(three, undefined, 2)],
    ['a list with tabs and CRLF', JSON.stringify(three, undefined, '\t').replaceAll('\n', '\r\n')],
    ['pretty-printed behind each other', three.map((one) => JSON.stringify(one, undefined, 2)).join('\n')],
    ['evtx_dump', three.map((one, i) => `Record ${i + 1}\n${JSON.stringify(one, undefined, 2)}\n`).join('')],
    ['record separators', lines.map((line) => `\u001e${line}\n`).join('')],
  ])('%s', (_, text) => {
    for (const content of [bytesOf(text), utf16Of(text), utf16Of(text, false)]) {
      const { records, issues, summary } = readAll(jsonlogReader, content);
      expect(records.map(({ fields }) => fields.get('EventID'))).toEqual(['1', '2', '3']);
      expect(records.map(({ fields }) => fields.get('A'))).toEqual(['{"x1', '{"x2', '{"x3']);
      expect(counted(issues)).toEqual({ NO_TIME: 3 });
      expect(summary).toMatchObject({ records: 3, damaged: 0, stopped: false });
    }
  });

  test('place and line point at the first byte of each record, in every encoding', () => {
    const text = `\n${event(1, { a: 'ä€😀' })}\r\n\n  ${event(2)}\n${event(3)}`;
    const starts = [...text.matchAll(/\{/g)].map(({ index }) => index);
    const utf8 = readAll(jsonlogReader, text).records;
    expect(utf8.map(({ offset }) => offset)).toEqual(starts.map((at) => bytesOf(text.slice(0, at)).length));
    expect(utf8.map(({ line }) => line)).toEqual([2, 4, 5]);
    const utf16 = readAll(jsonlogReader, utf16Of(text)).records;
    expect(utf16.map(({ offset }) => offset)).toEqual(starts.map((at) => 2 + 2 * at));
    expect(utf16.map(({ line }) => line)).toEqual([2, 4, 5]);
    expect(utf16[0]?.fields.get('a')).toBe('ä€😀');
  });

  test('lines are counted inside of records that go over many', () => {
    const text = `[\n${[1, 2, 3].map((n) => JSON.stringify(JSON.parse(event(n)), undefined, 1)).join(',\n')}\n]`;
    expect(readAll(jsonlogReader, text).records.map(({ line }) => line)).toEqual([2, 7, 12]);
  });

  test('more than one window', () => {
    const pad = 'x'.repeat(700);
    const text = Array.from({ length: 3500 }, (_, i) => event(1, { pad, i })).join('\n');
    for (const content of [text, `[${text.replaceAll('\n', ',')}]`, utf16Of(text)]) {
      const { records, summary } = readAll(jsonlogReader, content);
      expect(records.map(({ fields }) => fields.get('i'))).toEqual(
        Array.from({ length: 3500 }, (_, i) => String(i)),
      );
      expect(summary.damaged).toBe(0);
      expect(records.at(-1)?.offset).toBeGreaterThan(2_500_000);
    }
  });
});

describe('damage', () => {
  test('broken lines stay as text between whole ones', () => {
    const broken = ['{"a":"torn', 'not json', '{"a":1,}', '{"a" 1}', '{"a":tru}', '{"a":[1}}', '{"a":1} x'];
    for (const line of broken) {
      const { records, issues, summary } = readAll(jsonlogReader, `${event(1)}\n${line}\n${event(2)}\n`);
      const texts = records.map(({ fields }) => fields.get('EventID') ?? fields.get('text') ?? '');
      expect(texts.filter((text) => /^[12]$/.test(text))).toEqual(['1', '2']);
      expect(texts.some((text) => line.endsWith(text))).toBe(true);
      expect(summary.damaged).toBe(1);
      expect(counted(issues)).toHaveProperty('MALFORMED', 1);
      expect(issues[0]?.at?.line).toBe(2);
    }
  });

  test('a torn first line does not make the rest one record', () => {
    expect(ids(`{"a":"torn\n${event(1)}\n${event(2)}`)).toEqual(['{"a":"torn', '1', '2']);
    expect(ids(`{"a":1,\n${event(1)}\n${event(2)}`)).toEqual(['{"a":1,', '1', '2']);
  });

  test('a damaged record in a pretty-printed list', () => {
    const pretty = (n: number): string =>
      JSON.stringify(JSON.parse(event(n, { in: { Channel: 'x' } })), undefined, 2);
    const torn = pretty(2).slice(0, 40);
    const text = `[${pretty(1)},\n${torn}\n${pretty(3)},\n${pretty(4)}]`;
    const { records, summary } = readAll(jsonlogReader, text);
    expect(records.map(({ fields }) => fields.get('EventID') ?? 'text')).toEqual(['1', 'text', '3', '4']);
    expect(records[1]?.text).toBe(torn.trimEnd());
    expect(summary.damaged).toBe(1);
  });

  test('a torn end is told from malformed lines', () => {
    const { records, issues } = readAll(jsonlogReader, `${event(1)}\n${event(2).slice(0, 30)}`);
    expect(records.map(({ text }) => text)).toEqual([event(1), event(2).slice(0, 30)]);
    expect(counted(issues)).toEqual({ TORN_END: 1 });
  });

  test('zero bytes between records are counted, not kept', () => {
    const nuls = '\0'.repeat(5_000_000);
    const { records, issues } = readAll(jsonlogReader, `${event(1)}\n${nuls}${event(2)}\n\0\0\0`);
    expect(records.map(({ fields }) => fields.get('EventID'))).toEqual(['1', '2']);
    expect(counted(issues)).toEqual({ NULS: 5_000_003 });
  });

  test('bytes that are no UTF-8', () => {
    const bytes = bytesOf(`${event(1, { a: 'x?y' })}\n${event(2, { a: 'ü' })}\n`);
    bytes[bytes.indexOf(0x3f)] = 0xff;
    const { records, issues, summary } = readAll(jsonlogReader, bytes);
    expect(records.map(({ fields }) => fields.get('a'))).toEqual(['x\ufffdy', 'ü']);
    expect(counted(issues)).toEqual({ NOT_UTF8: 1 });
    expect(summary.damaged).toBe(0);
  });

  test('a half pair in UTF-16 becomes a replacement, an odd last byte does no harm', () => {
    const bytes = utf16Of(`${event(1, { a: 'x?y' })}\n`);
    const at = 2 + 2 * event(1, { a: 'x?y' }).indexOf('?');
    bytes.set([0x00, 0xd8], at);
    expect(readAll(jsonlogReader, bytes).records[0]?.fields.get('a')).toBe('x\ufffdy');
    expect(ids(bytes.subarray(0, -1))).toEqual(['1', '\ufffd']);
  });

  test('nothing at all', () => {
    for (const content of ['', '\n', '[]', '\ufeff', '[', '\0']) {
      const { records, summary } = readAll(jsonlogReader, content);
      expect(records).toEqual([]);
      expect(summary).toMatchObject({ records: 0, damaged: 0, first: undefined, shapes: [] });
    }
  });
});

/** An input with a line of `{"a":"aaa…` in the middle that is never held in memory. */
function lineOf(length: number, before: string, after: string): SourceInput {
  const [head, tail] = [bytesOf(`${before}{"`), bytesOf(after)];
  const tailAt = head.length + length - 2;
  return {
    size: tailAt + tail.length,
    readAt(target, offset) {
      const end = Math.min(this.size, offset + target.length);
      if (end <= offset) return 0;
      target.fill(0x61, 0, end - offset);
      if (offset < head.length) target.set(head.subarray(offset, end));
      if (end > tailAt) {
        const from = Math.max(offset, tailAt);
        target.set(tail.subarray(from - tailAt, end - tailAt), from - offset);
      }
      return end - offset;
    },
  };
}

describe('limits', () => {
  const long = (length: number): string => event(2, { a: 'x'.repeat(length) });

  test('a record just within the limit is read, wherever it lies', () => {
    const room = limits.lineBytes - long(0).length;
    for (const before of [0, 1, 700_000, 1_048_500, 1_500_000]) {
      const pad = event(1, { a: 'y'.repeat(Math.min(before, 1_000_000)) });
      const twice = before > 1_000_000 ? `${pad}\n` : '';
      expect(ids(`${twice}${pad}\n${long(room)}\n${event(3)}`)).toEqual(
        twice === '' ? ['1', '2', '3'] : ['1', '1', '2', '3'],
      );
    }
  });

  test.each([
    ['one byte more', limits.lineBytes + 1],
    ['a hundred megabytes', 100_000_000],
  ])('a line of %s than the limit is kept in part, and the rest is counted', (_, length) => {
    const { records, issues, summary } = readAll(
      jsonlogReader,
      lineOf(length, `${event(1)}\n`, `\n${event(3)}\n`),
    );
    expect(records.map(({ fields }) => fields.get('EventID') ?? 'text')).toEqual(['1', 'text', '3']);
    expect(records[1]?.fields.get('text')).toHaveLength(limits.lineBytes);
    expect(counted(issues)).toEqual({ LINE_TOO_LONG: 1, SKIPPED_BYTES: length - limits.lineBytes });
    expect(summary).toMatchObject({ records: 3, damaged: 1 });
    expect(records[2]?.line).toBe(3);
  });

  test('a record that is too long in a list', () => {
    const { records, issues } = readAll(jsonlogReader, `[${event(1)},${long(3_000_000)},${event(3)}]`);
    expect(records.map(({ fields }) => fields.get('EventID') ?? 'text')).toEqual(['1', 'text', '3']);
    expect(counted(issues)).toMatchObject({ LINE_TOO_LONG: 1 });
  });

  test('ever new names', () => {
    const count = limits.shapesPerSource + 10;
    const lines = Array.from({ length: count }, (_, i) => event(1, { [`k${i}`]: i }));
    const { records, issues, summary } = readAll(jsonlogReader, lines.join('\n'));
    expect(records).toHaveLength(count);
    expect(counted(issues)).toEqual({ LAYOUTS_LIMIT: 10 });
    expect(summary.shapes).toHaveLength(limits.shapesPerSource + 1);
    expect(records.at(-1)?.fields.get('text')).toBe(lines.at(-1));
  });

  test('too many fields, too deep, too long a name: text, and reading goes on', () => {
    const fields = JSON.stringify(Object.fromEntries(Array.from({ length: 1100 }, (_, i) => [`k${i}`, i])));
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const deepList = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const name = JSON.stringify({ ['n'.repeat(2000)]: 1 });
    const { records, issues } = readAll(jsonlogReader, [fields, deep, deepList, name, event(1)].join('\n'));
    expect(records).toHaveLength(5);
    expect(records.at(-1)?.fields.get('EventID')).toBe('1');
    expect(counted(issues)).toEqual({ FIELDS_LIMIT: 1, DEPTH_LIMIT: 2, NAME_LIMIT: 1 });
  });

  test('many openings of records that never end take no more than linear time', () => {
    const { summary } = readAll(jsonlogReader, `[${event(1)},${'{"Channel":'.repeat(150_000)}`);
    expect(summary.records).toBeGreaterThan(1);
  });
});

describe('the summary', () => {
  test('counts, hours, first and last, per shape and over all', () => {
    const at = (hour: number, fraction: string, id: number): string =>
      JSON.stringify({ Channel: 'C', EventID: id, TimeCreated: `2031-05-06T0${hour}:59:59${fraction}Z` });
    const { summary } = readAll(
      jsonlogReader,
      [at(5, '.5', 1), at(3, '', 1), at(5, '.1234567', 2), 'x'].join('\n'),
    );
    expect(summary).toMatchObject({ records: 4, damaged: 1, recovered: 0 });
    const shapes = summary.shapes.map(
      ({ shape, ...rest }) => [shape.constants.get('EventID'), rest] as const,
    );
    expect(shapes.map(([id, { records }]) => [id, records])).toEqual([
      [undefined, 1],
      ['1', 2],
      ['2', 1],
    ]);
    expect((summary.last ?? 0n) - (summary.first ?? 0n)).toBe(72_005_000_000n);
    expect(summary.hours.size).toBe(2);
    expect([...summary.hours.values()]).toEqual([1, 2]);
    expect((summary.shapes[2]?.first ?? 0n) - (summary.first ?? 0n)).toBe(72_001_234_567n);
  });

  test('stops between windows when asked, and says so', () => {
    const text = Array.from({ length: 5000 }, () => event(1, { pad: 'x'.repeat(1000) })).join('\n');
    const { records, summary } = readAll(jsonlogReader, text, { stopped: () => true });
    expect(summary.stopped).toBe(true);
    expect(records.length).toBeGreaterThan(0);
    expect(records.length).toBeLessThan(5000);
  });

  test('progress adds up to the size', () => {
    const bytes = bytesOf(Array.from({ length: 5000 }, () => event(1, { pad: 'x'.repeat(1000) })).join('\n'));
    let done = 0;
    const options = { kind: 'windows-events-json', name: '' } as const;
    const sink = {
      onBatch: () => undefined,
      onIssue: () => undefined,
      onProgress: (n: number) => (done += n),
    };
    jsonlogReader.read(inputOf(bytes), options, sink);
    expect(done).toBe(bytes.length);
  });

  test('reads every byte once', () => {
    const bytes = bytesOf(Array.from({ length: 5000 }, () => event(1, { pad: 'x'.repeat(1000) })).join('\n'));
    let read = 0;
    const inner = inputOf(bytes);
    const input: SourceInput = {
      size: inner.size,
      readAt: (target, offset) => add(inner.readAt(target, offset)),
    };
    const add = (n: number): number => ((read += n), n);
    jsonlogReader.read(
      input,
      { kind: 'windows-events-json', name: '' },
      { onBatch: () => undefined, onIssue: () => undefined },
    );
    expect(read - bytes.length).toBeLessThanOrEqual(4);
  });
});

const scalar = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const name = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter(
    (text) =>
      !/^(?:param\d+|[@#_$].*|.*\..*|.*_attributes|data|UtcTime|Channel|EventID|Computer)$/i.test(text),
  );
const data = fc.dictionary(name, scalar, { maxKeys: 12, noNullPrototype: true });

/** How a value reads as a field. */
const shown = (value: unknown): string | undefined =>
  value === null ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

describe('properties', () => {
  const System = { Channel: 'C', EventID: 7 };
  const forms: ((fields: Record<string, unknown>) => unknown)[] = [
    (fields) => ({ winlog: { channel: 'C', event_id: 7, event_data: fields } }),
    (fields) => ({ Event: { System, EventData: fields } }),
    (fields) => ({ System, EventData: fields }),
    (fields) => ({ log_name: 'C', event_id: 7, event_data: fields }),
  ];

  test('the data of an event come back the same from every form', () => {
    fc.assert(
      fc.property(
        fc.array(data, { minLength: 1, maxLength: 5 }),
        fc.nat(3),
        fc.nat(3),
        (events, form, layout) => {
          const objects = events.map((fields) => forms[form]?.(fields));
          const text = [
            objects.map((one) => JSON.stringify(one)).join('\n'),
            JSON.stringify(objects),
            JSON.stringify(objects, undefined, 2),
            objects.map((one) => JSON.stringify(one, undefined, 1)).join('\n'),
          ][layout];
          const { records, summary } = readAll(jsonlogReader, text ?? '');
          expect(summary).toMatchObject({ records: events.length, damaged: 0 });
          events.forEach((fields, i) => {
            const read = records[i]?.fields;
            expect([read?.get('Channel'), read?.get('EventID')]).toEqual(['C', '7']);
            for (const [key, value] of Object.entries(fields)) expect(read?.get(key)).toBe(shown(value));
          });
        },
      ),
      propertyRuns(2),
    );
  });

  test('cut anywhere, whole lines are read and the rest is text', () => {
    const text = `${event(1, { a: 'ä"\\', b: [1, { c: 2 }], d: { e: null } })}\r\n${event(2)}\n`;
    const bytes = bytesOf(text);
    const ends = [
      bytesOf(event(1, { a: 'ä"\\', b: [1, { c: 2 }], d: { e: null } })).length,
      bytes.length - 1,
    ];
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { records, summary } = readAll(jsonlogReader, bytes.subarray(0, cut));
      const whole = records.filter(({ fields }) => fields.has('EventID') && !fields.has('malformed')).length;
      expect(whole).toBe(ends.filter((end) => cut >= end).length);
      expect(summary.damaged).toBe(records.length - whole);
      expect(summary.records).toBe(records.length);
    }
  });

  test('whatever comes: no error, all records counted, none twice, none outside', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ',',
      ':',
      '\n',
      '\0',
      'null',
      '1',
      '"Channel":"C"',
      event(1),
      'ä',
      '{"a":',
      '\r',
      'Record 1\n',
    );
    const text = fc
      .array(fc.oneof(pieces, fc.string()), { maxLength: 40 })
      .map((parts) => bytesOf(parts.join('')));
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const { records, summary } = readAll(jsonlogReader, bytes);
        expect(summary.records).toBe(records.length);
        const offsets = records.map(({ offset }) => offset);
        expect(offsets).toEqual([...new Set(offsets)].toSorted((a, b) => a - b));
        for (const offset of offsets) expect(offset).toBeLessThan(bytes.length);
      }),
      propertyRuns(4),
    );
  });

  test('every byte of a damaged text is in a record or is white space, commas, brackets, zero bytes', () => {
    const pieces = fc.constantFrom('{', '}', '"', '\\', ':', '\n', 'x', '{"a":1}', '{"a":"b', '  ');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const { records } = readAll(jsonlogReader, text);
        const covered = new Set(
          records.flatMap((r) => Array.from({ length: r.text.length }, (_, i) => r.offset + i)),
        );
        const missed = text
          .split('')
          .filter((_, i) => !covered.has(i))
          .join('');
        expect(missed.replaceAll(/[\s,\][]/g, '')).toBe('');
      }),
      propertyRuns(4),
    );
  });
});

describe('recognising', () => {
  const kind = (content: Uint8Array | string): unknown =>
    jsonlogReader.recognise(typeof content === 'string' ? bytesOf(content) : content, 'x');
  const yes = 'windows-events-json';

  test('by the names inside, whatever the form, cut or damaged', () => {
    const full = JSON.stringify({
      Event: { System: { Provider: { '@Name': 'P' }, EventID: 1, Channel: 'C' }, x: 'y'.repeat(99) },
    });
    expect(kind(event(1))).toBe(yes);
    expect(kind(`[\n  ${event(1)}`)).toBe(yes);
    expect(kind(full.slice(0, -50))).toBe(yes);
    expect(kind(`Record 1\n${JSON.stringify(JSON.parse(full), undefined, 2)}`)).toBe(yes);
    expect(kind(`{"torn":"\n${event(1)}\n`)).toBe(yes);
    expect(kind(utf16Of(event(1)))).toBe(yes);
    expect(kind(`\ufeff${event(1)}`)).toBe(yes);
  });

  test('no other JSON, and nothing else', () => {
    for (const text of [
      '',
      '{',
      '{}',
      '[]',
      '{"a":1}',
      '{"EventID":1}',
      'EventID Channel',
      '[1,2]',
      '<Event/>',
      '{"Channel":"C"}',
    ]) {
      expect(kind(text)).toBeUndefined();
    }
    expect(kind(new Uint8Array(16_384))).toBeUndefined();
  });
});

test('fields of a record keep their own names beside the common ones', () => {
  const { records } = readAll(jsonlogReader, '{"Channel":"C","EventID":1,"Hostname":"h"}');
  expect(fieldsOf(records[0])).toMatchObject({ Hostname: 'h', Computer: 'h' });
});
