import { decodeLatin1, slotTypes } from '@postern/core';
import type { CsvRow } from './csv.ts';
import type { CellForm, EventColumns } from './event-csv-header.ts';

const quote = 0x22;
const ampersand = 0x26;
const comma = 0x2c;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const encoder = new TextEncoder();

/** EvtxECmd's words for levels, and the numbers that they stand for in events (its EventRecord.cs). */
const levels = [
  ['LogAlways', '0'],
  ['Critical', '1'],
  ['Error', '2'],
  ['Warning', '3'],
  ['Info', '4'],
  ['Verbose', '5'],
  ['Success', '8'],
  ['Failure', '16'],
] as const;

/** Its words for keywords, likewise. All others it writes as they are. */
const keywords = [
  ['Audit failure', '0x8010000000000000'],
  ['Audit success', '0x8020000000000000'],
  ['Time', '0x8000000000000010'],
  ['State', '0x8000000000000080'],
  ['Reboot', '0x8000000000000040'],
  ['Installation', '0x8000000000000018'],
  ['Download', '0x8000000000000014'],
  ['Audit success, classic', '0x8080000000000000'],
  ['Classic', '0x8000000000000000'],
] as const;

type Meanings = ReadonlyMap<string, Uint8Array>;

function encoded(words: readonly (readonly [word: string, meaning: string])[]): Meanings {
  return new Map(words.map(([word, meaning]) => [word, encoder.encode(meaning)]));
}

const words: Readonly<Record<'level' | 'keywords', Meanings>> = {
  level: encoded(levels),
  keywords: encoded(keywords),
};

const noValue = encoder.encode('null');
const behindSystem = encoder.encode('}}');
const hiddenMark = encoder.encode(',"Recovered":"hidden"');
const emptyPayload = encoder.encode(',"Payload":""}');
const hexDigits = encoder.encode('0123456789abcdef');
/** How XML writes its own characters. */
const entities: readonly Entity[] = [
  { text: encoder.encode('&lt;'), byte: 0x3c },
  { text: encoder.encode('&gt;'), byte: 0x3e },
  { text: encoder.encode('&amp;'), byte: ampersand },
];
/** All of the JSON that is no value of a row. */
const fixedBytes = 512;

interface Entity {
  readonly text: Uint8Array;
  readonly byte: number;
}

/**
 * Writes a row of EvtxECmd as the JSON that an event's XML would give, into the buffer that the row stands in:
 * `{"System":{"Provider":{"@Name":…},…},"EventData":{…}}`. The column Payload is that JSON already, in which the tool
 * has left one layer of XML (`&lt;` for `<`); that layer is taken off.
 */
export class EventCsvRow {
  private readonly bytes: Uint8Array;
  private readonly row: CsvRow;
  private at = 0;

  constructor(bytes: Uint8Array, row: CsvRow) {
    this.bytes = bytes;
    this.row = row;
  }

  /** Bytes that {@link write} takes at most. */
  roomFor({ system, payload }: EventColumns): number {
    const length = (column: number): number => this.row.length[column] ?? 0;
    const escaped = system.reduce((sum, { column }) => sum + 6 * length(column), 0);
    return fixedBytes + escaped + length(payload);
  }

  /** The end of the JSON that is put at `at`. It need not be well-formed: the payload is taken as it is. */
  write(columns: EventColumns, at: number): number {
    this.system(columns, at);
    const member = this.at;
    this.payload(columns.payload);
    if (this.bytes[member] === openBrace) {
      const isEmpty = this.at === member + 2 && this.bytes[member + 1] === closeBrace;
      this.bytes[member] = comma;
      if (isEmpty) this.at = member;
      if (!isEmpty) return this.at;
    }
    this.bytes[this.at++] = closeBrace;
    return this.at;
  }

  /** As {@link write}, with an empty value `Payload` at the end instead of what stands in it. */
  writeWithoutPayload(columns: EventColumns, at: number): number {
    this.system(columns, at);
    this.put(emptyPayload);
    return this.at;
  }

