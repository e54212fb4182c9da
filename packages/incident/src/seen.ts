import type { CaseFacts, Hit, Issue } from '@postern/core';
import { layoutOf } from './configured-layout.ts';
import { sightingsOfFiles } from './file-checks.ts';
import { isFollowed } from './followed.ts';
import { pagesOf } from './seen-pages.ts';
import type { SeenPage } from './seen-pages.ts';
import type { Sighting } from './sighting.ts';
import { sightingsOfHits } from './sightings.ts';
import type { Surroundings } from './sightings.ts';
import { surroundingsOf } from './surroundings.ts';

/** What the evidence shows, each thing in its place: what is followed and what is judged is told from it. */
export interface Seen {
  readonly given: Surroundings;
  readonly pages: readonly SeenPage[];
  readonly records: readonly Sighting[];
  readonly files: readonly Sighting[];
}

/** What the second pass learned. */
export interface Followed {
  readonly hits: readonly Hit[];
  readonly issues: readonly Issue[];
  readonly complete: boolean;
}

/** Gives every source its server, clock and proxies, and looks at all records, files and pages. */
export function seeAll(facts: CaseFacts): Seen {
  const given = surroundingsOf(facts, layoutOf(facts));
  return {
    given,
    pages: pagesOf(given),
    records: sightingsOfHits(given, facts.hits),
    files: sightingsOfFiles(given),
  };
}

/**
 * The same with what the second pass kept. Its records are leads: as long as every source has its place already they
 * move nothing, and only they are looked at.
 */
export function seeMore(seen: Seen, { hits, issues, complete }: Followed): Seen {
  const { facts, book } = seen.given;
  const all: CaseFacts = {
    ...facts,
    hits: [...facts.hits, ...hits],
    issues: [...(facts.issues ?? []), ...issues],
    complete,
  };
  if (!book.isSettled || !hits.every((hit) => isFollowedRecord(facts, hit))) return seeAll(all);
  const given = { ...seen.given, facts: all };
  return { ...seen, given, records: [...seen.records, ...sightingsOfHits(given, hits)] };
}

function isFollowedRecord({ rules }: CaseFacts, { rule: id, recorder }: Hit): boolean {
  const rule = rules.get(id);
  return recorder !== 'file' && rule !== undefined && isFollowed({ rule });
}
