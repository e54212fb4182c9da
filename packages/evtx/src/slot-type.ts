import { arrayOf, slotTypes } from '@postern/core';

const t = slotTypes;

/** Types of values from 0 on, as MS-EVEN6 and libyal list them, in core's words. */
// prettier-ignore
const known: readonly number[] = [
  t.null, t.utf16, t.ansi, t.int8, t.uint8, t.int16, t.uint16, t.int32, t.uint32, t.int64, t.uint64,
  t.float32, t.float64, t.boolean, t.bytes, t.guid, t.hex64, t.filetime, t.systemtime, t.sid, t.hex32, t.hex64,
];
const sizeT = 0x10;
/** A handle is shown as a number, XML as the text that it is. */
const others: readonly (readonly [number, number])[] = [
  [0x20, t.hex64],
  [0x23, t.utf16],
];

/** Type in a descriptor → type of the slot. What is not known is bytes. */
export const slotTypeTable: Uint8Array = tableOfTypes();

function tableOfTypes(): Uint8Array {
  const table = new Uint8Array(256).fill(t.bytes);
  for (const [type, slot] of [...known.entries(), ...others]) {
    table[type] = slot;
    table[type + arrayOf] = type === 0 ? slot : slot + arrayOf;
  }
  return table;
}

/**
 * The type of a slot with a value of this type and size. A value without bytes that is no text is absent; a number of
 * more than eight bytes is none.
 */
export function slotTypeOf(type: number, length: number): number {
  if (length === 0 && type !== 0x01 && type !== 0x02)
    return type >= arrayOf ? (slotTypeTable[type] ?? 0) : t.null;
  if (type === sizeT && length === 4) return t.hex32;
  const slot = slotTypeTable[type] ?? t.bytes;
  return length > 8 && slot >= t.int8 && slot <= t.uint64 ? t.bytes : slot;
}
