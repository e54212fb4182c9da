import { decodeLatin1, slotTypes, type SlotType } from '@postern/core';

/** Where the name and the value of one element stand, both without quotes. */
export interface NamedDatum {
  readonly nameFrom: number;
  readonly nameTo: number;
  readonly valueFrom: number;
  readonly valueTo: number;
  readonly type: SlotType;
}

const attributeKeys = new Set(['#attributes', '_attributes', '@attributes', '$']);
const nameKeys = new Set(['@Name', 'Name', 'name', '@name']);
/** What XML-to-JSON tools call the text of an element. */
export const textKeys: ReadonlySet<string> = new Set([
  '#text',
  '_text',
  '$t',
  '_',
  'text',
  'Text',
  'Value',
  'value',
  'content',
]);

const openBrace = 0x7b;
const closeBrace = 0x7d;

/** No Windows event has so many data. */
const elementLimit = 1024;

/**
 * The elements of `[{"@Name": "User", "#text": "x"}, …]` (or of the one object alone), the form that XML-to-JSON tools
 * give to `<Data Name="User">x</Data>`. Undefined if any element has no name, or two: then it is a plain list. The
 * brackets in `from..to` are known to be balanced.
 */
export function namedData(bytes: Uint8Array, from: number, to: number): readonly NamedDatum[] | undefined {
  const found: NamedDatum[] = [];
  const parts = new Parts(bytes, from, to);
  if (bytes[from] === 0x5b) parts.at++;
  while (parts.skipTo() === openBrace) {
    const datum = elementAt(parts);
    if (datum === undefined || found.length === elementLimit) return undefined;
    found.push(datum);
    if (parts.at >= to) break;
  }
  const isList = bytes[from] === 0x5b;
  return found.length > 0 && parts.at === (isList ? to - 1 : to) ? found : undefined;
}

/** One element; undefined if it has no name or anything beside name and text, which would be lost. */
function elementAt(parts: Parts): NamedDatum | undefined {
  let name: Token | undefined;
  let value: Token | undefined;
  for (let depth = 0; ;) {
    const byte = parts.skipTo();
    if (byte === openBrace || byte === closeBrace) {
      depth += byte === openBrace ? 1 : -1;
      parts.at++;
      if (depth === 0) return name === undefined ? undefined : datumOf(name, value);
      continue;
    }
    const label = parts.label();
    const isWrapper = label !== undefined && attributeKeys.has(label) && parts.skipTo() === openBrace;
    if (isWrapper) continue;
    const token = parts.token();
    if (label === undefined || token === undefined) return undefined;
    if (nameKeys.has(label) && token.type === slotTypes.jsonString && name === undefined) name = token;
    else if (textKeys.has(label) && depth === 1 && value === undefined) value = token;
    else return undefined;
  }
}

function datumOf(name: Token, value: Token | undefined): NamedDatum {
  const { from, to, type } = value ?? { from: name.to, to: name.to, type: slotTypes.null };
  return { nameFrom: name.from, nameTo: name.to, valueFrom: from, valueTo: to, type };
}

interface Token {
  readonly from: number;
  readonly to: number;
  readonly type: SlotType;
}

/** Goes over JSON whose brackets are balanced. */
class Parts {
  readonly bytes: Uint8Array;
  at: number;
  private readonly to: number;

  constructor(bytes: Uint8Array, from: number, to: number) {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
  }

  /** Skips white space, commas and colons; the byte there, -1 at the end. */
  skipTo(): number {
    for (; this.at < this.to; this.at++) {
      const byte = this.bytes[this.at] ?? 0;
      if (byte > 0x20 && byte !== 0x2c && byte !== 0x3a) return byte;
    }
    return -1;
  }

  /** The name of a member, if it is a short one. */
  label(): string | undefined {
    const token = this.token();
    if (token?.type !== slotTypes.jsonString || token.to - token.from > 16) return undefined;
    this.skipTo();
    return decodeLatin1(this.bytes, token.from, token.to);
  }

  /** A string (without quotes), number or word; undefined for lists and whatever else. */
  token(): Token | undefined {
    return this.bytes[this.at] === 0x22 ? this.string() : this.word();
  }

  private string(): Token | undefined {
    const from = this.at + 1;
    for (let i = from; i < this.to; i++) {
      const byte = this.bytes[i];
      if (byte === 0x5c) i++;
      else if (byte === 0x22) {
        this.at = i + 1;
        return { from, to: i, type: slotTypes.jsonString };
      }
    }
    return undefined;
  }

  private word(): Token | undefined {
    const from = this.at;
    let to = from;
    while (to < this.to && /[\w.+-]/.test(String.fromCharCode(this.bytes[to] ?? 0))) to++;
    if (to === from) return undefined;
    this.at = to;
    const isNull = decodeLatin1(this.bytes, from, Math.min(to, from + 5)) === 'null';
    return { from, to, type: isNull ? slotTypes.null : slotTypes.jsonValue };
  }
}
