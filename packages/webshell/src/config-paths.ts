import { words } from './words.ts';

const variables: ReadonlyMap<string, string> = new Map([
  ['systemdrive', 'C:'],
  ['systemroot', 'C:\\Windows'],
  ['windir', 'C:\\Windows'],
  ['programdata', 'C:\\ProgramData'],
  ['allusersprofile', 'C:\\ProgramData'],
  ['public', 'C:\\Users\\Public'],
  ['temp', 'C:\\Windows\\Temp'],
  ['tmp', 'C:\\Windows\\Temp'],
  ['programfiles', 'C:\\Program Files'],
  ['programw6432', 'C:\\Program Files'],
  ['programfiles(x86)', 'C:\\Program Files (x86)'],
  // Of IIS Express, which developers run: their folders come along with sources.
  ['iis_bin', 'C:\\Program Files\\IIS Express'],
  ['commonprogramfiles', 'C:\\Program Files\\Common Files'],
  ['exchangeinstallpath', 'C:\\Program Files\\Microsoft\\Exchange Server\\V15'],
]);

/** The usual variables in a path resolved as if Windows lay on `C:`, all else as written. */
export function resolvedPath(path: string): string {
  return path
    .trim()
    .replace(/%([^%\\/]{1,40})%/g, (all, name: string) => variables.get(name.toLowerCase()) ?? all);
}

/**
 * A path of a configuration in one form: lower case, backslashes, the usual variables resolved as if Windows lay on
 * `C:`, `\\?\`, doubled separators, `.`, `..` and the blanks and dots that Windows drops taken away.
 */
export function configuredPath(path: string): string {
  const resolved = resolvedPath(path)
    .replaceAll('/', '\\')
    .toLowerCase()
    .replace(/^\\\\[?.]\\(unc\\)?/, (_, unc: string | undefined) => (unc === undefined ? '' : '\\\\'));
  const share = resolved.startsWith('\\\\') ? '\\\\' : '';
  const parts: string[] = [];
  for (const part of resolved.split('\\')) {
    const name = part.replace(/[. ]+$/, '');
    if (/^\.\.$/.test(part)) parts.pop();
    else if (name !== '') parts.push(name);
  }
  return share + parts.join('\\');
}

const devices = words(`
  con aux prn nul conin$ conout$
  com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9
`);

/** True if a part of the path has the name of a device: Explorer and some scanners cannot open such a thing. */
export function hasDeviceName(path: string): boolean {
  return path
    .toLowerCase()
    .split(/[\\/]/)
    .some((part) => devices.has(part.replace(/[.:].*$/, '').trimEnd()));
}

/** Folders that no web content and no module of a server comes from, and how to call them. */
const oddFolders: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^[a-z]:\\(?:programdata|progra~3)(?:\\|$)/, 'below ProgramData'],
  [/^[a-z]:\\users(?:\\|$)/, "below a user's folder"],
  [/^[a-z]:\\documents and settings(?:\\|$)/, "below a user's folder"],
  [/^[a-z]:\\(?:windows\\)?te?mp(?:\\|$)/, 'in a folder for temporary files'],
  [
    /^[a-z]:\\(?:perflogs|recovery|intel|\$recycle\.bin|system volume information)(?:\\|$)/,
    'in a folder of the system',
  ],
  [
    /^[a-z]:\\windows\\(?:help|debug|tasks|fonts|media|ime|inf|tracing|logs|addins|cursors|prefetch|panther|installer|servicing|winsxs|vss|apppatch|registration|system32\\(?:tasks|spool|drivers|config|wbem|catroot\d?|logfiles))(?:\\|$)/,
    'in a folder of Windows that holds no web content',
  ],
  [/\\(?:\$recycle\.bin|appdata|desktop|downloads|startup)(?:\\|$)/, "in a user's folder"],
];

/** Why a folder or file of a configuration is odd, or undefined. `path` as {@link configuredPath} makes it. */
export function oddPlace(path: string): string | undefined {
  if (hasDeviceName(path)) return 'with the name of a device in its path';
  if (/^[a-z]:$/.test(path)) return 'the root of a drive';
  if (path.indexOf(':', 2) >= 0) return 'an alternate stream of a file';
  return oddFolders.find(([pattern]) => pattern.test(path))?.[1];
}

const installed = /^(.*)\\(?:frontend\\httpproxy|clientaccess)(?:\\|$)/;

/**
 * Where Exchange is installed by what the paths of one configuration say: what most of its folders lie below. An
 * installation may be on any drive; one folder that only looks like it is outvoted.
 */
export function exchangeRoot(paths: readonly string[]): string | undefined {
  const votes = new Map<string, number>();
  for (const path of paths) {
    const root = installed.exec(path)?.[1];
    if (root !== undefined) votes.set(root, (votes.get(root) ?? 0) + 1);
  }
  return [...votes].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0];
}

/** True if `path` is `folder` or lies below it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}\\`);
}
