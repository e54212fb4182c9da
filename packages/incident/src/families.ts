import { hourOf, maxTime, minTime, ticksOfHour, ticksPerDay } from '@postern/core';
import type { CaseFacts, Ticks } from '@postern/core';
import { corrected } from './clocks.ts';
import type { Clocks } from './clocks.ts';
import type { Interval } from './intervals.ts';
import { lossesOf } from './losses.ts';
import type { ActiveHours } from './rhythm.ts';
import { serverOfSource } from './servers.ts';
import type { ServerBook } from './servers.ts';

/** When one family of one server has records, all its sources together. */
export interface FamilySpan {
  readonly server: string;
  readonly family: string;
  readonly first: Ticks;
  readonly last: Ticks;
  readonly hours: ActiveHours;
  /** Whole hours from the first to the last record. */
  readonly span: Interval;
  /** Where records were lost in damaged files: a silence there accuses nobody. */
  readonly losses: readonly Interval[];
  /** All its records lie in one file of a log that begins a new one each day or hour: a sample of it, not the log. */
  readonly isSample: boolean;
}

/** Families whose times are those of files: they do not say when something was recording. */
export function isListing(family: string): boolean {
  return family === 'file-listing' || family === 'text' || family === 'file';
}

interface Gathered {
  readonly server: string;
  readonly family: string;
  first: Ticks | undefined;
  last: Ticks | undefined;
  readonly hours: Set<number>;
  readonly losses: Interval[];
  files: number;
  isRolled: boolean;
}

/**
 * By server, then family. Excerpts and duplicates cover nothing; families without a time are left out, and so are runs of
 * a scanner: they are moments, and say nothing of when anything was recording.
 */
export function familySpans(facts: CaseFacts, book: ServerBook, clocks: Clocks): readonly FamilySpan[] {
  const gathered = new Map<string, Gathered>();
  for (const source of facts.sources) {
    if (source.excerpt || source.duplicateOf !== undefined) continue;
    const server = serverOfSource(book, source.id);
    const shift = Math.round((clocks.get(source.id)?.offsetSeconds ?? 0) / 3600);
    for (const family of source.families) {
      if (family.family === 'msert') continue;
      const key = `${server}\0${family.family}`;
      const into = gathered.get(key) ?? {
        server,
        family: family.family,
        first: undefined,
        last: undefined,
        hours: new Set(),
        losses: [],
        files: 0,
        isRolled: true,
      };
      gathered.set(key, into);
      const from = corrected(clocks, source.id, family.first);
      const to = corrected(clocks, source.id, family.last);
      into.files++;
      into.isRolled &&= source.kind === 'iis' || source.kind === 'exchange-log';
      into.first = minTime(into.first, from);
      into.last = maxTime(into.last, to);
      if (from !== undefined && to !== undefined) into.losses.push(...lossesOf(source, from, to));
      for (const [hour, records] of family.hours) if (records > 0) into.hours.add(hour + shift);
    }
  }
  return [...gathered.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, found]) => spanOf(found));
}

function spanOf({ server, family, first, last, hours, losses, files, isRolled }: Gathered): FamilySpan[] {
  if (first === undefined || last === undefined) return [];
  // First and last record count as hours of their own where a reader gave no hours.
  const active = [...hours, hourOf(first), hourOf(last)];
  const span = { from: ticksOfHour(hourOf(first)), to: ticksOfHour(hourOf(last) + 1) };
  const all = [...new Set(active)].toSorted((a, b) => a - b);
  const isSample = files === 1 && isRolled && last - first <= ticksPerDay;
  return [{ server, family, first, last, hours: all, span, losses, isSample }];
}

/** What the logs of a server span; undefined where none has a time. */
export function evidenceSpan(spans: readonly FamilySpan[], server: string): Interval | undefined {
  const own = spans.filter((span) => span.server === server && !isListing(span.family));
  const from = own.reduce<Ticks | undefined>((time, { first }) => minTime(time, first), undefined);
  const to = own.reduce<Ticks | undefined>((time, { last }) => maxTime(time, last), undefined);
  return from === undefined || to === undefined ? undefined : { from, to: to + 1n };
}
