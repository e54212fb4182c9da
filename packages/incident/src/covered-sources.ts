import { compareText, formatTime, maxTime, minTime, parseTime } from '@postern/core';
import type { CaseFacts, CoveredSource, SourceFacts, SourceGroup, Ticks, Time } from '@postern/core';
import { corrected } from './clocks.ts';
import type { Clocks } from './clocks.ts';
import { toGap } from './coverage.ts';
import type { FamilyView } from './coverage.ts';
import { groupBy, sorted } from './ordered.ts';
import type { ServerBook } from './servers.ts';

/** What the list of sources is made from. */
export interface SourcesMatter {
  readonly facts: CaseFacts;
  readonly book: ServerBook;
  readonly clocks: Clocks;
  readonly views: readonly FamilyView[];
  /** Sources that evidence of the assessment names. */
  readonly cited: ReadonlySet<string>;
}

/** So many sources that are alike in all but name are told together; fewer stand by themselves. */
const fewestAlike = 4;
/** A tree of pages has thousands of folders: with more groups of one sort than these, their folders are cut shorter. */
const groupsOfSort = 50;

/** Every source, by original path: by itself where something hangs on it, else with those that are like it. */
export function listSources(matter: SourcesMatter): {
  readonly sources: readonly CoveredSource[];
  readonly groups: readonly SourceGroup[];
} {
  const { facts, book, views, cited } = matter;
  const byServer = groupBy(views, ({ server }) => server);
  const all = facts.sources.map((source) =>
    coveredSource(source, matter, byServer.get(book.ofSource.get(source.id) ?? '') ?? []),
  );
  const [single, alike] = part(all, (source) => cited.has(source.id) || saysMore(source));
  const sorts = [...groupBy(alike, sortOf).values()].flatMap(groupSort);
  const rest = sorts.filter(({ members }) => members.length < fewestAlike);
  const grouped = sorts.filter(({ members }) => members.length >= fewestAlike);
  return {
    sources: [...single, ...rest.flatMap(({ members }) => members)].toSorted(
      (a, b) =>
        compareText(a.originalPath, b.originalPath) || compareText(a.id, b.id) || compareText(a.path, b.path),
    ),
    groups: grouped.flatMap(toGroup).toSorted((a, b) => compareText(keyOf(a), keyOf(b))),
  };
}

/** Damage, gaps, copies and excerpts are of one source, not of its kind. */
function saysMore({ damaged, recovered, gaps, issues, excerpt, duplicateOf }: CoveredSource): boolean {
  const isBroken = damaged > 0 || recovered > 0 || gaps.length > 0 || issues.length > 0;
  return isBroken || excerpt === true || duplicateOf !== undefined;
}

function sortOf({ server, kind, family, clock }: CoveredSource): string {
  return JSON.stringify([server, kind, family, clock]);
}

interface Members {
  readonly folder: string;
  readonly members: readonly CoveredSource[];
}

/** By folder; by the folders above, where there would be too many. */
function groupSort(sources: readonly CoveredSource[]): readonly Members[] {
  const deepest = Math.max(0, ...sources.map((source) => foldersOf(source).length));
  for (let depth = deepest; depth > 0; depth--) {
    const groups = groupBy(sources, (source) => foldersOf(source).slice(0, depth).join('\\'));
    if (groups.size <= groupsOfSort) return [...groups].map(([folder, members]) => ({ folder, members }));
  }
  return [{ folder: '', members: sources }];
}

function foldersOf({ originalPath }: CoveredSource): string[] {
  return originalPath.split('\\').slice(0, -1);
}

function toGroup({ folder, members }: Members): SourceGroup[] {
  const [one] = members;
  if (one === undefined) return [];
  const { kind, family, server, clock } = one;
  const [first, last] = [earliest(members), latest(members)];
  return [
    {
      folder,
      kind,
      family,
      ...(server === undefined ? {} : { server }),
      sources: members.length,
      bytes: members.reduce((sum, { bytes }) => sum + bytes, 0),
      records: members.reduce((sum, { records }) => sum + records, 0),
      ...(first === undefined ? {} : { first }),
      ...(last === undefined ? {} : { last }),
      clock,
    },
  ];
}

function earliest(members: readonly CoveredSource[]): Time | undefined {
  const times = members.map(({ first }) => (first === undefined ? undefined : parseTime(first)));
  return written(times.reduce<Ticks | undefined>((time, next) => minTime(time, next), undefined));
}

function latest(members: readonly CoveredSource[]): Time | undefined {
  const times = members.map(({ last }) => (last === undefined ? undefined : parseTime(last)));
  return written(times.reduce<Ticks | undefined>((time, next) => maxTime(time, next), undefined));
}

function written(time: Ticks | undefined): Time | undefined {
  return time === undefined ? undefined : formatTime(time);
}

function keyOf({ folder, kind, family, server, clock }: SourceGroup): string {
  return JSON.stringify([folder, kind, family, server, clock]);
}

function part<T>(list: readonly T[], isFirst: (value: T) => boolean): [T[], T[]] {
  return [list.filter((value) => isFirst(value)), list.filter((value) => !isFirst(value))];
}

function coveredSource(
  source: SourceFacts,
  { book, clocks }: SourcesMatter,
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
