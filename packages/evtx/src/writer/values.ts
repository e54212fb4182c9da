import { PosternError } from '@postern/core';
import {
  putBytes,
  putFileTime,
  putU16,
  putU32,
  putU64,
  putU8,
  putUnits,
  type ByteSink,
} from './byte-sink.ts';
import type { EvtxScalar, EvtxValue, ScalarType } from './value-types.ts';

const HEX_BYTE = /[0-9a-f]{2}/gi;
const GUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;
/** Where the text's bytes go: the first three groups are little-endian. */
const GUID_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
const SID = /^S-(\d+)-(\d+)((?:-\d+)*)$/;
const MAX_CACHED = 4096;

/** A value that its slot cannot hold: the caller's mistake. */
export function unfit(type: string, value: unknown): PosternError {
  return new PosternError({
    code: 'POSTERN_EVTX_UNFIT_VALUE',
    message: `a value of the type ${type} cannot be made from ${String(value)}`,
    hint: 'see EvtxValue for what each type takes',
  });
}

/** Bytes of texts that come again and again; forgotten as a whole when there are too many. */
function cached(make: (text: string) => Uint8Array): (text: string) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    if (known.size >= MAX_CACHED) known.clear();
    known.set(text, made);
    return made;
  };
}

/** The 16 bytes of a GUID. */
export const guidBytes: (text: string) => Uint8Array = cached((text) => {
  if (!GUID.test(text)) throw unfit('guid', text);
  const pairs = [...text.matchAll(HEX_BYTE)].map(([pair]) => Number.parseInt(pair, 16));
  return Uint8Array.from(GUID_ORDER, (index) => pairs[index] ?? 0);
});

const sidBytes = cached((text) => {
  const found = SID.exec(text);
  if (found === null) throw unfit('sid', text);
  const parts = (found[3] ?? '').split('-').slice(1).map(Number);
  const authority = BigInt(found[2] ?? 0);
  const bytes = new Uint8Array(8 + parts.length * 4);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, Number(found[1]));
  view.setUint8(1, parts.length);
  view.setUint16(2, Number(authority >> 32n));
  view.setUint32(4, Number(authority & 0xffff_ffffn));
  for (const [index, part] of parts.entries()) view.setUint32(8 + index * 4, part, true);
  return bytes;
});

const FLOAT = new DataView(new ArrayBuffer(8));

function putFloat(sink: ByteSink, value: number, width: 4 | 8): void {
  if (width === 4) FLOAT.setFloat32(0, value, true);
  else FLOAT.setFloat64(0, value, true);
  for (let index = 0; index < width; index += 1) putU8(sink, FLOAT.getUint8(index));
}

function putSystemTime(sink: ByteSink, time: number): void {
  const date = new Date(time);
  const parts = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDay(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    date.getUTCMilliseconds(),
  ];
  for (const part of parts) putU16(sink, part);
}

function putNumber(sink: ByteSink, type: ScalarType, value: number): boolean {
  switch (type) {
    case 'int8':
    case 'uint8':
      putU8(sink, value);
      return true;
    case 'int16':
    case 'uint16':
      putU16(sink, value);
      return true;
    case 'int32':
    case 'uint32':
    case 'hex32':
    case 'size32':
    case 'bool':
      putU32(sink, value);
      return true;
    case 'float32':
    case 'float64':
      putFloat(sink, value, type === 'float32' ? 4 : 8);
      return true;
    case 'systemtime':
      putSystemTime(sink, value);
      return true;
    default:
      return false;
  }
}

function putWide(sink: ByteSink, type: ScalarType, value: number | bigint): boolean {
  if (type === 'filetime') putFileTime(sink, value);
  else if (type === 'int64' || type === 'uint64' || type === 'hex64' || type === 'size64')
    putU64(sink, value);
  else return false;
  return true;
}

function putText(sink: ByteSink, type: ScalarType, value: string): boolean {
  if (type === 'string') putUnits(sink, value);
  else if (type === 'guid') putBytes(sink, guidBytes(value));
  else if (type === 'sid') putBytes(sink, sidBytes(value));
  else return false;
  return true;
}

function putScalar(sink: ByteSink, type: ScalarType, value: EvtxScalar): boolean {
  if (typeof value === 'string') return putText(sink, type, value);
  if (typeof value === 'boolean') return type === 'bool' && putNumber(sink, type, value ? 1 : 0);
  if (value instanceof Uint8Array) {
    if (type === 'binary' || type === 'ansi' || type === 'null') putBytes(sink, value);
    return type === 'binary' || type === 'ansi' || type === 'null';
  }
  if (typeof value === 'bigint') return putWide(sink, type, value);
  return putNumber(sink, type, value) || putWide(sink, type, value);
}

/**
 * Writes one value as its type wants it.
 *
 * @throws PosternError `POSTERN_EVTX_UNFIT_VALUE` if the type cannot hold it
 */
export function putValue(sink: ByteSink, type: ScalarType, value: EvtxScalar): void {
  if (!putScalar(sink, type, value)) throw unfit(type, value);
}

/** Writes the items of an array; strings end with a zero each. */
export function putItems(sink: ByteSink, type: ScalarType, items: readonly EvtxScalar[]): void {
  for (const item of items) {
    putValue(sink, type, item);
    if (type === 'string') putU16(sink, 0);
    if (type === 'ansi') putU8(sink, 0);
  }
}

export function isList(value: EvtxValue): value is readonly EvtxScalar[] {
  return Array.isArray(value);
}
