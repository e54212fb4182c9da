import { NO_AGENT } from './agents.ts';
import type { Random } from './random.ts';
import type { BackEndPart, ProxyPart, WebRequest } from './request.ts';
import type { Build, Server, User, World } from './world.ts';

/** What the makers of requests know: the house, the server that answers, its build at the moment. */
export interface Context {
  readonly world: World;
  readonly server: Server;
  readonly random: Random;
  readonly build: Build;
}

/** Makes one request of some user that ends at `end`. */
export type Maker = (context: Context, user: User, end: number) => WebRequest;

const PLAIN: Omit<WebRequest, 'end' | 'took' | 'id' | 'client' | 'stem'> = {
  method: 'GET',
  query: '',
  user: '',
  agent: NO_AGENT,
  referer: '',
  status: 200,
  substatus: 0,
  win32: 0,
  front: true,
};

/** A request; what is not said is a GET without query or user that was answered with 200. */
export function requestOf(
  given: Pick<WebRequest, 'end' | 'took' | 'id' | 'client' | 'stem'> & Partial<WebRequest>,
): WebRequest {
  return { ...PLAIN, ...given };
}

/** How the back end's log shows a request that it got from `from`. */
export function backEndPart(
  context: Pick<Context, 'world' | 'server'>,
  given: Pick<BackEndPart, 'method' | 'stem' | 'query' | 'status'>,
): BackEndPart {
  const { world, server } = context;
  return { ...given, user: `${world.netbios}\\${server.host}$`, client: server.address };
}

/** A proxied request of a user whose mailbox the front end looked up. */
export function userProxyPart(
  context: Context,
  user: User,
  given: Pick<ProxyPart, 'protocol' | 'authentication'> & Partial<ProxyPart>,
): ProxyPart {
  const { random, world } = context;
  return {
    host: given.protocol === 'Autodiscover' ? hostAt(world, 2) : hostAt(world, random.chance(0.8) ? 0 : 1),
    anchor: `Sid~${user.sid}`,
    routingHint: 'WindowsIdentity',
    backEndCookie: `Database~${world.database}~~2021-04-01T00:00:00`,
    backEndStatus: 200,
    requestBytes: random.between(180, 4200),
    responseBytes: random.between(200, 38_000),
    ...given,
  };
}

/** The row of a request that the front end answered by itself. */
export function ownPart(given: Pick<ProxyPart, 'protocol' | 'host'> & Partial<ProxyPart>): ProxyPart {
  return {
    authentication: 'FBA',
    anchor: '',
    routingHint: '',
    backEndStatus: '',
    requestBytes: 0,
    responseBytes: 0,
    ...given,
  };
}

/** Mail, web mail or autodiscover name of the service. */
export function hostAt(world: World, index: number): string {
  return world.hosts[index] ?? world.domain;
}

/** One of a user's addresses: the office by day, home or the telephone's network else. */
export function addressOf(context: Context, user: User, mobile: number): string {
  const index = context.random.chance(mobile) ? context.random.between(1, 2) : 0;
  return user.addresses[index] ?? context.server.address;
}
