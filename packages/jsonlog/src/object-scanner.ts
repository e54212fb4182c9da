import { limits, slotTypes, type SlotType } from '@postern/core';
import { Layout, type EdgeKind, type LayoutNode, type LayoutTrouble } from './layout.ts';
import { namedData } from './named-data.ts';

/** How the scan of a record ended: at its closing brace, at the end of the bytes, or at something that is no JSON. */
export type ScanEnd = 'whole' | 'torn' | 'broken';

/** Why a well-formed record has no shape. */
export type ScanTrouble = LayoutTrouble | 'FIELDS_LIMIT' | 'DEPTH_LIMIT';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const newline = 0x0a;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

const noBytes = new Uint8Array(0);

/** Bytes at which the walk over a string must look twice: one look-up per byte is twice as fast as four comparisons. */
const special = new Uint8Array(256).fill(1, 0x80);
for (const byte of [quote, backslash, newline]) special[byte] = 1;

/**
 * Walks over one JSON object without building anything: notes where its values stand and follows the {@link Layout}
 * with its names. Not recursive; one object serves a whole source. Looser than JSON where nothing is lost by it: any
 * character may stand raw in a string, and the inside of lists is only checked for its brackets.
 */
export class ObjectScanner {
  /** Where the scan stopped: behind the closing brace, or at the byte that ended it. */
  at = 0;
  /** The layout's node at the end; undefined with {@link trouble}. */
  node: LayoutNode | undefined;
  trouble: ScanTrouble | undefined;
  /** Some byte was not ASCII. */
  hasHighBytes = false;
  /** The values, in their order: where they begin and end (strings without quotes) and what they are. */
  values = 0;
  readonly from: Int32Array = new Int32Array(limits.fieldsPerShape);
  readonly to: Int32Array = new Int32Array(limits.fieldsPerShape);
  readonly type: SlotType[] = Array.from({ length: limits.fieldsPerShape }, () => slotTypes.null);
  /** A line break ends the bytes that may belong to a record. */
  oneLine = false;
  private readonly layout: Layout;
  private bytes: Uint8Array = noBytes;
  private end = 0;
  private depth = 0;
  private readonly brackets = new Uint8Array(limits.jsonDepth);

  constructor(layout: Layout = new Layout()) {
    this.layout = layout;
  }

  /** Scans the object whose `{` is at `from`; `to` is the end of what may belong to it. */
  scan(bytes: Uint8Array, from: number, to: number): ScanEnd {
    this.bytes = bytes;
    this.end = to;
    this.at = from + 1;
    this.values = 0;
    this.depth = 1;
    this.node = this.layout.root;
    this.trouble = undefined;
    this.hasHighBytes = false;
    let state = this.toFirstName();
    while (state === undefined) state = this.member();
    return state;
  }

  /** Says where the last value really stands: elsewhere in the bytes, where nobody has looked at it yet. */
  moveLast(from: number, to: number, type: SlotType): void {
    const last = this.values - 1;
    if (last < 0) return;
    this.from[last] = from;
    this.to[last] = to;
    this.type[last] = type;
    this.hasHighBytes = true;
  }

  /** From a name's quote to the quote of the next one, or to the end. */
  private member(): ScanEnd | undefined {
    const nameFrom = this.at + 1;
    const nameTo = this.stringEnd(nameFrom);
    if (nameTo < 0) return 'torn';
    this.at = nameTo + 1;
    if (this.skipSpace() !== colon) return this.stop();
    this.at++;
    if (this.skipSpace() === openBrace) return this.enter(nameFrom, nameTo);
    const valueFrom = this.at;
    const type = this.skipValue();
    if (type === -1) return this.at >= this.end ? 'torn' : 'broken';
    this.leaf(nameFrom, nameTo, valueFrom, type);
    return this.afterValue();
  }

  private enter(nameFrom: number, nameTo: number): ScanEnd | undefined {
    this.step('object', nameFrom, nameTo);
    if (this.node?.pin === 'named' && this.namedObject()) return this.afterValue();
    this.at++;
    this.depth++;
    if (this.depth > limits.jsonDepth) this.lose('DEPTH_LIMIT');
    return this.toFirstName();
  }

  /** `"Data": {"@Name": "x", "#text": "y"}`, a list of one. */
  private namedObject(): boolean {
    const { at, node } = this;
    if (this.skipNested() && this.spread(at, this.at)) return true;
    this.at = at;
    this.node = node;
    this.trouble = undefined;
    return false;
  }

  private toFirstName(): ScanEnd | undefined {
    return this.skipSpace() === closeBrace ? this.afterValue() : this.toName();
  }

  private toName(): ScanEnd | undefined {
    return this.skipSpace() === quote ? undefined : this.stop();
  }

  private afterValue(): ScanEnd | undefined {
    for (;;) {
      const byte = this.skipSpace();
      if (byte !== closeBrace && byte !== comma) return this.stop();
      this.at++;
      if (byte === comma) return this.toName();
      if (--this.depth === 0) return 'whole';
      this.step('exit', 0, 0);
    }
  }

  private stop(): ScanEnd {
    return this.at >= this.end ? 'torn' : 'broken';
  }

  private leaf(nameFrom: number, nameTo: number, valueFrom: number, type: SlotType): void {
    const { at: valueTo } = this;
    this.step('scalar', nameFrom, nameTo);
    const { node } = this;
    if (node === undefined) return;
    if (node.pin === 'named' && this.bytes[valueFrom] === openBracket && this.spread(valueFrom, valueTo))
      return;
    const isString = type === slotTypes.jsonString;
    this.note(isString ? valueFrom + 1 : valueFrom, isString ? valueTo - 1 : valueTo, type);
    if (node.pin === 'value') this.step('value', valueFrom, valueTo);
    else if (node.pin === 'class') this.step('class', valueFrom, valueFrom + 1);
  }

