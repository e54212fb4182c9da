import { compareText, maxTime, minTime, urlPath } from '@postern/core';
import type { Ticks } from '@postern/core';
import { isLoopback, isPrivate, neighbourhoodOf } from './addresses.ts';
import type { FindingDraft } from './findings.ts';
import { attachFollowed, joinKeys } from './followed.ts';
import { compareTimes } from './intervals.ts';
import { groupBy, sorted } from './ordered.ts';
import { isProxy } from './proxies.ts';
import type { Proxies } from './proxies.ts';
import { compareSightings } from './sighting.ts';
import type { Sighting } from './sighting.ts';

/** Why two visitors are held to be one. */
export type MergeReason = 'address' | 'network' | 'agent' | 'session' | 'file';

/** One visitor, or several that look like one. */
export interface VisitorGroup {
  readonly addresses: readonly string[];
  readonly agents: readonly string[];
  /** In the order of time. */
  readonly sightings: readonly Sighting[];
  /** What the second pass found of the same visitor beside that. */
  readonly followed: readonly Sighting[];
  readonly reasons: readonly MergeReason[];
  /** What remains apart when agents alone join nobody: each part may be somebody else. */
  readonly parts: readonly (readonly Sighting[])[];
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  /** Stands behind a proxy that hides its address. */
  readonly isHidden: boolean;
}

