import { compareText, maxTime, minTime } from '@postern/core';
import type { Ticks } from '@postern/core';
import { isLoopback, isPrivate, neighbourhoodOf } from './addresses.ts';
import type { FindingDraft } from './findings.ts';
import { compareTimes } from './intervals.ts';
import { groupBy, sorted } from './ordered.ts';
import { isProxy } from './proxies.ts';
import type { Proxies } from './proxies.ts';
import type { Sighting } from './sighting.ts';

/** Why two visitors are held to be one. */
export type MergeReason = 'address' | 'network' | 'agent' | 'session';

/** One visitor, or several that look like one. */
export interface VisitorGroup {
  readonly addresses: readonly string[];
  readonly agents: readonly string[];
  readonly sightings: readonly Sighting[];
  readonly reasons: readonly MergeReason[];
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  /** Stands behind a proxy that hides its address. */
  readonly isHidden: boolean;
}

/** Agents that a browser, a library or a scanner sends by itself: many people have the same. */
const commonAgent =
  /^(?:mozilla\/|opera\/|python|curl|wget|go-http-client|okhttp|java|apache-httpclient|libwww|lwp|axios|node|powershell|windowspowershell|winhttp|microsoft|ms ?exchange|exchangeservicesclient|masscan|zgrab|nmap|nuclei|httpx|-?$)/i;
/** An agent that more addresses than this share is no mark of one visitor. */
const agentSharedBy = 5;

/** Sightings that tell of a visitor: with an address or at least an agent behind a proxy, and more than a look. */
export function visitorSightings(drafts: readonly FindingDraft[], proxies: Proxies): Sighting[] {
  const all = drafts.flatMap(({ finding, sightings }) => {
    if (finding.setAside !== undefined && sightings.every(({ visitor }) => visitor === undefined)) return [];
    if (finding.act === 'page-seen' || finding.review?.disposition === 'own-test') return [];
    return sightings.filter(
      ({ rule, packs }) => packs.length > 0 || (rule.pack !== undefined && rule.stage !== 'probe'),
    );
  });
  const outside = all.filter(({ entities }) =>
    entities.addresses.some(({ value }) => !isOwn(proxies, value)),
  );
  // In a laboratory the attack comes from the server itself; only then its own address is a visitor's.
  return outside.length > 0 ? outside : all.filter(({ entities }) => entities.addresses.length > 0);
}

function isOwn(proxies: Proxies, address: string): boolean {
  return proxies.own.has(address) || isLoopback(address);
}

/** Groups by address first, then joins groups by session, network and uncommon agent. */
export function groupVisitors(sightings: readonly Sighting[], proxies: Proxies): VisitorGroup[] {
  const nodes = groupBy(sightings, (sighting) => nodeOf(sighting, proxies));
  const parents = new Map([...nodes.keys()].map((key) => [key, key]));
  const reasons = new Map<string, Set<MergeReason>>();
  for (const { reason, keys } of edges(nodes)) {
    for (const key of keys.slice(1)) unite(parents, reasons, { a: keys[0] ?? key, b: key, reason });
  }
  const groups = groupBy([...nodes.keys()].toSorted(compareText), (key) => rootOf(parents, key));
  return [...groups.values()].map((keys) => {
    const merged = new Set(keys.flatMap((key) => [...(reasons.get(key) ?? [])]));
    return groupOf(
      keys.flatMap((key) => nodes.get(key) ?? []),
      merged,
      keys.every((key) => key.startsWith('hidden:')),
    );
  });
}

function nodeOf({ entities, recordedOn }: Sighting, proxies: Proxies): string {
  const address = entities.addresses[0]?.value ?? '';
  return isProxy(proxies, recordedOn, address) ? `hidden:${entities.agents[0] ?? ''}` : `address:${address}`;
}

interface Edge {
  readonly reason: MergeReason;
  readonly keys: readonly string[];
}

function edges(nodes: ReadonlyMap<string, readonly Sighting[]>): Edge[] {
  const by = {
    session: new Map<string, Set<string>>(),
    network: new Map<string, Set<string>>(),
    agent: new Map<string, Set<string>>(),
  };
  const add = (map: Map<string, Set<string>>, value: string, key: string): void => {
    map.set(value, (map.get(value) ?? new Set()).add(key));
  };
  for (const [key, sightings] of nodes) {
    const address = key.startsWith('address:') ? key.slice('address:'.length) : '';
    if (address !== '' && !isPrivate(address)) add(by.network, neighbourhoodOf(address), key);
    for (const { joins, entities } of sightings) {
      for (const { kind, value } of joins) if (kind !== 'process') add(by.session, `${kind}:${value}`, key);
      for (const agent of entities.agents)
        if (!commonAgent.test(agent)) add(by.agent, agent.toLowerCase(), key);
    }
  }
  const list = (reason: MergeReason, map: Map<string, Set<string>>): Edge[] =>
    [...map.values()].map((keys) => ({ reason, keys: sorted(keys) }));
  const agents = list('agent', by.agent).filter(({ keys }) => keys.length <= agentSharedBy);
  return [...list('session', by.session), ...list('network', by.network), ...agents].filter(
    ({ keys }) => keys.length > 1,
  );
}

interface Union {
  readonly a: string;
  readonly b: string;
  readonly reason: MergeReason;
}

function unite(
  parents: Map<string, string>,
  reasons: Map<string, Set<MergeReason>>,
  { a, b, reason }: Union,
): void {
  for (const key of [a, b]) reasons.set(key, (reasons.get(key) ?? new Set()).add(reason));
  const [x, y] = [rootOf(parents, a), rootOf(parents, b)];
  if (x === y) return;
  if (x < y) parents.set(y, x);
  else parents.set(x, y);
}

function rootOf(parents: Map<string, string>, key: string): string {
  let root = key;
  for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root))
    root = next;
  parents.set(key, root);
  return root;
}

function groupOf(
  sightings: readonly Sighting[],
  reasons: ReadonlySet<MergeReason>,
  isHidden: boolean,
): VisitorGroup {
  const ordered = sightings.toSorted((a, b) => compareTimes(a.time, b.time));
  return {
    addresses: sorted(ordered.flatMap(({ entities }) => entities.addresses.map(({ value }) => value))),
    agents: sorted(ordered.flatMap(({ entities }) => entities.agents)),
    sightings: ordered,
    reasons: [...(isHidden ? [] : (['address'] as const)), ...[...reasons].toSorted()],
    first: ordered.reduce<Ticks | undefined>((time, s) => minTime(time, s.time), undefined),
    last: ordered.reduce<Ticks | undefined>((time, s) => maxTime(time, s.last), undefined),
    isHidden,
  };
}
