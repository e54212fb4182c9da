import type { CaseFacts, SourceFacts } from '@postern/core';
import { isLoopback } from './addresses.ts';
import { cleanHost, hostKeys } from './hosts.ts';
import { joinsOf } from './joins.ts';
import { groupBy, mostFrequent, push } from './ordered.ts';
import { bookOf, unassigned } from './servers.ts';
import type { Placing, ServerBook } from './servers.ts';

/**
 * Judgement section 5: the host name in records, else the server's own address in a named host's log, else the folder
 * that only one host's logs lie in, else request ids of a named host's front end, else the collection's root, else
 * unassigned. Folders come before request ids, for the back end of one server writes the ids of another's front end.
 */
export function placeServers(facts: CaseFacts): ServerBook {
  const keys = hostKeys(allHosts(facts));
  const placed = new Map<string, Placing>();
  placeStated(facts, keys, placed);
  placeByRecords(facts, keys, placed);
  placeByAddress(facts, placed);
  placeByFolder(facts, placed);
  const isSettled = facts.sources.every(({ id }) => placed.has(id));
  placeByJoins(facts, placed);
  placeByAddress(facts, placed);
  placeByCollection(facts, placed);
  return { ...bookOf(facts, keys, placed), isSettled };
}

function allHosts(facts: CaseFacts): ReadonlySet<string> {
  const all = new Set<string>();
  const add = (text: string): void => {
    const host = cleanHost(text);
    if (host !== undefined) all.add(host);
  };
  for (const { hosts } of facts.sources) for (const text of hosts.keys()) add(text);
  for (const text of facts.options.servers.keys()) add(text);
  return all;
}

function placeStated(
  facts: CaseFacts,
  keys: ReadonlyMap<string, string>,
  placed: Map<string, Placing>,
): void {
  const prefixes = [...facts.options.servers].flatMap(([name, paths]) =>
    paths.map((path) => ({ name, path })),
  );
  if (prefixes.length === 0) return;
  for (const source of facts.sources) {
    const best = prefixes
      .filter(({ path }) => isBelow(source.path, path))
      .toSorted((a, b) => b.path.length - a.path.length)[0];
    if (best === undefined) continue;
    const host = cleanHost(best.name);
    const key = host === undefined ? `name:${best.name}` : `host:${keys.get(host) ?? host}`;
    placed.set(source.id, { key, basis: 'stated' });
  }
}

/** A place is a whole name: `a` is not where `ab/x.log` lies. Archives count as folders. */
function isBelow(path: string, place: string): boolean {
  if (place === '' || path === place) return true;
  return ['/', '!/'].some((mark) => path.startsWith(place.endsWith('/') ? place : place + mark));
}

function placeByRecords(
  facts: CaseFacts,
  keys: ReadonlyMap<string, string>,
  placed: Map<string, Placing>,
): void {
  for (const source of facts.sources) {
    if (placed.has(source.id)) continue;
    const key = hostOf(source, keys);
    if (key !== undefined) placed.set(source.id, { key: `host:${key}`, basis: 'records' });
  }
}

