import { hasHttpErrorFields, hasWebFields } from './names.ts';

/** The families of logs that this package reads, as {@link Shape.family} names them. */
export type WeblogFamily =
  | 'iis'
  | 'httperr'
  | 'httpproxy'
  | 'ecp-server'
  | 'ecp-activity'
  | 'ews'
  | 'rps-http'
  | 'rps-cmdlet'
  | 'oab-generator'
  | 'admin-audit'
  | 'exchange-other';

/** `#Log-type` says it most surely (facts/exchange.md section 1.3). */
const byLogType: readonly (readonly [RegExp, WeblogFamily])[] = [
  [/^httpproxy logs/i, 'httpproxy'],
  [/^ecp server log/i, 'ecp-server'],
  [/^ecp activity/i, 'ecp-activity'],
  [/^ews logs/i, 'ews'],
  [/^rps http logs/i, 'rps-http'],
  [/^rps cmdlet logs/i, 'rps-cmdlet'],
  [/^oab\s?generator/i, 'oab-generator'],
  [/^audit$/i, 'admin-audit'],
];

/** Columns that stand together in one family only (facts/exchange.md section 1.4), in lower case. */
const byColumns: readonly (readonly [readonly string[], WeblogFamily])[] = [
  [['eventid', 'eventdata', 'servername'], 'ecp-server'],
  [['recordtype', 'data', 'operation', 'workload'], 'admin-audit'],
  [['cmdlet', 'parameters'], 'rps-cmdlet'],
  [['shellid', 'commandid'], 'rps-http'],
  [['soapaction'], 'ews'],
  [['actasuser'], 'ews'],
  [['anchormailbox'], 'httpproxy'],
  [['routinghint'], 'httpproxy'],
  [['backendcookie'], 'httpproxy'],
  [['urlstem', 'backendstatus'], 'httpproxy'],
];

/** Folders and file names, which people change: asked last. */
const byPath: readonly (readonly [RegExp, WeblogFamily])[] = [
  [/[\\/]HttpProxy[\\/]|HttpProxy_\d{8,10}/i, 'httpproxy'],
  [/[\\/]ECP[\\/]Activity[\\/]|ECPActivity_/i, 'ecp-activity'],
  [/[\\/]ECP[\\/]Server[\\/]|ECPServer\d/i, 'ecp-server'],
  [/(?:^|[\\/])Ews_\d{8}/i, 'ews'],
  [/Rps_Http_/i, 'rps-http'],
  [/Rps_Cmdlet_/i, 'rps-cmdlet'],
  [/OABGenerator(?:Simple)?Log/i, 'oab-generator'],
  [/[\\/](?:CosmosQueue|LocalQueue)[\\/]/i, 'admin-audit'],
];

/**
 * The family of an Exchange log: `#Log-type` first, columns second, path last; `exchange-other` for all else.
 * ECP's two logs have the same columns and are told apart by `firstEventId` where `#Log-type` is missing.
 */
export function exchangeFamily(
  logType: string | undefined,
  columns: readonly string[],
  path: string,
  firstEventId: string | undefined,
): WeblogFamily {
  const told = lookUp(byLogType, (pattern) => logType !== undefined && pattern.test(logType));
  if (told !== undefined) return told;
  const lower = new Set(columns.map((column) => column.toLowerCase()));
  const seen = lookUp(byColumns, (needed) => needed.every((column) => lower.has(column)));
  const named = lookUp(byPath, (pattern) => pattern.test(path));
  if (seen === 'ecp-server') return isActivity(firstEventId, named) ? 'ecp-activity' : seen;
  return seen ?? named ?? 'exchange-other';
}

function isActivity(firstEventId: string | undefined, named: WeblogFamily | undefined): boolean {
  if (firstEventId === 'Request') return true;
  return firstEventId?.startsWith('ECP.') !== true && named === 'ecp-activity';
}

/** The family of a log in the W3C form; undefined if it is no web server's. */
export function webFamily(fields: readonly string[]): 'iis' | 'httperr' | undefined {
  if (hasHttpErrorFields(fields)) return 'httperr';
  return hasWebFields(fields) ? 'iis' : undefined;
}

function lookUp<K, V>(table: readonly (readonly [K, V])[], test: (key: K) => boolean): V | undefined {
  return table.find(([key]) => test(key))?.[1];
}
