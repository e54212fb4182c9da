import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { decodeSlot, listTexts } from './decode.ts';
import { arrayOf, slotTypes } from './shape.ts';
import { formatTime } from './time.ts';

const utf16le = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'));
const text = (type: number, bytes: Uint8Array): string | undefined =>
  decodeSlot(bytes, 0, bytes.length, type);

function number(value: bigint, size: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, BigInt.asIntN(64, value), true);
  return new Uint8Array(view.buffer, 0, size);
}

describe('values of Windows', () => {
  it('reads integers of any size as BigInt has them', () => {
    const sizes = [
      [slotTypes.int8, slotTypes.uint8, 1],
      [slotTypes.int16, slotTypes.uint16, 2],
      [slotTypes.int32, slotTypes.uint32, 4],
      [slotTypes.int64, slotTypes.uint64, 8],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...sizes),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        ([signed, unsigned, size], any) => {
          const bits = 8 * size;
          expect(text(signed, number(any, size))).toBe(String(BigInt.asIntN(bits, any)));
          expect(text(unsigned, number(any, size))).toBe(String(BigInt.asUintN(bits, any)));
          expect(text(slotTypes.hex64, number(any, size))).toBe(
            `0x${BigInt.asUintN(bits, any).toString(16)}`,
          );
        },
      ),
      propertyRuns(4),
    );
  });

  it('writes times as core formats them', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2_650_467_743_999_999_999n }), (ticks) => {
        expect(text(slotTypes.filetime, number(ticks, 8))).toBe(formatTime(ticks, 'tick'));
      }),
      propertyRuns(4),
    );
  });

  it.each([
    ['sid', [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0], 'S-1-5-32-544'],
    ['sid', [1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0], 'S-1-5-21'],
    ['sid', [1, 1, 0], '010100'],
    ['guid', [1, 2, 3], '010203'],
    ['filetime', [1, 2], '0102'],
    ['systemtime', Array.from({ length: 16 }, () => 0), '0000-00-00T00:00:00.000Z'],
    ['float32', [0xcd, 0xcc, 0xcc, 0x3d], '0.1'],
    ['float32', [0, 0, 0x80, 0xff], '-1.#INF'],
    ['float64', [1], '01'],
    ['boolean', [0, 0, 0, 1], 'true'],
    ['boolean', [0, 0, 0, 0], 'false'],
    ['ansi', [0x93, 0x41, 0, 0x94], '“A”'],
    ['bytes', [0, 255], '00FF'],
  ] as const)('%s %j is %s, whole or cut short', (type, bytes, expected) => {
    expect(text(slotTypes[type], Uint8Array.from(bytes))).toBe(expected);
  });

  it('gives the same text of UTF-16 the first time and from what it keeps', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 80 }), { maxLength: 40 }), (texts) => {
        for (const each of [...texts, ...texts]) {
          expect(text(slotTypes.utf16, utf16le(each))).toBe(each);
        }
      }),
      propertyRuns(),
    );
  });
});

describe('lists', () => {
  const list = (type: number, bytes: Uint8Array): string[] => listTexts(bytes, 0, bytes.length, type);

  it('end each text with a zero, the last one perhaps not', () => {
    expect(list(slotTypes.utf16 + arrayOf, utf16le('a\u0000\u0000bc'))).toEqual(['a', '', 'bc']);
    expect(list(slotTypes.utf16 + arrayOf, utf16le('a\u0000'))).toEqual(['a']);
    expect(list(slotTypes.ansi + arrayOf, Uint8Array.of(0x41, 0, 0x42))).toEqual(['A', 'B']);
    expect(list(slotTypes.utf16 + arrayOf, new Uint8Array())).toEqual([]);
  });

  it('have items of one size, the last one perhaps cut', () => {
    expect(list(slotTypes.uint16 + arrayOf, Uint8Array.of(1, 0, 2, 0, 3))).toEqual(['1', '2', '3']);
    expect(
      list(slotTypes.sid + arrayOf, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 5, 1, 0, 0, 0, 0, 0, 0, 1)),
    ).toEqual(['S-1-5', 'S-1-1']);
  });

  it('can be of values that stand apart, or be pieces of one text', () => {
    const bytes = new Uint8Array(64);
    bytes.set(utf16le('ab'), 0);
    const view = new DataView(bytes.buffer);
    for (const [at, entry] of [
      [16, [0, 4, slotTypes.utf16]],
      [28, [0, 0, slotTypes.null]],
      [40, [0, 2, slotTypes.utf16]],
    ] as const) {
      entry.forEach((value, index) => view.setUint32(at + 4 * index, value, true));
    }
    expect(listTexts(bytes, 16, 36, slotTypes.list)).toEqual(['ab', 'a']);
    expect(decodeSlot(bytes, 16, 36, slotTypes.list)).toBe('["ab","a"]');
    expect(decodeSlot(bytes, 16, 36, slotTypes.joined)).toBe('aba');
  });
});
