import type { PageClient, SourceFacts } from '@postern/core';
import type { PageFacts } from '@postern/core';
import { cleanAddress } from './addresses.ts';
import { checkRule } from './checks.ts';
import { corrected } from './clocks.ts';
import { whyCustom } from './custom-pages.ts';
import type { CustomMatter } from './custom-pages.ts';
import { foldAgent } from './entities.ts';
import { packsOf } from './packs-of.ts';
import { say } from './messages.ts';
import { clientBehind, isProxy } from './proxies.ts';
import {
  existsBy,
  foldersAnsweringAll,
  isUnknownPage,
  pagesByPlace,
  usesOf,
  writtenUrl,
} from './seen-pages.ts';
import type { SeenPage } from './seen-pages.ts';
import { servedFolder } from './served.ts';
import { noEntities } from './sighting.ts';
import type { SeenAddress, Sighting } from './sighting.ts';
import type { Surroundings } from './sightings.ts';
import { visitorOf } from './visitors.ts';

/** What pages are looked at with. */
export interface PagesMatter extends CustomMatter {
  /** `server NUL url` of back doors that other witnesses know; only those are looked for by name. */
  readonly known: ReadonlySet<string>;
}

/** What web logs say of pages that are none of the product: data sent and answered is use, any other answer presence. */
export function sightingsOfPages(pages: readonly SeenPage[], matter: PagesMatter): Sighting[] {
  const { given, known } = matter;
  const alike = foldersAnsweringAll(given.layout, pages);
  return [...pagesByPlace(pages)].flatMap(([place, rows]) => {
    const [one] = rows;
    const isKnown = known.has(place);
    if (one === undefined || (!isKnown && !isUnknownPage(given.layout, one.page.url))) return [];
    const folder = servedFolder(given.layout, one.page.url) ?? '/';
    const answersAll = alike.has(`${one.server}\0${folder}`)
      ? say('aside.answers-all', { folder })
      : undefined;
    const aside = isKnown ? undefined : (answersAll ?? whyCustom(matter, rows));
    return rows.flatMap((seen) => pageSightings(given, seen, isKnown, aside));
  });
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
  const agent = foldAgent(client.agent);
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
      addresses: addressOf(given, seen.server, client),
      agents: agent === '' || agent === '-' ? [] : [agent],
    },
    ...(visitor === undefined ? {} : { visitor: visitor.kind }),
  };
}

/** Who asked; behind a proxy the one that it names, as for any other record. */
export function addressOf(
  { proxies }: Surroundings,
  server: string,
  { address: logged, forwarded }: PageClient,
): SeenAddress[] {
  const address = cleanAddress(logged);
  if (address === undefined) return [];
  if (!isProxy(proxies, server, address)) return [{ value: address, from: 'c-ip' }];
  const client = clientBehind(proxies, server, forwarded ?? '');
  return [
    client === undefined
      ? { value: address, from: 'c-ip (proxy)' }
      : { value: client, from: 'X-Forwarded-For' },
  ];
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
    text: `${writtenUrl(seen)} (${count})`,
    excerpt: source?.excerpt ?? false,
    recordedOn: seen.server,
    targets: [seen.server],
    packs: packsOf(given, rule, true, time),
    entities: { ...noEntities, urls: [writtenUrl(seen)] },
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
