import { cleanHost, shortName } from './hosts.ts';
import { serverNamed } from './servers.ts';
import type { ServerBook } from './servers.ts';

/** A host that a record says was acted upon. */
export interface NamedTarget {
  readonly host: string;
  /** Only the back end's own port, or a directory entry, makes a server out of a mere name. */
  readonly isServer: boolean;
}

const proxied =
  /(?:ServerInfo~|X-BEResource=|Server~)(?:[^\s/@;,&#~]{0,64}@)?([a-z0-9][a-z0-9.-]{0,254})(?::(\d{1,5}))?(?=[/~:?#\s"']|$)/gi;
const directory = /CN=Protocols,CN=([^,"\s]{1,63}),CN=Servers/gi;
const identity = /["\s']([a-z0-9-]{1,15})\\{1,2}(?:OAB|ECP|OWA|EWS|PowerShell|Autodiscover) \(/gi;

/**
 * The hosts that a record names as acted upon (judgement section 5): the back end of a proxied request, the server of
 * a directory entry that a domain controller recorded, the server of a virtual directory's identity.
 */
export function namedTargets(texts: readonly string[]): NamedTarget[] {
  const found: NamedTarget[] = [];
  for (const text of texts) {
    for (const m of text.matchAll(proxied)) addHost(found, m[1], m[2] === '444');
    for (const m of text.matchAll(directory)) addHost(found, m[1], true);
    for (const m of text.matchAll(identity)) addHost(found, m[1], false);
  }
  return found;
}

function addHost(found: NamedTarget[], text: string | undefined, isServer: boolean): void {
  const host = text === undefined ? undefined : cleanHost(text);
  if (host !== undefined && !found.some((target) => target.host === host)) found.push({ host, isServer });
}

/** Whether a mere name may become a server: of the network of the known ones, so that nobody can invent servers. */
export function mayBeServer(book: ServerBook, host: string): boolean {
  if (serverNamed(book, host) !== undefined) return false;
  if (!host.includes('.')) return true;
  const domain = host.slice(shortName(host).length);
  return [...book.ofHost.keys()].some((known) => known.endsWith(domain));
}
