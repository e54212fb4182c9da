import type { EvtxInstance } from './template.ts';

/** Types of values by the number that the format gives them (MS-EVEN6 2.2.12; facts of libevtx's documentation). */
const SCALAR_CODES = {
  null: 0x00,
  string: 0x01,
  ansi: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  float32: 0x0b,
  float64: 0x0c,
  bool: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  size32: 0x10,
  size64: 0x10,
  filetime: 0x11,
  systemtime: 0x12,
  sid: 0x13,
  hex32: 0x14,
  hex64: 0x15,
  binxml: 0x21,
} as const;

export type ScalarType = keyof typeof SCALAR_CODES;

function isScalarType(name: string): name is ScalarType {
  return Object.hasOwn(SCALAR_CODES, name);
}

const SCALAR_TYPES: readonly ScalarType[] = Object.keys(SCALAR_CODES).filter(isScalarType);

/** A type, or an array of it (`string[]`). */
export type SlotType = ScalarType | `${ScalarType}[]`;

/** `size32` and `size64` are the two widths of size_t. */
export type EvtxScalar = string | number | bigint | boolean | Uint8Array;

/**
 * A value as the slot's type wants it:
 * `string` → string; `ansi`, `binary` → bytes; integers, `hex32`, `hex64`, `size…` → number or bigint; floats → number;
 * `bool` → boolean, or a number that is stored as it is; `guid` → text with or without braces; `sid` → `S-1-…`;
 * `filetime` → number (milliseconds since 1970) or bigint (100 ns since 1601); `systemtime` → milliseconds since 1970;
 * `binxml` → an instance; arrays → a list. `null` in any slot is stored as Null. `{ type, value }` stores another type
 * than the template expects, as real records do.
 */
export type EvtxValue =
  | null
  | EvtxScalar
  | readonly EvtxScalar[]
  | EvtxInstance
  | { readonly type: SlotType; readonly value: EvtxValue };

/** A type taken apart. */
export interface ValueType {
  readonly scalar: ScalarType;
  readonly isArray: boolean;
  /** As a descriptor holds it. */
  readonly code: number;
}

/** Bit that marks an array. */
const ARRAY_BIT = 0x80;

const TYPES: ReadonlyMap<string, ValueType> = new Map(
  SCALAR_TYPES.flatMap((scalar): [string, ValueType][] => {
    const code = SCALAR_CODES[scalar];
    return [
      [scalar, { scalar, isArray: false, code }],
      [`${scalar}[]`, { scalar, isArray: true, code: code | ARRAY_BIT }],
    ];
  }),
);

export const NULL_TYPE: ValueType = { scalar: 'null', isArray: false, code: 0 };

export function valueTypeOf(type: SlotType): ValueType {
  return TYPES.get(type) ?? NULL_TYPE;
}
