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

/** Sizes from this one on are alike. */
const largest = 9;
/** Type in a descriptor × 16 + size → type of the slot. */
const slotTypeTable: Uint8Array = tableOfTypes();

function tableOfTypes(): Uint8Array {
  const table = new Uint8Array(256 * 16);
  const types = typesOfSlots();
  for (const [type, slot] of types.entries()) {
    for (let size = 0; size <= largest; size++) table[type * 16 + size] = withSize(type, slot, size);
  }
  return table;
}

/** What is not known is bytes. */
function typesOfSlots(): Uint8Array {
  const types = new Uint8Array(256).fill(t.bytes);
  for (const [type, slot] of [...known.entries(), ...others]) {
    types[type] = slot;
    types[type + arrayOf] = type === 0 ? slot : slot + arrayOf;
  }
  return types;
}

function withSize(type: number, slot: number, size: number): number {
  if (size === 0 && type !== 0x01 && type !== 0x02) return type >= arrayOf ? slot : t.null;
  if (type === sizeT && size === 4) return t.hex32;
  return size > 8 && slot >= t.int8 && slot <= t.uint64 ? t.bytes : slot;
}

/**
 * The type of a slot with a value of this type and size. A value without bytes that is no text is absent; a number of
 * more than eight bytes is none. A table, for it is asked for every value.
 */
export function slotTypeOf(type: number, size: number): number {
  return slotTypeTable[type * 16 + Math.min(size, largest)] ?? t.bytes;
}
