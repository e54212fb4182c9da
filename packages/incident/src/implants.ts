import { asWritten, maxTime, minTime, stableId } from '@postern/core';
import type { Implant, Ticks } from '@postern/core';
import type { Clocks } from './clocks.ts';
import { shown } from './findings.ts';
import { followedUses } from './followed.ts';
import type { ImplantGroup } from './implant-groups.ts';
import { fileOf, removedAt, stateOf } from './implant-state.ts';
import { placementsOf, timesOf, useOf } from './implant-times.ts';
import type { ImplantUse, Placed } from './implant-times.ts';
import { sorted } from './ordered.ts';
import { writtenUrl } from './seen-pages.ts';
import { lastPart } from './served.ts';
import type { Sighting } from './sighting.ts';

/** A back door with the times that are still to be compared. */
export interface ImplantDraft {
  readonly id: string;
  readonly group: ImplantGroup;
  /** The best of the placements. */
  readonly placed: Placed | undefined;
  readonly placements: readonly Placed[];
  readonly use: ImplantUse;
  readonly removed: Ticks | undefined;
  readonly state: Implant['state'];
  /** Short name for sentences. */
  readonly name: string;
}

export interface DraftMatter {
  readonly clocks: Clocks;
  /** Records that the second pass kept. */
  readonly followed: readonly Sighting[];
}

export function draftImplants(
  groups: readonly ImplantGroup[],
  { clocks, followed }: DraftMatter,
): ImplantDraft[] {
  return groups.map((group) => {
    const use = withFollowed(useOf(group), followedUses(followed, group.server, group.url));
    const placements = placementsOf(group, clocks, use);
    const [placed] = placements;
    return {
      id: stableId('implant', [group.server, group.kind, group.url ?? shown(group.path ?? '')]),
      group,
      placed,
      placements,
      use,
      removed: removedAt(group, clocks),
      state: stateOf(group, clocks, placed, use),
      name: shown(shownUrl(group) ?? lastPart(group.path ?? group.kind, '\\')),
    };
  });
}

/**
 * The URL as people write it. Layouts mark places of the front end that hand requests on by its port (`:443/…`); the
 * back end's port tells where a page is reached and stays.
 */
function shownUrl(group: ImplantGroup): string | undefined {
  return spelledUrl(group)?.replace(/^:443(?=\/)/, '');
}

/** In the letters of the first request, the name in those of the file where its path is known; compared is lower case. */
function spelledUrl({ url, path, pages }: ImplantGroup): string | undefined {
  const [page] = pages;
  if (url === undefined) return undefined;
  const asked = page === undefined ? url : asWritten(writtenUrl(page), url);
  const name = lastPart(path ?? '', '\\');
  const isSame = name !== '' && name.toLowerCase() === lastPart(url, '/');
  return isSame ? asked.slice(0, -name.length) + name : asked;
}

/** Both may tell of the same requests: the larger count, and the time from the first to the last. */
function withFollowed(use: ImplantUse, more: Omit<ImplantUse, 'probes'>): ImplantUse {
  if (more.count === 0) return use;
  return {
    probes: use.probes,
    count: Math.max(use.count, more.count),
    first: minTime(use.first, more.first),
    last: maxTime(use.last, more.last),
  };
}

/** Who placed and used what, as the operators' grouping found it. */
export interface ImplantHands {
  readonly placedBy: ReadonlyMap<string, string>;
  readonly usedBy: ReadonlyMap<string, readonly string[]>;
}

export function toImplant(draft: ImplantDraft, hands: ImplantHands): Implant {
  const { group, placements, use, state, id } = draft;
  const judged = group.files.flatMap((file) => file.judged ?? []);
  const url = shownUrl(group);
  const hash = sorted(group.files.flatMap(({ sha256 }) => sha256 ?? []))[0];
  const family = sorted(judged.flatMap((judgement) => judgement.family ?? []))[0];
  const placedBy = hands.placedBy.get(id);
  return {
    id,
    kind: group.kind,
    server: group.server,
    ...(group.path === undefined ? {} : { path: shown(group.path) }),
    ...(url === undefined ? {} : { url: shown(url) }),
    ...(hash === undefined ? {} : { sha256: hash }),
    ...(family === undefined ? {} : { family: shown(family) }),
    traits: sorted([
      ...judged.flatMap(({ traits, yara }) => [
        ...traits.map(({ text }) => shown(text)),
        ...yara.map((rule) => shown(rule)),
      ]),
      ...group.sightings.flatMap(({ implant }) => (implant?.trait === undefined ? [] : shown(implant.trait))),
    ]),
    ...timesOf(placements, use),
    state,
    ...fileOf(group),
    ...(placedBy === undefined ? {} : { placedBy }),
    operators: sorted(hands.usedBy.get(id) ?? []),
    findings: group.findings,
  };
}
