import { foldPath } from './ids.ts';

/**
 * Places where a page lies without being run: what defenders and backups put away. Told by the folder's name; a page
 * below one of these is a lead at most (judgement section 2).
 */
const putAway: readonly (readonly [pattern: RegExp, why: string])[] = [
  [
    /\\(?:quarantine|quarantined|infected|malware|samples?|webshells?|iocs?)\\/i,
    'a folder for things put away or collected',
  ],
  [/\\windows defender\\/i, 'kept by Windows Defender'],
  [/\\(?:backups?|bak|windows\.old|old|restore)\\/i, 'a backup'],
  [
    /\\(?:yara|sigma|signature-base|loki|thor|css-exchange|exchange-mitigations)[^\\]*\\/i,
    "a defender's tool",
  ],
  [/\\(?:\$recycle\.bin|system volume information)\\/i, 'a recycle bin or a shadow copy'],
];

/** Of a server's files hardly any lies in such a place. */
const anyPutAway = new RegExp(putAway.map(([pattern]) => pattern.source).join('|'), 'i');

/**
 * Why a path is not run, or undefined. A folder of such a name *inside* a served folder is served like any other: only
 * what was put away as a whole, with the served folder in it, is.
 */
export function whyInert(path: string, served: readonly string[]): string | undefined {
  const folded = foldPath(path);
  if (!anyPutAway.test(folded)) return undefined;
  const starts = served.map((folder) => folded.indexOf(folder)).filter((at) => at >= 0);
  const servedFrom = Math.min(folded.length, ...starts);
  return putAway.find(([pattern]) => folded.slice(0, servedFrom + 1).search(pattern) >= 0)?.[1];
}
