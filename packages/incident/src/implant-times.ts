import { formatTime, maxTime, minTime } from '@postern/core';
import type { FileFacts, Implant, ListedFile, Ticks } from '@postern/core';
import { corrected } from './clocks.ts';
import type { Clocks } from './clocks.ts';
import type { ImplantGroup } from './implant-groups.ts';
import { compareTimes } from './intervals.ts';
import { listedTime } from './listed-times.ts';
import { groupBy } from './ordered.ts';
import { askedOf, usesOf } from './seen-pages.ts';

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
  /** Requests for it that sent nothing: somebody looked whether it was there. */
  readonly probes: number;
}

const listingBases = {
  mft: '$MFT',
  usn: 'USN journal',
  bodyfile: 'bodyfile',
  listing: 'file listing',
} as const;
/** A creation this much after the first use is that of a copy. */
const slack = 36_000_000_000n;

/**
 * Every time that something tells of its making, one for each basis, the best first (judgement section 7): $MFT and USN,
 * then records of the drop, then cmdlets, then what the page says of itself, then when it was compiled.
 */
export function placementsOf(group: ImplantGroup, clocks: Clocks, use: ImplantUse): readonly Placed[] {
  const all = [...group.files.flatMap((file) => byFile(file, clocks)), ...byRecords(group)];
  const possible = all.filter(({ time }) => use.first === undefined || time <= use.first + slack);
  const ordered = possible.toSorted(
    (a, b) => a.rank - b.rank || compareTimes(a.time, b.time) || (a.basis < b.basis ? -1 : 1),
  );
  return [...groupBy(ordered, ({ basis }) => basis).values()].flatMap((same) => same.slice(0, 1));
}

function byFile({ listed, judged }: FileFacts, clocks: Clocks): Placed[] {
  const found: Placed[] = listed === undefined ? [] : byListing(listed, clocks);
  for (const [name, time] of judged?.times ?? [])
    found.push({ time, basis: `the page's own text (${name})`, rank: 4 });
  return found;
}

function byListing(listed: ListedFile, clocks: Clocks): Placed[] {
  const { created, source } = listed;
  const now = listedTime(listed, clocks);
  if (created === undefined || now === undefined) return [];
  const rank = listed.basis === 'mft' || listed.basis === 'usn' ? 0 : 2;
  const basis = listingBases[listed.basis];
  const made = { time: corrected(clocks, source, created), basis, rank };
  if (!now.isChange) return [made];
  const changed = { time: now.time, basis: `${basis} (changed)`, rank };
  return [changed, { ...made, rank: made.rank + 6 }];
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
  const probes = pages.reduce((sum, { page }) => sum + askedOf(page.answers) - usesOf(page.answers), 0);
  const used = pages.filter(({ page }) => usesOf(page.answers) > 0);
  if (used.length > 0) {
    return {
      count: used.reduce((sum, { page }) => sum + usesOf(page.answers), 0),
      first: used.reduce<Ticks | undefined>((time, page) => minTime(time, page.firstUse), undefined),
      last: used.reduce<Ticks | undefined>((time, page) => maxTime(time, page.lastUse), undefined),
      probes,
    };
  }
  const records = sightings.filter(({ implant }) => implant?.event === 'used');
  return {
    count: records.reduce((sum, { count }) => sum + count, 0),
    first: records.reduce<Ticks | undefined>((time, s) => minTime(time, s.time), undefined),
    last: records.reduce<Ticks | undefined>((time, s) => maxTime(time, s.last), undefined),
    probes,
  };
}

/** Times as the assessment writes them. */
export function timesOf(
  placements: readonly Placed[],
  use: ImplantUse,
): Pick<Implant, 'placedAt' | 'placements' | 'firstUsedAt' | 'lastUsedAt' | 'uses' | 'probes'> {
  const told = placements.map(({ time, basis }) => ({ time: formatTime(time), basis }));
  const [placed] = told;
  return {
    ...(placed === undefined ? {} : { placedAt: placed }),
    placements: told,
    ...(use.first === undefined || use.count === 0 ? {} : { firstUsedAt: formatTime(use.first) }),
    ...(use.last === undefined || use.count === 0 ? {} : { lastUsedAt: formatTime(use.last) }),
    uses: use.count,
    probes: use.probes,
  };
}
