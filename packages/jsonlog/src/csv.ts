import { slotTypes, type SlotType } from '@postern/core';

const quote = 0x22;
const carriageReturn = 0x0d;
const newline = 0x0a;

/** Where the fields of one CSV row stand; quoted ones without their quotes, `""` not yet resolved. */
export class CsvRow {
  fields = 0;
  readonly from: Int32Array;
  readonly length: Int32Array;
  readonly type: SlotType[];
  /** Behind the row's line break. */
  next = 0;
  /** Behind the row's last byte. */
  end = 0;
  /** Lines that it goes over: quoted fields may hold line breaks. */
  lines = 1;
  /** A quoted field was not closed before the end. */
  isOpen = false;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
    this.from = new Int32Array(limit);
    this.length = new Int32Array(limit);
    this.type = Array.from({ length: limit }, () => slotTypes.null);
  }

  /**
   * Reads the row at `from`, up to CR, LF or both outside quotes. False if it does not end before `to`: the bytes up
   * to there are taken as the row all the same, for the end of a source. Fields past the limit are counted only.
   */
  read(bytes: Uint8Array, from: number, to: number, delimiter: number): boolean {
    this.fields = 0;
    this.lines = 1;
    this.isOpen = false;
    let at = from;
    for (;;) {
      at = bytes[at] === quote ? this.quoted(bytes, at, to, delimiter) : this.bare(bytes, at, to, delimiter);
      if (bytes[at] !== delimiter || at >= to) break;
      at++;
    }
    this.end = at;
    const isBroken = at < to;
    this.next = at + (bytes[at] === carriageReturn && at + 1 < to && bytes[at + 1] === newline ? 2 : 1);
    if (!isBroken) this.next = to;
    return isBroken;
  }

  private bare(bytes: Uint8Array, from: number, to: number, delimiter: number): number {
    const end = fieldEnd(bytes, from, to, delimiter);
    this.add(from, end, end === from ? slotTypes.null : slotTypes.utf8);
    return end;
  }

  private quoted(bytes: Uint8Array, from: number, to: number, delimiter: number): number {
    for (let at = from + 1; at < to; at++) {
      const byte = bytes[at];
      if (byte === newline) this.lines++;
      if (byte !== quote) continue;
      if (at + 1 < to && bytes[at + 1] === quote) {
        at++;
        continue;
      }
      const end = fieldEnd(bytes, at + 1, to, delimiter);
      // Text behind the closing quote: not CSV as we know it, so the field stays as it stands.
      if (end === at + 1) this.add(from + 1, at, at === from + 1 ? slotTypes.null : slotTypes.csvQuoted);
      else this.add(from, end, slotTypes.utf8);
      return end;
    }
    this.isOpen = true;
    this.add(from, to, slotTypes.utf8);
    return to;
  }

  private add(from: number, to: number, type: SlotType): void {
    const { fields } = this;
    this.fields = fields + 1;
    if (fields >= this.limit) return;
    this.from[fields] = from;
    this.length[fields] = to - from;
    this.type[fields] = type;
  }
}

function fieldEnd(bytes: Uint8Array, from: number, to: number, delimiter: number): number {
  let at = from;
  for (; at < to; at++) {
    const byte = bytes[at];
    if (byte === delimiter || byte === newline || byte === carriageReturn) break;
  }
  return at;
}
