/** How the bytes of a text source are written. Told by the byte order mark; without one it is UTF-8. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export interface TextStart {
  readonly encoding: TextEncoding;
  /** Bytes of the byte order mark. */
  readonly mark: number;
}

/** The encoding of a source from its first bytes. Windows PowerShell writes `>` and `Out-File` as UTF-16LE. */
export function textStart(head: Uint8Array): TextStart {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', mark: 3 };
  return { encoding: 'utf-8', mark: 0 };
}

export interface Transcoded {
  /** Bytes of the source that were used; an unfinished pair at the end stays for the next time. */
  readonly read: number;
  readonly written: number;
}

const replacement = 0xfffd;

/**
 * UTF-16 to UTF-8. Half pairs become U+FFFD. Writes at most 3 bytes for 2, so `target` needs one and a half times the
 * room. Unless `last`, a half pair or odd byte at the end is left unread.
 */
export function transcodeUtf16(
  from: Uint8Array,
  target: Uint8Array,
  encoding: TextEncoding,
  last: boolean,
): Transcoded {
  const low = encoding === 'utf-16le' ? 0 : 1;
  let read = 0;
  let written = 0;
  while (read + 1 < from.length) {
    const unit = unitAt(from, read, low);
    const isHigh = unit >= 0xd800 && unit < 0xdc00;
    if (isHigh && read + 3 >= from.length && !last) break;
    const next = isHigh && read + 3 < from.length ? unitAt(from, read + 2, low) : 0;
    const isPair = next >= 0xdc00 && next < 0xe000;
    written = putCharacter(target, written, isPair ? pairOf(unit, next) : unit);
    read += isPair ? 4 : 2;
  }
  if (last && read < from.length) {
    written = putCharacter(target, written, replacement);
    read = from.length;
  }
  return { read, written };
}

function unitAt(bytes: Uint8Array, at: number, low: number): number {
  return (bytes[at + low] ?? 0) | ((bytes[at + 1 - low] ?? 0) << 8);
}

function pairOf(high: number, low: number): number {
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

function putCharacter(target: Uint8Array, at: number, character: number): number {
  const code = character >= 0xd800 && character < 0xe000 ? replacement : character;
  let end = at;
  if (code < 0x80) {
    target[end++] = code;
    return end;
  }
  if (code < 0x800) {
    target[end++] = 0xc0 | (code >> 6);
  } else {
    if (code < 0x10000) {
      target[end++] = 0xe0 | (code >> 12);
    } else {
      target[end++] = 0xf0 | (code >> 18);
      target[end++] = 0x80 | ((code >> 12) & 0x3f);
    }
    target[end++] = 0x80 | ((code >> 6) & 0x3f);
  }
  target[end++] = 0x80 | (code & 0x3f);
  return end;
}

/** How many UTF-16 units a stretch of well-formed UTF-8 stands for: how offsets find back to the original file. */
export function utf16Units(bytes: Uint8Array, from: number, to: number): number {
  let units = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

/** True if the bytes are well-formed UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF). */
export function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) {
      at++;
      continue;
    }
    const length = sequenceLength(bytes, at, to);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

function sequenceLength(bytes: Uint8Array, at: number, to: number): number {
  const lead = bytes[at] ?? 0;
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > to) return 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  if ((lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f)) return 0;
  if ((lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f)) return 0;
  return length;
}
