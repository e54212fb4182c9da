import { limits } from '@postern/core';
import type { CaseFacts, Pivots, Stage } from '@postern/core';
import { isLoopback } from './addresses.ts';
import { existsBy, usesOf, isUnknownPage } from './seen-pages.ts';
import { isProxy } from './proxies.ts';
import { canonicalPath, isProductPage, lastPart, servedPlace } from './served.ts';
import { seeAll } from './seen.ts';
import type { Seen } from './seen.ts';
import type { Sighting } from './sighting.ts';
import type { Surroundings } from './sightings.ts';
import { addressOf } from './page-checks.ts';

/** How much a stage is worth following; probes are not followed. */
const weights: Readonly<Record<Stage, number>> = { probe: 0, attempt: 1, aftermath: 2, use: 3, success: 4 };

/**
 * What the second pass looks for: addresses of those who tried, came in or used a back door; URLs and paths of back
 * doors and of archives that were fetched; request ids and canaries. Never the server's own address nor a proxy's.
 * Each list is sorted and bounded; what weighs most is kept.
 */
export function pivotsOf(facts: CaseFacts): Pivots {
  return pivotsIn(seeAll(facts));
}

/** As {@link pivotsOf}, of what is seen already. */
export function pivotsIn({ given, pages, records, files }: Seen): Pivots {
  const sightings = [...records, ...files].filter(
    ({ rule, setAside }) =>
      setAside === undefined && weights[rule.stage] > 0 && (rule.pack !== undefined || rule.kind === 'check'),
  );
  const found = new Weighed();
  for (const sighting of sightings) addSighting(given, found, sighting);
  addPages(given, found, { pages, changed: changedPages(given, sightings) });
  return {
    addresses: found.list('address'),
    urls: found.list('url'),
    paths: found.list('path'),
    sessions: found.list('session'),
  };
}

type Kind = 'address' | 'url' | 'path' | 'session';

/** Values with the weight of the best reason to follow them. */
class Weighed {
  readonly #weights: Readonly<Record<Kind, Map<string, number>>> = {
    address: new Map(),
    url: new Map(),
    path: new Map(),
    session: new Map(),
  };

  add(kind: Kind, value: string, weight: number): void {
    const known = this.#weights[kind];
    if (value.length > 2 && weight > (known.get(value) ?? 0)) known.set(value, weight);
  }

  list(kind: Kind): string[] {
    const all = [...this.#weights[kind]].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return all
      .slice(0, limits.pivots)
      .map(([value]) => value)
      .toSorted();
  }
}

function addSighting(
  given: Surroundings,
  found: Weighed,
  { rule, entities, implant, joins, recordedOn }: Sighting,
): void {
  const weight = weights[rule.stage];
  for (const { value } of entities.addresses)
    if (isFollowed(given, recordedOn, value)) found.add('address', value, weight);
  for (const { kind, value } of joins) if (kind !== 'process') found.add('session', value, weight);
  if (implant !== undefined && rule.witness !== 'lead')
    addPlace(given, found, { url: implant.url, path: implant.path, weight });
  if (rule.act.startsWith('archive')) {
    for (const path of entities.paths) addPlace(given, found, { path, weight, url: undefined });
    for (const url of entities.urls)
      addPlace(given, found, { url: url.toLowerCase().replace(/[?#].*$/s, ''), weight, path: undefined });
  }
}

interface Place {
  readonly url: string | undefined;
  readonly path: string | undefined;
  readonly weight: number;
}

function addPlace({ layout }: Surroundings, found: Weighed, { url, path, weight }: Place): void {
  const served = path === undefined ? undefined : servedPlace(layout, path)?.url;
  for (const place of [url, served])
    if (place !== undefined && !isProductPage(layout, place)) found.add('url', place, weight);
  if (path === undefined) return;
  const folded = canonicalPath(path);
  found.add('path', folded, weight);
  // A name alone is followed only where it is no page of the product: those stand in every other line.
  if (served === undefined || !isProductPage(layout, served))
    found.add('path', lastPart(folded, '\\'), weight);
}

function isFollowed({ proxies }: Surroundings, server: string, address: string): boolean {
  return !isLoopback(address) && !proxies.own.has(address) && !isProxy(proxies, server, address);
}

/** URLs of the product's own pages that are back doors now. */
function changedPages({ layout }: Surroundings, sightings: readonly Sighting[]): ReadonlySet<string> {
  return new Set(
    sightings.flatMap(({ implant, rule }) => {
      const url = implant?.path === undefined ? undefined : servedPlace(layout, implant.path)?.url;
      return url !== undefined && rule.witness !== 'lead' && isProductPage(layout, url) ? [url] : [];
    }),
  );
}

/** Unknown pages that were sent data and answered, and who sent it; of changed pages only who, for all ask for them. */
function addPages(
  given: Surroundings,
  found: Weighed,
  { pages, changed }: Pick<Seen, 'pages'> & { readonly changed: ReadonlySet<string> },
): void {
  for (const { page, server } of pages) {
    const isChanged = changed.has(page.url);
    if (
      (!isChanged && !isUnknownPage(given.layout, page.url)) ||
      !existsBy(page.answers) ||
      (page.answers.get('POST 200') ?? 0) === 0
    )
      continue;
    if (!isChanged) found.add('url', page.url, weights.use);
    for (const client of page.clients) {
      const [address] = addressOf(given, server, client);
      if (address !== undefined && usesOf(client.answers) > 0 && isFollowed(given, server, address.value))
        found.add('address', address.value, weights.use);
    }
  }
}
