import { remember, slotText, type Batch, type Shape } from '@postern/core';

/** Where the parts of a request stand in one shape; -1 where the log does not have them. */
export interface RequestSlots {
  readonly url: number;
  readonly query: number;
  readonly method: number;
  readonly status: number;
  readonly client: number;
  readonly agent: number;
  readonly forwarded: number;
  readonly account: number;
  readonly serverAddress: number;
  readonly host: number;
}

/** Column names of each part, the first present one counts. IIS first, then HttpProxy, EWS and CmdletInfra. */
const columns: Readonly<Record<keyof RequestSlots, readonly string[]>> = {
  url: ['cs-uri-stem', 'UrlStem', 'cs-uri'],
  query: ['cs-uri-query', 'UrlQuery'],
  method: ['cs-method', 'Method'],
  status: ['sc-status', 'HttpStatus'],
  client: ['c-ip', 'ClientIpAddress'],
  agent: ['cs(User-Agent)', 'UserAgent', 'ClientInfo'],
  forwarded: ['X-Forwarded-For', 'x-forwarded-for', 'X-FORWARDED-FOR', 'OriginalIP'],
  account: ['cs-username', 'AuthenticatedUser'],
  serverAddress: ['s-ip'],
  host: ['ServerHostName', 'ServerName', 's-computername', 'Computer', 'server-hostname'],
};

const known = new WeakMap<Shape, RequestSlots>();

export function requestSlots(shape: Shape): RequestSlots {
  const cached = known.get(shape);
  if (cached !== undefined) return cached;
  const find = (names: readonly string[]): number => {
    for (const name of names) {
      const slot = shape.fields.indexOf(name);
      if (slot >= 0) return slot;
    }
    return -1;
  };
  const slots: RequestSlots = {
    url: find(columns.url),
    query: find(columns.query),
    method: find(columns.method),
    status: find(columns.status),
    client: find(columns.client),
    agent: find(columns.agent),
    forwarded: find(columns.forwarded),
    account: find(columns.account),
    serverAddress: find(columns.serverAddress),
    host: find(columns.host),
  };
  known.set(shape, slots);
  return slots;
}

/** The text of a part, or an empty one where the log or the record has none. */
export function part(batch: Batch, record: number, slot: number): string {
  return slot < 0 ? '' : (slotText(batch, record, slot) ?? '');
}

/** An address as it is compared: without zone, brackets and port. */
export const bareAddress: (text: string) => string = remember(withoutPort, { kept: 4096, longestKey: 64 });

function withoutPort(text: string): string {
  const inner = text.startsWith('[') ? text.slice(1, text.indexOf(']')) : text;
  const zone = inner.indexOf('%');
  const address = zone < 0 ? inner : inner.slice(0, zone);
  const parts = address.split(':');
  return parts.length === 2 && address.includes('.') ? (parts[0] ?? address) : address;
}
