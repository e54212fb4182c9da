import { maxTime } from '@postern/core';
import type { Implant, Ticks } from '@postern/core';
import { corrected } from './clocks.ts';
import type { Clocks } from './clocks.ts';
import type { ImplantGroup } from './implant-groups.ts';
import type { ImplantUse, Placed } from './implant-times.ts';
import { compareTimes } from './intervals.ts';
import { existsBy } from './seen-pages.ts';
import type { SeenPage } from './seen-pages.ts';

/** When it was taken away for the last time, as records or a listing tell. */
export function removedAt({ files, sightings }: ImplantGroup, clocks: Clocks): Ticks | undefined {
  const listed = files.flatMap((file) =>
    file.listed?.deleted === undefined ? [] : [corrected(clocks, file.listed.source, file.listed.deleted)],
  );
  const recorded = sightings.flatMap(({ implant, time }) =>
    implant?.event === 'removed' && time !== undefined ? [time] : [],
  );
  return [...listed, ...recorded].reduce<Ticks | undefined>((time, next) => maxTime(time, next), undefined);
}

/** `present`: a file of it was collected or is listed; `returned`: seen again after it had been taken away. */
export function stateOf(
  group: ImplantGroup,
  clocks: Clocks,
  placed: Placed | undefined,
  use: ImplantUse,
): Implant['state'] {
  const removed = removedAt(group, clocks);
  const files = group.files.filter(({ inert }) => inert === undefined);
  const isCollected =
    files.some(({ source }) => source !== undefined) ||
    group.sightings.some(({ implant }) => implant?.isThere === true);
  // A journal tells of the making of a file, not that it is still there.
  const isListed = files.some(
    ({ listed }) => listed !== undefined && listed.basis !== 'usn' && listed.deleted === undefined,
  );
  const isThere = isCollected || (isListed && !hasRemoval(group));
  if (removed === undefined && !isThere && !hasRemoval(group)) return stateByLog(group.pages);
  if (removed === undefined) return isThere ? 'present' : 'removed';
  const again = latest([
    ...group.sightings.filter(({ implant }) => implant?.event === 'placed').map(({ time }) => time),
    placed?.time,
    use.last,
  ]);
  if (again !== undefined && again > removed) return 'returned';
  return isThere ? 'present' : 'removed';
}

/** A removal whose record has no time is a removal all the same. */
function hasRemoval({ sightings }: ImplantGroup): boolean {
  return sightings.some(({ implant }) => implant?.event === 'removed');
}

function latest(times: readonly (Ticks | undefined)[]): Ticks | undefined {
  return times.reduce<Ticks | undefined>((time, next) => maxTime(time, next), undefined);
}

/** What became of the file itself, as far as the collection shows it; nothing for what is no page. */
export function fileOf({ kind, files, sightings }: ImplantGroup): Pick<Implant, 'file'> {
  if (kind !== 'web-shell') return {};
  const own = files.filter(({ inert }) => inert === undefined);
  if (own.some(({ source }) => source !== undefined)) return { file: 'collected' };
  const isDeleted = own.some(({ listed }) => listed?.deleted !== undefined);
  if (isDeleted || sightings.some(({ implant }) => implant?.event === 'removed')) return { file: 'deleted' };
  const isListed =
    own.some(({ listed }) => listed !== undefined) ||
    sightings.some(({ recorder, implant }) => recorder === 'file-listing' && implant !== undefined);
  return { file: isListed ? 'listed' : 'never-seen' };
}

/**
 * Where only web logs tell of it: gone once it is answered 404 (or sent to the log-on page, if it never was before)
 * after its last sign of life, back if it answers again after that. That it answered last says nothing of now.
 */
function stateByLog(pages: readonly SeenPage[]): Implant['state'] {
  const ordered = pages.toSorted((a, b) => compareTimes(a.first, b.first) || compareTimes(a.last, b.last));
  const wasRedirected = ordered.some(({ page }) => existsBy(page.answers) && hasAnswer(page.answers, 302));
  let state: Implant['state'] = 'unknown';
  let wasThere = false;
  for (const { page } of ordered) {
    if (existsBy(page.answers)) {
      if (state === 'removed') state = 'returned';
      wasThere = true;
    } else if (
      wasThere &&
      (hasAnswer(page.answers, 404) || (!wasRedirected && hasAnswer(page.answers, 302)))
    ) {
      state = 'removed';
    }
  }
  return state;
}

function hasAnswer(answers: ReadonlyMap<string, number>, status: number): boolean {
  return [...answers].some(([answer, count]) => count > 0 && answer.endsWith(` ${status}`));
}
