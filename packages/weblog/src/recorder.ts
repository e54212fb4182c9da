import type { WeblogFamily } from './family.ts';

/** The front end's protocols, each with a folder of its own below `HttpProxy` (facts/exchange.md section 1.2). */
const proxyProtocols = new Set([
  'autodiscover',
  'eas',
  'ecp',
  'ews',
  'mapi',
  'oab',
  'owa',
  'owacalendar',
  'powershell',
  'rpchttp',
]);

/** What the first row after a header tells; undefined where the column is missing or empty. */
export type FirstRow = (field: string) => string | undefined;

/**
 * Who wrote the records, in the words of coverage.
 *
 * IIS: site 1 is the front end and site 2 the back end of Exchange, told by the path (`W3SVC1`), then by
 * `s-sitename`, then by the port of the first row (444 and 81 belong to the back end, 443 and 80 to the front end,
 * unless the path names a third site). HttpProxy: the protocol, told by the folder, then by the column `Protocol`.
 */
export function recorderOf(family: WeblogFamily, path: string, firstRow: FirstRow): string {
  if (family === 'iis') return siteRecorder(path, firstRow);
  return family === 'httpproxy' ? proxyRecorder(path, firstRow) : family;
}

function siteRecorder(path: string, firstRow: FirstRow): string {
  const site =
    /(?:^|[\\/])W3SVC(\d+)(?:[\\/]|$)/i.exec(path)?.[1] ??
    /^W3SVC(\d+)$/i.exec(firstRow('s-sitename') ?? '')?.[1];
  if (site === '1') return 'iis-front';
  if (site === '2') return 'iis-back';
  const port = firstRow('s-port');
  if (port === '444' || port === '81') return 'iis-back';
  return site === undefined && (port === '443' || port === '80') ? 'iis-front' : 'iis';
}

function proxyRecorder(path: string, firstRow: FirstRow): string {
  const folder =
    /[\\/]HttpProxy[\\/]([^\\/]+)[\\/]/i.exec(path)?.[1] ??
    /(?:^|[\\/])([^\\/]+)[\\/]HttpProxy_[^\\/]*$/i.exec(path)?.[1];
  const told = [folder, firstRow('Protocol')].map((name) => name?.toLowerCase() ?? '');
  const protocol = told.find((name) => proxyProtocols.has(name));
  return protocol === undefined ? 'httpproxy' : `httpproxy-${protocol}`;
}
