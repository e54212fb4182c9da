import { compareText, formatTime, maxTime, minTime } from '@postern/core';
import type { CaseFacts, Clock, CoveredSource, SourceFacts, SourceGroup, Ticks } from '@postern/core';
import { corrected } from './clocks.ts';
import type { Clocks } from './clocks.ts';
import { toGap } from './coverage.ts';
import type { FamilyView } from './coverage.ts';
import type { SeenGap } from './gaps.ts';
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

/** A source with what is told of it: most of the thousands are told as a group, and never one by one. */
interface SeenSource {
  readonly source: SourceFacts;
  readonly server: string | undefined;
  readonly families: readonly string[];
  readonly clock: Clock;
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  readonly gaps: readonly SeenGap[];
}

/** Every source, by original path: by itself where something hangs on it, else with those that are like it. */
export function listSources(matter: SourcesMatter): {
  readonly sources: readonly CoveredSource[];
  readonly groups: readonly SourceGroup[];
} {
  const { facts, views, cited } = matter;
  const gaps = new Map(views.map((view) => [viewKey(view.server, view.family), view.gaps]));
  const all = facts.sources.map((source) => seenSource(source, matter, gaps));
  const [single, alike] = part(all, (seen) => cited.has(seen.source.id) || saysMore(seen));
  const sorts = [...groupBy(alike, sortOf).values()].flatMap(groupSort);
  const rest = sorts.filter(({ members }) => members.length < fewestAlike);
  const grouped = sorts.filter(({ members }) => members.length >= fewestAlike);
  return {
    sources: [...single, ...rest.flatMap(({ members }) => members)]
      .map((seen) => toCovered(seen))
      .toSorted(
        (a, b) =>
          compareText(a.originalPath, b.originalPath) ||
          compareText(a.id, b.id) ||
          compareText(a.path, b.path),
      ),
    groups: grouped.flatMap(toGroup).toSorted((a, b) => compareText(keyOf(a), keyOf(b))),
  };
}

function viewKey(server: string, family: string): string {
  return `${server}\0${family}`;
}

const unknownClock: Clock = { basis: 'unknown', offsetSeconds: 0, evidence: '', confidence: 'low' };

function seenSource(
  source: SourceFacts,
  { book, clocks }: SourcesMatter,
  gaps: ReadonlyMap<string, readonly SeenGap[]>,
): SeenSource {
  const server = book.ofSource.get(source.id);
  const names = source.families.map(({ family }) => family);
  const families = names.length > 1 ? sorted(names) : names;
  const times = source.families.flatMap(({ first, last }) => [first, last]);
  const first = corrected(clocks, source.id, times.reduce<Ticks | undefined>(minTime, undefined));
  const last = corrected(clocks, source.id, times.reduce<Ticks | undefined>(maxTime, undefined));
  return {
    source,
    server,
    families,
    clock: clocks.get(source.id) ?? unknownClock,
    first,
    last,
    gaps: families
      .flatMap((family) => gaps.get(viewKey(server ?? '', family)) ?? [])
      .filter((gap) => first !== undefined && last !== undefined && gap.from >= first && gap.to <= last),
  };
}

/** Damage, gaps, copies and excerpts are of one source, not of its kind. */
function saysMore({ source, gaps }: SeenSource): boolean {
  const { damaged, recovered, issues, excerpt, duplicateOf } = source;
  const isBroken = damaged > 0 || recovered > 0 || gaps.length > 0 || issues.length > 0;
  return isBroken || excerpt || duplicateOf !== undefined;
}

function sortOf({ source, server, families, clock }: SeenSource): string {
  const { basis, offsetSeconds, evidence, confidence } = clock;
  return [server, source.kind, families.join(), basis, offsetSeconds, confidence, evidence].join('\0');
}

interface Members {
  readonly folder: string;
  readonly members: readonly SeenSource[];
}

/** By folder; by the folders above, where there would be too many. */
function groupSort(sources: readonly SeenSource[]): readonly Members[] {
  let groups = groupBy(sources, ({ source }) => folderOf(source));
  let depth = Math.max(0, ...Array.from(groups.keys(), (folder) => folder.split('\\').length));
  while (groups.size > groupsOfSort) groups = cutFolders(groups, --depth);
  return [...groups].map(([folder, members]) => ({ folder, members }));
}

function cutFolders(
  groups: ReadonlyMap<string, readonly SeenSource[]>,
  depth: number,
): Map<string, SeenSource[]> {
  const cut = groupBy(groups, ([folder]) => folder.split('\\').slice(0, depth).join('\\'));
  return new Map([...cut].map(([folder, all]) => [folder, all.flatMap(([, members]) => members)]));
}

function folderOf({ originalPath }: SourceFacts): string {
  return originalPath.slice(0, Math.max(0, originalPath.lastIndexOf('\\')));
}

function toGroup({ folder, members }: Members): SourceGroup[] {
  const [one] = members;
  if (one === undefined) return [];
  const { source, families, server, clock } = one;
  const first = members.reduce<Ticks | undefined>((time, seen) => minTime(time, seen.first), undefined);
  const last = members.reduce<Ticks | undefined>((time, seen) => maxTime(time, seen.last), undefined);
  return [
    {
      folder,
      kind: source.kind,
      family: families.join(', '),
      ...(server === undefined ? {} : { server }),
      sources: members.length,
      bytes: members.reduce((sum, seen) => sum + seen.source.bytes, 0),
      records: members.reduce((sum, seen) => sum + seen.source.records, 0),
      ...(first === undefined ? {} : { first: formatTime(first) }),
      ...(last === undefined ? {} : { last: formatTime(last) }),
      clock,
    },
  ];
}

function keyOf({ folder, kind, family, server, clock }: SourceGroup): string {
  return JSON.stringify([folder, kind, family, server, clock]);
}

function part<T>(list: readonly T[], isFirst: (value: T) => boolean): [T[], T[]] {
  const parts: [T[], T[]] = [[], []];
  for (const value of list) parts[isFirst(value) ? 0 : 1].push(value);
  return parts;
}

function toCovered({ source, server, families, clock, first, last, gaps }: SeenSource): CoveredSource {
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
    clock,
    gaps: gaps.map((gap) => toGap(gap)),
    issues: source.issues,
    ...(source.excerpt ? { excerpt: true } : {}),
    ...(source.duplicateOf === undefined ? {} : { duplicateOf: source.duplicateOf }),
  };
}
