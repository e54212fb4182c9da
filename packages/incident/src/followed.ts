import { maxTime, minTime, ticksPerDay, urlPath } from '@postern/core';
import type { Amount, Ticks } from '@postern/core';
import { isLoopback } from './addresses.ts';
import { say } from './messages.ts';
import { push } from './ordered.ts';
import { isProxy } from './proxies.ts';
import type { Proxies } from './proxies.ts';
import type { Sighting } from './sighting.ts';

/** Records that the second pass kept because they name something known: they belong to operators, not to findings. */
export function isFollowed({ rule }: Pick<Sighting, 'rule'>): boolean {
  return rule.kind === 'check' && rule.act.startsWith('followed-');
}

const browser = /^(?:mozilla|opera)\/\d[\d.]* \(/i;

/** Node of a visitor → its sightings. */
type Nodes = ReadonlyMap<string, readonly Sighting[]>;

/**
 * Gives followed records to the visitors they belong to. An address is followed whole, and others may sit behind it:
 * a record of a known address belongs to its visitor if it has one of its agents (a browser's only near in time) or a
 * session in common; a record of
 * an unknown address only by a session or a request id.
 */
export function attachFollowed(
  nodes: Nodes,
  followed: readonly Sighting[],
  proxies: Proxies,
): ReadonlyMap<string, readonly Sighting[]> {
  const own = followed.flatMap((record) => {
    const address = record.entities.addresses[0]?.value;
    if (address === undefined || record.setAside !== undefined) return [];
    const stands =
      proxies.own.has(address) || isLoopback(address) || isProxy(proxies, record.recordedOn, address);
    return stands ? [] : [{ key: `address:${address}`, record }];
  });
  const attached = new Map<string, Sighting[]>();
  const sessions = new Set([...nodes.values()].flat().flatMap(joinKeys));
  const rest = own.filter(({ key, record }) => {
    const node = nodes.get(key);
    if (node === undefined || (!sharesAgent(node, record) && !sharesJoin(sessions, record))) return true;
    push(attached, key, record);
    return false;
  });
  for (const record of [...attached.values()].flat()) for (const join of joinKeys(record)) sessions.add(join);
  for (const { key, record } of rest) if (sharesJoin(sessions, record)) push(attached, key, record);
  return attached;
}

/** Values that join records of one visitor. A process is of the server and joins no visitors. */
export function joinKeys({ joins }: Sighting): string[] {
  return joins.flatMap(({ kind, value }) => (kind === 'process' ? [] : [`${kind}:${value}`]));
}

function sharesJoin(sessions: ReadonlySet<string>, record: Sighting): boolean {
  return joinKeys(record).some((join) => sessions.has(join));
}

/** A browser's agent is that of many; then only what is near in time is held to be of the same visitor. */
function sharesAgent(node: readonly Sighting[], record: Sighting): boolean {
  const [agent] = record.entities.agents;
  const isAnybodys = agent === undefined || browser.test(agent);
  if (isAnybodys && !isNear(node, record)) return false;
  return (
    agent === undefined ||
    node.some((one) => one.entities.agents.some((known) => known.toLowerCase() === agent.toLowerCase()))
  );
}

function isNear(node: readonly Sighting[], { time }: Sighting): boolean {
  if (time === undefined) return false;
  const first = node.reduce<Ticks | undefined>((least, one) => minTime(least, one.time), undefined);
  const last = node.reduce<Ticks | undefined>((most, one) => maxTime(most, one.last), undefined);
  return (
    first !== undefined && last !== undefined && time >= first - ticksPerDay && time <= last + ticksPerDay
  );
}

/** Followed requests that are none of those a finding already tells of. */
export function otherRequests(
  followed: readonly Sighting[],
  sightings: readonly Sighting[],
): readonly Sighting[] {
  const rows = new Set(sightings.map(({ source, at }) => `${source}\0${at.offset}`));
  const urls = new Set(
    sightings.flatMap(({ implant, entities }) => [
      implant?.url ?? '',
      ...entities.urls.map((url) => urlPath(url)),
    ]),
  );
  return followed.filter(
    ({ source, at, entities }) =>
      !rows.has(`${source}\0${at.offset}`) && !entities.urls.some((url) => urls.has(urlPath(url))),
  );
}

/** What was sent to a visitor, as far as its followed requests have it logged: by the web server, else by the proxy. */
export function bytesLogged(followed: readonly Sighting[]): Amount | undefined {
  for (const recorder of [/^iis(?:-front)?$/, /^httpproxy/]) {
    const rows = followed.filter((record) => recorder.test(record.recorder));
    const known = rows.flatMap(({ captures }) => {
      const text = captures.get('bytes') ?? '';
      return /^\d{1,15}$/.test(text) ? [Number(text)] : [];
    });
    const sum = known.reduce((total, bytes) => total + bytes, 0);
    if (sum === 0) continue;
    // The proxy's logs have proxied paths only, so they never bound it from above.
    const isWhole = known.length === rows.length && recorder.test('iis-front');
    return {
      lower: sum,
      upper: isWhole ? sum : null,
      basis: say('operator.bytes-logged', { count: known.length }),
    };
  }
  return undefined;
}

/** Requests with data that a back door answered, by others than the web server, whose own counts are better. */
export function followedUses(
  followed: readonly Sighting[],
  server: string,
  url: string | undefined,
): { readonly count: number; readonly first: Ticks | undefined; readonly last: Ticks | undefined } {
  const uses = followed.filter(
    ({ recorder, captures, entities, recordedOn }) =>
      url !== undefined &&
      recordedOn === server &&
      recorder.startsWith('httpproxy') &&
      captures.get('method')?.toUpperCase() === 'POST' &&
      /^(?:200|500)$/.test(captures.get('status') ?? '') &&
      entities.urls.some((asked) => urlPath(asked) === url),
  );
  return {
    count: uses.length,
    first: uses.reduce<Ticks | undefined>((time, { time: next }) => minTime(time, next), undefined),
    last: uses.reduce<Ticks | undefined>((time, { last }) => maxTime(time, last), undefined),
  };
}
