import { arrayOf, slotTypes } from './shape.ts';
import { decodeWindowsValue, itemBytes, uint32At } from './windows-value.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252', { ignoreBOM: true });

/** Bytes of one entry of a `list` or `joined` slot. */
const entryBytes = 12;

/** Bytes to text; broken sequences become U+FFFD. Short ASCII, the usual case, avoids the decoder's fixed cost. */
export function decodeUtf8(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > 48) return utf8.decode(bytes.subarray(from, to));
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

/** As `slotText`, for one value anywhere in `bytes`. A list is given as the JSON text of its items. */
export function decodeSlot(
  bytes: Uint8Array,
  offset: number,
  length: number,
  type: number,
): string | undefined {
  const to = offset + length;
  if (type >= arrayOf || type === slotTypes.list)
    return JSON.stringify(listTexts(bytes, offset, length, type));
  switch (type) {
    case slotTypes.null:
      return undefined;
    case slotTypes.utf16:
      return utf16.decode(bytes.subarray(offset, to));
    case slotTypes.ansi:
      return windows1252.decode(bytes.subarray(offset, to)).replaceAll('\u0000', '');
    case slotTypes.joined:
      return entryTexts(bytes, offset, length).join('');
    case slotTypes.latin1:
      return decodeLatin1(bytes, offset, to);
    case slotTypes.csvQuoted:
      return decodeUtf8(bytes, offset, to).replaceAll('""', '"');
    case slotTypes.jsonString:
      return unescapeJson(decodeUtf8(bytes, offset, to));
    case slotTypes.plusText:
      return decodeUtf8(bytes, offset, to).replaceAll('+', ' ');
    case slotTypes.ecpText:
      return decodeUtf8(bytes, offset, to).replaceAll('""', '"').replaceAll("''", "'");
    case slotTypes.utf8:
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

/**
 * The texts of a list, in their order: an array or a `list`. Lists in it are part of it. What is no list gives its one
 * text, an absent value none.
 */
export function listTexts(bytes: Uint8Array, offset: number, length: number, type: number): string[] {
  if (type === slotTypes.list) return entryTexts(bytes, offset, length);
  if (type >= arrayOf) return arrayTexts(bytes, offset, length, type - arrayOf);
  const text = decodeSlot(bytes, offset, length, type);
  return text === undefined ? [] : [text];
}

function entryTexts(bytes: Uint8Array, offset: number, length: number): string[] {
  const texts: string[] = [];
  for (let at = offset; at + entryBytes <= offset + length; at += entryBytes) {
    const type = uint32At(bytes, at + 8) & 0xff;
    // Entries come from readers, never from evidence: they do not hold themselves.
    texts.push(...listTexts(bytes, uint32At(bytes, at), uint32At(bytes, at + 4), type));
  }
  return texts;
}

function arrayTexts(bytes: Uint8Array, offset: number, length: number, type: number): string[] {
  if (type === slotTypes.utf16 || type === slotTypes.ansi) return endedTexts(bytes, offset, length, type);
  const texts: string[] = [];
  for (let at = offset; at < offset + length;) {
    const size = Math.min(itemBytes(bytes, at, type), offset + length - at);
    texts.push(decodeSlot(bytes, at, size, type) ?? '');
    at += size;
  }
  return texts;
}

/** Texts that end with NUL; the last one may lack it. */
function endedTexts(bytes: Uint8Array, offset: number, length: number, type: number): string[] {
  const text =
    type === slotTypes.utf16
      ? utf16.decode(bytes.subarray(offset, offset + length))
      : windows1252.decode(bytes.subarray(offset, offset + length));
  if (text === '') return [];
  const texts = text.split('\u0000');
  if (texts.at(-1) === '') texts.pop();
  return texts;
}
