import type { FileFacts } from '@postern/core';

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

/** Marks the files that lie where no web server would run them, with the reason. */
export function markInert(files: readonly FileFacts[]): readonly FileFacts[] {
  return files.map((file) => {
    const why = putAway.find(([pattern]) => pattern.test(file.path))?.[1];
    return why === undefined ? file : { ...file, inert: why };
  });
}
