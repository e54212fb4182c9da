import { formatTime, parseTime, ticksPerDay } from '@postern/core';

/** ISO days between which a value was seen; either end may be unknown. */
export interface SeenWindow {
  readonly from?: string;
  readonly to?: string;
}

/**
 * Reads a `first_seen` cell: a day (`2021-03-05`), a month or year (`2021-03`: its first to its last day), an
 * interval (`2021-02-28..2021-03-10`), `<=2021-03-09` (seen by that day, so its start is not known). A single day is
 * when a value was *first* seen and leaves its end open. Undefined for what is none of these; empty is an open window.
 */
export function parseSeen(text: string): SeenWindow | undefined {
  const cell = text.trim();
  if (cell === '') return {};
  // Seen by that day, so it began at an unknown earlier one; how long it went on is not told either.
  if (cell.startsWith('<=')) return period(cell.slice(2)) === undefined ? undefined : {};
  const [first = '', last] = cell.split('..');
  const from = period(first);
  if (last === undefined) return from === undefined ? undefined : monthOrOpen(first, from);
  const to = period(last);
  return from === undefined || to === undefined || to.to < from.from
    ? undefined
    : { from: from.from, to: to.to };
}

function monthOrOpen(text: string, whole: { from: string; to: string }): SeenWindow {
  return /^\d{4}-\d{2}-\d{2}/.test(text.trim()) ? { from: whole.from } : whole;
}

function period(text: string): { from: string; to: string } | undefined {
  const m = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:[T ].*)?$/.exec(text.trim());
  if (m === null) return undefined;
  const [, year = '', month, day] = m;
  const from = `${year}-${month ?? '01'}-${day ?? '01'}`;
  if (parseTime(from) === undefined) return undefined;
  if (day !== undefined) return { from, to: from };
  return { from, to: lastDay(Number(year), month === undefined ? 12 : Number(month)) };
}

function lastDay(year: number, month: number): string {
  const next = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
  const ticks = parseTime(next);
  return ticks === undefined ? next : formatTime(ticks - ticksPerDay, 'day');
}
