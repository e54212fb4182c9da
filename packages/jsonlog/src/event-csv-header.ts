import { decodeSlot, limits, slotTypes } from '@postern/core';
import { CsvRow } from './csv.ts';
import { headText } from './recognise-events.ts';

const comma = 0x2c;

/** What stands in every header of EvtxECmd that has the data of its events; the rest came and went with its versions. */
const always = [
  'RecordNumber',
  'TimeCreated',
  'EventId',
  'Provider',
  'Channel',
  'Computer',
  'Payload',
] as const;

/** How the value of a column is written in an event's XML. */
export type CellForm = 'text' | 'time' | 'level' | 'keywords';

/** A column and the JSON that stands before its value. */
export interface SystemCell {
  readonly before: Uint8Array;
  /** -1: the header has no such column. */
  readonly column: number;
  readonly form: CellForm;
}

/** What a header of EvtxECmd says of its rows. */
export interface EventColumns {
  readonly count: number;
  readonly system: readonly SystemCell[];
  readonly eventId: number;
  readonly payload: number;
  /** -1: there is none. */
  readonly hidden: number;
}

/** The columns of EvtxECmd that are values of `System`, with what stands around them there. */
const systemCells: readonly (readonly [before: string, columns: readonly string[], form: CellForm])[] = [
  ['{"System":{"Provider":{"@Name":', ['Provider'], 'text'],
  ['},"EventID":', ['EventId'], 'text'],
  [',"Level":', ['Level'], 'level'],
  [',"Keywords":', ['Keywords'], 'keywords'],
  [',"TimeCreated":{"@SystemTime":', ['TimeCreated'], 'time'],
  ['},"EventRecordID":', ['EventRecordId', 'RecordNumber'], 'text'],
  [',"Execution":{"@ProcessID":', ['ProcessId'], 'text'],
  [',"@ThreadID":', ['ThreadId'], 'text'],
  ['},"Channel":', ['Channel'], 'text'],
  [',"Computer":', ['Computer'], 'text'],
  [',"Security":{"@UserID":', ['UserId'], 'text'],
];

/** The header of EvtxECmd in a row that was read; undefined if it is none. */
export function eventColumns(bytes: Uint8Array, row: CsvRow): EventColumns | undefined {
  if (row.fields > limits.fieldsPerShape) return undefined;
  const names = Array.from({ length: row.fields }, (_, column) => cellText(bytes, row, column));
  // Where files were put behind each other, a header has a byte order mark of its own.
  names[0] = (names[0] ?? '').replace(/^\uFEFF/, '');
  if (!always.every((name) => names.includes(name))) return undefined;
  const firstOf = (wanted: readonly string[]): number =>
    wanted.map((name) => names.indexOf(name)).find((column) => column >= 0) ?? -1;
  const encoder = new TextEncoder();
  return {
    count: row.fields,
    system: systemCells.map(([before, columns, form]) => ({
      before: encoder.encode(before),
      column: firstOf(columns),
      form,
    })),
    eventId: names.indexOf('EventId'),
    payload: names.indexOf('Payload'),
    hidden: names.indexOf('HiddenRecord'),
  };
}

/** The decoded text of a cell; empty where it has none. */
function cellText(bytes: Uint8Array, row: CsvRow, column: number): string {
  const type = row.type[column] ?? slotTypes.null;
  return decodeSlot(bytes, row.from[column] ?? 0, row.length[column] ?? 0, type) ?? '';
}

/** True if the first bytes are the header of EvtxECmd's CSV. */
export function recogniseEventCsv(head: Uint8Array): boolean {
  const text = headText(head);
  const row = new CsvRow(limits.fieldsPerShape);
  return row.read(text, 0, text.length, comma) && eventColumns(text, row) !== undefined;
}
