import { compareText, formatTime } from '@postern/core';
import type {
  CaseFacts,
  CoveredSource,
  FamilyCoverage,
  Gap,
  Layout,
  Pack,
  SourceFacts,
  Ticks,
} from '@postern/core';
import { corrected } from './clocks.ts';
import type { Clocks } from './clocks.ts';
import type { Downtimes } from './downtimes.ts';
import { isListing } from './families.ts';
import type { FamilySpan } from './families.ts';
import { gapsOf } from './gaps.ts';
import type { GapMatter, SeenGap } from './gaps.ts';
import { intersect, subtract, toStretch, unite } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { titleOf } from './layouts.ts';
import { groupBy, sorted } from './ordered.ts';
import type { ServerBook } from './servers.ts';

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
}

/**
 * What each family of each server covers in the window, those that packs want and that are missing included.
 * A file listing speaks of all that came before it.
 */
export function viewFamilies(matter: CoverageMatter): FamilyView[] {
  const { layout, spans, windows, wanted, downtimes } = matter;
  return sorted(windows.keys()).flatMap((server) => {
    const window = windows.get(server);
    if (window === undefined) return [];
    const peers = spans.filter((span) => span.server === server);
    const down = downtimes.get(server) ?? [];
    const seen = peers.map((span) => viewOf(span, { layout, peers, window, down }));
    const missing = (wanted.get(server) ?? []).filter(
      (family) => !peers.some((span) => satisfies(family, span.family)),
    );
    return [...seen, ...missing.map((family) => absent(layout, server, family, window))];
  });
}

/** `httpproxy` is satisfied by any of its protocols; the outside site by a log whose site is not told. */
export function satisfies(wanted: string, family: string): boolean {
  if (family === wanted || family.startsWith(`${wanted}-`)) return true;
  return wanted === 'iis-front' && family === 'iis';
}

function viewOf(span: FamilySpan, matter: GapMatter): FamilyView {
  const { server, family, first, last } = span;
  const { window } = matter;
  const base = { server, family, title: titleOf(matter.layout, family), first, last };
  if (isListing(family)) {
    const before = unite([{ from: window.from, to: span.span.to < window.to ? span.span.to : window.to }]);
    return { ...base, covered: before, gaps: [], answered: before };
  }
  const gaps = gapsOf(span, matter);
  const inWindow = intersect([span.span], [window]);
  const covered = subtract(inWindow, unite(gaps));
  return { ...base, covered, gaps, answered: unite([...covered, ...gaps.filter((gap) => isQuiet(gap))]) };
}

/** Nothing could be recorded. Silence of all logs without a record of a shutdown may as well be their removal. */
function isQuiet({ cause, isRecorded }: SeenGap): boolean {
  return cause === 'no-traffic' || (cause === 'server-down' && isRecorded === true);
}

function absent(layout: Layout, server: string, family: string, window: Interval): FamilyView {
  const gaps: SeenGap[] = window.from < window.to ? [{ ...window, cause: 'not-collected' }] : [];
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

function toGap(gap: SeenGap): Gap {
  return { ...toStretch(gap), cause: gap.cause, ...(gap.isRecorded === true ? { recorded: true } : {}) };
}

/** Every source as coverage lists it, by original path. */
export function coveredSources(
  facts: CaseFacts,
  book: ServerBook,
  clocks: Clocks,
  views: readonly FamilyView[],
): CoveredSource[] {
  const byServer = groupBy(views, ({ server }) => server);
  return facts.sources
    .map((source) =>
      coveredSource(source, book, clocks, byServer.get(book.ofSource.get(source.id) ?? '') ?? []),
    )
    .toSorted(
      (a, b) =>
        compareText(a.originalPath, b.originalPath) || compareText(a.id, b.id) || compareText(a.path, b.path),
    );
}

function coveredSource(
  source: SourceFacts,
  book: ServerBook,
  clocks: Clocks,
  views: readonly FamilyView[],
): CoveredSource {
  const times = source.families.flatMap(({ first, last }) => [first, last]).flatMap((time) => time ?? []);
  const bounds = times
    .map((time) => corrected(clocks, source.id, time))
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const [first, last] = [bounds[0], bounds.at(-1)];
  const server = book.ofSource.get(source.id);
  const families = sorted(source.families.map(({ family }) => family));
  const gaps = views
    .filter(({ family }) => families.includes(family))
    .flatMap((view) => view.gaps)
    .filter((gap) => first !== undefined && last !== undefined && gap.from >= first && gap.to <= last);
  return {
    id: source.id,
    path: source.path,
    originalPath: source.originalPath,
    kind: source.kind,
    family: families.join(', '),
    ...(server === undefined ? {} : { server }),
    sha256: source.sha256,
    bytes: source.bytes,
    records: source.records,
    damaged: source.damaged,
    recovered: source.recovered,
    ...(first === undefined ? {} : { first: formatTime(first) }),
    ...(last === undefined ? {} : { last: formatTime(last) }),
    clock: clocks.get(source.id) ?? { basis: 'unknown', offsetSeconds: 0, evidence: '', confidence: 'low' },
    gaps: gaps.map((gap) => toGap(gap)),
    issues: source.issues,
    ...(source.excerpt ? { excerpt: true } : {}),
    ...(source.duplicateOf === undefined ? {} : { duplicateOf: source.duplicateOf }),
  };
}
