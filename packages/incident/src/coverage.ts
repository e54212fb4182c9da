import { formatTime } from '@postern/core';
import type { FamilyCoverage, Gap, GapCause, Layout, Pack, Ticks } from '@postern/core';
import type { Downtimes } from './downtimes.ts';
import { isListing } from './families.ts';
import type { FamilySpan } from './families.ts';
import { gapsOf } from './gaps.ts';
import type { GapMatter, SeenGap } from './gaps.ts';
import { intersect, subtract, toStretch, unite } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { titleOf } from './layouts.ts';
import { sorted } from './ordered.ts';

/** What one family of one server covers of a window. */
export interface FamilyView {
  readonly server: string;
  readonly family: string;
  readonly title: string;
  readonly first?: Ticks;
  readonly last?: Ticks;
  readonly covered: readonly Interval[];
  readonly gaps: readonly SeenGap[];
  /** Covered, or silent because nothing could be recorded: no traffic, a shutdown that is recorded. */
  readonly answered: readonly Interval[];
}

/** What coverage is told from. */
export interface CoverageMatter {
  readonly layout: Layout;
  readonly spans: readonly FamilySpan[];
  /** Server id → the window that is looked at. */
  readonly windows: ReadonlyMap<string, Interval>;
  /** Server id → families that packs want of it. */
  readonly wanted: ReadonlyMap<string, readonly string[]>;
  readonly downtimes: Downtimes;
  /** The run was stopped: what no record covers may only not have been read, and nobody is accused of it. */
  readonly isStopped: boolean;
}

/**
 * What each family of each server covers in the window, those that packs want and that are missing included.
 * A file listing speaks of all that came before it.
 */
export function viewFamilies(matter: CoverageMatter): FamilyView[] {
  const { layout, spans, windows, wanted, downtimes, isStopped } = matter;
  return sorted(windows.keys()).flatMap((server) => {
    const window = windows.get(server);
    if (window === undefined) return [];
    const peers = spans.filter((span) => span.server === server);
    const down = downtimes.get(server) ?? [];
    const seen = peers.map((span) => viewOf(span, { layout, peers, window, down, isStopped }));
    const missing = (wanted.get(server) ?? []).filter(
      (family) => !peers.some((span) => satisfies(family, span.family)),
    );
    const cause = isStopped ? 'not-read' : 'not-collected';
    return [...seen, ...missing.map((family) => absent(family, { layout, server, window, cause }))];
  });
}

/** `httpproxy` is satisfied by any of its protocols; the outside site by a log whose site is not told. */
export function satisfies(wanted: string, family: string): boolean {
  if (family === wanted || family.startsWith(`${wanted}-`)) return true;
  return wanted === 'iis-front' && family === 'iis';
}

function viewOf(span: FamilySpan, matter: GapMatter & Pick<CoverageMatter, 'isStopped'>): FamilyView {
  const { server, family, first, last } = span;
  const { window } = matter;
  const base = { server, family, title: titleOf(matter.layout, family), first, last };
  if (isListing(family)) {
    const before = unite([{ from: window.from, to: span.span.to < window.to ? span.span.to : window.to }]);
    return { ...base, covered: before, gaps: [], answered: before };
  }
  const gaps = matter.isStopped ? gapsOf(span, matter).map((gap) => unreadGap(gap)) : gapsOf(span, matter);
  const inWindow = intersect([span.span], [window]);
  const covered = subtract(inWindow, unite(gaps));
  return { ...base, covered, gaps, answered: unite([...covered, ...gaps.filter((gap) => isQuiet(gap))]) };
}

/** Nothing could be recorded. Silence of all logs without a record of a shutdown may as well be their removal. */
function isQuiet({ cause, isRecorded }: SeenGap): boolean {
  return cause === 'no-traffic' || (cause === 'server-down' && isRecorded === true);
}

function unreadGap(gap: SeenGap): SeenGap {
  return gap.isRecorded === true ? gap : { from: gap.from, to: gap.to, cause: 'not-read' };
}

interface Absence extends Pick<FamilyView, 'server'> {
  readonly layout: Layout;
  readonly window: Interval;
  readonly cause: GapCause;
}

function absent(family: string, { layout, server, window, cause }: Absence): FamilyView {
  const gaps: SeenGap[] = window.from < window.to ? [{ ...window, cause }] : [];
  return { server, family, title: titleOf(layout, family), covered: [], gaps, answered: [] };
}

/** Families that a pack's questions name, for its servers. */
export function wantedFamilies(pack: Pack): string[] {
  return sorted(pack.wants.flatMap(({ anyOf }) => anyOf.flat()));
}

export function toFamilyCoverage(view: FamilyView): FamilyCoverage {
  const state =
    view.covered.length === 0 && view.first === undefined
      ? 'absent'
      : view.gaps.length === 0
        ? 'complete'
        : 'partial';
  return {
    server: view.server,
    family: view.family,
    title: view.title,
    state,
    ...(view.first === undefined ? {} : { first: formatTime(view.first) }),
    ...(view.last === undefined ? {} : { last: formatTime(view.last) }),
    covered: view.covered.map((interval) => toStretch(interval)),
    gaps: view.gaps.map((gap) => toGap(gap)),
  };
}

export function toGap(gap: SeenGap): Gap {
  return { ...toStretch(gap), cause: gap.cause, ...(gap.isRecorded === true ? { recorded: true } : {}) };
}