  isHidden({ hidden }: EventColumns): boolean {
    return hidden >= 0 && this.row.length[hidden] === 4 && this.text(hidden).toLowerCase() === 'true';
  }

  private system(columns: EventColumns, at: number): void {
    this.at = at;
    for (const { before, column, form } of columns.system) {
      this.put(before);
      this.value(column, form);
    }
    this.put(behindSystem);
    if (this.isHidden(columns)) this.put(hiddenMark);
  }

  private value(column: number, form: CellForm): void {
    if ((this.row.type[column] ?? slotTypes.null) === slotTypes.null) return this.put(noValue);
    this.bytes[this.at++] = quote;
    if (form === 'text') this.escaped(column);
    else if (form === 'time') this.time(column);
    else this.word(column, words[form]);
    this.bytes[this.at++] = quote;
  }

  private word(column: number, meanings: Meanings): void {
    const meaning = meanings.get(this.text(column));
    if (meaning === undefined) this.escaped(column);
    else this.put(meaning);
  }

  private time(column: number): void {
    const from = this.at;
    this.escaped(column);
    if (!isPlainTime(this.bytes, from, this.at)) return;
    this.bytes[from + 10] = 0x54;
    this.bytes[this.at++] = 0x5a;
  }

  /** The bytes of a cell as characters. */
  private text(column: number): string {
    const from = this.row.from[column] ?? 0;
    return decodeLatin1(this.bytes, from, from + (this.row.length[column] ?? 0));
  }

  /** The text of a cell inside a JSON string. */
  private escaped(column: number): void {
    const { bytes, row } = this;
    const isQuoted = row.type[column] === slotTypes.csvQuoted;
    const from = row.from[column] ?? 0;
    const to = from + (row.length[column] ?? 0);
    for (let i = from; i < to; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === quote && isQuoted) i++;
      if (byte < 0x20) this.control(byte);
      else {
        if (byte === quote || byte === backslash) bytes[this.at++] = backslash;
        bytes[this.at++] = byte;
      }
    }
  }

  private control(byte: number): void {
    const { bytes } = this;
    for (const each of [backslash, 0x75, 0x30, 0x30]) bytes[this.at++] = each;
    bytes[this.at++] = hexDigits[byte >> 4] ?? 0;
    bytes[this.at++] = hexDigits[byte & 15] ?? 0;
  }

  /** The JSON of a cell without the quotes of CSV and one layer of XML. */
  private payload(column: number): void {
    const { bytes, row } = this;
    const isQuoted = row.type[column] === slotTypes.csvQuoted;
    const from = row.from[column] ?? 0;
    const to = from + (row.length[column] ?? 0);
    let { at } = this;
    for (let i = from; i < to; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === quote && isQuoted) i++;
      const entity = byte === ampersand ? entityAt(bytes, i, to) : undefined;
      bytes[at++] = entity?.byte ?? byte;
      if (entity !== undefined) i += entity.text.length - 1;
    }
    this.at = at;
  }

  private put(text: Uint8Array): void {
    this.bytes.set(text, this.at);
    this.at += text.length;
  }
}

function entityAt(bytes: Uint8Array, at: number, to: number): Entity | undefined {
  return entities.find(
    ({ text }) => at + text.length <= to && text.every((each, index) => bytes[at + index] === each),
  );
}

/** `2021-03-03 04:05:06.7890000`, the tool's own form, which is always UTC and never says so. */
function isPlainTime(bytes: Uint8Array, from: number, to: number): boolean {
  const end = from + 19;
  const isTime =
    to >= end && bytes[from + 4] === 0x2d && bytes[from + 10] === 0x20 && bytes[from + 13] === 0x3a;
  if (!isTime || !digitsFrom(bytes, from, from + 4) || !digitsFrom(bytes, end - 2, end)) return false;
  return to === end || (bytes[end] === 0x2e && digitsFrom(bytes, end + 1, to));
}

function digitsFrom(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if ((bytes[i] ?? 0) < 0x30 || (bytes[i] ?? 0) > 0x39) return false;
  return true;
}
