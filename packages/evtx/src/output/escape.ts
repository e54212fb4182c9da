import type { TextSink } from './text-sink.ts';

/** How characters below 128 are written. */
export interface Escapes {
  /** 1 for characters that are written as they are. */
  readonly plain: Uint8Array;
  /** What is written for the others. */
  readonly texts: readonly (Uint8Array | undefined)[];
}

function escapesOf(textOf: (code: number) => Uint8Array | undefined): Escapes {
  const texts = Array.from({ length: 128 }, (_, code) => textOf(code));
  return { plain: Uint8Array.from(texts, (text) => (text === undefined ? 1 : 0)), texts };
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));

/** As `JSON.stringify` has it. */
export const jsonEscapes: Escapes = escapesOf((code) => {
  const text = JSON.stringify(String.fromCharCode(code)).slice(1, -1);
  return text.length === 1 ? undefined : ascii(text);
});

const xmlNames: ReadonlyMap<number, string> = new Map([
  [0x26, '&amp;'],
  [0x3c, '&lt;'],
  [0x3e, '&gt;'],
  [0x22, '&quot;'],
]);

/** Characters that XML cannot hold at all become U+FFFD, so that the document stays one. */
export const xmlEscapes: Escapes = escapesOf((code) => {
  const name = xmlNames.get(code);
  if (name !== undefined) return ascii(name);
  // Ends of lines are written so that an event stays on one.
  if (code === 0x0a || code === 0x0d) return ascii(`&#${code};`);
  return code < 0x20 && code !== 0x09 ? Uint8Array.of(0xef, 0xbf, 0xbd) : undefined;
});

/** Bytes that one character of UTF-16 takes at most, escaped. */
const mostPerUnit = 6;

/**
 * Writes UTF-16 text as UTF-8; lone surrogates become U+FFFD. Two characters are looked at at once, for nearly all are
 * ASCII that needs no escape.
 */
export function writeUtf16(
  sink: TextSink,
  view: DataView,
  place: { readonly offset: number; readonly length: number },
  escapes: Escapes,
): void {
  const end = place.offset + (place.length & ~1);
  sink.reserve(mostPerUnit * (place.length >> 1));
  const target = sink.bytes;
  const { plain, texts } = escapes;
  let to = sink.length;
  for (let at = place.offset; at < end; at += 2) {
    while (at + 4 <= end) {
      const pair = view.getInt32(at, true);
      if ((pair & 0xff80_ff80) !== 0 || ((plain[pair & 0x7f] ?? 0) & (plain[pair >>> 16] ?? 0)) === 0) break;
      target[to] = pair;
      target[to + 1] = pair >>> 16;
      to += 2;
      at += 4;
    }
    if (at >= end) break;
    const unit = view.getUint16(at, true);
    if (unit < 0x80) {
      const escape = texts[unit];
      if (escape === undefined) target[to++] = unit;
      else for (let i = 0; i < escape.length; i++) target[to++] = escape[i] ?? 0;
    } else if (unit < 0x800) {
      target[to++] = 0xc0 | (unit >> 6);
      target[to++] = 0x80 | (unit & 0x3f);
    } else {
      const pair = pairAt(view, at, end, unit);
      to = pair === 0 ? three(target, to, isSurrogate(unit) ? 0xfffd : unit) : four(target, to, pair);
      if (pair !== 0) at += 2;
    }
  }
  sink.length = to;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000;
}

/** The character that two surrogates make, 0 if these do not. */
function pairAt(view: DataView, at: number, end: number, high: number): number {
  if (high < 0xd800 || high >= 0xdc00 || at + 4 > end) return 0;
  const low = view.getUint16(at + 2, true);
  return low >= 0xdc00 && low < 0xe000 ? 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00) : 0;
}

function three(target: Uint8Array, to: number, code: number): number {
  target[to] = 0xe0 | (code >> 12);
  target[to + 1] = 0x80 | ((code >> 6) & 0x3f);
  target[to + 2] = 0x80 | (code & 0x3f);
  return to + 3;
}

function four(target: Uint8Array, to: number, code: number): number {
  target[to] = 0xf0 | (code >> 18);
  target[to + 1] = 0x80 | ((code >> 12) & 0x3f);
  target[to + 2] = 0x80 | ((code >> 6) & 0x3f);
  target[to + 3] = 0x80 | (code & 0x3f);
  return to + 4;
}
