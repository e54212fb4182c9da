import { APOSTROPHE, COLON, EQUALS, SEMICOLON } from './bytes.ts';
import type { WeblogFamily } from './family.ts';

/**
 * Keys of ECP's EventData that become fields, in the words of each log (facts/exchange.md section 1.4). A fixed list,
 * so that all rows of a log share one shape.
 */
const serverKeys = [
  'TIME',
  'SID',
  'CMD',
  'REQID',
  'URL',
  'REFERRER',
  'EX',
  'ACTID',
  'RS',
  'BLD',
  'TNAME',
  'TID',
  'USID',
  'EDOID',
  'ACID',
] as const;
const activityKeys = ['PSA', 'URL', 'Bld', 'ActID'] as const;

/** The EventData keys that records of a family have as fields after their columns; none for most families. */
export function eventDataKeys(family: WeblogFamily): readonly string[] {
  if (family === 'ecp-server') return serverKeys;
  return family === 'ecp-activity' ? activityKeys : [];
}

/** Where the values of the wanted keys stand; one of these is reused for every record. */
export class EventData {
  readonly from: Int32Array;
  /** Not beyond `from` where the record lacks the key or its value is empty. */
  readonly to: Int32Array;
  private readonly keys: readonly string[];

  constructor(keys: readonly string[]) {
    this.keys = keys.map((key) => key.toLowerCase());
    this.from = new Int32Array(keys.length);
    this.to = new Int32Array(keys.length);
  }

  /**
   * Finds the keys in `S:KEY=value;I32:KEY=value;'S:KEY=value with '' and ;';…`. A pair in single quotes ends at a
   * quote that is not doubled, any other at a `;` that a type prefix follows. The first of two equal keys counts.
   */
  find(bytes: Uint8Array, from: number, to: number): void {
    this.from.fill(0);
    this.to.fill(-1);
    for (let i = from; i < to;) {
      const wrapped = bytes[i] === APOSTROPHE;
      const colon = prefixEnd(bytes, wrapped ? i + 1 : i, to);
      if (colon < 0) {
        i = nextPair(bytes, i, to) + 1;
        continue;
      }
      const end = wrapped ? wrappedEnd(bytes, colon, to) : nextPair(bytes, colon, to);
      this.keep(bytes, colon + 1, end);
      i = wrapped ? nextPair(bytes, Math.min(end + 1, to), to) + 1 : end + 1;
    }
  }

  private keep(bytes: Uint8Array, from: number, to: number): void {
    let equals = from;
    while (equals < to && bytes[equals] !== EQUALS) equals++;
    if (equals >= to) return;
    const key = this.keyAt(bytes, from, equals);
    if (key < 0 || (this.to[key] ?? -1) >= 0) return;
    this.from[key] = equals + 1;
    this.to[key] = to;
  }

  private keyAt(bytes: Uint8Array, from: number, to: number): number {
    const { keys } = this;
    for (let key = 0; key < keys.length; key++) {
      const name = keys[key] ?? '';
      if (name.length === to - from && isName(bytes, from, name)) return key;
    }
    return -1;
  }
}

function isName(bytes: Uint8Array, from: number, lowerCase: string): boolean {
  for (let i = 0; i < lowerCase.length; i++) {
    const byte = bytes[from + i] ?? 0;
    const folded = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (folded !== lowerCase.charCodeAt(i)) return false;
  }
  return true;
}

/** Place of the colon after a type prefix (`S`, `I32`, `F`, `Dbl` …) that begins at `from`; -1 if there is none. */
function prefixEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < Math.min(to, from + 6); i++) {
    const byte = bytes[i] ?? 0;
    if (byte === COLON) return i > from ? i : -1;
    const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isLetter && !(isDigit && i > from)) return -1;
  }
  return -1;
}

/** The `;` before the next pair, else `to`: a `;` inside a value is not followed by a type prefix. */
function nextPair(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (bytes[i] !== SEMICOLON) continue;
    const start = bytes[i + 1] === APOSTROPHE ? i + 2 : i + 1;
    if (i + 1 >= to || prefixEnd(bytes, start, to) >= 0) return i;
  }
  return to;
}

/** The single quote that ends a wrapped pair: not doubled, and before a `;` or the end. */
function wrappedEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (bytes[i] !== APOSTROPHE) continue;
    if (i + 1 >= to || bytes[i + 1] === SEMICOLON) return i;
    if (bytes[i + 1] === APOSTROPHE) i++;
  }
  return to;
}
