import { ticksPerDay } from '@postern/core';
import type { SourceFacts, Ticks } from '@postern/core';
import type { Interval } from './intervals.ts';

/** Issues of readers that say that records are gone; a failed checksum of records that are there says nothing of it. */
const lost =
  /^POSTERN_(?:EVTX_(?:TRUNCATED|RECORD_SIZE|RECORD_MARK|CHUNK_MAGIC)|WEBLOG_(?:LINE_TORN|ZEROS|CUT_SHORT)|JSONLOG_TORN_END)$/;

/** Before and after everything. */
const always: Interval = { from: -(1n << 62n), to: 1n << 62n };

/**
 * Where the damage of one source can explain a silence, from its records on: a log of rows until the end of its last
 * day (a new file began then, or would have), an event log anywhere, for it holds all times in one file (as CSV those of
 * many logs). Empty for a source that lost nothing, and for an event log of which Windows itself says that somebody
 * cleared it.
 */
export function lossesOf({ kind, issues }: SourceFacts, first: Ticks, last: Ticks): Interval[] {
  if (!issues.some(({ code }) => lost.test(code))) return [];
  if (issues.some(({ code }) => code === 'POSTERN_EVTX_CLEARED')) return [];
  if (kind === 'evtx' || kind === 'windows-events-csv') return [always];
  return [{ from: first, to: (last / ticksPerDay + 1n) * ticksPerDay }];
}
