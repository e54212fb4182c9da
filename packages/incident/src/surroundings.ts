import type { CaseFacts, Layout } from '@postern/core';
import { readClocks } from './clocks.ts';
import { cleanHost } from './hosts.ts';
import { findProxies } from './proxies.ts';
import { placeServers } from './place-servers.ts';
import { bookWithTargets } from './sightings.ts';
import type { Surroundings } from './sightings.ts';

/** Servers, clocks and proxies of a case: what every record is judged with. */
export function surroundingsOf(facts: CaseFacts, layout: Layout): Surroundings {
  const book = bookWithTargets(facts, placeServers(facts));
  const shared = facts.sources.filter(
    ({ hosts }) =>
      hosts.size > 1 && new Set([...hosts.keys()].flatMap((host) => cleanHost(host) ?? [])).size > 1,
  );
  return {
    facts,
    sources: new Map(facts.sources.map((source) => [source.id, source])),
    layout,
    book,
    clocks: readClocks(facts, book),
    proxies: findProxies(facts, book),
    shared: new Set(shared.map(({ id }) => id)),
  };
}
