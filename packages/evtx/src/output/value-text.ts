import { arrayOf, decodeSlot, slotTypes, viewOf, type SlotPlace } from '@postern/core';
import { jsonEscapes, writeUtf16, type Escapes } from './escape.ts';
import { writeGuid, writeHexBytes, writeHexNumber, writeInteger, writeSid } from './number-text.ts';
import { encoded, keyOf, TextSink, type TextPiece } from './text-sink.ts';
import { writeFiletime } from './time-text.ts';

/** How values are written. */
export interface ValueStyle {
  readonly escapes: Escapes;
  /** GUIDs in braces, as Windows and Sigma have them; without, as `evtx_dump` has them in JSON. */
  readonly braces: boolean;
}

const brace = 0x7b;
const yes = encoded('true');
const no = encoded('false');
const hex = slotTypes.hex32;

/** Types that JSON has numbers and truth values for; written bare. */
export function isBare(type: number): boolean {
  return (type >= slotTypes.int8 && type <= slotTypes.uint64) || type === slotTypes.boolean;
}

/** Writes one scalar value, without quotes: UTF-16 and numbers from byte to byte, all else by way of its text. */
export function writeScalar(sink: TextSink, buffer: Uint8Array, place: SlotPlace, style: ValueStyle): void {
  const { offset, length, type } = place;
  if (type === slotTypes.utf16)
    return sink.isFull ? undefined : writeUtf16(sink, viewOf(buffer), place, style.escapes);
  if (type >= slotTypes.int8 && type <= slotTypes.uint64 && length <= 8) {
    writeInteger(sink, buffer, place, type % 2 === 0);
  } else if ((type === hex || type === slotTypes.hex64) && length <= 8)
    writeHexNumber(sink, buffer, offset, length);
  else if (type === slotTypes.filetime && length === 8) {
    const view = viewOf(buffer);
    writeFiletime(sink, view.getUint32(offset + 4, true), view.getUint32(offset, true));
  } else if (type === slotTypes.guid && length === 16) writeBracedGuid(sink, buffer, offset, style.braces);
  else if (type === slotTypes.boolean) sink.piece(isTrue(buffer, offset, length) ? yes : no);
  else if (type === slotTypes.sid && length >= 8) writeSid(sink, buffer, offset, length);
  else if (type === slotTypes.ansi) writeAnsi(sink, buffer, place, style.escapes);
  else if (type === slotTypes.bytes) writeHexBytes(sink, buffer, offset, length);
  else writeText(sink, decodeSlot(buffer, offset, length, type) ?? '', style.escapes);
}

function writeBracedGuid(sink: TextSink, buffer: Uint8Array, offset: number, braces: boolean): void {
  sink.reserve(38);
  if (braces) sink.byte(brace);
  writeGuid(sink, buffer, offset);
  if (braces) sink.byte(brace + 2);
}

/** Anything but zero is true: other values than 0 and 1 occur. */
function isTrue(buffer: Uint8Array, offset: number, length: number): boolean {
  for (let at = offset; at < offset + length; at++) if (buffer[at] !== 0) return true;
  return false;
}

/** What Windows-1252 has for the bytes from 0x80 on; NULs are left out. */
const ansiUnits: readonly number[] = Array.from({ length: 256 }, (_, byte) =>
  (decodeSlot(Uint8Array.of(byte), 0, 1, slotTypes.ansi) ?? '').charCodeAt(0),
);

function writeAnsi(sink: TextSink, buffer: Uint8Array, place: SlotPlace, escapes: Escapes): void {
  const end = place.offset + place.length;
  const at = writePlain(sink, buffer, place, escapes);
  if (at === end) return;
  const room = roomFor(end - at);
  let length = 0;
  for (let i = at; i < end; i++) {
    if (buffer[i] === 0) continue;
    room.setUint16(length, ansiUnits[buffer[i] ?? 0] ?? 0, true);
    length += 2;
  }
  writeUtf16(sink, room, { offset: 0, length }, escapes);
}

/** Writes bytes up to the first that is not plain ASCII. Where that is. */
function writePlain(sink: TextSink, buffer: Uint8Array, place: SlotPlace, { plain }: Escapes): number {
  sink.reserve(place.length);
  const { bytes } = sink;
  const end = place.offset + place.length;
  let at = place.offset;
  let to = sink.length;
  for (; at < end; at++) {
    const byte = buffer[at] ?? 0;
    if (byte === 0) continue;
    if (byte >= 0x80 || plain[byte] === 0) break;
    bytes[to++] = byte;
  }
  sink.length = to;
  return at;
}

let units = new DataView(new ArrayBuffer(4096));

/** Room for so many characters, used again by the next text. */
function roomFor(characters: number): DataView {
  if (units.byteLength < 2 * characters) units = new DataView(new ArrayBuffer(4 * characters));
  return units;
}

/** A text, escaped. */
export function writeText(sink: TextSink, text: string, escapes: Escapes): void {
  const room = roomFor(text.length);
  for (let i = 0; i < text.length; i++) room.setUint16(2 * i, text.charCodeAt(i), true);
  writeUtf16(sink, room, { offset: 0, length: 2 * text.length }, escapes);
}

export function isList(type: number): boolean {
  return type >= arrayOf || type === slotTypes.list;
}

/** `"name":`, ready to be written, and the same with a comma before it. */
export interface JsonKey {
  readonly key: TextPiece;
  readonly nextKey: TextPiece;
}

/** Shapes have many names in common. A hostile log can bring new ones without end. */
const mostKeys = 16_384;
const keys = new Map<string, JsonKey>();

export function jsonKey(name: string): JsonKey {
  const known = keys.get(name);
  if (known !== undefined) return known;
  if (keys.size === mostKeys) keys.clear();
  const made = keyOf(escapedText('"', name, '":'));
  keys.set(name, made);
  return made;
}

/** A text as a JSON string, ready to be written. */
export function jsonText(text: string): TextPiece {
  return keyOf(escapedText('"', text, '"')).key;
}

const room = new TextSink(4096);

/** Valid until the next call. */
function escapedText(before: string, text: string, behind: string): TextSink {
  room.clear();
  room.text(before);
  writeText(room, text, jsonEscapes);
  room.text(behind);
  return room;
}
