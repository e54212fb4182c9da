import { stableId } from '@postern/core';
import type { CaseFacts, FileFacts, SourceFacts } from '@postern/core';
import { isLoopback } from './addresses.ts';
import { cleanHost, hostKeys, shortName } from './hosts.ts';
import { joinsOf } from './joins.ts';
import { say } from './messages.ts';
import { groupBy, mostFrequent, push, sorted } from './ordered.ts';

/** How a server became known. */
export type ServerBasis =
  | 'stated'
  | 'records'
  | 'address'
  | 'joined'
  | 'folder'
  | 'collection'
  | 'named-only'
  | 'unassigned';

export interface ServerEntry {
  readonly id: string;
  /** The fullest name first. */
  readonly names: readonly string[];
  readonly basis: ServerBasis;
}

/** Which server each source belongs to. */
export interface ServerBook {
  /** By id. */
  readonly entries: ReadonlyMap<string, ServerEntry>;
  /** Source id → server id. */
  readonly ofSource: ReadonlyMap<string, string>;
  /** Collection → the server that is alone in it. */
  readonly ofCollection: ReadonlyMap<string, string>;
  /** Host name (lower case) → server id. */
  readonly ofHost: ReadonlyMap<string, string>;
}

/** A source's server before it has an id. */
interface Placing {
  readonly key: string;
  readonly basis: ServerBasis;
}

const unassigned: Placing = { key: 'unassigned:', basis: 'unassigned' };

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
  placeByJoins(facts, placed);
  placeByAddress(facts, placed);
  placeByCollection(facts, placed);
  return bookOf(facts, keys, placed);
}

/** The server of a file: that of its source or listing, else the one of its collection. */
export function serverOfFile(book: ServerBook, file: FileFacts): string {
  const source = file.source ?? file.listed?.source;
  const found = source === undefined ? undefined : book.ofSource.get(source);
  return found ?? book.ofCollection.get(file.collection) ?? serverId(unassigned.key);
}

/**
 * The id of a known server by any of its names. A full name fits a server that is known by its short name only; a
 * short name fits any.
 */
export function serverNamed(book: ServerBook, name: string): string | undefined {
  const host = cleanHost(name);
  if (host === undefined) return undefined;
  const [exact, short] = [book.ofHost.get(host), book.ofHost.get(shortName(host))];
  if (exact !== undefined || !host.includes('.')) return exact ?? short;
  const names = book.entries.get(short ?? '')?.names ?? [];
  return names.some((known) => known.includes('.')) ? undefined : short;
}

/** Adds a server that records of others name and that left none of its own. */
export function withNamed(book: ServerBook, hosts: readonly string[]): ServerBook {
  const entries = new Map(book.entries);
  const ofHost = new Map(book.ofHost);
  for (const host of sorted(hosts)) {
    if (ofHost.has(host)) continue;
    const id = serverId(`host:${shortName(host)}`);
    const names = [...(entries.get(id)?.names ?? []), host];
    entries.set(id, { id, names, basis: 'named-only' });
    ofHost.set(host, id);
    if (!ofHost.has(shortName(host))) ofHost.set(shortName(host), id);
  }
  return { ...book, entries, ofHost };
}

function allHosts(facts: CaseFacts): string[] {
  const fromSources = facts.sources.flatMap((source) => [...source.hosts.keys()]);
  const stated = facts.options.servers.keys();
  return [...fromSources, ...stated].flatMap((host) => cleanHost(host) ?? []);
}

function placeStated(
  facts: CaseFacts,
  keys: ReadonlyMap<string, string>,
  placed: Map<string, Placing>,
): void {
  const prefixes = [...facts.options.servers].flatMap(([name, paths]) =>
    paths.map((path) => ({ name, path })),
  );
  for (const source of facts.sources) {
    const best = prefixes
      .filter(({ path }) => source.path.startsWith(path))
      .toSorted((a, b) => b.path.length - a.path.length)[0];
    if (best === undefined) continue;
    const host = cleanHost(best.name);
    const key = host === undefined ? `name:${best.name}` : `host:${keys.get(host) ?? host}`;
    placed.set(source.id, { key, basis: 'stated' });
  }
}

