import type { Layout, PageClient, PageFacts, SourceFacts, Ticks } from '@postern/core';
import { cleanAddress } from './addresses.ts';
import { checkRule } from './checks.ts';
import { corrected } from './clocks.ts';
import { foldAgent } from './entities.ts';
import { packsOf } from './packs-of.ts';
import { say } from './messages.ts';
import { groupBy, push } from './ordered.ts';
import { isProxy } from './proxies.ts';
import { isPage, isProductPage, servedFolder } from './served.ts';
import { serverOfSource } from './servers.ts';
import { noEntities } from './sighting.ts';
import type { Sighting } from './sighting.ts';
import type { Surroundings } from './sightings.ts';
import { visitorOf } from './visitors.ts';

/** One page of one server in one source. */
export interface SeenPage {
  readonly server: string;
  readonly source: string;
  readonly page: PageFacts;
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  readonly firstUse: Ticks | undefined;
  readonly lastUse: Ticks | undefined;
}

/** Requests answered 200 that this many different names in one folder got tell nothing of any of them. */
const namesAnsweredAlike = 20;

/** How often the page was sent data and ran: 200, or 500 where it ran and failed. */
export function usesOf(answers: ReadonlyMap<string, number>): number {
  return (answers.get('POST 200') ?? 0) + (answers.get('POST 500') ?? 0);
}

/** Judgement section 7: 200, 206, 304 and any 500 say that the page exists; 302, 404, 401 and 403 do not. */
export function existsBy(answers: ReadonlyMap<string, number>): boolean {
  return [...answers].some(([answer, count]) => count > 0 && /^[A-Z]+ (?:200|206|304|500)$/.test(answer));
}

/** Pages of web logs; back-end rows count only where the front end has none of that page. */
export function pagesOf(given: Surroundings): SeenPage[] {
  const { facts, book, clocks } = given;
  const all = facts.sources
    .filter((source) => source.duplicateOf === undefined)
    .flatMap((source) => source.pages.map((page) => seenPage(serverOfSource(book, source.id), source, page)));
  const byPage = groupBy(all, ({ server, page }) => `${server}\0${page.url}`);
  return [...byPage.values()].flatMap((pages) => {
    const front = pages.filter(({ page }) => page.site !== 'back');
    return front.length > 0 ? front : pages;
  });

  function seenPage(server: string, source: SourceFacts, page: PageFacts): SeenPage {
    const at = (time: Ticks | undefined): Ticks | undefined => corrected(clocks, source.id, time);
    return {
      server,
      source: source.id,
      page: { ...page, url: pageUrl(given.layout, page.url) },
      first: at(page.first),
      last: at(page.last),
      firstUse: at(page.firstUse),
      lastUse: at(page.lastUse),
    };
  }
}

/**
 * What web logs say of pages that are none of the product: data sent and answered is use, any other answer presence.
 * `known` holds `server NUL url` of back doors that other witnesses know; only those are looked for by name.
 */
export function sightingsOfPages(
  given: Surroundings,
  pages: readonly SeenPage[],
  known: ReadonlySet<string>,
): Sighting[] {
  const alike = foldersAnsweringAll(given.layout, pages);
  return pages.flatMap((seen) => {
    const isKnown = known.has(`${seen.server}\0${seen.page.url}`);
    if (!isKnown && !isUnknownPage(given.layout, seen.page.url)) return [];
    const folder = servedFolder(given.layout, seen.page.url) ?? '/';
    const aside =
      !isKnown && alike.has(`${seen.server}\0${folder}`) ? say('aside.answers-all', { folder }) : undefined;
    return pageSightings(given, seen, isKnown, aside);
  });
}

/** A page answers for what is written behind its name too (`/x.aspx/y`). */
function pageUrl(layout: Layout, url: string): string {
  for (const ending of layout.pageEndings) {
    const at = url.indexOf(`${ending}/`);
    if (at >= 0) return url.slice(0, at + ending.length);
  }
  return url;
}

export function isUnknownPage(layout: Layout, url: string): boolean {
  return isPage(layout, url) && servedFolder(layout, url) !== undefined && !isProductPage(layout, url);
}

/** Folders in which no name was ever refused, though many were asked for. */
function foldersAnsweringAll(layout: Layout, pages: readonly SeenPage[]): ReadonlySet<string> {
  const answered = new Map<string, Set<string>>();
  const refused = new Set<string>();
  for (const { server, page } of pages) {
    if (!isUnknownPage(layout, page.url)) continue;
    const key = `${server}\0${servedFolder(layout, page.url) ?? ''}`;
    if (existsBy(page.answers)) answered.set(key, (answered.get(key) ?? new Set()).add(page.url));
    else refused.add(key);
  }
  return new Set(
    [...answered]
      .filter(([key, urls]) => urls.size >= namesAnsweredAlike && !refused.has(key))
      .map(([key]) => key),
  );
}

