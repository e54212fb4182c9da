import { slotTypes } from './shape.ts';
import { daysFromCivil } from './time.ts';

/**
 * Binary values of Windows events as text, in the form that Windows shows and Sigma rules are written for. Nothing
 * throws: a value of another size than its type's is read as far as it goes.
 */
export function decodeWindowsValue(bytes: Uint8Array, offset: number, length: number, type: number): string {
  switch (type) {
    case slotTypes.int8:
    case slotTypes.int16:
    case slotTypes.int32:
    case slotTypes.int64:
      return integerText(bytes, offset, length, true);
    case slotTypes.uint8:
    case slotTypes.uint16:
    case slotTypes.uint32:
    case slotTypes.uint64:
      return integerText(bytes, offset, length, false);
    case slotTypes.hex32:
    case slotTypes.hex64:
      return `0x${hexNumber(bytes, offset, length)}`;
    case slotTypes.float32:
    case slotTypes.float64:
      return floatText(bytes, offset, length);
    case slotTypes.boolean:
      return isTrue(bytes, offset, length) ? 'true' : 'false';
    case slotTypes.filetime:
      return filetimeText(bytes, offset, length);
    case slotTypes.systemtime:
      return systemtimeText(bytes, offset, length);
    case slotTypes.guid:
      return guidText(bytes, offset, length);
    case slotTypes.sid:
      return sidText(bytes, offset, length);
    default:
      return hexText(bytes, offset, length);
  }
}

const sizes: ReadonlyMap<number, number> = new Map([
  [slotTypes.int8, 1],
  [slotTypes.uint8, 1],
  [slotTypes.int16, 2],
  [slotTypes.uint16, 2],
  [slotTypes.int32, 4],
  [slotTypes.uint32, 4],
  [slotTypes.hex32, 4],
  [slotTypes.float32, 4],
  [slotTypes.boolean, 4],
  [slotTypes.int64, 8],
  [slotTypes.uint64, 8],
  [slotTypes.hex64, 8],
  [slotTypes.float64, 8],
  [slotTypes.filetime, 8],
  [slotTypes.systemtime, 16],
  [slotTypes.guid, 16],
]);

/** Bytes of the item of an array that begins at `at`: a fixed size, or what a SID says of itself. At least 1. */
export function itemBytes(bytes: Uint8Array, at: number, type: number): number {
  if (type === slotTypes.sid) return 8 + 4 * (bytes[at + 1] ?? 0);
  return sizes.get(type) ?? 1;
}

export function uint16At(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

export function uint32At(bytes: Uint8Array, at: number): number {
  return (uint16At(bytes, at) | (uint16At(bytes, at + 2) << 16)) >>> 0;
}

const smallNumbers: readonly string[] = Array.from({ length: 256 }, (_, value) => String(value));

function integerText(bytes: Uint8Array, offset: number, length: number, signed: boolean): string {
  if (length > 8) return hexText(bytes, offset, length);
  const isNegative = signed && length > 0 && ((bytes[offset + length - 1] ?? 0) & 0x80) !== 0;
  if (!isNegative) return magnitude(bytes, offset, length);
  if (length <= 4) return String(unsigned(bytes, offset, length) - 2 ** (8 * length));
  return String(wide(bytes, offset, length) - (1n << BigInt(8 * length)));
}

function magnitude(bytes: Uint8Array, offset: number, length: number): string {
  if (length === 1) return smallNumbers[bytes[offset] ?? 0] ?? '';
  if (length <= 4) return String(unsigned(bytes, offset, length));
  const high = unsigned(bytes, offset + 4, Math.min(length, 8) - 4);
  // Up to 2^53 a number is exact and much faster.
  if (high < 0x20_0000) return String(high * 0x1_0000_0000 + uint32At(bytes, offset));
  return String(wide(bytes, offset, length));
}

/** Lower case, without zeros in front. */
function hexNumber(bytes: Uint8Array, offset: number, length: number): string {
  const high = length <= 4 ? 0 : unsigned(bytes, offset + 4, Math.min(length, 8) - 4);
  const low = unsigned(bytes, offset, Math.min(length, 4));
  if (high === 0) return low.toString(16);
  return high.toString(16) + low.toString(16).padStart(8, '0');
}

function unsigned(bytes: Uint8Array, offset: number, length: number): number {
  if (length === 4) return uint32At(bytes, offset);
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[offset + i] ?? 0);
  return value;
}

function wide(bytes: Uint8Array, offset: number, length: number): bigint {
  let value = 0n;
  for (let i = Math.min(length, 8) - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[offset + i] ?? 0);
  return value;
}

/** Boolean values are four bytes in practice; anything but zero is true. */
function isTrue(bytes: Uint8Array, offset: number, length: number): boolean {
  for (let i = offset; i < offset + length; i++) if (bytes[i] !== 0) return true;
  return false;
}

/** A number as it is read back, in as few digits as tell it from its neighbours; what is no number as C writes it. */
function floatText(bytes: Uint8Array, offset: number, length: number): string {
  if (length !== 4 && length !== 8) return hexText(bytes, offset, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length);
  const value = length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  if (Number.isNaN(value)) return '-1.#IND';
  if (!Number.isFinite(value)) return value > 0 ? '1.#INF' : '-1.#INF';
  return String(length === 4 ? shortestFloat32(value) : value);
}

