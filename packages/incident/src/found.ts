import type { Ticks } from '@postern/core';
import { isAsked } from './asked.ts';
import { adoptCompiled, adoptShortNames } from './adopt.ts';
import { buildsOf } from './exposure.ts';
import type { ServerBuild } from './exposure.ts';
import { familySpans } from './families.ts';
import type { FamilySpan } from './families.ts';
import { findingsOf } from './findings.ts';
import { isFollowed } from './followed.ts';
import type { FindingDraft } from './findings.ts';
import { groupImplants, knownUrls } from './implant-groups.ts';
import { draftImplants } from './implants.ts';
import type { ImplantDraft } from './implants.ts';
import { sightingsOfPages } from './page-checks.ts';
import type { Seen } from './seen.ts';
import { pagesByPlace } from './seen-pages.ts';
import { productsOf } from './products.ts';
import { withReadPages } from './read-pages.ts';
import { compareSightings } from './sighting.ts';
import type { Sighting } from './sighting.ts';
import type { Surroundings } from './sightings.ts';

/** Everything found, before anything is judged. */
export interface Found {
  readonly given: Surroundings;
  readonly spans: readonly FamilySpan[];
  readonly drafts: readonly FindingDraft[];
  /** Records that the second pass kept, set aside ones left out. */
  readonly followed: readonly Sighting[];
  readonly implants: readonly ImplantDraft[];
  readonly builds: ReadonlyMap<string, readonly ServerBuild[]>;
  readonly products: ReadonlyMap<string, ReadonlySet<string>>;
  /** Sightings outside of the time that was asked for. */
  readonly outside: readonly Sighting[];
}

/** Puts hits, files and pages in order: findings, back doors, builds, products. */
export function findAll({ given, pages, records, files }: Seen): Found {
  const { facts } = given;
  const spans = familySpans(facts, given.book, given.clocks);
  const builds = buildsOf(facts, given.book, given.clocks);
  const direct = withReadPages(given, [...records, ...files], firstAttempts);
  const requests = sightingsOfPages(pages, {
    given,
    known: knownUrls(given.layout, direct),
    attempts: firstAttempts(direct),
    begins: webLogsBegin(spans),
  });
  const all = [...direct, ...requests].toSorted(compareSightings);
  const sightings = all.filter((sighting) => isAsked(facts, sighting));
  const drafts = findingsOf(
    sightings.filter((sighting) => !isFollowed(sighting)),
    facts.options,
  );
  const followed = sightings.filter((sighting) => isFollowed(sighting) && sighting.setAside === undefined);
  const groups = groupImplants(drafts, {
    layout: given.layout,
    book: given.book,
    files: facts.files,
    pages: pagesByPlace(pages),
  });
  const doors = adoptShortNames(adoptCompiled(given.layout, groups));
  const implants = draftImplants(doors, { clocks: given.clocks, followed });
  const products = productsOf({ facts, book: given.book, spans, builds, pages, sightings: all }, facts.packs);
  const outside = all.filter((sighting) => !isAsked(facts, sighting));
  return { given, spans, drafts, followed, implants, builds, products, outside };
}

/** Server id → the first attempt on it, or what came of one, that any pack's rule saw. */
function firstAttempts(sightings: readonly Sighting[]): ReadonlyMap<string, Ticks> {
  const first = new Map<string, Ticks>();
  for (const { rule, packs, setAside, time, targets, recordedOn } of sightings) {
    if (rule.stage === 'probe' || packs.length === 0 || setAside !== undefined || time === undefined)
      continue;
    for (const server of new Set([...targets, recordedOn])) {
      const known = first.get(server);
      if (known === undefined || time < known) first.set(server, time);
    }
  }
  return first;
}

/** Server id → the first record of its web logs. */
function webLogsBegin(spans: readonly FamilySpan[]): ReadonlyMap<string, Ticks> {
  const begins = new Map<string, Ticks>();
  for (const { server, family, first } of spans) {
    const known = begins.get(server);
    if (family.startsWith('iis') && (known === undefined || first < known)) begins.set(server, first);
  }
  return begins;
}