  private note(from: number, to: number, type: SlotType): void {
    const { values } = this;
    if (values === limits.fieldsPerShape) return this.lose('FIELDS_LIMIT');
    this.from[values] = from;
    this.to[values] = to;
    this.type[values] = type;
    this.values = values + 1;
  }

  /** A list of named data: each element becomes a value under its name. False if it is none; nothing is noted then. */
  private spread(from: number, to: number): boolean {
    const elements = namedData(this.bytes, from, to);
    if (elements === undefined) return false;
    for (const { nameFrom, nameTo, valueFrom, valueTo, type } of elements) {
      this.step('named', nameFrom, nameTo);
      if (this.node !== undefined) this.note(valueFrom, valueTo, type);
    }
    if (this.bytes[from] === openBrace) this.step('exit', 0, 0);
    return true;
  }

  private step(kind: EdgeKind, from: number, to: number): void {
    const { node } = this;
    if (node === undefined) return;
    const { likely } = node;
    if (likely !== undefined && likely.kind === kind && isSame(likely.edge, this.bytes, from, to)) {
      this.node = likely;
      return;
    }
    const next = this.layout.step(node, kind, this.bytes.subarray(from, to));
    if (typeof next === 'string') this.lose(next);
    else this.node = next;
  }

  private lose(trouble: ScanTrouble): void {
    this.node = undefined;
    this.trouble ??= trouble;
  }

  /** Moves to the next byte that is no white space and gives it; -1 at the end. */
  private skipSpace(): number {
    const { bytes, end } = this;
    for (let { at } = this; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte > 0x20 || (byte !== 0x20 && byte !== newline && byte !== 0x0d && byte !== 0x09)) {
        this.at = at;
        return byte;
      }
      if (byte === newline && this.oneLine) this.end = at;
      if (this.end === at) break;
    }
    this.at = this.end;
    return -1;
  }

  /** The closing quote of the string whose inside begins at `at`; -1 if it does not come. */
  private stringEnd(at: number): number {
    const { bytes, end } = this;
    for (let i = at; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (special[byte] === 0) continue;
      if (byte === quote) return i;
      if (byte === newline && this.oneLine) this.end = i;
      if (this.end === i) break;
      if (byte === backslash && bytes[i + 1] !== newline) i++;
      else if (byte >= 0x80) this.hasHighBytes = true;
    }
    this.at = this.end;
    return -1;
  }

  /** Moves behind a value that is no object and gives its type; -1 if it is no value or not whole. */
  private skipValue(): SlotType | -1 {
    const first = this.bytes[this.at] ?? 0;
    if (first === quote) {
      const close = this.stringEnd(this.at + 1);
      if (close < 0) return -1;
      this.at = close + 1;
      return slotTypes.jsonString;
    }
    if (first === openBracket) return this.skipNested() ? slotTypes.jsonValue : -1;
    return this.skipWord();
  }

  /** Numbers, `true`, `false`, `null`. */
  private skipWord(): SlotType | -1 {
    const from = this.at;
    const { bytes, end } = this;
    let at = from;
    while (at < end && isWordByte(bytes[at] ?? 0)) at++;
    if (at === end) {
      this.at = at;
      return -1;
    }
    const type = wordType(bytes, from, at);
    if (type !== -1) this.at = at;
    return type;
  }

  /** Moves behind a list or object, looking only at strings and brackets. */
  private skipNested(): boolean {
    const { bytes, end, brackets } = this;
    let depth = 0;
    while (this.at < end) {
      const byte = bytes[this.at] ?? 0;
      if (byte === newline && this.oneLine) {
        this.end = this.at;
        return false;
      }
      if (byte === quote) {
        const close = this.stringEnd(this.at + 1);
        if (close < 0) return false;
        this.at = close;
      } else if (byte === openBracket || byte === openBrace) {
        if (depth < brackets.length) brackets[depth] = byte;
        else this.lose('DEPTH_LIMIT');
        depth++;
      } else if (byte === closeBracket || byte === closeBrace) {
        depth--;
        // The closing ones lie two behind the opening ones in ASCII.
        if (depth < brackets.length && brackets[depth] !== byte - 2) return false;
      }
      this.at++;
      if (depth === 0) return true;
    }
    return false;
  }
}

function isSame(edge: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  const { length } = edge;
  if (length !== to - from) return false;
  for (let i = 0; i < length; i++) if (edge[i] !== bytes[from + i]) return false;
  return true;
}

function isWordByte(byte: number): boolean {
  const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
  return isLetter || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2b || byte === 0x2e;
}

const words = ['true', 'false', 'null'].map((word) => new TextEncoder().encode(word));

function wordType(bytes: Uint8Array, from: number, to: number): SlotType | -1 {
  const first = bytes[from] ?? 0;
  if (first === 0x2d || (first >= 0x30 && first <= 0x39))
    return isNumber(bytes, from, to) ? slotTypes.jsonValue : -1;
  const word = words.findIndex((word) => isSame(word, bytes, from, to));
  return word < 0 ? -1 : word === 2 ? slotTypes.null : slotTypes.jsonValue;
}

/** Digits, signs, `e`: enough to tell a number from a torn word. */
function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isDigit && byte !== 0x2d && byte !== 0x2b && byte !== 0x2e && (byte | 0x20) !== 0x65) return false;
  }
  const last = bytes[to - 1] ?? 0;
  return last >= 0x30 && last <= 0x39;
}