function shortestFloat32(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Two digits for each number up to 99. */
const twoDigits: readonly string[] = Array.from({ length: 100 }, (_, value) =>
  String(value).padStart(2, '0'),
);
const two = (value: number): string => twoDigits[value] ?? String(value);
/** A day has 52 734 375 times 2^14 ticks: in that unit even the largest time is below 2^53, so no bigint is needed. */
const unitsPerDay = 52_734_375;
const ticksPerUnit = 16_384;
const daysTo1970 = -daysFromCivil(1601, 1, 1);
/** The date that was made last: times of a log come in order, so days repeat. */
let latestDay = { day: Number.NaN, text: '' };

/** 100 ns since 1601 as `2021-03-03T06:40:12.1234567Z`, always with seven digits; years beyond 9999 have five. */
function filetimeText(bytes: Uint8Array, offset: number, length: number): string {
  if (length !== 8) return hexText(bytes, offset, length);
  const low = uint32At(bytes, offset);
  const units = uint32At(bytes, offset + 4) * 0x4_0000 + (low >>> 14);
  const day = Math.floor(units / unitsPerDay);
  const ticks = (units - day * unitsPerDay) * ticksPerUnit + (low & 0x3fff);
  const seconds = Math.floor(ticks / 10_000_000);
  if (day !== latestDay.day) latestDay = { day, text: `${dateText(day - daysTo1970)}T` };
  return latestDay.text + clockText(seconds, ticks - seconds * 10_000_000);
}

/** `06:40:12.1234567Z`, made at once: put together from pieces it took three times as long. */
function clockText(seconds: number, ticks: number): string {
  const hour = Math.floor(seconds / 3600);
  const minute = Math.floor(seconds / 60) - 60 * hour;
  const second = seconds % 60;
  // oxfmt-ignore
  return String.fromCharCode(
    digit(hour / 10), digit(hour), 0x3a, digit(minute / 10), digit(minute), 0x3a, digit(second / 10), digit(second), 0x2e,
    digit(ticks / 1e6), digit(ticks / 1e5), digit(ticks / 1e4), digit(ticks / 1e3), digit(ticks / 100), digit(ticks / 10),
    digit(ticks), 0x5a,
  );
}

/** The last digit before the point. */
function digit(value: number): number {
  return 0x30 + ((value | 0) % 10);
}

/** The day of the Gregorian calendar, counted from 1970. The way back of `daysFromCivil`. */
function dateText(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const part = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * part + 2) / 5) + 1;
  const month = part < 10 ? part + 3 : part - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** Eight parts: year, month, day of the week, day, hour, minute, second, millisecond. All zero occurs and is shown so. */
function systemtimeText(bytes: Uint8Array, offset: number, length: number): string {
  if (length !== 16) return hexText(bytes, offset, length);
  const part = (index: number): number => uint16At(bytes, offset + 2 * index);
  const date = `${String(part(0)).padStart(4, '0')}-${two(part(1))}-${two(part(3))}`;
  return `${date}T${two(part(4))}:${two(part(5))}:${two(part(6))}.${String(part(7)).padStart(3, '0')}Z`;
}

const upperDigits = '0123456789ABCDEF';
/** Two digits for each byte. */
const hexPairs: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => (upperDigits[byte >> 4] ?? '') + (upperDigits[byte & 15] ?? ''),
);
const hexCodes: Uint8Array = Uint8Array.from(upperDigits, (one) => one.charCodeAt(0));
const ascii = new TextDecoder();
/** Longer binary values are made to text in pieces of this size. */
const hexPiece = 1024;
const hexRoom = new Uint8Array(2 * hexPiece);

/** Upper case, two digits a byte. */
function hexText(bytes: Uint8Array, offset: number, length: number): string {
  let text = '';
  for (let from = 0; from < length; from += hexPiece) {
    const count = Math.min(hexPiece, length - from);
    for (let i = 0; i < count; i++) {
      const byte = bytes[offset + from + i] ?? 0;
      hexRoom[2 * i] = hexCodes[byte >> 4] ?? 0;
      hexRoom[2 * i + 1] = hexCodes[byte & 15] ?? 0;
    }
    text += ascii.decode(hexRoom.subarray(0, 2 * count));
  }
  return text;
}

/** Which byte of a GUID each pair of digits is: three groups little-endian, then eight bytes as they stand. */
const guidOrder = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];

/** `{5770385F-C22A-43E0-BF4C-06F5698FFBD9}`. */
function guidText(bytes: Uint8Array, offset: number, length: number): string {
  if (length !== 16) return hexText(bytes, offset, length);
  let text = '{';
  for (const place of guidOrder) text += place < 0 ? '-' : (hexPairs[bytes[offset + place] ?? 0] ?? '');
  return `${text}}`;
}

/** `S-1-5-21-…`; of one that is cut short, what is there. */
function sidText(bytes: Uint8Array, offset: number, length: number): string {
  if (length < 8) return hexText(bytes, offset, length);
  let authority = 0;
  for (let i = 2; i < 8; i++) authority = authority * 256 + (bytes[offset + i] ?? 0);
  const shown = authority < 2 ** 32 ? String(authority) : `0x${authority.toString(16).padStart(12, '0')}`;
  let text = `S-${bytes[offset] ?? 0}-${shown}`;
  const count = Math.min(bytes[offset + 1] ?? 0, Math.floor((length - 8) / 4));
  for (let i = 0; i < count; i++) text += `-${uint32At(bytes, offset + 8 + 4 * i)}`;
  return text;
}
