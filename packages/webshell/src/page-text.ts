import type { Position } from '@postern/core';

/** How the bytes of a page became characters. */
export type PageEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' | 'bytes';

/** A page, or a part of one, as characters, and the way back from a character to its byte and line. */
export interface PageText {
  readonly text: string;
  readonly encoding: PageEncoding;
  /** What the first bytes are, if they are no text. */
  readonly head: BinaryHead | undefined;
  /** Byte offsets and 1-based lines of characters, for indices in rising order. */
  readonly positions: (indices: readonly number[]) => readonly Position[];
}

/** First bytes that are no text. `pst`: an Outlook data file; `der`: a certificate request or the like. */
export type BinaryHead = 'pst' | 'der' | 'image' | 'archive' | 'binary';

/** Where a part of a file begins: its byte offset, and its line if that is known. */
export interface PartStart {
  readonly offset: number;
  readonly line: number | undefined;
}

const fileStart: PartStart = { offset: 0, line: 1 };
const headBytes = 512;

/**
 * Decodes a page. UTF-8 and UTF-16 are told by their mark, UTF-16 without one by its zero bytes; what is neither is
 * read byte by byte (one character each), so that offsets stay exact whatever the code page was. Never fails.
 */
export function readPageText(bytes: Uint8Array, start: PartStart = fileStart): PageText {
  const encoding = encodingOf(bytes);
  const mark = markLength(bytes, encoding);
  const body = bytes.subarray(mark);
  const from = { offset: start.offset + mark, line: start.line };
  const head = encoding === 'utf-8' || encoding === 'bytes' ? binaryHead(bytes) : undefined;
  if (encoding === 'utf-8') return pageText(new TextDecoder().decode(body), encoding, head, from);
  if (encoding === 'bytes') return pageText(new TextDecoder('latin1').decode(body), encoding, head, from);
  if (encoding === 'utf-32le' || encoding === 'utf-32be')
    return pageText(decodeUtf32(body, encoding === 'utf-32le'), encoding, undefined, from);
  const label = encoding === 'utf-16le' ? 'utf-16le' : 'utf-16be';
  return pageText(new TextDecoder(label, { ignoreBOM: true }).decode(body), encoding, head, from);
}

function pageText(
  text: string,
  encoding: PageEncoding,
  head: BinaryHead | undefined,
  from: PartStart,
): PageText {
  return { text, encoding, head, positions: (indices) => positionsOf(text, encoding, from, indices) };
}

/** Recognises a first block that is no text, as shells hide behind: mailbox exports, certificate requests, images. */
function binaryHead(bytes: Uint8Array): BinaryHead | undefined {
  const head = bytes.subarray(0, headBytes);
  if (startsWith(head, [0x21, 0x42, 0x44, 0x4e])) return 'pst';
  if (startsWith(head, [0x30, 0x82]) || startsWith(head, [0x30, 0x83])) return 'der';
  if (startsWith(head, [0x50, 0x4b, 3, 4])) return 'archive';
  if (startsWith(head, [0xff, 0xd8, 0xff]) || startsWith(head, [0x89, 0x50, 0x4e, 0x47])) return 'image';
  if (startsWith(head, [0x47, 0x49, 0x46, 0x38])) return 'image';
  let odd = 0;
  for (const byte of head) if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) odd++;
  return odd * 10 > head.length ? 'binary' : undefined;
}

/** One character for each four bytes, so that places stay exact: those beyond the first plane become one sign. */
function decodeUtf32(bytes: Uint8Array, little: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units = new Uint16Array(bytes.length >> 2);
  for (let i = 0; i < units.length; i++) {
    const code = view.getUint32(i * 4, little);
    units[i] = code < 0x1_0000 ? code : 0xfffd;
  }
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units);
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function encodingOf(bytes: Uint8Array): PageEncoding {
  if (startsWith(bytes, [0xff, 0xfe, 0, 0])) return 'utf-32le';
  if (startsWith(bytes, [0, 0, 0xfe, 0xff])) return 'utf-32be';
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  const wide = wideWithoutMark(bytes);
  if (wide !== undefined) return wide;
  return isUtf8(bytes) ? 'utf-8' : 'bytes';
}

function markLength(bytes: Uint8Array, encoding: PageEncoding): number {
  if (encoding === 'utf-8') return startsWith(bytes, [0xef, 0xbb, 0xbf]) ? 3 : 0;
  if (encoding === 'bytes') return 0;
  if (encoding === 'utf-32le' || encoding === 'utf-32be') return 4;
  return startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff]) ? 2 : 0;
}

/** UTF-16 of mostly Latin text: nearly every other byte is zero, and the ones between nearly never. */
function wideWithoutMark(bytes: Uint8Array): PageEncoding | undefined {
  const length = Math.min(bytes.length, headBytes) & ~1;
  if (length < 8) return undefined;
  const zeros = [0, 0];
  for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros[i & 1] = (zeros[i & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd * 10 >= length * 4 && even * 20 <= length) return 'utf-16le';
  return even * 10 >= length * 4 && odd * 20 <= length ? 'utf-16be' : undefined;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const bytesPerCharacter = { 'utf-16le': 2, 'utf-16be': 2, 'utf-32le': 4, 'utf-32be': 4, bytes: 1 } as const;

function positionsOf(
  text: string,
  encoding: PageEncoding,
  from: PartStart,
  indices: readonly number[],
): readonly Position[] {
  const encoder = new TextEncoder();
  let { offset, line } = from;
  let at = 0;
  return indices.map((index) => {
    const step = text.slice(at, index);
    offset += encoding === 'utf-8' ? encoder.encode(step).length : step.length * bytesPerCharacter[encoding];
    if (line !== undefined) line += newlines(step);
    at = Math.max(at, index);
    return line === undefined ? { offset } : { offset, line };
  });
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
