import { parseTime } from '@postern/core';
import type { Assessment, CoveredSource, Finding, Implant } from '@postern/core';
import { say } from './messages.ts';
import { canonicalPath, lastPart } from './served.ts';
import type { ServerPair } from './verify-servers.ts';

/** What the absence of a back door is told from. */
export interface PlaceMatter {
  readonly before: Assessment;
  readonly after: Assessment;
  readonly pair: ServerPair;
  /** Back doors of the same server in both, whose own files do not count. */
  readonly implants: readonly Implant[];
  readonly afterImplants: readonly Implant[];
}

/** Whether AFTER would show it if it were still there, and why. */
export interface PlaceAnswer {
  readonly isCovered: boolean;
  readonly why: string;
}

/** Kinds that a configuration tells of. */
const configured: ReadonlySet<Implant['kind']> = new Set([
  'virtual-directory',
  'iis-module',
  'transport-agent',
]);

/**
 * Whether AFTER covers the place of a back door, so that its silence speaks: whatever told of it in BEFORE must have
 * been looked at again. A page: by its folder's files, or by a listing of the disk; an entry of a configuration: by that
 * file. Records that are silent say nothing.
 */
export function placeCovered(implant: Implant, matter: PlaceMatter): PlaceAnswer {
  if (configured.has(implant.kind)) return configurationCovered(implant, matter);
  if (implant.kind !== 'web-shell') return { isCovered: false, why: say('verify.records-only') };
  if (implant.path === undefined) return { isCovered: false, why: say('verify.no-path') };
  const { path } = implant;
  if (isListedAgain(path, findingsOf(implant, matter.before), matter))
    return { isCovered: true, why: say('verify.listing') };
  const isToldByContent = tellingFiles(implant, matter).some((source) => isAt(source, path));
  if (isToldByContent && isFolderCollected(path, matter))
    return { isCovered: true, why: say('verify.files') };
  return { isCovered: false, why: say('verify.not-covered') };
}

function configurationCovered(implant: Implant, matter: PlaceMatter): PlaceAnswer {
  const files = tellingFiles(implant, matter).filter(({ kind }) => kind === 'web-config');
  const again = files.filter((file) =>
    sourcesOf(matter, 'after').some(
      (source) => isAt(source, file.originalPath) && isSound(source) && source.sha256 !== file.sha256,
    ),
  );
  const isCovered = files.length > 0 && again.length === files.length;
  return { isCovered, why: say(isCovered ? 'verify.configuration' : 'verify.no-configuration') };
}

/** Those of rules that are known to have been asked again: the user's own may not have been given. */
function findingsOf({ findings }: Implant, { findings: all }: Assessment): readonly Finding[] {
  return all.filter(
    ({ id, rule }) => findings.includes(id) && (rule.pack !== undefined || rule.kind === 'check'),
  );
}

/** The files of BEFORE whose content told of it. */
function tellingFiles(implant: Implant, { before }: PlaceMatter): readonly CoveredSource[] {
  const cited = new Set(
    findingsOf(implant, before)
      .filter(({ recorders }) => recorders.includes('file'))
      .flatMap(({ evidence }) => evidence.map(({ source }) => source)),
  );
  return before.coverage.sources.filter(({ id }) => cited.has(id));
}

function sourcesOf({ before, after, pair }: PlaceMatter, of: 'before' | 'after'): readonly CoveredSource[] {
  const { sources } = (of === 'before' ? before : after).coverage;
  const server = of === 'before' ? pair.before.id : pair.after?.id;
  return sources.filter((source) => source.server !== undefined && source.server === server);
}

function isAt({ originalPath }: CoveredSource, path: string): boolean {
  return canonicalPath(originalPath) === canonicalPath(path);
}

/** Read whole. */
function isSound({ damaged, excerpt, issues }: CoveredSource): boolean {
  return damaged === 0 && excerpt !== true && issues.every(({ severity }) => severity === 'info');
}

/**
 * A listing names what some rule looks for only. So one of BEFORE must have named this page, and AFTER's must be of the
 * same sort, whole, and of a later time.
 */
function isListedAgain(path: string, findings: readonly Finding[], matter: PlaceMatter): boolean {
  const cited = new Set(
    findings
      .filter(({ recorders }) => recorders.includes('file-listing'))
      .flatMap(({ evidence }) => evidence.map(({ source }) => source)),
  );
  const listings = matter.before.coverage.sources.filter(
    ({ id, kind }) => kind === 'file-listing' && cited.has(id),
  );
  if (listings.length === 0) return false;
  return sourcesOf(matter, 'after').some(
    (source) =>
      isLaterListing(source, matter) && listings.some((old) => listsSame(source, old, path, matter)),
  );
}

/**
 * The lists that KAPE (`…_CopyLog.csv`) and Velociraptor (`All File Metadata`) write of what they collected: a file is not
 * in them where it is gone, but also where nobody asked for it.
 */
const collectedLists = /_CopyLog\.csv$|All (?:File|Matches) Metadata/i;

function isLaterListing(source: CoveredSource, { pair }: PlaceMatter): boolean {
  if (collectedLists.test(source.originalPath)) return false;
  const last = source.last === undefined ? undefined : parseTime(source.last);
  if (source.kind !== 'file-listing' || !isSound(source) || last === undefined) return false;
  return pair.beforeEnds !== undefined && last > pair.beforeEnds;
}

/** A master file table has the whole disk; of other listings only their size tells that they go as far as before. */
function listsSame(
  source: CoveredSource,
  old: CoveredSource,
  path: string,
  { implants }: PlaceMatter,
): boolean {
  const isTable = [source, old].every(({ originalPath }) => /\$mft(?!mirr)/i.test(originalPath));
  const isOfDrive = [source, old].every(({ issues }) =>
    issues.some(({ code }) => code.endsWith('DRIVE_ASSUMED')),
  );
  if (isTable && isOfDrive && /^c:/i.test(path)) return true;
  if (nameShape(source) !== nameShape(old)) return false;
  return isTable || source.records >= old.records - implants.length;
}

/** The name without the numbers of its day and hour. */
function nameShape({ originalPath }: CoveredSource): string {
  return lastPart(canonicalPath(originalPath), '\\').replaceAll(/\d+/g, '#');
}

/**
 * Its folder was collected as fully as in BEFORE: there are at least as many files in it, back doors not counted. Groups
 * whose folder was cut shorter tell nothing of a folder below.
 */
function isFolderCollected(path: string, matter: PlaceMatter): boolean {
  const folder = folderOf(path);
  const now = filesIn(folder, matter, 'after');
  return now > 0 && now >= filesIn(folder, matter, 'before');
}

function filesIn(folder: string, matter: PlaceMatter, of: 'before' | 'after'): number {
  const { pair, before, after } = matter;
  const server = of === 'before' ? pair.before.id : pair.after?.id;
  const { groups } = (of === 'before' ? before : after).coverage;
  const own = new Set(
    (of === 'before' ? matter.implants : matter.afterImplants).flatMap((implant) =>
      implant.path === undefined ? [] : canonicalPath(implant.path),
    ),
  );
  const single = new Set(
    sourcesOf(matter, of)
      .map(({ originalPath }) => canonicalPath(originalPath))
      .filter((path) => folderOf(path) === folder && !own.has(path)),
  );
  const grouped = groups.filter((group) => group.server === server && canonicalPath(group.folder) === folder);
  return single.size + grouped.reduce((sum, { sources }) => sum + sources, 0);
}

function folderOf(path: string): string {
  const whole = canonicalPath(path);
  return whole.slice(0, Math.max(0, whole.lastIndexOf('\\')));
}
