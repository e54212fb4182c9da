/**
 * The drive that a listing's own file name tells: `MFT_E.csv`, `D-$J.csv`, `E%3A_$MFT_Output.csv`. A listing of the
 * master file table does not hold its drive letter. Undefined where the name says nothing.
 */
export function driveOfName(name: string): string | undefined {
  const base = name.slice(Math.max(name.lastIndexOf('\\'), name.lastIndexOf('/')) + 1);
  const before = /(?:^|[_\-. ])([C-Z])(?:%3A|_?drive)?[_\-. ]+(?:\$?mft|\$j|\$?usn\w*)(?![a-z])/i.exec(base);
  const after = /(?:mft|\$j|usn|usnjrnl)[_\-. ]+([C-Z])(?:%3A|_?drive)?(?:[_\-. ]|$)/i.exec(base);
  const letter = before?.[1] ?? after?.[1];
  return letter === undefined ? undefined : `${letter.toUpperCase()}:`;
}

/**
 * The full Windows path from the folder and name of a row. MFTECmd writes folders from the root on (`.\inetpub`), The
 * Sleuth Kit with slashes (`/inetpub`, `C:/inetpub`), Velociraptor with a device (`\\.\C:\inetpub`).
 */
export function windowsPath(folder: string, name: string, drive: string): string {
  const joined = name === '' ? folder : folder === '' ? name : `${folder}\\${name}`;
  const path = joined
    .replaceAll('/', '\\')
    .replace(/^\\\\[.?]\\/, '')
    .replace(/^\.(?=\\|$)/, '');
  if (/^[A-Za-z]:/.test(path)) return path;
  return path.startsWith('\\') ? drive + path : `${drive}\\${path}`;
}

/** What The Sleuth Kit adds to names in bodyfiles. */
export interface BodyfileName {
  readonly path: string;
  readonly deleted: boolean;
}

/** Takes ` (deleted)`, ` (deleted-realloc)` and ` ($FILE_NAME)` off a bodyfile's name. */
export function bodyfileName(name: string): BodyfileName {
  const plain = name.replace(/^'|'$/g, '').replace(/ \(\$FILE_NAME\)/, '');
  const path = plain.replace(/ \(deleted(?:-realloc)?\)$/, '');
  return { path, deleted: path !== plain };
}
