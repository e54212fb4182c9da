import {
  asWritten,
  compareText,
  limits,
  maxTime,
  minTime,
  recordText,
  recordTime,
  remember,
  shapeOfRecord,
  slotTypes,
  urlPath,
  type Batch,
  type PageClient,
  type PageFacts,
  type Ticks,
} from '@postern/core';
import { withoutInsertions } from '@postern/sigma';
import { bareAddress, part, requestSlots, type RequestSlots } from './request.ts';

interface Counted {
  readonly answers: Map<string, number>;
  first: Ticks | undefined;
  last: Ticks | undefined;
}

interface Client extends Counted {
  readonly address: string;
  readonly agent: string;
  readonly forwarded?: string;
  readonly line: number;
  readonly offset: number;
  readonly text: string;
}

interface Page extends Counted {
  readonly url: string;
  /** {@link PageFacts.written} */
  written: string | undefined;
  readonly site: PageFacts['site'];
  firstUse: Ticks | undefined;
  lastUse: Ticks | undefined;
  readonly clients: Map<string, Client>;
  readonly isProduct: boolean;
  /** A page of the product that many send data to: that is its work, and nobody stands out. */
  isBusy: boolean;
}

/** Who sends data to a page of the product is kept while they are few: it may be one that was changed. */
const clientsOfQuietPage = 32;

/** What an attacker could fill without end goes here. */
export const othersName = '(others)';

/** The page that a URL, as it was written, asks for; undefined if none. */
export type PageFinder = (written: string) => FoundPage | undefined;

interface FoundPage {
  readonly url: string;
  readonly isProduct: boolean;
}

/** Finds pages by their endings, and keeps what it found: the logs of one server name the same few thousands of times. */
export function pageFinder(endings: readonly string[], isProductPage: (url: string) => boolean): PageFinder {
  const find = (written: string): FoundPage | undefined => {
    const lower = written.toLowerCase();
    const url = pageOf(odd.test(lower) ? urlPath(lower) : lower, endings);
    return url === undefined ? undefined : { url, isProduct: isProductPage(url) };
  };
  return remember(find, { kept: 4096, longestKey: 256 });
}

/**
 * Counts the requests to every page ending of one source, apart by answer and, for pages that are not the product's,
 * by client; those of the product by the clients that sent data, if they are few. Bounded: beyond
 * {@link limits.pagesPerSource} pages, {@link limits.addressesCounted} clients of one page or
 * {@link limits.answersPerPage} answers of either, the rest is "others".
 */
export class PageCounts {
  private readonly bySite = new Map<PageFacts['site'], Map<string, Page>>();
  private readonly pageOf: PageFinder;
  private counted = 0;

  constructor(pageOf: PageFinder) {
    this.pageOf = pageOf;
  }

  /** Looks at a record of an IIS log. */
  see(batch: Batch, record: number): void {
    const slots = requestSlots(shapeOfRecord(batch, record));
    if (slots.url < 0) return;
    const found = this.pageOf(part(batch, record, slots.url));
    if (found !== undefined) this.count(batch, record, slots, found);
  }

  facts(): readonly PageFacts[] {
    const pages = [...this.bySite.values()].flatMap((pages) => [...pages.values()]);
    const sorted = pages.toSorted((a, b) => compareText(a.url + a.site, b.url + b.site));
    return sorted.map(({ url, written, site, answers, first, last, firstUse, lastUse, clients }) => ({
      url,
      ...(written === undefined || written === url ? {} : { written }),
      site,
      answers,
      first,
      last,
      firstUse,
      lastUse,
      clients: sortedClients(clients),
    }));
  }

  // oxlint-disable-next-line max-params -- called for every request to a page
  private count(batch: Batch, record: number, slots: RequestSlots, found: FoundPage): void {
    const page = this.pageFor(found, siteOf(shapeOfRecord(batch, record).recorder));
    const time = recordTime(batch, record);
    if (mayBeFirst(page, time)) noteWriting(page, part(batch, record, slots.url), time);
    const method = methodOf(part(batch, record, slots.method));
    const status = part(batch, record, slots.status);
    const answer = method.answer(status);
    add(page, answer, time);
    if (tellsMore(page, time) && isUse(method.name, status, () => hasOwnQuery(batch, record, slots.query))) {
      page.firstUse = minTime(page.firstUse, time);
      page.lastUse = maxTime(page.lastUse, time);
    }
    if (page.isProduct && (page.isBusy || method.name !== 'POST')) return;
    add(this.clientOf(page, batch, record, slots), answer, time);
    if (page.isProduct && page.clients.size > clientsOfQuietPage) {
      page.isBusy = true;
      page.clients.clear();
    }
  }

  private pageFor({ url, isProduct }: FoundPage, site: PageFacts['site']): Page {
    const pages = this.bySite.get(site) ?? new Map<string, Page>();
    const known = pages.get(url);
    if (known !== undefined) return known;
    this.bySite.set(site, pages);
    const name = this.counted < limits.pagesPerSource ? url : othersName;
    const others = pages.get(name);
    if (others !== undefined) return others;
    const page: Page = {
      url: name,
      written: undefined,
      site,
      ...emptyCount(),
      firstUse: undefined,
      lastUse: undefined,
      clients: new Map(),
      isProduct: name !== othersName && isProduct,
      isBusy: false,
    };
    pages.set(name, page);
    this.counted++;
    return page;
  }

