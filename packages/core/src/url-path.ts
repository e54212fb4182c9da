/**
 * The path of a URL as the web server takes it: lower case, without host, query and fragment, percent signs read once,
 * doubled slashes and dot segments gone, names without what Windows drops (`::$DATA`, trailing dots and blanks). One
 * page has one path, however it was asked for.
 */
export function urlPath(url: string): string {
  const path = url
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    .replace(/[?#].*$/s, '');
  const parts = decoded(path).toLowerCase().replaceAll('\\', '/').split('/');
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(windowsName(part));
  }
  const isFolder = path.endsWith('/') && kept.length > 0;
  // A pack's name of a site (`:444/…`) stands where a path would begin.
  const start = kept[0]?.startsWith(':') === true ? '' : '/';
  return `${start}${kept.join('/')}${isFolder ? '/' : ''}`;
}

/** The path as a URL writes it, in its own letters; as {@link urlPath} gives it where it is written in another way. */
export function asWritten(url: string, path: string): string {
  const written = url.slice(0, path.length);
  return written.toLowerCase() === path ? written : path;
}

/** A name as Windows opens it. */
function windowsName(name: string): string {
  return name.replace(/::\$data$/, '').replace(/(?<=[^. ])[. ]+$/, '');
}

/** Percent signs read once, as the web server does; what is no UTF-8 stays as it is. */
function decoded(path: string): string {
  if (!path.includes('%')) return path;
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}
