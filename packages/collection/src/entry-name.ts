/** Why a name from an archive is not used. */
export interface UnsafeName {
  /** The name as far as it can be shown. */
  readonly shown: string;
  readonly why: string;
}

/**
 * Brings a name from an archive to the form `folder/file`: backslashes become slashes, `./` and what makes a path
 * absolute go (`tar -P` and some collectors write `/mnt/c/…` and `C:/…`; the drive becomes a folder). Names that climb
 * out of the archive are refused, although nothing is ever written under them: whoever made them wanted to mislead a
 * reader. Names of folders end with `/`.
 */
export function cleanName(raw: string): string | UnsafeName {
  const name = raw
    .replaceAll('\\', '/')
    .replace(/^\/+/, '')
    .replace(/^([A-Za-z]):(?=\/|$)/, '$1');
  const why = objection(name);
  if (why !== undefined) return { shown: name.replaceAll('\0', '\\0'), why };
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return name.endsWith('/') ? `${parts.join('/')}/` : parts.join('/');
}

function objection(name: string): string | undefined {
  if (name.includes('\0')) return 'a NUL in the name';
  if (/^[A-Za-z]:/.test(name)) return 'a drive letter and no folder';
  if (name.split('/').includes('..'))
    return '".." in the path, which leads out of the folder; it was not unpacked';
  return /^[./]*$/.test(name) && !name.endsWith('/') ? 'no name' : undefined;
}

/** True if the bytes are valid UTF-8. Many tools write it without saying so. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
