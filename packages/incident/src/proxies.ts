import type { CaseFacts, SourceFacts } from '@postern/core';
import { cleanAddress, isInNetwork, isLoopback, isPrivate } from './addresses.ts';
import { groupBy, sorted } from './ordered.ts';
import type { ServerBook } from './servers.ts';

/** Addresses that stand for others. */
export interface Proxies {
  /** Server id → private addresses that carry most of its traffic. */
  readonly carriers: ReadonlyMap<string, ReadonlySet<string>>;
  /** As the examiner stated them: addresses or networks. */
  readonly trusted: readonly string[];
  /** Addresses of the servers themselves. */
  readonly own: ReadonlySet<string>;
}

/** Fewer sampled requests than these tell nothing of who carries most. */
const enoughSampled = 50;

/** Judgement section 5: one private address that carries most outside traffic is a proxy. */
export function findProxies(facts: CaseFacts, book: ServerBook): Proxies {
  const own = ownAddresses(facts);
  const carriers = new Map<string, ReadonlySet<string>>();
  for (const [server, sources] of groupBy(facts.sources, ({ id }) => book.ofSource.get(id) ?? '')) {
    const counts = new Map<string, number>();
    for (const source of sources) if (!isBackEnd(source)) addClients(counts, source.clients.addresses, own);
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const most = [...counts].filter(([address, count]) => count * 2 > all && isPrivate(address));
    const found = [
      ...(all >= enoughSampled ? most.map(([address]) => address) : []),
      ...passingOn(sources).filter((address) => !own.has(address)),
    ];
    if (found.length > 0) carriers.set(server, new Set(found));
  }
  return { carriers, trusted: sorted(facts.options.trustedProxies), own };
}

function ownAddresses({ sources }: CaseFacts): ReadonlySet<string> {
  const own = new Set<string>();
  for (const { serverAddresses } of sources)
    for (const text of serverAddresses.keys()) {
      const address = cleanAddress(text);
      if (address !== undefined) own.add(address);
    }
  return own;
}

/** A proxy says of nearly all it passes on for whom, */
const forwardedShare = 0.8;
/** and these are many; somebody inside who writes the header himself is one. */
const forwardedFor = 5;

/** Private addresses that ask for pages in the name of many others from outside, however much else reaches the server. */
function passingOn(sources: readonly SourceFacts[]): string[] {
  const clients = sources
    .filter((source) => source.pages.length > 0 && !isBackEnd(source))
    .flatMap(({ pages }) => pages.flatMap(({ clients: all }) => all));
  const byAddress = groupBy(clients, ({ address }) => cleanAddress(address) ?? '');
  return [...byAddress].flatMap(([address, all]) => {
    if (address === '' || !isPrivate(address) || isOneself(address)) return [];
    const named = all.flatMap(({ forwarded }) => lastAddress(forwarded) ?? []);
    const outside = new Set(named.filter((one) => !isPrivate(one)));
    return named.length >= all.length * forwardedShare && outside.size >= forwardedFor ? [address] : [];
  });
}

function lastAddress(forwarded: string | undefined): string | undefined {
  return addressesIn(forwarded ?? '').at(-1);
}

function addressesIn(forwarded: string): string[] {
  return forwarded.split(/[,+\s]+/).flatMap((part) => cleanAddress(part) ?? []);
}

/** Loopback, and the address of the link, by which a server speaks to itself: no proxy passes on from there. */
function isOneself(address: string): boolean {
  return isLoopback(address) || address.startsWith('fe80:');
}

/** The back end's only client is its front end. */
function isBackEnd({ families }: SourceFacts): boolean {
  return families.length > 0 && families.every(({ family }) => family === 'iis-back');
}

function addClients(
  counts: Map<string, number>,
  addresses: ReadonlyMap<string, number>,
  own: ReadonlySet<string>,
): void {
  for (const [text, count] of addresses) {
    const address = cleanAddress(text);
    if (address === undefined || isOneself(address) || own.has(address)) continue;
    counts.set(address, (counts.get(address) ?? 0) + count);
  }
}

export function isProxy(proxies: Proxies, server: string, address: string): boolean {
  if (proxies.trusted.some((network) => isInNetwork(address, network))) return true;
  return proxies.carriers.get(server)?.has(address) ?? false;
}

/**
 * The client behind a proxy: the right-most forwarded-for address that is no proxy itself. What stands further left
 * was written by the client and proves nothing.
 */
export function clientBehind(proxies: Proxies, server: string, forwarded: string): string | undefined {
  return addressesIn(forwarded).findLast((address) => !isProxy(proxies, server, address));
}
