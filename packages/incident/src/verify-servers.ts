import { compareText, parseTime, PosternError } from '@postern/core';
import type { Assessment, Server, Ticks } from '@postern/core';
import { say } from './messages.ts';

/** A server of BEFORE, and the same one in AFTER. */
export interface ServerPair {
  readonly before: Server;
  readonly after: Server | undefined;
  /** How the ends of their records lie to each other; `unknown` where one of them has no times. */
  readonly order: 'later' | 'same' | 'earlier' | 'unknown';
  /** The last moment of BEFORE's records. */
  readonly beforeEnds: Ticks | undefined;
}

/**
 * The servers of BEFORE, each with its like in AFTER: by id, else by a shared name.
 *
 * @throws PosternError `POSTERN_INCIDENT_SERVERS` where they have no judged server in common, `POSTERN_INCIDENT_ORDER`
 *   where the records of AFTER end before those of BEFORE
 */
export function pairServers(before: Assessment, after: Assessment): readonly ServerPair[] {
  const pairs = before.servers.map((server) =>
    isNamed(server) ? pairOf(server, after.servers.filter(isNamed)) : pairOfNobody(server, after.servers),
  );
  const judged = pairs.filter((pair) => pair.before.headline !== undefined);
  const basis = judged.length > 0 ? judged : pairs.filter((pair) => isNamed(pair.before));
  if (!basis.some((pair) => pair.after !== undefined)) throw differentServers(before, after);
  const known = basis.filter(({ order }) => order !== 'unknown');
  if (known.length > 0 && known.every(({ order }) => order === 'earlier')) throw wrongOrder(known);
  return pairs;
}

/** What could be given to no server is nobody's: it may be of different servers, so nothing of it is closed by order. */
function pairOfNobody(before: Server, servers: readonly Server[]): ServerPair {
  const after = servers.find((server) => !isNamed(server));
  return { before, after, beforeEnds: undefined, order: 'unknown' };
}

function isNamed({ names }: Server): boolean {
  return names[0] !== say('name.unassigned');
}

function pairOf(before: Server, servers: readonly Server[]): ServerPair {
  const names = new Set(before.names.map((name) => name.toLowerCase()));
  const after =
    servers.find(({ id }) => id === before.id) ??
    servers.find((server) => server.names.some((name) => names.has(name.toLowerCase())));
  const beforeEnds = endOf(before);
  return { before, after, beforeEnds, order: orderOf(beforeEnds, after && endOf(after)) };
}

function endOf({ seen }: Server): Ticks | undefined {
  return seen === undefined ? undefined : parseTime(seen.to);
}

function orderOf(before: Ticks | undefined, after: Ticks | undefined): ServerPair['order'] {
  if (before === undefined || after === undefined) return 'unknown';
  return after > before ? 'later' : after === before ? 'same' : 'earlier';
}

export function nameOf({ names, id }: Server): string {
  return names[0] ?? id;
}

function namesOf({ servers }: Assessment): string {
  const judged = servers.filter(({ headline }) => headline !== undefined);
  const named = (judged.length > 0 ? judged : servers).flatMap(({ names }) => names);
  return named.length === 0 ? 'no server' : named.toSorted(compareText).join(', ');
}

function differentServers(before: Assessment, after: Assessment): PosternError {
  return new PosternError({
    code: 'POSTERN_INCIDENT_SERVERS',
    message: `BEFORE and AFTER are not of the same server: BEFORE has ${namesOf(before)}; AFTER has ${namesOf(after)}`,
    at: 'AFTER',
    hint: 'Give two assessments of one server; where its name changed, scan both with --server NAME=PATH.',
  });
}

function wrongOrder(pairs: readonly ServerPair[]): PosternError {
  const told = pairs.map(
    ({ before, after }) =>
      `${nameOf(before)}: BEFORE ends ${before.seen?.to ?? ''}, AFTER ends ${after?.seen?.to ?? ''}`,
  );
  return new PosternError({
    code: 'POSTERN_INCIDENT_ORDER',
    message: `AFTER ends earlier than BEFORE (${told.join('; ')})`,
    at: 'AFTER',
    hint: 'Give the older assessment first: postern verify BEFORE AFTER.',
  });
}
