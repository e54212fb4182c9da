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

const device = /^\\\\[.?]\\/;
const shadowCopy = /^\\\\[.?]\\(?:GLOBALROOT\\)?(?:Device\\)?HarddiskVolumeShadowCopy(\d+)(\\.*)?$/is;

/** True if a path begins with a drive or a shadow copy, as Velociraptor writes them: `C:\x`, `\\.\C:\x`. */
export function hasVolume(path: string): boolean {
  return /^[A-Za-z]:/.test(path.replace(device, '')) || shadowCopy.test(path);
}

/**
 * The full Windows path from the folder and name of a row. MFTECmd writes folders from the root on (`.\inetpub`), The
 * Sleuth Kit with slashes (`/inetpub`, `C:/inetpub`), Velociraptor with a device (`\\.\C:\inetpub`). A shadow copy stays
 * apart from its volume, under the name that it has everywhere: `\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy3\inetpub`.
 */
export function windowsPath(folder: string, name: string, drive: string): string {
  const joined = name === '' ? folder : folder === '' ? name : `${folder}\\${name}`;
  const whole = joined.replaceAll('/', '\\');
  const [, copy, rest] = shadowCopy.exec(whole) ?? [];
  if (copy !== undefined) return `\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy${copy}${rest ?? ''}`;
  const path = whole.replace(device, '').replace(/^\.(?=\\|$)/, '');
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
