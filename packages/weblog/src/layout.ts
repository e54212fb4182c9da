import { slotTypes, type BlockScanner, type Shape, type SlotType, type TimeField } from '@postern/core';
import { EventData, eventDataKeys } from './event-data.ts';
import { exchangeFamily, webFamily, type WeblogFamily } from './family.ts';
import type { Columns, Header } from './header.ts';
import { isTimeColumn } from './names.ts';
import { recorderOf, type FirstRow } from './recorder.ts';
import type { Tally } from './tally.ts';

/** What a header means for the rows below it: their shape, and all that is needed to make records of them. */
export interface Layout {
  readonly shape: Shape;
  /** Values of a row that fits. The shape may have more fields: those made of EventData. */
  readonly columns: number;
  readonly csv: boolean;
  /** Slot type of each column, for values that are plain UTF-8. */
  readonly types: readonly SlotType[];
  /** Column of EventData, with the keys that become fields. */
  readonly eventData: { readonly column: number; readonly found: EventData } | undefined;
  /** True if each row begins with its time, so that it can be counted without splitting the row. */
  readonly timeFirst: boolean;
}

/** A layout in use in one source. */
export interface Track {
  readonly layout: Layout;
  readonly tally: Tally;
  /** Undefined: every record is wanted. */
  readonly scanner: BlockScanner | undefined;
  /** Where the malformed lines between its records go. */
  readonly text: TextTrack;
}

/** The `text` shape of one recorder in use. */
export interface TextTrack {
  readonly shape: Shape;
  readonly tally: Tally;
  readonly scanner: BlockScanner | undefined;
}

/** Makes the layout of a header. `path` and the first row below it tell what the header does not. */
export function makeLayout(header: Header, columns: Columns, path: string, firstRow: FirstRow): Layout {
  const family = familyOf(header, columns, path, firstRow);
  const keys = columns.csv ? eventDataKeys(family) : [];
  const column = columns.names.findIndex((name) => name.toLowerCase() === 'eventdata');
  const withKeys = column >= 0 && keys.length > 0;
  const time = timeOf(columns, header.day, firstRow);
  const shape: Shape = {
    family,
    recorder: isForeign(header) ? family : recorderOf(family, path, firstRow),
    fields: withKeys ? [...columns.names, ...keys] : columns.names,
    constants: constantsOf(header),
    time,
    ...(columns.from === 'export' ? { excerpt: true } : {}),
  };
  return {
    shape,
    columns: columns.names.length,
    csv: columns.csv,
    types: columns.names.map((name) => typeOf(name)),
    eventData: withKeys ? { column, found: new EventData(keys) } : undefined,
    timeFirst: isTimeFirst(time),
  };
}

/** Shapes with the same key are the same, so that a header block that recurs makes no new one. */
export function shapeKey(shape: Shape): string {
  const constants = [...shape.constants].flat();
  return JSON.stringify([
    shape.family,
    shape.recorder,
    shape.fields,
    constants,
    shape.time,
    shape.excerpt ?? false,
  ]);
}

function familyOf(header: Header, columns: Columns, path: string, firstRow: FirstRow): WeblogFamily {
  const web = header.logType === undefined ? webFamily(columns.names) : undefined;
  if (web !== undefined) return web;
  if (columns.csv) return exchangeFamily(header.logType, columns.names, path, firstRow('EventId'));
  return /^Microsoft HTTP API/i.test(header.software ?? '') ? 'httperr' : 'iis';
}

/** Web caches and filters write this form too; they are no site of the server. */
function isForeign(header: Header): boolean {
  return (
    header.logType === undefined && header.software !== undefined && !/Microsoft|IIS/i.test(header.software)
  );
}

function constantsOf(header: Header): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  if (header.software !== undefined) constants.set('#Software', header.software);
  if (header.version !== undefined) constants.set('#Version', header.version);
  if (header.logType !== undefined) constants.set('#Log-type', header.logType);
  return constants;
}

/** IIS writes `+` for the spaces of headers that clients send. */
function typeOf(name: string): SlotType {
  return /^(?:cs|rs|sc)\(.*\)$|^X-Forwarded-For$/i.test(name) ? slotTypes.plusText : slotTypes.utf8;
}

function timeOf(columns: Columns, day: string | undefined, firstRow: FirstRow): TimeField | undefined {
  const names = columns.names.map((name) => name.toLowerCase());
  const date = indexOfAny(names, ['date', 'date-local']);
  const time = indexOfAny(names, ['time', 'time-local']);
  if (date >= 0 && time >= 0) return { kind: 'date-and-time', date, time };
  if (!columns.csv)
    return time >= 0 && day !== undefined ? { kind: 'date-and-time', date: day, time } : undefined;
  const named = names.findIndex(isTimeColumn);
  if (named >= 0) return { kind: 'iso', slot: named };
  const first = firstRow(columns.names[0] ?? '') ?? '';
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(first) ? { kind: 'iso', slot: 0 } : undefined;
}

function indexOfAny(names: readonly string[], wanted: readonly string[]): number {
  return names.findIndex((name) => wanted.includes(name));
}

function isTimeFirst(time: TimeField | undefined): boolean {
  if (time?.kind === 'iso') return time.slot === 0;
  return time?.kind === 'date-and-time' && time.date === 0 && time.time === 1;
}
