import { remember, stableId } from '@postern/core';
import type { CaseFacts, FileFacts } from '@postern/core';
import { cleanHost, shortName } from './hosts.ts';
import { say } from './messages.ts';
import { groupBy, sorted } from './ordered.ts';

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

/** A source's server before it has an id. */
export interface Placing {
  readonly key: string;
  readonly basis: ServerBasis;
}

/** Where all goes that no server can be told of. */
export const unassigned: Placing = { key: 'unassigned:', basis: 'unassigned' };

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
  /** Every source has its place without the request ids of hits: more hits move none. */
  readonly isSettled: boolean;
}

/** The server of a source; unassigned where the source is not known. */
export function serverOfSource(book: ServerBook, source: string): string {
  return book.ofSource.get(source) ?? serverId(unassigned.key);
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

/** The book of servers, once every source has its place. */
export function bookOf(
  facts: CaseFacts,
  keys: ReadonlyMap<string, string>,
  placed: ReadonlyMap<string, Placing>,
): Omit<ServerBook, 'isSettled'> {
  const entries = new Map<string, ServerEntry>();
  const spelling = spellingsOf(facts);
  for (const [key, placings] of groupBy(placed.values(), (placing) => placing.key)) {
    const names = namesOf(key, keys, spelling);
    entries.set(serverId(key), { id: serverId(key), names, basis: strongest(placings) });
  }
  const nobody = serverId(unassigned.key);
  if (!entries.has(nobody))
    entries.set(nobody, { id: nobody, names: [say('name.unassigned')], basis: 'unassigned' });
  const ofSource = new Map<string, string>();
  for (const [source, { key }] of placed) ofSource.set(source, serverId(key));
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
  const nobody = serverId(unassigned.key);
  const within = new Map<string, Set<string>>();
  for (const { id, collection } of facts.sources) {
    const server = ofSource.get(id);
    if (server === undefined || server === nobody) continue;
    const servers = within.get(collection);
    if (servers === undefined) within.set(collection, new Set([server]));
    else servers.add(server);
  }
  const alone = [...within].filter(([, servers]) => servers.size === 1);
  return new Map(
    alone.flatMap(([collection, servers]) => [...servers].map((server) => [collection, server])),
  );
}

/** Host name in lower case → as the records write it. */
function spellingsOf(facts: CaseFacts): ReadonlyMap<string, string> {
  const spellings = new Map<string, string>();
  const written = new Set(facts.options.servers.keys());
  for (const { hosts } of facts.sources) for (const text of hosts.keys()) written.add(text);
  for (const text of sorted(written)) {
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
  return idOf(key);
}

/** Asked for each of thousands of sources of a few servers. */
const idOf = remember((key) => stableId('server', [key]));
