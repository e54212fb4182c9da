import { parseTime } from '@postern/core';
import type { Assessment, CheckState, Finding, Implant, ImplantCheck, Ticks, Time } from '@postern/core';
import { say } from './messages.ts';
import { canonicalPath, lastPart } from './served.ts';
import { placeCovered } from './verify-places.ts';
import type { PlaceMatter } from './verify-places.ts';

export interface ImplantMatter extends PlaceMatter {
  /** Why nothing of AFTER's silence counts, whatever it is about. */
  readonly mute: string | undefined;
}

interface Answer {
  readonly state: CheckState;
  readonly why: string;
}

/** What became of one back door of BEFORE: closed only where AFTER covers the place it lay in (judgement section 9). */
export function checkImplant(implant: Implant, matter: ImplantMatter): ImplantCheck {
  const { id, kind, path, url } = implant;
  const answer = openAnswer(implant, matter) ?? closedAnswer(implant, matter);
  return {
    id,
    kind,
    ...(path === undefined ? {} : { path }),
    ...(url === undefined ? {} : { url }),
    ...answer,
  };
}

/** The same back door in two assessments: by id, path or URL; what is left of a page may know its bare name only. */
export function isSame(a: Implant, b: Implant): boolean {
  if (a.kind !== b.kind) return false;
  // Letters are those of the first request that each scan saw.
  if (a.id === b.id || (a.url !== undefined && a.url.toLowerCase() === b.url?.toLowerCase())) return true;
  if (a.path === undefined || b.path === undefined) return false;
  const [x, y] = [canonicalPath(a.path), canonicalPath(b.path)];
  const isBare = !x.includes('\\') || !y.includes('\\');
  return x === y || (isBare && lastPart(x, '\\') === lastPart(y, '\\'));
}

/** True where a time lies after another; what is not known does not. */
export function isAfter(time: Time | undefined, end: Ticks | undefined): boolean {
  const ticks = time === undefined ? undefined : parseTime(time);
  return ticks !== undefined && end !== undefined && ticks > end;
}

/** Signs of life in AFTER count whatever else it lacks. */
function openAnswer(implant: Implant, matter: ImplantMatter): Answer | undefined {
  const again = matter.afterImplants.filter((other) => isSame(implant, other));
  if (again.some(({ state }) => state === 'returned')) return { state: 'open', why: say('verify.returned') };
  if (again.some(({ state }) => state === 'present')) return { state: 'open', why: say('verify.present') };
  if (hasSameContent(implant, matter)) return { state: 'open', why: say('verify.same-content') };
  if (again.some(({ state }) => state === 'removed')) return undefined;
  const last = lastUse(implant, again, matter);
  return last === undefined
    ? undefined
    : { state: 'open', why: say('verify.used', { date: last.slice(0, 10) }) };
}

function hasSameContent({ path, sha256 }: Implant, { after, pair }: ImplantMatter): boolean {
  if (path === undefined || sha256 === undefined) return false;
  return after.coverage.sources.some(
    (source) =>
      source.server === pair.after?.id &&
      source.sha256 === sha256 &&
      canonicalPath(source.originalPath) === canonicalPath(path),
  );
}

/** The last use after BEFORE's records end. */
function lastUse(implant: Implant, again: readonly Implant[], matter: ImplantMatter): Time | undefined {
  const uses = namedIn(implant, matter.after, matter.pair.after?.id).filter(
    (finding) => finding.stage === 'use' && counts(finding),
  );
  return [...again.map(({ lastUsedAt }) => lastUsedAt), ...uses.map(({ first, last }) => last ?? first)]
    .filter((time) => time !== undefined)
    .filter((time) => isAfter(time, matter.pair.beforeEnds))
    .toSorted()
    .at(-1);
}

/** No lead, and neither a rule nor a person set it aside. */
export function counts({ witness, setAside, review }: Finding): boolean {
  const isExcused = review !== undefined && review.disposition !== 'confirmed';
  return witness !== 'lead' && setAside === undefined && !isExcused;
}