/** What a browser, a library or a scanner sends by itself. The bare `Mozilla/5.0` is no browser's. */
const commonAgent =
  /^(?:(?:mozilla|opera)\/\d[\d.]* \(|opera\/|python|curl|wget|go-http-client|okhttp|java|apache-httpclient|libwww|lwp|axios|node|powershell|windowspowershell|winhttp|microsoft|ms ?exchange|exchangeservicesclient|masscan|zgrab|nmap|nuclei|httpx|-?$)/i;
/** An agent that more addresses than this share is no mark of one visitor. */
const agentSharedBy = 5;

/** Sightings that tell of a visitor: with an address, and more than a look at an unknown page. */
export function visitorSightings(drafts: readonly FindingDraft[], proxies: Proxies): Sighting[] {
  const all = drafts.flatMap(({ finding, sightings }) => {
    const isAside = finding.setAside !== undefined && sightings.every(({ visitor }) => visitor === undefined);
    if (isAside || finding.act === 'page-seen' || finding.review?.disposition === 'own-test') return [];
    return sightings.filter(({ packs }) => packs.length > 0);
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

/**
 * Groups by address. Addresses are joined by records of one session (followed ones too), by one network with the same
 * agent, and, weakly, by an agent that only few have, by two agents in common or by a packed file that few asked for.
 */
export function groupVisitors(
  sightings: readonly Sighting[],
  proxies: Proxies,
  followed: readonly Sighting[] = [],
): VisitorGroup[] {
  const nodes = groupBy(sightings, (sighting) => nodeOf(sighting, proxies));
  const attached = attachFollowed(nodes, followed, proxies);
  const keys = [...new Set([...nodes.keys(), ...attached.keys()])];
  const [strong, weak] = [new Merger(keys), new Merger(keys)];
  for (const edge of strongEdges(nodes, attached)) {
    strong.join(edge);
    weak.join(edge);
  }
  for (const edge of [...agentEdges(nodes), ...fileEdges(nodes)]) weak.join(edge);
  return weak.groups().map((group) => {
    const parts = [...groupBy(group, (key) => strong.rootOf(key)).values()].map((list) =>
      list.flatMap((key) => nodes.get(key) ?? []),
    );
    const more = group.flatMap((key) => attached.get(key) ?? []);
    return groupOf({ parts, followed: more, reasons: weak.reasonsOf(group), isHidden: isHiddenGroup(group) });
  });
}

function isHiddenGroup(keys: readonly string[]): boolean {
  return keys.every((key) => key.startsWith('hidden:'));
}

function nodeOf({ entities, recordedOn }: Sighting, proxies: Proxies): string {
  const address = entities.addresses[0]?.value ?? '';
  return isProxy(proxies, recordedOn, address) ? `hidden:${entities.agents[0] ?? ''}` : `address:${address}`;
}

interface Edge {
  readonly reason: MergeReason;
  readonly keys: readonly string[];
}

type Nodes = ReadonlyMap<string, readonly Sighting[]>;

function strongEdges(nodes: Nodes, attached: Nodes): Edge[] {
  const sessions = new Map<string, Set<string>>();
  const networks = new Map<string, Set<string>>();
  for (const [key, sightings] of nodes) {
    const address = key.startsWith('address:') ? key.slice('address:'.length) : '';
    const network = address === '' || isPrivate(address) ? undefined : neighbourhoodOf(address);
    for (const sighting of sightings) {
      for (const join of joinKeys(sighting)) add(sessions, join, key);
      if (network !== undefined)
        for (const agent of sighting.entities.agents)
          add(networks, `${network}\0${agent.toLowerCase()}`, key);
    }
  }
  for (const [key, records] of attached)
    for (const record of records) for (const join of joinKeys(record)) add(sessions, join, key);
  return [...edgesOf('session', sessions), ...edgesOf('network', networks)];
}

function agentEdges(nodes: Nodes): Edge[] {
  const single = new Map<string, Set<string>>();
  const pairs = new Map<string, Set<string>>();
  for (const [key, sightings] of nodes) {
    const agents = sorted(
      sightings.flatMap(({ entities }) => entities.agents.map((agent) => agent.toLowerCase())),
    );
    for (const agent of agents) if (!commonAgent.test(agent)) add(single, agent, key);
    for (const [k, one] of agents.entries())
      for (const other of agents.slice(k + 1, k + 20)) add(pairs, `${one}\0${other}`, key);
  }
  return [...edgesOf('agent', single), ...edgesOf('agent', pairs)].filter(
    ({ keys }) => keys.length <= agentSharedBy,
  );
}

/** A packed file in a web folder has a name that nobody guesses: who asks for it knows of it. */
function fileEdges(nodes: Nodes): Edge[] {
  const files = new Map<string, Set<string>>();
  for (const [key, sightings] of nodes) {
    for (const { rule, entities, recordedOn } of sightings) {
      if (!rule.act.startsWith('archive')) continue;
      for (const url of entities.urls) add(files, `${recordedOn}\0${urlPath(url)}`, key);
    }
  }
  return edgesOf('file', files).filter(({ keys }) => keys.length <= agentSharedBy);
}

function edgesOf(reason: MergeReason, map: ReadonlyMap<string, ReadonlySet<string>>): Edge[] {
  return [...map.values()].filter((keys) => keys.size > 1).map((keys) => ({ reason, keys: sorted(keys) }));
}

function add(map: Map<string, Set<string>>, value: string, key: string): void {
  map.set(value, (map.get(value) ?? new Set()).add(key));
}

/** Sets of visitors that are joined one by one, with the reasons. */
class Merger {
  readonly #parents: Map<string, string>;
  readonly #reasons = new Map<string, Set<MergeReason>>();

  constructor(keys: readonly string[]) {
    this.#parents = new Map(keys.map((key) => [key, key]));
  }

  join({ keys, reason }: Edge): void {
    const [first] = keys;
    if (first === undefined) return;
    for (const key of keys) {
      this.#reasons.set(key, (this.#reasons.get(key) ?? new Set()).add(reason));
      const [a, b] = [this.rootOf(first), this.rootOf(key)].toSorted(compareText);
      if (a !== undefined && b !== undefined && a !== b) this.#parents.set(b, a);
    }
  }

  rootOf(key: string): string {
    let root = key;
    for (
      let next = this.#parents.get(root);
      next !== undefined && next !== root;
      next = this.#parents.get(root)
    )
      root = next;
    this.#parents.set(key, root);
    return root;
  }

  groups(): string[][] {
    return [...groupBy([...this.#parents.keys()].toSorted(compareText), (key) => this.rootOf(key)).values()];
  }

  reasonsOf(keys: readonly string[]): MergeReason[] {
    return [...new Set(keys.flatMap((key) => [...(this.#reasons.get(key) ?? [])]))].toSorted(compareText);
  }
}

function groupOf({
  parts,
  followed,
  reasons,
  isHidden,
}: Pick<VisitorGroup, 'parts' | 'followed' | 'reasons' | 'isHidden'>): VisitorGroup {
  const sightings = parts.flat().toSorted((a, b) => compareTimes(a.time, b.time));
  const all = [...sightings, ...followed];
  return {
    addresses: sorted(all.flatMap(({ entities }) => entities.addresses.map(({ value }) => value))),
    agents: sorted(all.flatMap(({ entities }) => entities.agents)),
    sightings,
    followed: followed.toSorted(compareSightings),
    parts: parts.filter((part) => part.length > 0),
    reasons: isHidden ? reasons : ['address', ...reasons],
    first: all.reduce<Ticks | undefined>((time, s) => minTime(time, s.time), undefined),
    last: all.reduce<Ticks | undefined>((time, s) => maxTime(time, s.last), undefined),
    isHidden,
  };
}
