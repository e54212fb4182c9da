import { formatTime, maxTime, minTime } from '@postern/core';
import type { FileFacts, Implant, Ticks } from '@postern/core';
import { corrected } from './clocks.ts';
import type { Clocks } from './clocks.ts';
import type { ImplantGroup } from './implant-groups.ts';
import { compareTimes } from './intervals.ts';
import { usesOf } from './page-checks.ts';

/** When a back door was made, and who says so. The lower the rank, the better the basis. */
export interface Placed {
  readonly time: Ticks;
  readonly basis: string;
  readonly rank: number;
}

export interface ImplantUse {
  readonly count: number;
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
}

const listingBases = {
  mft: '$MFT',
  usn: 'USN journal',
  bodyfile: 'bodyfile',
  listing: 'file listing',
} as const;
/** A creation this much after the first use is that of a copy. */
const slack = 36_000_000_000n;

/** Judgement section 7: $MFT and USN, then records of the drop, then cmdlets, then what the page says of itself. */
export function placedAt(group: ImplantGroup, clocks: Clocks, use: ImplantUse): Placed | undefined {
  const all = [...group.files.flatMap((file) => byFile(file, clocks)), ...byRecords(group)];
  const possible = all.filter(({ time }) => use.first === undefined || time <= use.first + slack);
  return possible.toSorted(
    (a, b) => a.rank - b.rank || compareTimes(a.time, b.time) || (a.basis < b.basis ? -1 : 1),
  )[0];
}

function byFile({ listed, judged }: FileFacts, clocks: Clocks): Placed[] {
  const found: Placed[] = [];
  if (listed?.created !== undefined) {
    const rank = listed.basis === 'mft' || listed.basis === 'usn' ? 0 : 2;
    found.push({
      time: corrected(clocks, listed.source, listed.created),
      basis: listingBases[listed.basis],
      rank,
    });
  }
  for (const [name, time] of judged?.times ?? [])
    found.push({ time, basis: `the page's own text (${name})`, rank: 4 });
  return found;
}

function byRecords({ sightings }: ImplantGroup): Placed[] {
  return sightings.flatMap(({ implant, time, recorder }) => {
    if (implant?.event !== 'placed' || time === undefined) return [];
    const rank = /sysmon/i.test(recorder)
      ? 1
      : recorder.startsWith('windows:') && !/MSExchange/i.test(recorder)
        ? 1
        : 3;
    return [{ time, basis: implant.basis ?? recorder, rank: implant.basis === undefined ? rank : 5 }];
  });
}

/** Uses by the pages' own counts, else by the records that rules found. */
export function useOf({ pages, sightings }: ImplantGroup): ImplantUse {
  const used = pages.filter(({ page }) => usesOf(page.answers) > 0);
  if (used.length > 0) {
    return {
      count: used.reduce((sum, { page }) => sum + usesOf(page.answers), 0),
      first: used.reduce<Ticks | undefined>((time, page) => minTime(time, page.firstUse), undefined),
      last: used.reduce<Ticks | undefined>((time, page) => maxTime(time, page.lastUse), undefined),
    };
  }
  const records = sightings.filter(({ implant }) => implant?.event === 'used');
  return {
    count: records.reduce((sum, { count }) => sum + count, 0),
    first: records.reduce<Ticks | undefined>((time, s) => minTime(time, s.time), undefined),
    last: records.reduce<Ticks | undefined>((time, s) => maxTime(time, s.last), undefined),
  };
}

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
  if (removed === undefined) return isThere ? 'present' : hasRemoval(group) ? 'removed' : 'unknown';
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

/** Times as the assessment writes them. */
export function timesOf(
  placed: Placed | undefined,
  use: ImplantUse,
): Pick<Implant, 'placedAt' | 'firstUsedAt' | 'lastUsedAt' | 'uses'> {
  return {
    ...(placed === undefined ? {} : { placedAt: { time: formatTime(placed.time), basis: placed.basis } }),
    ...(use.first === undefined || use.count === 0 ? {} : { firstUsedAt: formatTime(use.first) }),
    ...(use.last === undefined || use.count === 0 ? {} : { lastUsedAt: formatTime(use.last) }),
    uses: use.count,
  };
}
