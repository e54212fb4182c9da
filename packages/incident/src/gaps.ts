import { hourOf, ticksOfHour, ticksPerDay } from '@postern/core';
import type { GapCause, Layout, Ticks } from '@postern/core';
import { isListing } from './families.ts';
import type { FamilySpan } from './families.ts';
import { intersect, subtract, unite } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { retentionOf } from './layouts.ts';
import { expectedHours, isUnusual, rhythmOf, shortestGapHours, silentRuns } from './rhythm.ts';
import type { Rhythm, SilentRun } from './rhythm.ts';

export interface SeenGap extends Interval {
  readonly cause: GapCause;
  /** With `server-down`: the System log records it. Silence alone looks the same where all logs were taken away. */
  readonly isRecorded?: boolean;
}

/** What the gaps of one family are told from. */
export interface GapMatter {
  readonly layout: Layout;
  /** All families of the same server. */
  readonly peers: readonly FamilySpan[];
  readonly window: Interval;
  /** When the server was down, in whole hours. */
  readonly down: readonly Interval[];
}

/** A log trimmed at retention reaches back at least this share of it. */
const trimmedShare = 0.6;
/** Others must speak in this share of the silent hours to say that the server ran. */
const othersShare = 0.2;

/**
 * The gaps of one family within a window (judgement section 3): before its first record, between records where the
 * silence is longer than the family's rhythm, and after its last; what falls into a shutdown is told apart, and so is
 * what was lost in damaged files.
 */
export function gapsOf(span: FamilySpan, { layout, peers, window, down }: GapMatter): SeenGap[] {
  const others = peers.filter((peer) => peer.family !== span.family && !isListing(peer.family));
  const rhythm = rhythmOf(span.hours);
  const end = others.reduce((time, peer) => (peer.span.to > time ? peer.span.to : time), span.span.to);
  const runs = [...silentRuns(span.hours), ...tailRun(span, end)].filter((run) => isUnusual(rhythm, run));
  const gaps = [
    ...headGap(layout, span, others, { run: { from: hourOf(window.from), to: hourOf(span.first) }, rhythm }),
    ...runs.flatMap((run) => splitRun(run, down, { rhythm, others, span })),
  ];
  return gaps.flatMap((gap) => clipGap(gap, window));
}

function gapOf(run: SilentRun, cause: GapCause): SeenGap {
  return { from: ticksOfHour(run.from), to: ticksOfHour(run.to), cause };
}

function clipGap(gap: SeenGap, window: Interval): SeenGap[] {
  const from = gap.from > window.from ? gap.from : window.from;
  const to = gap.to < window.to ? gap.to : window.to;
  return from < to ? [{ ...gap, from, to }] : [];
}

interface Around {
  readonly span: FamilySpan;
  readonly rhythm: Rhythm;
  readonly others: readonly FamilySpan[];
}

/** A restart of an hour explains nothing of a week that is missing around it. */
function explains({ from, to }: Interval, run: SilentRun): boolean {
  const hours = hourOf(to) - hourOf(from);
  return hours >= shortestGapHours || hours * 2 >= run.to - run.from;
}

/** What of a silence falls into a shutdown is explained; the rest is a gap if it is still longer than usual. */
function splitRun(run: SilentRun, down: readonly Interval[], around: Around): SeenGap[] {
  const whole = [wholeOf(run)];
  const explained = intersect(whole, down).filter((part) => explains(part, run));
  if (explained.length === 0) return lostOrTaken(run, around);
  const rest = restOf(whole, explained, around).flatMap((part) => lostOrTaken(part, around));
  const recorded = explained.map((part): SeenGap => ({ ...part, cause: 'server-down', isRecorded: true }));
  return [...rest, ...recorded].toSorted((a, b) => (a.from < b.from ? -1 : 1));
}

/** A file that lost records explains the silence behind them: only what lies outside may have been taken away. */
function lostOrTaken(run: SilentRun, around: Around): SeenGap[] {
  const cause = runCause(run, around.others);
  if (cause !== 'removed-or-cleared') return [gapOf(run, cause)];
  // Somebody gave one day of a log: nothing tells that there is no more of it.
  if (around.span.isSample && run.from > hourOf(around.span.last)) return [gapOf(run, 'not-collected')];
  const whole = [wholeOf(run)];
  const lost = intersect(whole, unite(around.span.losses)).filter((part) => explains(part, run));
  const rest = lost.length === 0 ? [run] : restOf(whole, lost, around);
  const gaps = rest.map((part) => gapOf(part, runCause(part, around.others)));
  return [...gaps, ...lost.map((part): SeenGap => ({ ...part, cause: 'damaged' }))].toSorted((a, b) =>
    a.from < b.from ? -1 : 1,
  );
}

function wholeOf(run: SilentRun): Interval {
  return { from: ticksOfHour(run.from), to: ticksOfHour(run.to) };
}

function restOf(whole: readonly Interval[], explained: readonly Interval[], { rhythm }: Around): SilentRun[] {
  return subtract(whole, explained)
    .map(({ from, to }): SilentRun => ({ from: hourOf(from), to: hourOf(to) }))
    .filter((part) => isUnusual(rhythm, part));
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
function tailRun(span: FamilySpan, end: Ticks): SilentRun[] {
  const run = { from: hourOf(span.last) + 1, to: hourOf(end - 1n) + 1 };
  return run.from < run.to ? [run] : [];
}

function days(ticks: Ticks): number {
  return Number(ticks) / Number(ticksPerDay);
}
