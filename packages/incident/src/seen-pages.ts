import { asWritten, compareText, urlPath } from '@postern/core';
import type { Layout, PageFacts, SourceFacts, Ticks } from '@postern/core';
import { corrected } from './clocks.ts';
import { compareTimes } from './intervals.ts';
import { groupBy, push } from './ordered.ts';
import { isPage, isProductPage, servedFolder } from './served.ts';
import { serverOfSource } from './servers.ts';
import type { Surroundings } from './sightings.ts';

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
/** So do this many, if one visitor asked for each of them once and nobody did before or after: a list of names. */
const namesOfOneList = 10;
/** A list goes through several folders; of one of them it must hold this many. */
const namesInFolder = 3;

/** How often the page was sent data and ran: 200, or 500 where it ran and failed. */
export function usesOf(answers: ReadonlyMap<string, number>): number {
  return (answers.get('POST 200') ?? 0) + (answers.get('POST 500') ?? 0);
}

/** How often it was asked for at all. */
export function askedOf(answers: ReadonlyMap<string, number>): number {
  return [...answers.values()].reduce((sum, count) => sum + count, 0);
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
    return writtenAlike(front.length > 0 ? front : pages);
  });

  function seenPage(server: string, source: SourceFacts, page: PageFacts): SeenPage {
    const at = (time: Ticks | undefined): Ticks | undefined => corrected(clocks, source.id, time);
    return {
      server,
      source: source.id,
      page: { ...page, ...urlsOf(given.layout, page) },
      first: at(page.first),
      last: at(page.last),
      firstUse: at(page.firstUse),
      lastUse: at(page.lastUse),
    };
  }
}

/** All rows of one page with the name as the first request of all wrote it. */
function writtenAlike(rows: readonly SeenPage[]): SeenPage[] {
  const [one] = rows.toSorted(
    (a, b) => compareTimes(a.first, b.first) || compareText(writtenUrl(a), writtenUrl(b)),
  );
  if (one === undefined) return [];
  return rows.map((row) => ({ ...row, page: { ...row.page, written: writtenUrl(one) } }));
}

/** The page's URL for people to read. */
export function writtenUrl({ page }: SeenPage): string {
  return page.written ?? page.url;
}

function urlsOf(layout: Layout, page: PageFacts): Pick<PageFacts, 'url' | 'written'> {
  const url = pageUrl(layout, page.url);
  return { url, written: asWritten(page.written ?? url, url) };
}

/** One page, however it was asked for: it answers for what is written behind its name too (`/x.aspx/y`). */
function pageUrl(layout: Layout, asked: string): string {
  const url = urlPath(asked);
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
export function foldersAnsweringAll(layout: Layout, pages: readonly SeenPage[]): ReadonlySet<string> {
  const answered = new Map<string, Set<string>>();
  const lists = new Map<string, SeenPage[]>();
  const refused = new Set<string>();
  for (const seen of pages) {
    const { server, page } = seen;
    if (!isUnknownPage(layout, page.url)) continue;
    const key = folderKey(layout, seen);
    if (existsBy(page.answers)) answered.set(key, (answered.get(key) ?? new Set()).add(page.url));
    else refused.add(key);
    const asker = onlyAsker(page);
    if (asker !== undefined) push(lists, `${server}\0${asker}`, seen);
  }
  const walked = foldersWalked(layout, [...lists.values()], answered);
  return new Set(
    [...answered]
      .filter(([key, urls]) => (urls.size >= namesAnsweredAlike || walked.has(key)) && !refused.has(key))
      .map(([key]) => key),
  );
}

function folderKey(layout: Layout, { server, page }: SeenPage): string {
  return `${server}\0${servedFolder(layout, page.url) ?? ''}`;
}

/** Folders all of whose answered pages are of one visitor's long list. */
function foldersWalked(
  layout: Layout,
  lists: readonly (readonly SeenPage[])[],
  answered: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const walked = new Set<string>();
  for (const list of lists) {
    if (new Set(list.map(({ page }) => page.url)).size < namesOfOneList) continue;
    for (const [key, seen] of groupBy(list, (one) => folderKey(layout, one))) {
      const names = new Set(seen.map(({ page }) => page.url)).size;
      if (names >= namesInFolder && names === answered.get(key)?.size) walked.add(key);
    }
  }
  return walked;
}

/** Who asked for a page, if that was one request of a kind: lists are gone through with GET, and then with POST. */
function onlyAsker({ answers, clients }: PageFacts): string | undefined {
  const methods = [...answers].flatMap(([answer, count]) => {
    const [method = ''] = answer.split(' ', 1);
    return Array.from({ length: Math.min(count, 2) }, () => method);
  });
  const [client, ...others] = clients;
  const isOnce = methods.length > 0 && new Set(methods).size === methods.length;
  return isOnce && others.every(({ address }) => address === client?.address) ? client?.address : undefined;
}

/** Server and URL of each page, with its rows of all sources. */
export function pagesByPlace(pages: readonly SeenPage[]): ReadonlyMap<string, readonly SeenPage[]> {
  const places = new Map<string, SeenPage[]>();
  for (const seen of pages) push(places, `${seen.server}\0${seen.page.url}`, seen);
  return places;
}
