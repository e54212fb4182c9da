import { compareText, isCalled, ticksPerSecond } from '@postern/core';
import type { CaseFacts, Clock, SourceFacts, SourceKind, Ticks } from '@postern/core';
import { say } from './messages.ts';
import { groupBy } from './ordered.ts';
import type { ServerBook } from './servers.ts';

/** Source id → its clock. */
export type Clocks = ReadonlyMap<string, Clock>;

const quarterHour = 900;
/** How far the median may be from a multiple of 15 minutes to be a zone and no drift. Delays of forwarding add seconds. */
const nearSeconds = 60;
const utcKinds: ReadonlySet<SourceKind> = new Set([
  'iis',
  'httperr',
  'exchange-log',
  'windows-events-csv',
  'evtx',
]);
const timedKinds: ReadonlySet<SourceKind> = new Set(['windows-events-json', 'file-listing']);

/**
 * Judgement section 4. The differences between two times of one record are put together per host and exporter (the
 * kind of source within one collection); a median near a multiple of 15 minutes other than 0 is a mislabelled zone and
 * applied to every source of that group, also to those whose records have one time only.
 */
export function readClocks(facts: CaseFacts, book: ServerBook): Clocks {
  const clocks = new Map<string, Clock>();
  const exporter = (source: SourceFacts): string =>
    [book.ofSource.get(source.id) ?? '', source.kind, source.collection].join('\0');
  for (const group of groupBy(facts.sources, exporter).values()) {
    const measured = medianOf(group);
    // One server and one kind of source: what is stated is the same for all.
    const stated = statedOffset(facts, book, group[0]);
    for (const source of group) clocks.set(source.id, stated ?? clockOf(source, measured));
  }
  return clocks;
}

/** A time by the source's own clock, in UTC. */
export function corrected(clocks: Clocks, source: string, time: Ticks): Ticks;
export function corrected(clocks: Clocks, source: string, time: Ticks | undefined): Ticks | undefined;
export function corrected(clocks: Clocks, source: string, time: Ticks | undefined): Ticks | undefined {
  const offset = clocks.get(source)?.offsetSeconds ?? 0;
  return time === undefined || offset === 0 ? time : time + BigInt(offset) * ticksPerSecond;
}

/** `+05:00:00` */
export function formatOffset(seconds: number): string {
  const part = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(seconds);
  const clock = [Math.floor(size / 3600), Math.floor(size / 60) % 60, Math.floor(size % 60)]
    .map(part)
    .join(':');
  return `${seconds < 0 ? '-' : '+'}${clock}`;
}

interface Measured {
  readonly median: number;
  readonly count: number;
  /** Share of the records within a minute of the median. */
  readonly agreement: number;
}

function medianOf(group: readonly SourceFacts[]): Measured | undefined {
  const counts = new Map<number, number>();
  for (const source of group) {
    for (const [difference, count] of source.clockDifferences) {
      counts.set(difference, (counts.get(difference) ?? 0) + count);
    }
  }
  const ordered = [...counts].toSorted(([a], [b]) => a - b);
  const count = ordered.reduce((sum, [, n]) => sum + n, 0);
  if (count === 0) return undefined;
  let seen = 0;
  let median = 0;
  for (const [difference, n] of ordered) {
    seen += n;
    median = difference;
    if (seen * 2 >= count) break;
  }
  const near = ordered
    .filter(([d]) => Math.abs(d - median) <= nearSeconds)
    .reduce((sum, [, n]) => sum + n, 0);
  return { median, count, agreement: near / count };
}

function statedOffset(
  facts: CaseFacts,
  book: ServerBook,
  source: SourceFacts | undefined,
): Clock | undefined {
  if (source === undefined || utcKinds.has(source.kind)) return undefined;
  const names = book.entries.get(book.ofSource.get(source.id) ?? '')?.names ?? [];
  const stated = [...facts.options.clocks]
    .toSorted(([a], [b]) => compareText(a, b))
    .find(([host]) => isCalled(names, host));
  if (stated === undefined) return undefined;
  const [, offsetSeconds] = stated;
  const evidence = say('clock.stated', { offset: formatOffset(offsetSeconds) });
  return { basis: 'stated', offsetSeconds, evidence, confidence: 'high' };
}

function clockOf(source: SourceFacts, measured: Measured | undefined): Clock {
  if (measured !== undefined) return measuredClock(source, measured);
  // Lines that fit no layout that is known (IIS format, NCSA: local time) have no time that could be UTC.
  const isUntimed = source.records > 0 && source.families.length === 0;
  if (utcKinds.has(source.kind) && !isUntimed) return clockByFormat;
  return timedKinds.has(source.kind) ? assumedClock : unknownClock;
}

const clockByFormat: Clock = {
  basis: 'utc-by-format',
  offsetSeconds: 0,
  evidence: say('clock.format'),
  confidence: 'high',
};
const assumedClock: Clock = {
  basis: 'assumed-utc',
  offsetSeconds: 0,
  evidence: say('clock.assumed'),
  confidence: 'low',
};
const unknownClock: Clock = {
  basis: 'unknown',
  offsetSeconds: 0,
  evidence: say('clock.unknown'),
  confidence: 'low',
};

function measuredClock(source: SourceFacts, { median, count, agreement }: Measured): Clock {
  const zone = Math.round(median / quarterHour) * quarterHour;
  const isZone = Math.abs(median - zone) <= nearSeconds;
  const offset = formatOffset(Math.round(median));
  const offsetSeconds = isZone ? zone : 0;
  const confidence = count >= 20 && agreement >= 0.9 ? 'high' : agreement >= 0.5 ? 'moderate' : 'low';
  const own = source.clockDifferences.size > 0;
  const evidence = !isZone
    ? say('clock.drift', { count, offset })
    : zone === 0
      ? say('clock.agrees', { count })
      : say(own ? 'clock.measured' : 'clock.group', { count, offset });
  return { basis: 'two-times-in-records', offsetSeconds, evidence, confidence };
}
