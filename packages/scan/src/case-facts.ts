import { originalPathOf, type Collection, type CollectionEntry } from '@postern/collection';
import {
  PosternError,
  type CaseFacts,
  type CaseOptions,
  type FileFacts,
  type Issue,
  type RuleInfo,
  type Skipped,
} from '@postern/core';
import type { FirstPass } from './first-pass.ts';
import { markInert, servedFolders } from './inert.ts';
import { ruleInfos } from './knowledge.ts';
import type { Merged } from './merge.ts';
import { isStopped } from './pool.ts';
import type { ScanOptions } from './scan.ts';
import { followRules } from './second-pass.ts';
import { posternVersion } from './version.ts';
import type { Failure } from './worker-task.ts';

/** What the first pass learned. */
export interface Learned {
  readonly merged: Merged;
  /** Sources without a result: the disk failed, or the user stopped the run. */
  readonly unread: readonly Skipped[];
  /** The user's own YARA rules. */
  readonly yara: readonly RuleInfo[];
}

/** All that the judgement is told before anything is followed. */
export function caseFacts(
  { skipped, issues }: Pick<Collection, 'skipped' | 'issues'>,
  { knowledge, case: options }: Pick<ScanOptions, 'knowledge' | 'case'>,
  { merged, unread, yara }: Learned,
): CaseFacts {
  return {
    version: posternVersion,
    packs: knowledge.packs,
    rules: ruleInfos(knowledge, [...followRules, ...yara]),
    refused: knowledge.refused,
    indicators: knowledge.indicators.length,
    sources: merged.sources,
    issues,
    skipped: [...skipped, ...unread, ...merged.skipped],
    hits: merged.hits,
    files: markInert(merged.files, servedFolders(knowledge.packs.map(({ layout }) => layout))),
    options,
    complete: true,
  };
}

/**
 * `--server NAME=PATH` with the paths as sources have them: people name them as they lie on the disk.
 *
 * @throws PosternError `POSTERN_SCAN_SERVER_PATH` where nothing of the evidence lies there
 */
export function serverPlaces(
  { placeOf, entries }: Pick<Collection, 'placeOf' | 'entries'>,
  servers: CaseOptions['servers'],
): CaseOptions['servers'] {
  return new Map([...servers].map(([name, paths]) => [name, paths.map((path) => placed(name, path))]));

  function placed(name: string, path: string): string {
    const place = placeOf(path);
    if (place !== undefined) return place;
    const folders = [...new Set(entries.map((entry) => entry.path.split('/')[0] ?? ''))].toSorted();
    throw new PosternError({
      code: 'POSTERN_SCAN_SERVER_PATH',
      message: `no file of the evidence lies at ${path}`,
      at: `--server ${name}`,
      hint: `Name a folder or file of it, as on the disk or from the evidence on: ${folders.slice(0, 5).join(', ')}${folders.length > 5 ? ' …' : ''}`,
    });
  }
}

/** The archives that were found inside the evidence, as files of the server. */
export function archivesIn({
  entries,
  containers,
  issues,
}: Pick<Collection, 'entries' | 'containers' | 'issues'>): readonly FileFacts[] {
  const collections = new Map(entries.map(({ container, collection }) => [container, collection]));
  const cut = new Set(
    issues.flatMap(({ code, source }) => (code === 'POSTERN_COLLECTION_ENTRY_DAMAGED' ? (source ?? []) : [])),
  );
  return containers.flatMap(({ path, bytes, sha256 }) => {
    const collection = collections.get(path);
    const { originalPath } = originalPathOf(path);
    // One without a place on a server was made by whoever packed the evidence.
    if (collection === undefined || !/^[a-z]:\\/i.test(originalPath)) return [];
    const file = { path: originalPath, collection, bytes, sha256 };
    return [cut.has(path) ? { ...file, isCut: true } : file];
  });
}

/** A source that has no result, as it is listed. */
export function unread({ path, size: bytes }: CollectionEntry, outcome: Failure): Skipped {
  if (isStopped(outcome))
    return { path, reason: 'stopped', bytes, detail: 'the run was stopped before this was read' };
  const detail = `this source could not be read to its end: ${outcome.failure}`;
  return { path, reason: 'unreadable', bytes, detail };
}

/** Issues of one code that are told at once; the coverage has all of them. */
const toldOfCode = 3;

/** Says at once what went wrong inside of files, the first of each sort; damage that costs nothing is not said. */
export function tellIssues(
  results: readonly FirstPass[],
  { onIssue }: { readonly onIssue?: (issue: Issue) => void },
): void {
  const all = results.flatMap(({ facts }) =>
    facts.issues
      .filter(({ severity }) => severity !== 'info')
      .map((issue): Issue => ({ ...issue, source: placeOf(facts.path, issue) })),
  );
  for (const issue of firstOfEach(all, 'more like this; the coverage in the report has them all'))
    onIssue?.(issue);
}

/** What to say of a collection as it is opened: the first issues of each code, and how many more there are. */
export function openingIssues(
  { issues, skipped }: Pick<Collection, 'issues' | 'skipped'>,
  moreText = 'more like this; the coverage in the report has them all',
): readonly Issue[] {
  return firstOfEach([...issues, ...skipped.flatMap(skippedIssue)], moreText);
}

function firstOfEach(all: readonly Issue[], moreText: string): readonly Issue[] {
  return [...groupByCode(all)].flatMap(([code, issues]) => {
    const more = issues.length - toldOfCode;
    const [one] = issues;
    const first = issues.slice(0, toldOfCode);
    if (more <= 0 || one === undefined) return first;
    return [...first, { code, severity: one.severity, message: `${more} ${moreText}` }];
  });
}

function placeOf(path: string, { at }: Issue): string {
  return at?.line === undefined ? path : `${path}:${at.line}`;
}

function groupByCode(issues: readonly Issue[]): ReadonlyMap<string, readonly Issue[]> {
  const groups = new Map<string, Issue[]>();
  for (const issue of issues) {
    const group = groups.get(issue.code) ?? [];
    groups.set(issue.code, group);
    group.push(issue);
  }
  return groups;
}

/** Reasons of which people want to hear at once, for they may copy the evidence again. */
const told: ReadonlySet<Skipped['reason']> = new Set([
  'encrypted',
  'damaged',
  'unreadable',
  'limit',
  'unsafe-name',
]);

/** What to say at once of something in the collection that is not read. */
export function skippedIssue({ path, reason, detail }: Skipped): readonly Issue[] {
  if (!told.has(reason)) return [];
  const message = `not read (${reason})${detail === undefined ? '' : `: ${detail}`}`;
  return [{ code: 'POSTERN_SCAN_SKIPPED', severity: 'warning', message, source: path }];
}
