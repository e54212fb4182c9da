/** Folders that web servers serve from: what comes before them tells a reader nothing. */
const servedRoots = /^.*\\(?:FrontEnd\\HttpProxy|ClientAccess|inetpub\\wwwroot|inetpub)\\/i;
const longest = 44;

/**
 * The telling tail of a path or URL: `owa\auth\Kw3pQz8a.aspx` for a page in a served folder, else the last two parts;
 * the middle of a deep one is left out.
 */
export function telling(path: string): string {
  if (!path.includes('\\')) return path.replace(/[?#].*$/, '');
  const served = path.replace(servedRoots, '');
  const tail = served === path ? path.split('\\').slice(-2).join('\\') : served;
  const parts = tail.split('\\');
  if (tail.length <= longest || parts.length < 4) return tail;
  return [...parts.slice(0, 2), '…', ...parts.slice(-1)].join('\\');
}

/** Where a path begins and ends: what lies in a backup or in somebody's own folder is told by that, not by its tail. */
export function outline(path: string): string {
  const parts = path.split('\\');
  if (path.length <= longest || parts.length < 6) return path;
  return [...parts.slice(0, 3), '…', ...parts.slice(-2)].join('\\');
}

/** Windows paths inside a sentence: folders may hold spaces, the last part not. */
const windowsPath = /\b[A-Za-z]:\\(?:[^\\:*?"<>|\r\n]+\\)+[^\\:*?"<>|\s,;]+/g;

/** A sentence with its long Windows paths cut to their telling tails. */
export function tellingPaths(text: string): string {
  return text.replaceAll(windowsPath, telling);
}