  private clientOf(page: Page, batch: Batch, record: number, slots: RequestSlots): Client {
    const address = bareAddress(part(batch, record, slots.client));
    const agent = part(batch, record, slots.agent);
    // Behind a proxy one address is everybody: who is behind it stands in a column of its own.
    const forwarded = part(batch, record, slots.forwarded);
    const own = `${address}\n${agent}\n${forwarded}`;
    const full = page.clients.size >= limits.addressesCounted;
    const key = full && !page.clients.has(own) ? othersName : own;
    const known = page.clients.get(key);
    if (known !== undefined) return known;
    const place = { line: batch.line[record] ?? 0, offset: batch.at[record] ?? 0 };
    const name = key === othersName ? { address: othersName, agent: '' } : namesOf(address, agent, forwarded);
    const client: Client = {
      ...name,
      ...emptyCount(),
      ...place,
      text: recordText(batch, record, limits.excerptKept),
    };
    page.clients.set(key, client);
    return client;
  }
}

function namesOf(
  address: string,
  agent: string,
  forwarded: string,
): Pick<Client, 'address' | 'agent' | 'forwarded'> {
  return forwarded === '' || forwarded === '-' ? { address, agent } : { address, agent, forwarded };
}

function emptyCount(): Counted {
  return { answers: new Map(), first: undefined, last: undefined };
}

/** Before the request is counted: whether it comes before all that were, or with the first. */
function mayBeFirst({ first }: Page, time: Ticks | undefined): boolean {
  return time === first || (time !== undefined && (first === undefined || time < first));
}

/** Keeps how the first request wrote the page's name. */
function noteWriting(page: Page, url: string, time: Ticks | undefined): void {
  if (page.url === othersName) return;
  const written = asWritten(url, page.url);
  const isAlone = time !== page.first || page.written === undefined;
  if (isAlone || compareText(written, page.written ?? '') < 0) page.written = written;
}

function add(counted: Counted, answer: string, time: Ticks | undefined): void {
  const { answers } = counted;
  const name = answers.size < limits.answersPerPage || answers.has(answer) ? answer : usualAnswer(answer);
  answers.set(name, (answers.get(name) ?? 0) + 1);
  counted.first = minTime(counted.first, time);
  counted.last = maxTime(counted.last, time);
}

/** An answer without what only its asker thought of. It tells a use, and that a page is there, as it did before. */
function usualAnswer(answer: string): string {
  const [method = '', status = ''] = answer.split(' ');
  const isUsual = /^(?:GET|HEAD|POST)$/.test(method);
  const other = /^[A-Z]+$/.test(method) ? 'OTHER' : othersName;
  return `${isUsual ? method : other} ${/^[0-9]{3}$/.test(status) ? status : othersName}`;
}

/** What another way of writing a name needs: most URLs have none of it and are taken as they stand. */
const odd = /[%\\]|\/[/.]|::|[. ]$/;

/** The page that answers a URL: up to its ending, for a page answers a path behind its name too (`x.aspx/foo`). */
function pageOf(url: string, endings: readonly string[]): string | undefined {
  const ends = endings.flatMap((ending) => {
    const inside = url.indexOf(`${ending}/`);
    if (inside >= 0) return [inside + ending.length];
    return url.endsWith(ending) ? [url.length] : [];
  });
  return ends.length === 0 ? undefined : url.slice(0, Math.min(...ends));
}

function siteOf(recorder: string): PageFacts['site'] {
  if (recorder === 'iis-front') return 'front';
  return recorder === 'iis-back' ? 'back' : 'unknown';
}

/** A method, and what requests with it were answered: the few there are, so that no text is made for each request. */
interface Method {
  readonly name: string;
  readonly answer: (status: string) => string;
}

const few = { kept: 32, longestKey: 16 };

const methodOf: (written: string) => Method = remember((written) => {
  const name = written.toUpperCase();
  return { name, answer: remember((status) => `${name} ${status}`, few) };
}, few);

/** Whether a use at this time would be the first or the last one of the page. */
function tellsMore({ firstUse, lastUse }: Page, time: Ticks | undefined): boolean {
  if (time === undefined) return false;
  return firstUse === undefined || lastUse === undefined || time < firstUse || time > lastUse;
}

/**
 * Use is a POST, or a query of the client's own, that the page answered or failed on. A bare GET shows presence only,
 * and Exchange adds ids to the query of every request.
 */
function isUse(method: string, status: string, hasQuery: () => boolean): boolean {
  return (status === '200' || status === '500') && (method === 'POST' || hasQuery());
}

/** Told by the first letter for most queries: what Exchange adds begins with `&` or with a C. */
function hasOwnQuery(batch: Batch, record: number, slot: number): boolean {
  const s = (batch.slotStart[record] ?? 0) + slot;
  const first = (batch.buffer[batch.offset[s] ?? 0] ?? 0) | 0x20;
  const isText = slot >= 0 && batch.type[s] === slotTypes.utf8 && (batch.length[s] ?? 0) > 0;
  if (isText && first > 0x63 && first <= 0x7a) return true;
  return withoutInsertions(part(batch, record, slot)) !== '';
}

function sortedClients(clients: ReadonlyMap<string, Client>): readonly PageClient[] {
  return [...clients.values()].toSorted(
    (a, b) =>
      compareText(a.address, b.address) ||
      compareText(a.agent, b.agent) ||
      compareText(a.forwarded ?? '', b.forwarded ?? ''),
  );
}
