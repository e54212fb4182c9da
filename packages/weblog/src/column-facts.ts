import { slotTypes, type SlotType } from '@postern/core';
import type { Columns } from './header.ts';
import { hasWebFields, isTimeColumn } from './names.ts';

/** What the names of columns tell by themselves, whatever stands around them. -1: no such column. */
export interface ColumnFacts {
  /** Slot type of each column, for values that are plain UTF-8. */
  readonly types: readonly SlotType[];
  readonly eventData: number;
  readonly date: number;
  readonly time: number;
  /** A column of Exchange's that holds date and time. */
  readonly instant: number;
  /** True if they are named in the words of web servers. */
  readonly isWeb: boolean;
  /** True if dates or times are in the server's own zone. */
  readonly isLocal: boolean;
}

const known = new WeakMap<Columns, ColumnFacts>();

/** Made once for equal headers, which share their {@link Columns}. */
export function columnFacts(columns: Columns): ColumnFacts {
  const before = known.get(columns);
  if (before !== undefined) return before;
  const lower = columns.names.map((name) => name.toLowerCase());
  const facts: ColumnFacts = {
    types: columns.names.map((name) => typeOf(name)),
    eventData: lower.indexOf('eventdata'),
    date: lower.findIndex((name) => name === 'date' || name === 'date-local'),
    time: lower.findIndex((name) => name === 'time' || name === 'time-local'),
    instant: lower.findIndex(isTimeColumn),
    isWeb: hasWebFields(columns.names),
    isLocal: lower.some((name) => name === 'date-local' || name === 'time-local'),
  };
  known.set(columns, facts);
  return facts;
}

/** IIS writes `+` for the spaces of headers that clients send. */
function typeOf(name: string): SlotType {
  return /^(?:cs|rs|sc)\(.*\)$|^X-Forwarded-For$/i.test(name) ? slotTypes.plusText : slotTypes.utf8;
}