function hostOf({ hosts }: SourceFacts, keys: ReadonlyMap<string, string>): string | undefined {
  const counts = new Map<string, number>();
  for (const [name, count] of hosts) {
    const host = cleanHost(name);
    if (host === undefined) continue;
    const key = keys.get(host) ?? host;
    // Nearly every source names one host.
    if (hosts.size === 1) return key;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return mostFrequent(counts);
}

/** A server's own address in a log without names, seen in a named host's log too: of the same collection first. */
function placeByAddress(facts: CaseFacts, placed: Map<string, Placing>): void {
  const open = facts.sources.filter(({ id }) => !placed.has(id));
  if (open.length === 0) return;
  const owners = new Map<string, Map<string, Set<string>>>();
  for (const source of facts.sources) {
    const key = placed.get(source.id)?.key;
    if (key === undefined) continue;
    for (const address of ownAddresses(source)) {
      const collections = owners.get(address) ?? new Map<string, Set<string>>();
      collections.set(source.collection, (collections.get(source.collection) ?? new Set()).add(key));
      owners.set(address, collections);
    }
  }
  for (const source of open) {
    const votes = new Map<string, number>();
    for (const address of ownAddresses(source)) {
      const collections = owners.get(address);
      const near = collections?.get(source.collection);
      const keys = near ?? new Set([...(collections?.values() ?? [])].flatMap((set) => [...set]));
      if (keys.size === 1) for (const key of keys) votes.set(key, (votes.get(key) ?? 0) + 1);
    }
    const key = mostFrequent(votes);
    if (key !== undefined) placed.set(source.id, { key, basis: 'address' });
  }
}

function ownAddresses(source: SourceFacts): string[] {
  return [...source.serverAddresses.keys()].filter(
    (address) => !isLoopback(address) && !address.toLowerCase().startsWith('fe80:'),
  );
}

/** A front end writes the request id that its own HttpProxy logs have; a back end may write another server's. */
function placeByJoins(facts: CaseFacts, placed: Map<string, Placing>): void {
  const owners = new Map<string, Set<string>>();
  const open = new Map<string, string[]>();
  for (const hit of facts.hits) {
    const rule = facts.rules.get(hit.rule);
    if (rule === undefined || hit.recorder === 'iis-back') continue;
    const key = placed.get(hit.source)?.key;
    for (const { value } of joinsOf(rule, hit.captures).filter(({ kind }) => kind === 'request')) {
      if (key === undefined) push(open, hit.source, value);
      else if (hit.recorder.startsWith('httpproxy'))
        owners.set(value, (owners.get(value) ?? new Set()).add(key));
    }
  }
  for (const [source, values] of open) {
    const votes = new Map<string, number>();
    for (const value of values)
      for (const key of owners.get(value) ?? []) votes.set(key, (votes.get(key) ?? 0) + 1);
    const key = mostFrequent(votes);
    if (key !== undefined) placed.set(source, { key, basis: 'joined' });
  }
}

/** Climbs from the source's folder until some server's logs lie below; it is the source's if it is the only one. */
function placeByFolder(facts: CaseFacts, placed: Map<string, Placing>): void {
  if (facts.sources.every(({ id }) => placed.has(id))) return;
  const below = new Map<string, Set<string>>();
  const folders = [...groupBy(facts.sources, folderKey).values()];
  for (const sources of folders) {
    const keys = new Set(sources.flatMap(({ id }) => placed.get(id)?.key ?? []));
    for (const step of stepsOf(sources[0]))
      for (const key of keys) below.set(step, (below.get(step) ?? new Set()).add(key));
  }
  for (const sources of folders) {
    const found = stepsOf(sources[0])
      .map((step) => below.get(step))
      .find((keys) => keys !== undefined);
    const [key] = found?.size === 1 ? found : [];
    if (key === undefined) continue;
    for (const { id } of sources) if (!placed.has(id)) placed.set(id, { key, basis: 'folder' });
  }
}

/** Thousands of sources lie in a few folders. */
function folderKey({ collection, path }: SourceFacts): string {
  return `${collection}\0${path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)}`;
}

/** What is left: a collection that names no host is one server; one that names several leaves its rest unassigned. */
function placeByCollection(facts: CaseFacts, placed: Map<string, Placing>): void {
  const open = facts.sources.filter(({ id }) => !placed.has(id));
  if (open.length === 0) return;
  const named = new Set(facts.sources.filter(({ id }) => placed.has(id)).map(({ collection }) => collection));
  for (const source of open) {
    const { collection } = source;
    placed.set(
      source.id,
      named.has(collection) ? unassigned : { key: `collection:${collection}`, basis: 'collection' },
    );
  }
}

function stepsOf(source: SourceFacts | undefined): string[] {
  if (source === undefined) return [];
  return [...foldersOf(source.path), ''].map((folder) => `${source.collection}\0${folder}`);
}

/** The folders of a path as collected, the deepest first. Archives count as folders. */
function foldersOf(path: string): string[] {
  const parts = path.replaceAll('\\', '/').split('/');
  return parts.slice(0, -1).map((_, index) => parts.slice(0, parts.length - 1 - index).join('/'));
}