function placeByRecords(
  facts: CaseFacts,
  keys: ReadonlyMap<string, string>,
  placed: Map<string, Placing>,
): void {
  for (const source of facts.sources) {
    if (placed.has(source.id)) continue;
    const counts = new Map<string, number>();
    for (const [name, count] of source.hosts) {
      const host = cleanHost(name);
      if (host === undefined) continue;
      const key = keys.get(host) ?? host;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
    const key = mostFrequent(counts);
    if (key !== undefined) placed.set(source.id, { key: `host:${key}`, basis: 'records' });
  }
}

/** A server's own address in a log without names, seen in a named host's log too: of the same collection first. */
function placeByAddress(facts: CaseFacts, placed: Map<string, Placing>): void {
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
  for (const source of facts.sources.filter(({ id }) => !placed.has(id))) {
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
  const below = new Map<string, Set<string>>();
  for (const source of facts.sources) {
    const key = placed.get(source.id)?.key;
    if (key === undefined) continue;
    for (const step of stepsOf(source)) below.set(step, (below.get(step) ?? new Set()).add(key));
  }
  for (const source of facts.sources.filter(({ id }) => !placed.has(id))) {
    const found = stepsOf(source)
      .map((step) => below.get(step))
      .find((keys) => keys !== undefined);
    if (found?.size === 1) for (const key of found) placed.set(source.id, { key, basis: 'folder' });
  }
}

/** What is left: a collection that names no host is one server; one that names several leaves its rest unassigned. */
function placeByCollection(facts: CaseFacts, placed: Map<string, Placing>): void {
  const named = new Set(facts.sources.filter(({ id }) => placed.has(id)).map(({ collection }) => collection));
  for (const source of facts.sources.filter(({ id }) => !placed.has(id))) {
    const { collection } = source;
    placed.set(
      source.id,
      named.has(collection) ? unassigned : { key: `collection:${collection}`, basis: 'collection' },
    );
  }
}

function stepsOf(source: SourceFacts): string[] {
  return [...foldersOf(source.path), ''].map((folder) => `${source.collection}\0${folder}`);
}

/** The folders of a path as collected, the deepest first. Archives count as folders. */
function foldersOf(path: string): string[] {
  const parts = path.replaceAll('\\', '/').split('/');
  return parts.slice(0, -1).map((_, index) => parts.slice(0, parts.length - 1 - index).join('/'));
}

function bookOf(
  facts: CaseFacts,
  keys: ReadonlyMap<string, string>,
  placed: ReadonlyMap<string, Placing>,
): ServerBook {
  const entries = new Map<string, ServerEntry>();
  const spelling = spellingsOf(facts);
  for (const [key, placings] of groupBy(placed.values(), (placing) => placing.key)) {
    const names = namesOf(key, keys, spelling);
    entries.set(serverId(key), { id: serverId(key), names, basis: strongest(placings) });
  }
  const ofSource = new Map([...placed].map(([source, { key }]) => [source, serverId(key)]));
  const ofHost = new Map<string, string>();
  for (const [host, key] of keys) {
    if (!entries.has(serverId(`host:${key}`))) continue;
    ofHost.set(host, serverId(`host:${key}`));
    if (key === shortName(host)) ofHost.set(key, serverId(`host:${key}`));
  }
  return { entries, ofSource, ofCollection: collectionServers(facts, ofSource), ofHost };
}

function collectionServers(
  facts: CaseFacts,
  ofSource: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const alone = new Map<string, string>();
  for (const [collection, sources] of groupBy(facts.sources, (source) => source.collection)) {
    const ids = sorted(sources.flatMap(({ id }) => ofSource.get(id) ?? [])).filter(
      (id) => id !== serverId(unassigned.key),
    );
    if (ids.length === 1 && ids[0] !== undefined) alone.set(collection, ids[0]);
  }
  return alone;
}

/** Host name in lower case → as the records write it. */
function spellingsOf(facts: CaseFacts): ReadonlyMap<string, string> {
  const spellings = new Map<string, string>();
  const written = sorted([
    ...facts.options.servers.keys(),
    ...facts.sources.flatMap(({ hosts }) => [...hosts.keys()]),
  ]);
  for (const text of written) {
    const host = cleanHost(text);
    if (host !== undefined && !spellings.has(host)) spellings.set(host, text.trim().replace(/\.$/, ''));
  }
  return spellings;
}

function namesOf(
  key: string,
  keys: ReadonlyMap<string, string>,
  spelling: ReadonlyMap<string, string>,
): string[] {
  if (key === unassigned.key) return [say('name.unassigned')];
  const [kind, name] = splitOnce(key, ':');
  if (kind !== 'host') return [name];
  const names = sorted([...keys].filter(([, k]) => k === name).map(([host]) => host));
  const written = (names.length === 0 ? [name] : names).map((host) => spelling.get(host) ?? host);
  return written.toSorted((a, b) => b.length - a.length);
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return [text.slice(0, at), text.slice(at + 1)];
}

const basisOrder: readonly ServerBasis[] = [
  'stated',
  'records',
  'address',
  'joined',
  'folder',
  'collection',
  'named-only',
  'unassigned',
];

function strongest(placings: readonly Placing[]): ServerBasis {
  return basisOrder.find((basis) => placings.some((placing) => placing.basis === basis)) ?? 'unassigned';
}

/** Stable under added evidence as long as the host's short name is. */
export function serverId(key: string): string {
  return stableId('server', [key]);
}
