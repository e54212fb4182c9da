import { arrayOf, slotTypes } from './shape.ts';
import { TextCache } from './text-cache.ts';
import { decodeWindowsValue, itemBytes, uint32At } from './windows-value.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });
const utf16Texts = new TextCache((bytes, from, to) => utf16.decode(bytes.subarray(from, to)));
const guids = new TextCache((bytes, from, to) => decodeWindowsValue(bytes, from, to - from, slotTypes.guid));
const longHexes = new TextCache((bytes, from, to) =>
  decodeWindowsValue(bytes, from, to - from, slotTypes.hex64),
);
const sids = new TextCache((bytes, from, to) => decodeWindowsValue(bytes, from, to - from, slotTypes.sid));
const utf8Texts = new TextCache(decodeUtf8);
const plusTexts = new TextCache((bytes, from, to) => decodeUtf8(bytes, from, to).replaceAll('+', ' '));
const windows1252 = new TextDecoder('windows-1252', { ignoreBOM: true });

/** Bytes of one entry of a `list` or `joined` slot. */
const entryBytes = 12;

/** Letters that are put together one by one faster than the decoder is called; a longer text would be a rope of them. */
const shortText = 12;

/** Bytes to text; broken sequences become U+FFFD. Short ASCII, the usual case, avoids the decoder's fixed cost. */
export function decodeUtf8(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > shortText) return utf8.decode(bytes.subarray(from, to));
  let text = '';
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= 0x80) return utf8.decode(bytes.subarray(from, to));
    text += String.fromCharCode(byte);
  }
  return text;
}

/** One byte, one character: nothing is lost and nothing fails. */
export function decodeLatin1(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i] ?? 0);
  return text;
}

/**
 * As `slotText`, for one value anywhere in `bytes`. A list is given as the JSON text of its items. What events have most
 * is asked for first.
 */
export function decodeSlot(
  bytes: Uint8Array,
  offset: number,
  length: number,
  type: number,
): string | undefined {
  if (type === slotTypes.utf16) return utf16Texts.text(bytes, offset, length);
  if (type === slotTypes.null) return undefined;
  if (type >= slotTypes.int8 && type <= slotTypes.bytes) return binaryText(bytes, offset, length, type);
  if (type >= arrayOf || type === slotTypes.list)
    return JSON.stringify(listTexts(bytes, offset, length, type));
  return textOf(bytes, { offset, length, type });
}

// oxlint-disable-next-line max-params -- called for every binary value
function binaryText(bytes: Uint8Array, offset: number, length: number, type: number): string {
  if (type === slotTypes.hex64) return longHexes.text(bytes, offset, length);
  if (type === slotTypes.guid) return guids.text(bytes, offset, length);
  if (type === slotTypes.sid) return sids.text(bytes, offset, length);
  return decodeWindowsValue(bytes, offset, length, type);
}

function textOf(bytes: Uint8Array, place: SlotPlace): string {
  const { offset, length, type } = place;
  const to = offset + length;
  switch (type) {
    case slotTypes.ansi:
      return windows1252.decode(bytes.subarray(offset, to)).replaceAll('\u0000', '');
    case slotTypes.joined:
      return joinedText(bytes, place);
    case slotTypes.latin1:
      return decodeLatin1(bytes, offset, to);
    case slotTypes.csvQuoted:
      return decodeUtf8(bytes, offset, to).replaceAll('""', '"');
    case slotTypes.jsonString:
      return unescapeJson(decodeUtf8(bytes, offset, to));
    case slotTypes.plusText:
      return plusTexts.text(bytes, offset, length);
    case slotTypes.ecpText:
      return decodeUtf8(bytes, offset, to).replaceAll('""', '"').replaceAll("''", "'");
    case slotTypes.utf8:
      return utf8Texts.text(bytes, offset, length);
    case slotTypes.jsonValue:
      return decodeUtf8(bytes, offset, to);
    default:
      return decodeWindowsValue(bytes, offset, length, type);
  }
}

function unescapeJson(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : text;
  } catch {
    // Control characters or a broken escape: the text as it stands says more than nothing.
    return text;
  }
}

function joinedText(bytes: Uint8Array, place: SlotPlace): string {
  const pieces = entries(bytes, place).map((piece) =>
    decodeSlot(bytes, piece.offset, piece.length, piece.type),
  );
  return pieces.map((text) => text ?? '').join('');
}

/** A value anywhere in the buffer of a batch. */
export interface SlotPlace {
  readonly offset: number;
  readonly length: number;
  readonly type: number;
}

/** The texts of a list, in their order. What is no list gives its one text, an absent value none. */
export function listTexts(bytes: Uint8Array, offset: number, length: number, type: number): string[] {
  return listItems(bytes, { offset, length, type }).map(
    (item) => decodeSlot(bytes, item.offset, item.length, item.type) ?? '',
  );
}

/**
 * The items of a list, an array or a `list`; lists in it are part of it. What is no list is its own only item, an
 * absent value has none.
 */
export function listItems(bytes: Uint8Array, place: SlotPlace): readonly SlotPlace[] {
  if (place.type === slotTypes.null) return [];
  if (place.type === slotTypes.list) return entries(bytes, place).flatMap((entry) => listItems(bytes, entry));
  if (place.type < arrayOf) return [place];
  const type = place.type - arrayOf;
  return type === slotTypes.utf16 || type === slotTypes.ansi
    ? endedItems(bytes, place, type)
    : packedItems(bytes, place, type);
}

/** Entries come from readers, never from evidence: they do not hold themselves. */
function entries(bytes: Uint8Array, { offset, length }: SlotPlace): SlotPlace[] {
  const found: SlotPlace[] = [];
  for (let at = offset; at + entryBytes <= offset + length; at += entryBytes) {
    const type = uint32At(bytes, at + 8) & 0xff;
    found.push({ offset: uint32At(bytes, at), length: uint32At(bytes, at + 4), type });
  }
  return found;
}

function packedItems(bytes: Uint8Array, { offset, length }: SlotPlace, type: number): SlotPlace[] {
  const found: SlotPlace[] = [];
  for (let at = offset; at < offset + length;) {
    const size = Math.min(itemBytes(bytes, at, type), offset + length - at);
    found.push({ offset: at, length: size, type });
    at += size;
  }
  return found;
}

/** Texts that end with NUL; the last one may lack it. */
function endedItems(bytes: Uint8Array, { offset, length }: SlotPlace, type: number): SlotPlace[] {
  const found: SlotPlace[] = [];
  const step = type === slotTypes.utf16 ? 2 : 1;
  const end = offset + length - (length % step);
  let from = offset;
  for (let at = offset; at < end; at += step) {
    if (bytes[at] !== 0 || bytes[at + step - 1] !== 0) continue;
    found.push({ offset: from, length: at - from, type });
    from = at + step;
  }
  if (from < end) found.push({ offset: from, length: end - from, type });
  return found;
}
