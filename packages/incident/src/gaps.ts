import { hourOf, ticksOfHour, ticksPerDay } from '@postern/core';
import type { GapCause, Layout, Ticks } from '@postern/core';
import { isListing } from './families.ts';
import type { FamilySpan } from './families.ts';
import type { Interval } from './intervals.ts';
import { retentionOf } from './layouts.ts';
import { expectedHours, isUnusual, rhythmOf, shortestGapHours, silentRuns } from './rhythm.ts';
import type { Rhythm, SilentRun } from './rhythm.ts';

export interface SeenGap extends Interval {
  readonly cause: GapCause;
}

/** A log trimmed at retention reaches back at least this share of it. */
const trimmedShare = 0.6;
/** Others must speak in this share of the silent hours to say that the server ran. */
const othersShare = 0.2;

/**
 * The gaps of one family within a window (judgement section 3): before its first record, between records where the
 * silence is longer than the family's rhythm, and after its last. `peers` are all families of the same server.
 */
export function gapsOf(
  layout: Layout,
  span: FamilySpan,
  peers: readonly FamilySpan[],
  window: Interval,
): SeenGap[] {
  const others = peers.filter((peer) => peer.family !== span.family && !isListing(peer.family));
  const rhythm = rhythmOf(span.hours);
  const inside = silentRuns(span.hours)
    .filter((run) => isUnusual(rhythm, run))
    .map((run) => gapOf(run, runCause(run, others)));
  const end = others.reduce((time, peer) => (peer.span.to > time ? peer.span.to : time), span.span.to);
  const gaps = [
    ...headGap(layout, span, others, { run: { from: hourOf(window.from), to: hourOf(span.first) }, rhythm }),
    ...inside,
    ...tailGap(span, others, end, rhythm),
  ];
  return gaps.flatMap((gap) => clipGap(gap, window));
}

function gapOf(run: SilentRun, cause: GapCause): SeenGap {
  return { from: ticksOfHour(run.from), to: ticksOfHour(run.to), cause };
}

function clipGap(gap: SeenGap, window: Interval): SeenGap[] {
  const from = gap.from > window.from ? gap.from : window.from;
  const to = gap.to < window.to ? gap.to : window.to;
  return from < to ? [{ from, to, cause: gap.cause }] : [];
}

/** All silent: the server was down. Others speak: somebody took this one away. */
function runCause(run: SilentRun, others: readonly FamilySpan[]): GapCause {
  const [from, to] = [ticksOfHour(run.from), ticksOfHour(run.to)];
  const around = others.filter(({ span }) => span.from <= from && span.to >= to);
  const spoken = new Set<number>();
  for (const { hours } of others)
    for (const hour of hours) if (hour >= run.from && hour < run.to) spoken.add(hour);
  if (spoken.size >= Math.max(1, (run.to - run.from) * othersShare)) return 'removed-or-cleared';
  if (spoken.size > 0) return 'unknown';
  return around.length > 0 ? 'server-down' : 'unknown';
}

function headGap(layout: Layout, span: FamilySpan, others: readonly FamilySpan[], head: Head): SeenGap[] {
  const from = ticksOfHour(head.run.from);
  return from >= span.span.from
    ? []
    : [{ from, to: span.span.from, cause: headCause(layout, span, others, head) }];
}

interface Head {
  readonly run: SilentRun;
  readonly rhythm: Rhythm;
}

function headCause(
  layout: Layout,
  span: FamilySpan,
  others: readonly FamilySpan[],
  { run, rhythm }: Head,
): GapCause {
  const end = others.reduce((time, { last }) => (last > time ? last : time), span.last);
  const retention = retentionOf(layout, span.family);
  if (retention !== undefined) {
    if (days(end - span.first) >= retention * trimmedShare) return 'trimmed';
    const reaches = others.some(
      (peer) => retentionOf(layout, peer.family) === retention && days(end - peer.first) >= retention * 0.9,
    );
    if (!reaches) return 'not-collected';
    return expectedHours(rhythm, { ...run, from: Math.max(run.from, run.to - 168) }) >= shortestGapHours
      ? 'removed-or-cleared'
      : 'no-traffic';
  }
  if (span.family.startsWith('windows:')) return 'trimmed';
  const before = others.some(
    (peer) => !peer.family.startsWith('windows:') && days(span.first - peer.first) >= 2,
  );
  return before ? 'unknown' : 'not-collected';
}

/** A log that stops while others go on. Quiet ones may simply have had nothing more to say. */
function tailGap(span: FamilySpan, others: readonly FamilySpan[], end: Ticks, rhythm: Rhythm): SeenGap[] {
  const run = { from: hourOf(span.last) + 1, to: hourOf(end - 1n) + 1 };
  if (run.from >= run.to || !isUnusual(rhythm, run)) return [];
  return [gapOf(run, runCause(run, others))];
}

function days(ticks: Ticks): number {
  return Number(ticks) / Number(ticksPerDay);
}
