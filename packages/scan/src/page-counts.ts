import {
  asWritten,
  compareText,
  limits,
  maxTime,
  minTime,
  recordText,
  recordTime,
  shapeOfRecord,
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

/**
 * Counts the requests to every page ending of one source, apart by answer and, for pages that are not the product's,
 * by client; those of the product by the clients that sent data, if they are few. Bounded: beyond
 * {@link limits.pagesPerSource} pages or {@link limits.addressesCounted} clients of one page, the rest is "others".
 */
export class PageCounts {
  private readonly pages = new Map<string, Page>();
  private readonly wanted = new Map<string, string | undefined>();
  private readonly endings: readonly string[];
  private readonly isProductPage: (url: string) => boolean;

  constructor(endings: readonly string[], isProductPage: (url: string) => boolean) {
    this.endings = endings;
    this.isProductPage = isProductPage;
  }

  /** Looks at a record of an IIS log. */
  see(batch: Batch, record: number): void {
    const slots = requestSlots(shapeOfRecord(batch, record));
    if (slots.url < 0) return;
    const page = this.pageIn(part(batch, record, slots.url).toLowerCase());
    if (page !== undefined) this.count(batch, record, slots, page);
  }

  facts(): readonly PageFacts[] {
    const pages = [...this.pages.values()].toSorted((a, b) => compareText(a.url + a.site, b.url + b.site));
    return pages.map(({ url, written, site, answers, first, last, firstUse, lastUse, clients }) => ({
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

  private pageIn(url: string): string | undefined {
    const known = this.wanted.get(url);
    if (known !== undefined || this.wanted.has(url)) return known;
    const page = pageOf(odd.test(url) ? urlPath(url) : url, this.endings);
    if (this.wanted.size < limits.pagesPerSource * 4) this.wanted.set(url, page);
    return page;
  }

  private count(batch: Batch, record: number, slots: RequestSlots, url: string): void {
    const page = this.pageFor(url, siteOf(shapeOfRecord(batch, record).recorder));
    const time = recordTime(batch, record);
    if (mayBeFirst(page, time)) noteWriting(page, part(batch, record, slots.url), time);
    const method = part(batch, record, slots.method).toUpperCase();
    const status = part(batch, record, slots.status);
    add(page, `${method} ${status}`, time);
    if (isUse(method, status, () => part(batch, record, slots.query))) {
      page.firstUse = minTime(page.firstUse, time);
      page.lastUse = maxTime(page.lastUse, time);
    }
    if (page.isProduct && (page.isBusy || method !== 'POST')) return;
    add(this.clientOf(page, batch, record, slots), `${method} ${status}`, time);
    if (page.isProduct && page.clients.size > clientsOfQuietPage) {
      page.isBusy = true;
      page.clients.clear();
    }
  }

  private pageFor(url: string, site: PageFacts['site']): Page {
    const name = this.pages.size < limits.pagesPerSource ? url : othersName;
    const key = `${site} ${name}`;
    const known = this.pages.get(`${site} ${url}`) ?? this.pages.get(key);
    if (known !== undefined) return known;
    const page: Page = {
      url: name,
      written: undefined,
      site,
      ...emptyCount(),
      firstUse: undefined,
      lastUse: undefined,
      clients: new Map(),
      isProduct: name !== othersName && this.isProductPage(url),
      isBusy: false,
    };
    this.pages.set(key, page);
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
  counted.answers.set(answer, (counted.answers.get(answer) ?? 0) + 1);
  counted.first = minTime(counted.first, time);
  counted.last = maxTime(counted.last, time);
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

/**
 * Use is a POST, or a query of the client's own, that the page answered or failed on. A bare GET shows presence only,
 * and Exchange adds ids to the query of every request.
 */
function isUse(method: string, status: string, query: () => string): boolean {
  return (status === '200' || status === '500') && (method === 'POST' || withoutInsertions(query()) !== '');
}

function sortedClients(clients: ReadonlyMap<string, Client>): readonly PageClient[] {
  return [...clients.values()].toSorted(
    (a, b) =>
      compareText(a.address, b.address) ||
      compareText(a.agent, b.agent) ||
      compareText(a.forwarded ?? '', b.forwarded ?? ''),
  );
}
