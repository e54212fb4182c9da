/** A folder of a Windows server with Exchange, and how little of its path is enough to know it. */
export interface KnownFolder {
  /** In full, on the drive where it is by default. `#` stands for digits. */
  readonly path: string;
  /** So many of its last parts must be there. */
  readonly tail: number;
  /** A file directly in it must look like this, where the folder's name alone could be anything. */
  readonly files?: RegExp;
}

const install = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15';
const logging = `${install}\\Logging`;
const httpProxy = `${install}\\FrontEnd\\HttpProxy`;
const system32 = 'C:\\Windows\\System32';
const anyLog = /\.log$/i;

/** The default folder of an Exchange installation (2013 and later), without the backslash at its end. */
export const exchangeInstall: string = install;

/** Folders at the root of a drive. Each is enough by itself, and a host has each only once. */
const rootNames = [
  'inetpub',
  'Program Files',
  'Program Files (x86)',
  'ProgramData',
  'Users',
  'ExchangeSetupLogs',
  'PerfLogs',
  '$Extend',
  '$Recycle.Bin',
];

/** What is in the Windows folder: `Windows` alone may also be the name of somebody's folder for all Windows hosts. */
const windowsNames = [
  'System32',
  'SysWOW64',
  'Temp',
  'Microsoft.NET',
  'Logs',
  'debug',
  'Help',
  'Tasks',
  'assembly',
];

/** Families of HttpProxy logs, by their folders. Source: facts of Exchange, section 1.2. */
const protocols = 'Autodiscover Eas Ecp Ews Mapi Oab Owa OwaCalendar PowerShell RpcHttp Rest E4E'.split(' ');

/** Folders of `Logging` whose names are used nowhere else. Source: facts of Exchange, section 1.2. */
const loggingNames = [
  'CmdletInfra',
  'OABGeneratorLog',
  'OABGeneratorSimpleLog',
  'CosmosQueue',
  'MitigationService',
  'MapiHttp',
  'RPC Client Access',
  'MAPI Client Access',
  'MAPI AddressBook Service',
];

/**
 * Known folders, for copies that kept only the end of a path. Where several fit, the one that begins earliest in the
 * path counts, then the one with the longest tail, then the first of this table.
 */
export const knownFolders: readonly KnownFolder[] = [
  ...rootNames.map((name) => ({ path: `C:\\${name}`, tail: 1 })),
  ...windowsNames.map((name) => ({ path: `C:\\Windows\\${name}`, tail: 2 })),
  { path: 'C:', tail: 0, files: /^\$(?:MFT|LogFile|Boot)$/ },

  { path: 'C:\\inetpub\\logs\\LogFiles\\W3SVC#', tail: 1, files: anyLog },
  { path: 'C:\\inetpub\\logs\\LogFiles', tail: 2 },
  { path: 'C:\\inetpub\\wwwroot', tail: 1 },
  { path: 'C:\\inetpub\\wwwroot\\aspnet_client', tail: 1 },
  { path: `${system32}\\LogFiles\\HTTPERR`, tail: 1 },
  { path: `${system32}\\winevt\\Logs`, tail: 2 },
  { path: `${system32}\\inetsrv`, tail: 1 },
  { path: system32, tail: 1 },
  { path: 'C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files', tail: 1 },

  { path: install, tail: 2 },
  { path: logging, tail: 2 },
  ...protocols.map((name) => ({ path: `${logging}\\HttpProxy\\${name}`, tail: 2, files: anyLog })),
  ...protocols.map((name) => ({
    path: `${logging}\\HttpProxy\\${name}`,
    tail: 1,
    files: /^HttpProxy_\d+.*\.log$/i,
  })),
  ...loggingNames.map((name) => ({ path: `${logging}\\${name}`, tail: 1 })),
  { path: `${logging}\\ECP\\Server`, tail: 2 },
  { path: `${logging}\\ECP\\Server`, tail: 1, files: /^ECPServer\d+.*\.log$/i },
  { path: `${logging}\\ECP\\Activity`, tail: 2 },
  { path: `${logging}\\ECP\\Activity`, tail: 1, files: /^ECPActivity_.*\.log$/i },
  { path: `${logging}\\EWS`, tail: 1, files: /^Ews_\d+.*\.log$/i },
  { path: `${logging}\\LocalQueue\\Exchange`, tail: 2 },
  { path: `${install}\\TransportRoles`, tail: 1 },
  { path: `${install}\\ClientAccess`, tail: 1 },
  { path: `${install}\\FrontEnd`, tail: 2 },
  { path: httpProxy, tail: 2 },
  ...['owa', 'ecp'].map((name) => ({ path: `${httpProxy}\\${name}\\auth`, tail: 2 })),
];

const rootSet = new Set(['windows', ...rootNames.map((name) => name.toLowerCase())]);

/** True for the name of a folder that stands at the root of a Windows drive. */
export function isWindowsRoot(name: string): boolean {
  return rootSet.has(name.toLowerCase());
}
