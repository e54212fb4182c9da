// Random kinds of events with random values: what is written is what is read.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../../../testing/properties.ts';
import { readWhole } from '../testing/logs.ts';
import {
  defineEvent,
  eventBody,
  writeEvtx,
  type EvtxRecord,
  type EvtxValue,
  type SlotType,
} from './index.ts';

/** A value and the text that rules see of it; undefined where there is none. */
interface Sample {
  readonly type: SlotType;
  readonly value: EvtxValue;
  readonly text: readonly string[] | undefined;
}

const sample =
  (type: SlotType) =>
  ([value, text]: readonly [EvtxValue, string | readonly string[] | undefined]): Sample => ({
    type,
    value,
    text: typeof text === 'string' ? [text] : text,
  });

/** Trailing zeros are cut by readers, as Windows does. */
const words = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !text.includes('\0'));
const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
const hex = (value: bigint | number): string => `0x${value.toString(16)}`;
const upperHex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();
const sid = fc
  .tuple(
    fc.integer({ min: 0, max: 255 }),
    fc.array(fc.nat({ max: 0x7fff_ffff }), { minLength: 1, maxLength: 6 }),
  )
  .map(([authority, parts]) => `S-1-${authority}-${parts.join('-')}`);
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

const SAMPLES: readonly fc.Arbitrary<Sample>[] = [
  words.map((text) => sample('string')([text, text])),
  fc.integer({ min: -128, max: 127 }).map((value) => sample('int8')([value, String(value)])),
  fc.integer({ min: 0, max: 65_535 }).map((value) => sample('uint16')([value, String(value)])),
  fc.integer().map((value) => sample('int32')([value, String(value)])),
  fc.nat({ max: 4_294_967_295 }).map((value) => sample('uint32')([value, String(value)])),
  uint64.map((value) => sample('uint64')([value, String(value)])),
  fc.nat({ max: Number.MAX_SAFE_INTEGER }).map((value) => sample('uint64')([value, String(value)])),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .map((value) => sample('int64')([value, String(value)])),
  fc.nat({ max: 0xffff_ffff }).map((value) => sample('hex32')([value, hex(value)])),
  uint64.map((value) => sample('hex64')([value, hex(value)])),
  fc.boolean().map((value) => sample('bool')([value, String(value)])),
  bytes.map((value) => sample('binary')([value, upperHex(value)])),
  fc.uuid().map((value) => sample('guid')([value, `{${value.toUpperCase()}}`])),
  sid.map((value) => sample('sid')([value, value])),
  fc
    .date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
    .map((value) => sample('filetime')([value.getTime(), value.toISOString().replace('Z', '0000Z')])),
  fc.array(words, { minLength: 1, maxLength: 5 }).map((value) => sample('string[]')([value, value])),
  fc
    .array(fc.nat({ max: 65_535 }), { minLength: 1, maxLength: 5 })
    .map((value) => sample('uint16[]')([value, value.map(String)])),
  fc.constant(sample('uint32')([null, undefined])),
];

const events = fc.array(fc.array(fc.oneof(...SAMPLES), { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 40,
});

const TIME = Date.UTC(2021, 2, 3);

/** One event with a kind of its own: fields are named after their place. */
function recordOf(samples: readonly Sample[], index: number): EvtxRecord {
  const kind = defineEvent({
    provider: 'Example-Provider',
    guid: '01234567-89ab-cdef-0123-456789abcdef',
    channel: 'Example/Operational',
    id: index,
    data: { form: 'named', fields: samples.map(({ type }, slot) => [`F${slot}`, type]) },
  });
  const values = samples.map(({ value }) => value);
  const time = TIME + index;
  return { time, body: eventBody(kind, { time, record: index + 1, computer: 'ex1.corp.example', values }) };
}

test('every value of every record comes back', () => {
  fc.assert(
    fc.property(events, (all) => {
      const { records, codes, summary } = readWhole(writeEvtx(all.map(recordOf)));
      expect([...codes]).toEqual([]);
      expect([summary.records, summary.damaged]).toEqual([all.length, 0]);
      const read = records.map(({ texts }, index) => all[index]?.map((_, slot) => texts.get(`F${slot}`)));
      expect(read).toEqual(all.map((samples) => samples.map(({ text }) => text)));
    }),
    propertyRuns(),
  );
});

test('a log may be cut anywhere between its records', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 900 }), (count, length) => {
      const text = 'x'.repeat(length);
      const all = Array.from({ length: count }, (_, index) =>
        recordOf([sample('string')([text, text])], index % 7),
      );
      const { summary, codes } = readWhole(writeEvtx(all));
      expect([summary.records, [...codes]]).toEqual([count, []]);
    }),
    propertyRuns(0.1),
  );
});