/** Findings of one server that name its path or URL. */
function namedIn({ path, url }: Implant, { findings }: Assessment, server: string | undefined): Finding[] {
  const place = path === undefined ? undefined : canonicalPath(path);
  return findings.filter(
    ({ entities, recordedOn, targets }) =>
      server !== undefined &&
      (recordedOn === server || targets.includes(server)) &&
      (entities.paths.some((each) => canonicalPath(each) === place) ||
        entities.urls.some((each) => each.toLowerCase() === url?.toLowerCase())),
  );
}

/** No sign of life: gone, if AFTER would have shown it. */
function closedAnswer(implant: Implant, matter: ImplantMatter): Answer {
  const { mute, pair } = matter;
  if (pair.after === undefined) return { state: 'cannot-tell', why: say('verify.no-server') };
  const again = matter.afterImplants.filter((other) => isSame(implant, other));
  const removed = again.find(({ state }) => state === 'removed');
  const doubt = mute ?? orderDoubt(matter, removed !== undefined);
  if (doubt !== undefined) return { state: 'cannot-tell', why: doubt };
  if (removed !== undefined && isRemovedSince(implant, removed, matter))
    return {
      state: 'closed',
      why: say(removed.file === 'never-seen' ? 'verify.removed-by-log' : 'verify.removed'),
    };
  const odd = traceOf(implant, again, matter);
  if (odd !== undefined) return { state: 'cannot-tell', why: odd };
  const { isCovered, why } = placeCovered(implant, matter);
  if (isCovered) return { state: 'closed', why };
  return { state: 'cannot-tell', why: removed === undefined ? why : say('verify.removed-before') };
}

/**
 * Old records tell of old removals: what BEFORE still saw may have come back after one. So the removal must be known to
 * BEFORE too, or be of a later time.
 */
function isRemovedSince(implant: Implant, removed: Implant, { after, pair }: ImplantMatter): boolean {
  if (implant.state === 'removed') return true;
  if (isAfter(pair.after?.seen?.from, pair.beforeEnds)) return true;
  return after.timeline.some(
    ({ ref, lane, title, time }) =>
      ref === removed.id &&
      lane === 'defender' &&
      title.startsWith(say('timeline.removed', { name: '' })) &&
      isAfter(time, pair.beforeEnds),
  );
}

/** Silence speaks only of a later time; a removal that both know of needs none. */
function orderDoubt({ pair: { order } }: ImplantMatter, isRemoved: boolean): string | undefined {
  if (order === 'later' || (order === 'same' && isRemoved)) return undefined;
  return say(order === 'unknown' ? 'verify.no-times' : 'verify.earlier');
}

/** What hints that it is still there, though nothing in AFTER counts it. */
function traceOf(
  implant: Implant,
  again: readonly Implant[],
  { after, pair }: ImplantMatter,
): string | undefined {
  const named = namedIn(implant, after, pair.after?.id).filter(
    ({ recorders, act }) =>
      act !== removal && recorders.some((recorder) => recorder === 'file' || recorder === 'file-listing'),
  );
  const ids = [...new Set([...named.map(({ id }) => id), ...again.filter(isOnDisk).map(({ id }) => id)])];
  if (ids.length > 0) return say('verify.named', { ids: ids.slice(0, idsNamed).join(', ') });
  const name = implant.path === undefined ? undefined : lastPart(canonicalPath(implant.path), '\\');
  const isSkipped = after.coverage.skipped.some(
    ({ path }) => lastPart(canonicalPath(path.replaceAll('/', '\\')), '\\') === name,
  );
  return isSkipped ? say('verify.skipped') : undefined;
}

/** Told of by a file or a listing, without a word on whether it is still there. */
function isOnDisk({ file }: Implant): boolean {
  return file === 'collected' || file === 'listed';
}

const idsNamed = 3;

/** The act of findings that tell of a removal. */
export const removal = 'page-removed';
