import type { BlockScanner, Shape, SlotType, TimeField } from '@postern/core';
import { columnFacts } from './column-facts.ts';
import { EventData, eventDataKeys } from './event-data.ts';
import { exchangeFamily, webFamily, type WeblogFamily } from './family.ts';
import type { Columns, Header } from './header.ts';
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

/** What columns mean depends on little else: the logs of one server have few layouts. */
interface Facts {
  readonly header: Header;
  readonly family: WeblogFamily;
  readonly recorder: string;
  readonly time: TimeField | undefined;
}

/** Layouts that are kept; a hostile log may name another version in each of its headers. */
const layoutsKept = 1024;

let layouts = new WeakMap<Columns, Map<string, Layout>>();
let kept = 0;

/**
 * The layout of a header. `path` and the first row below it tell what the header does not. The same for headers that say
 * the same: sources are read one after the other.
 */
export function layoutOf(header: Header, columns: Columns, path: string, firstRow: FirstRow): Layout {
  const family = familyOf(header, columns, path, firstRow);
  const recorder = isForeign(header) ? family : recorderOf(family, path, firstRow);
  const facts = { header, family, recorder, time: timeOf(columns, header.day, firstRow) };
  const key = keyOf(facts);
  const known = layouts.get(columns)?.get(key);
  if (known !== undefined) return known;
  const made = makeLayout(columns, facts);
  keepLayout(columns, key, made);
  return made;
}

function keepLayout(columns: Columns, key: string, layout: Layout): void {
  if (kept >= layoutsKept) [layouts, kept] = [new WeakMap(), 0];
  kept++;
  const ofColumns = layouts.get(columns) ?? new Map<string, Layout>();
  layouts.set(columns, ofColumns.set(key, layout));
}

function keyOf({ header: { software, version, logType }, family, recorder, time }: Facts): string {
  return JSON.stringify([family, recorder, software, version, logType, time]);
}

function makeLayout(columns: Columns, { header, family, recorder, time }: Facts): Layout {
  const { types, eventData } = columnFacts(columns);
  const keys = columns.csv && eventData >= 0 ? eventDataKeys(family) : [];
  const shape: Shape = {
    family,
    recorder,
    fields: keys.length > 0 ? [...columns.names, ...keys] : columns.names,
    constants: constantsOf(header),
    time,
    ...(columns.from === 'export' ? { excerpt: true } : {}),
  };
  return {
    shape,
    columns: columns.names.length,
    csv: columns.csv,
    types,
    eventData: keys.length > 0 ? { column: eventData, found: new EventData(keys) } : undefined,
    timeFirst: isTimeFirst(time),
  };
}

const shapeKeys = new WeakMap<Shape, string>();

/** Shapes with the same key are the same, so that a header block that recurs makes no new one. */
export function shapeKey(shape: Shape): string {
  const known = shapeKeys.get(shape);
  if (known !== undefined) return known;
  const { family, recorder, fields, constants, time, excerpt } = shape;
  const rest = JSON.stringify([family, recorder, time, excerpt ?? false, ...constants]);
  const key = `${rest}\n${fields.join('\n')}`;
  shapeKeys.set(shape, key);
  return key;
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

function timeOf(columns: Columns, day: string | undefined, firstRow: FirstRow): TimeField | undefined {
  const { date, time, instant } = columnFacts(columns);
  if (date >= 0 && time >= 0) return { kind: 'date-and-time', date, time };
  if (!columns.csv)
    return time >= 0 && day !== undefined ? { kind: 'date-and-time', date: day, time } : undefined;
  if (instant >= 0) return { kind: 'iso', slot: instant };
  const first = firstRow(columns.names[0] ?? '') ?? '';
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(first) ? { kind: 'iso', slot: 0 } : undefined;
}

function isTimeFirst(time: TimeField | undefined): boolean {
  if (time?.kind === 'iso') return time.slot === 0;
  return time?.kind === 'date-and-time' && time.date === 0 && time.time === 1;
}