function pageSightings(
  given: Surroundings,
  seen: SeenPage,
  isKnown: boolean,
  aside: string | undefined,
): Sighting[] {
  const { page } = seen;
  const ran = (page.answers.get('POST 200') ?? 0) > 0 || (isKnown && usesOf(page.answers) > 0);
  const rest = usesOf(page.answers) - page.clients.reduce((sum, client) => sum + usesOf(client.answers), 0);
  const sightings: Sighting[] = [];
  for (const client of page.clients) {
    const uses = usesOf(client.answers);
    if (ran && uses > 0) {
      sightings.push(
        clientSighting(given, seen, client, {
          name: isKnown ? 'page-known-used' : 'page-used',
          count: uses,
          aside,
        }),
      );
    } else if (isKnown || existsBy(client.answers)) {
      const count = [...client.answers.values()].reduce((sum, n) => sum + n, 0);
      sightings.push(
        clientSighting(given, seen, client, { name: isKnown ? 'page-probed' : 'page-seen', count, aside }),
      );
    }
  }
  if (ran && rest > 0)
    sightings.push(
      restSighting(given, seen, { name: isKnown ? 'page-known-used' : 'page-used', count: rest, aside }),
    );
  return sightings;
}

interface PageMatter {
  readonly name: 'page-used' | 'page-known-used' | 'page-seen' | 'page-probed';
  readonly count: number;
  readonly aside: string | undefined;
}

function clientSighting(
  given: Surroundings,
  seen: SeenPage,
  client: PageClient,
  matter: PageMatter,
): Sighting {
  const address = cleanAddress(client.address);
  const agent = foldAgent(client.agent);
  const behind = address !== undefined && isProxy(given.proxies, seen.server, address);
  const visitor = visitorOf(given.layout, [agent], [seen.page.url]);
  const base = restSighting(given, seen, matter);
  return {
    ...base,
    at: { offset: client.offset, line: client.line },
    time: corrected(given.clocks, seen.source, client.first),
    last: corrected(given.clocks, seen.source, client.last),
    text: client.text,
    entities: {
      ...base.entities,
      addresses: address === undefined ? [] : [{ value: address, from: behind ? 'c-ip (proxy)' : 'c-ip' }],
      agents: agent === '' || agent === '-' ? [] : [agent],
    },
    ...(visitor === undefined ? {} : { visitor: visitor.kind }),
  };
}

function restSighting(given: Surroundings, seen: SeenPage, { name, count, aside }: PageMatter): Sighting {
  const rule = checkRule(name);
  const source = given.sources.get(seen.source);
  const uses = name === 'page-used' || name === 'page-known-used';
  const event = uses ? 'used' : name === 'page-seen' ? 'seen' : 'probed';
  const time = uses ? seen.firstUse : seen.first;
  return {
    rule,
    source: seen.source,
    at: { offset: 0 },
    time,
    last: uses ? seen.lastUse : seen.last,
    count,
    recorder: recorderOf(source, seen.page),
    captures: new Map(),
    text: `${seen.page.url} (${count})`,
    excerpt: source?.excerpt ?? false,
    recordedOn: seen.server,
    targets: [seen.server],
    packs: packsOf(given, rule, true, time),
    entities: { ...noEntities, urls: [seen.page.url] },
    joins: [],
    implant: { kind: 'web-shell', event, url: seen.page.url },
    ...(aside === undefined ? {} : { setAside: aside }),
  };
}

function recorderOf(source: SourceFacts | undefined, page: PageFacts): string {
  const families = (source?.families ?? []).filter(
    ({ family }) => family.startsWith('iis') || family.startsWith('httpproxy'),
  );
  const wanted = page.site === 'back' ? 'iis-back' : page.site === 'front' ? 'iis-front' : 'iis';
  const own =
    families.find(({ family }) => family === wanted) ?? families.toSorted((a, b) => b.records - a.records)[0];
  return own?.family ?? wanted;
}

/** Server and URL of each page, with its rows of all sources. */
export function pagesByPlace(pages: readonly SeenPage[]): ReadonlyMap<string, readonly SeenPage[]> {
  const places = new Map<string, SeenPage[]>();
  for (const seen of pages) push(places, `${seen.server}\0${seen.page.url}`, seen);
  return places;
}
