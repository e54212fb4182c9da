import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { BatchBuilder } from './batch-builder.ts';
import { decodeUtf8 } from './decode.ts';
import { slotTypes, type Shape, type SlotType } from './shape.ts';
import { fieldText, keepRecord, recordTime, timeAt } from './slot.ts';
import { formatTime, parseTime } from './time.ts';

const shape: Shape = {
  family: 'iis',
  recorder: 'iis-front',
  fields: ['date', 'time', 'value'],
  constants: new Map([['#Version', '1.0']]),
  time: { kind: 'date-and-time', date: 0, time: 1 },
};

function one(value: string, type: SlotType) {
  const bytes = new TextEncoder().encode(`2021-03-03 06:40:12 ${value}`);
  const builder = new BatchBuilder(bytes);
  builder.record({ shape, at: 100, line: 7, start: 0, end: bytes.length });
  builder.slot(0, 10, slotTypes.utf8);
  builder.slot(11, 8, slotTypes.utf8);
  builder.slot(20, bytes.length - 20, type);
  return builder.batch();
}

describe('slots', () => {
  it.each([
    ['utf8', 'Grüße', 'Grüße'],
    ['csvQuoted', 'say ""x""', 'say "x"'],
    ['plusText', 'Mozilla/5.0+(Windows)', 'Mozilla/5.0 (Windows)'],
    [
      'ecpText',
      'Url=\'\'http://f/<script language=""JScript"">\'\'',
      'Url=\'http://f/<script language="JScript">\'',
    ],
    ['jsonString', 'C:\\\\x\\u0041\\n', 'C:\\xA\n'],
    ['jsonString', 'broken \\u00', 'broken \\u00'],
    ['null', 'x', undefined],
  ] as const)('%s %j is read as %j', (type, raw, text) => {
    expect(fieldText(one(raw, slotTypes[type]), 0, 'value')).toBe(text);
  });

  it('knows constants, absent fields and the time', () => {
    const batch = one('x', slotTypes.utf8);
    expect(fieldText(batch, 0, '#Version')).toBe('1.0');
    expect(fieldText(batch, 0, 'nothing')).toBeUndefined();
    expect(formatTime(recordTime(batch, 0) ?? 0n)).toBe('2021-03-03T06:40:12Z');
  });

  it('reads the one form of Exchange as the parser reads all', () => {
    const iso: Shape = { ...shape, fields: ['DateTime'], time: { kind: 'iso', slot: 0 } };
    const two = fc.integer({ min: 0, max: 99 }).map((value) => String(value).padStart(2, '0'));
    const fraction = fc.integer({ min: 0, max: 999 }).map((value) => String(value).padStart(3, '0'));
    const separator = fc.constantFrom('T', ' ', 'x');
    const zone = fc.constantFrom('Z', '', '+02:00', 'z');
    fc.assert(
      fc.property(fc.tuple(two, two, separator, two, fraction, zone), ([m, d, t, h, f, z]) => {
        const text = `2021-${m}-${d}${t}${h}:40:12.${f}${z}`;
        const builder = new BatchBuilder(new TextEncoder().encode(text));
        builder.record({ shape: iso, at: 0, line: 1, start: 0, end: text.length });
        builder.slot(0, text.length, slotTypes.utf8);
        expect(recordTime(builder.batch(), 0)).toBe(parseTime(text));
      }),
      propertyRuns(4),
    );
  });

  it('reads a date and a time side by side as it reads them apart', () => {
    const two = fc.integer({ min: 0, max: 99 }).map((value) => String(value).padStart(2, '0'));
    fc.assert(
      fc.property(
        two,
        two,
        two,
        fc.constantFrom('06:40:12', '24:00:00', '0x:00:00', '-', ''),
        (y, m, d, time) => {
          const date = `20${y}-${m}-${d}`;
          const bytes = new TextEncoder().encode(`${date} ${time} ${time}`);
          const builder = new BatchBuilder(bytes);
          builder.record({ shape, at: 0, line: 1, start: 0, end: bytes.length });
          builder.slot(0, 10, slotTypes.utf8);
          builder.slot(11, time.length, slotTypes.utf8);
          expect(recordTime(builder.batch(), 0)).toBe(parseTime(`${date} ${time}`));
        },
      ),
      propertyRuns(),
    );
  });

  it('keeps a record that outlives its batch', () => {
    const kept = keepRecord(one('x', slotTypes.utf8), 0);
    expect([...kept.fields]).toEqual([
      ['#Version', '1.0'],
      ['date', '2021-03-03'],
      ['time', '06:40:12'],
      ['value', 'x'],
    ]);
    expect([kept.offset, kept.line, kept.text]).toEqual([100, 7, '2021-03-03 06:40:12 x']);
  });

  it('grows past its first arrays', () => {
    const builder = new BatchBuilder(new Uint8Array(4));
    for (let i = 0; i < 5000; i++) {
      builder.record({ shape, at: i, line: i + 1, start: 0, end: 4 });
      for (let s = 0; s < 3; s++) builder.slot(s, 1, slotTypes.latin1);
    }
    const batch = builder.batch();
    expect([batch.count, batch.slotStart[5000], batch.at[4999], batch.offset[14_999]]).toEqual([
      5000, 15_000, 4999, 2,
    ]);
  });
});

it('decodes any bytes as the platform does, short or long', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      expect(decodeUtf8(bytes, 0, bytes.length)).toBe(
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
      );
    }),
    propertyRuns(),
  );
});

it('reads times in bytes as it reads them in text', () => {
  for (const text of [
    '2021-03-03 06:40:12',
    '2021-03-03T06:40:12',
    '2021-3-03 06:40:12',
    '2021-13-03 06:40:12',
    '',
  ]) {
    expect(timeAt(new TextEncoder().encode(text), 0)).toBe(text.length === 19 ? parseTime(text) : undefined);
  }
});
