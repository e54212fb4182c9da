import type { Chunk } from './chunk.ts';
import { valueTypes } from './format.ts';
import type { KnownBytes } from './known-bytes.ts';
import { slotTypeOf } from './slot-type.ts';

/** Bound here: an imported name is looked up at every use, and these are used for every value. */
const { binXml, utf16 } = valueTypes;
const slotType = slotTypeOf;

/** The values of one record: where each begins in the window, and its descriptor as in the format. */
export interface RecordValues {
  readonly offset: Int32Array;
  readonly descriptor: Int32Array;
  /** The first of the values that were read last that is BinXML; their end if none is. */
  firstNested: number;
}

/** Bytes of the value with this descriptor. */
export function sizeOf(descriptor: number): number {
  return descriptor & 0xffff;
}

/** The type of the value with this descriptor; what stands behind it is not used. */
export function typeOf(descriptor: number): number {
  return (descriptor >>> 16) & 0xff;
}

/** Reads the descriptors of the values `first..end`, which begin at `at` of the window; gives where the values end. */
export type ReadValues = (at: number, first: number, end: number) => number;

/** A closure, as those of the chunk; so are the others here. */
export function valueReader(values: RecordValues, view: DataView): ReadValues {
  const { offset, descriptor: descriptors } = values;
  return (at, first, end) => {
    let place = at + 4 * (end - first);
    let nested = end;
    for (let value = first, from = at; value < end; value++, from += 4) {
      const descriptor = view.getInt32(from, true);
      offset[value] = place;
      descriptors[value] = descriptor;
      place += sizeOf(descriptor);
      if (typeOf(descriptor) === binXml && nested === end && sizeOf(descriptor) > 0) nested = value;
    }
    values.firstNested = nested;
    return place;
  };
}

/** Tells whether a value has these bytes. */
export function valueComparer(
  { offset, descriptor }: RecordValues,
  { standsAt }: Chunk,
): (value: number, known: KnownBytes) => boolean {
  return (value, known) =>
    sizeOf(descriptor[value] ?? 0) === known.length && standsAt(offset[value] ?? 0, known);
}

/** Slots of a batch. */
export interface Slots {
  readonly offset: Int32Array;
  readonly length: Int32Array;
  readonly type: Uint8Array;
}

/** Makes slots of values, from slot `first` on. */
export type FillSlots = (values: readonly number[], first: number) => void;

/** One loop without calls: with a call for each slot reading took a tenth longer. */
export function slotFiller({ offset, descriptor }: RecordValues, bytes: Uint8Array, slots: Slots): FillSlots {
  const { offset: offsets, length: lengths, type: types } = slots;
  return (values, first) => {
    for (let slot = 0; slot < values.length; slot++) {
      const value = values[slot] ?? 0;
      const from = offset[value] ?? 0;
      const type = typeOf(descriptor[value] ?? 0);
      const size = sizeOf(descriptor[value] ?? 0);
      const length = type === utf16 ? textLength(bytes, from, size) : size;
      offsets[first + slot] = from;
      lengths[first + slot] = length;
      types[first + slot] = slotType(type, length);
    }
  };
}

/**
 * The length of a text without zeros at its end: Windows often counts the terminator as part of it. The lower byte of
 * a character is asked for first, for the upper one is mostly zero.
 */
export function textLength(bytes: Uint8Array, offset: number, size: number): number {
  let end = offset + (size & ~1);
  while (end > offset && bytes[end - 2] === 0 && bytes[end - 1] === 0) end -= 2;
  return end - offset;
}
