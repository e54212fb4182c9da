// What intruders do with pages that are there already: look for them, use them, fetch what was put beside them.

import type { Agent } from './agents.ts';
import { hostAt, ownPart, requestOf } from './benign-context.ts';
import { SECOND } from './calendar.ts';
import type { Planned } from './exploit.ts';
import { pageName, type Intruder } from './intruders.ts';
import { urlAt, WEB_FOLDERS, type WebFolder, type WebPlace } from './places.ts';
import type { Random } from './random.ts';
import type { WebRequest } from './request.ts';
import type { Server, World } from './world.ts';

/** One sitting of an intruder at one server. */
export interface Sitting {
  readonly world: World;
  readonly server: Server;
  readonly random: Random;
  readonly who: Intruder;
  readonly client: string;
  readonly agent: Agent;
}

/** Which address and agent are used this time. */
export function sit(world: World, server: Server, random: Random, who: Intruder): Sitting {
  return { world, server, random, who, client: random.pick(who.addresses), agent: random.pick(who.agents) };
}

function visit(
  sitting: Sitting,
  folder: WebFolder,
  given: Pick<WebRequest, 'end' | 'took' | 'stem' | 'status'> & Partial<WebRequest>,
): Planned {
  const { random, world, server } = sitting;
  const host = random.chance(0.7) ? hostAt(world, random.below(2)) : server.publicAddress;
  const request = requestOf({ id: random.guid(), client: sitting.client, agent: sitting.agent, ...given });
  if (folder.protocol === undefined) return { server, request };
  return { server, request: { ...request, proxy: ownPart({ protocol: folder.protocol, host }) } };
}

/** The proxy module sends strangers to the logon page; IIS says that there is nothing. */
function absent(folder: WebFolder): Pick<WebRequest, 'status' | 'win32'> {
  return folder.protocol === undefined ? { status: 404, win32: 2 } : { status: 302, win32: 0 };
}

/** Asks for a list of names in the folders where pages are usually left; `known` is among them and is there. */
export function probeNames(
  sitting: Sitting,
  start: number,
  known: WebPlace | undefined,
): { rows: Planned[]; end: number } {
  const { random } = sitting;
  let end = start;
  const names = Array.from({ length: random.between(9, 28) }, (): WebPlace => ({
    folder: random.pick(WEB_FOLDERS),
    name: pageName(random),
  }));
  if (known !== undefined) names.splice(random.between(3, names.length - 1), 0, known);
  const rows = names.map((place) => {
    end += random.between(200, 6 * SECOND);
    const answer = place === known ? { status: 200 } : absent(place.folder);
    return visit(sitting, place.folder, { end, took: random.between(1, 60), stem: urlAt(place), ...answer });
  });
  return { rows, end };
}

/** A look at a page, without using it. */
export function look(sitting: Sitting, place: WebPlace, end: number): Planned {
  return visit(sitting, place.folder, {
    end,
    took: sitting.random.between(900, 7000),
    stem: urlAt(place),
    status: 200,
  });
}

/** One order given to a page. */
export function order(sitting: Sitting, place: WebPlace, end: number): Planned {
  const took = sitting.random.between(15, 4000);
  return visit(sitting, place.folder, { end, took, method: 'POST', stem: urlAt(place), status: 200 });
}

/** Orders with pauses of thought between them; the first may be slow, because the page is compiled. */
export function orders(
  sitting: Sitting,
  place: WebPlace,
  start: number,
  count: number,
): { rows: Planned[]; end: number } {
  const { random } = sitting;
  let end = start;
  const rows = Array.from({ length: count }, () => {
    end += random.between(2, 75) * SECOND + random.below(SECOND);
    return order(sitting, place, end);
  });
  return { rows, end };
}

/** Takes a file out through the web server; slow, because it is large. */
export function fetchFile(
  sitting: Sitting,
  place: WebPlace,
  start: number,
  bytes: number,
): { row: Planned; end: number } {
  const bytesPerSecond = sitting.random.between(350_000, 2_400_000);
  const took =
    Math.max(20 * SECOND, Math.round((bytes / bytesPerSecond) * SECOND)) + sitting.random.below(SECOND);
  const end = start + took;
  return { row: visit(sitting, place.folder, { end, took, stem: urlAt(place), status: 200 }), end };
}
