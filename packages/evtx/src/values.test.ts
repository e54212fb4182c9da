import { describe, expect, test } from 'vitest';
import { logOf, onlyRecord } from './testing/logs.ts';
import type { EvtxElement, EvtxValue, SlotType } from './writer/index.ts';

const data = (type: SlotType): EvtxElement => ({
  name: 'EventData',
  children: [{ name: 'Data', attributes: [['Name', 'V']], children: [{ slot: 0, type }] }],
});

const guid = '5770385f-c22a-43e0-bf4c-06f5698ffbd9';
const upper = guid.toUpperCase();

/** Type, value, text for rules, value in nested JSON. */
const scalars: readonly (readonly [SlotType, EvtxValue, string | undefined, unknown])[] = [
  ['string', 'Grüße 😀 "x"\\', 'Grüße 😀 "x"\\', 'Grüße 😀 "x"\\'],
  ['string', 'cut\u0000\u0000', 'cut', 'cut'],
  ['string', 'in\u0000side', 'in\u0000side', 'in\u0000side'],
  ['string', '', '', ''],
  ['ansi', Uint8Array.of(0x80, 0x41, 0), '€A', '€A'],
  ['int8', -5, '-5', -5],
  ['uint8', 250, '250', 250],
  ['int16', -300, '-300', -300],
  ['uint16', 65_535, '65535', 65_535],
  ['int32', -2_147_483_648, '-2147483648', -2_147_483_648],
  ['uint32', 4_294_967_295, '4294967295', 4_294_967_295],
  ['int64', -1n, '-1', -1],
  ['uint64', 9_007_199_254_740_991n, '9007199254740991', 9_007_199_254_740_991],
  ['float32', 0.1, '0.1', '0.1'],
  ['float64', 1e300, '1e+300', '1e+300'],
  ['float64', Infinity, '1.#INF', '1.#INF'],
  ['float64', Number.NaN, '-1.#IND', '-1.#IND'],
  ['bool', true, 'true', true],
  ['bool', false, 'false', false],
  ['bool', 16, 'true', true],
  ['binary', Uint8Array.of(0, 0xab, 0xff), '00ABFF', '00ABFF'],
  ['binary', new Uint8Array(), undefined, null],
  ['guid', guid, `{${upper}}`, upper],
  ['size32', 0x1410, '0x1410', '0x1410'],
  ['size64', 0xffff_8000_1234_5678n, '0xffff800012345678', '0xffff800012345678'],
  ['filetime', 132_592_107_067_891_234n, '2021-03-03T02:05:06.7891234Z', '2021-03-03T02:05:06.7891234Z'],
  ['filetime', 0n, '1601-01-01T00:00:00.0000000Z', '1601-01-01T00:00:00.0000000Z'],
  ['filetime', 2n ** 64n - 1n, '60056-05-28T05:36:10.9551615Z', '60056-05-28T05:36:10.9551615Z'],
  ['systemtime', Date.UTC(2021, 2, 3, 4, 5, 6, 7), '2021-03-03T04:05:06.007Z', '2021-03-03T04:05:06.007Z'],
  [
    'sid',
    'S-1-5-21-1004336348-1177238915-682003330-512',
    'S-1-5-21-1004336348-1177238915-682003330-512',
    'S-1-5-21-1004336348-1177238915-682003330-512',
  ],
  ['hex32', 0x1410, '0x1410', '0x1410'],
  ['hex32', 0, '0x0', '0x0'],
  ['hex64', 0x8000_0000_0000_0000n, '0x8000000000000000', '0x8000000000000000'],
  ['uint32', null, undefined, null],
  ['uint32', { type: 'string', value: 'another type' }, 'another type', 'another type'],
];

describe('each type of value', () => {
  const cases = scalars.map((one, index) => [`${index}: ${one[0]} is ${one[2] ?? 'absent'}`, one] as const);

  test.each(cases)('%s', (_, [type, value, text, json]) => {
    const record = onlyRecord(logOf([data(type)], [value]));
    expect(record.fields.get('V')).toBe(text);
    expect(record.json).toMatchObject({ Event: { EventData: { V: json } } });
    expect(record.xml).toContain('<Data Name="V"');
  });

  test('whole numbers past 2^53 are written in full', () => {
    const record = onlyRecord(logOf([data('uint64')], [18_446_744_073_709_551_615n]));
    expect(record.fields.get('V')).toBe('18446744073709551615');
    expect(record.text).toContain('V=18446744073709551615');
  });
});

describe('arrays', () => {
  test.each([
    ['string[]', ['a', '', 'ü"'], ['a', '', 'ü"'], ['a', '', 'ü"']],
    ['string[]', ['one'], ['one'], 'one'],
    ['uint16[]', [1, 65_535], ['1', '65535'], [1, 65_535]],
    ['guid[]', [guid, guid], [`{${upper}}`, `{${upper}}`], [upper, upper]],
    ['sid[]', ['S-1-5-18', 'S-1-5-32-544'], ['S-1-5-18', 'S-1-5-32-544'], ['S-1-5-18', 'S-1-5-32-544']],
    ['hex64[]', [16, 255], ['0x10', '0xff'], ['0x10', '0xff']],
    ['string[]', [], [], null],
  ] as const)('%s %j', (type, value, texts, json) => {
    const record = onlyRecord(logOf([data(type)], [value]));
    expect(record.texts.get('V')).toEqual(texts);
    expect(record.json).toMatchObject({ Event: { EventData: { V: json } } });
  });

  test('repeat their element in XML', () => {
    const { xml } = onlyRecord(logOf([data('string[]')], [['a', 'b']]));
    expect(xml).toContain('<Data Name="V">a</Data><Data Name="V">b</Data>');
  });
});
