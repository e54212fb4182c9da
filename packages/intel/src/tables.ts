import { foldPath } from '@postern/core';
import { compileRegex } from '@postern/match';
import type { Indicator, IndicatorType } from './indicator.ts';

/** The last part of a Windows or URL path. */
export function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}

/** A user agent as comparisons see it: IIS writes `+` for a space, HttpProxy a space for a comma. */
export function foldAgent(agent: string): string {
  return agent
    .toLowerCase()
    .replaceAll(/[+,\s]+/g, ' ')
    .trim();
}

/** Indicators by value, for whole-value look-ups. */
export type ValueTable = ReadonlyMap<string, readonly Indicator[]>;

export function tableOf(indicators: readonly Indicator[], key: (indicator: Indicator) => string): ValueTable {
  const table = new Map<string, Indicator[]>();
  for (const indicator of indicators) {
    const at = key(indicator);
    const known = table.get(at);
    if (known === undefined) table.set(at, [indicator]);
    else known.push(indicator);
  }
  return table;
}

/** Paths by their last part, folders and patterns one by one. */
export interface PathTable {
  find(path: string): Indicator[];
}

/**
 * A path without a drive counts at the end of a path, behind a separator; one with a trailing separator counts for
 * everything below that folder; a bare page name (`shell.aspx`) counts in web folders only, for most of those names
 * are also used elsewhere.
 */
export function pathTable(indicators: readonly Indicator[]): PathTable {
  const of = (...types: IndicatorType[]): Indicator[] =>
    indicators.filter(({ type }) => types.includes(type));
  const paths = of('file_path').filter(({ value }) => !isFolder(value));
  const byLastPart = tableOf(paths, ({ value }) => lastPart(foldPath(value)));
  const byName = tableOf(of('file_name'), ({ value }) => value.toLowerCase());
  const folders = of('file_path')
    .filter(({ value }) => isFolder(value))
    .map((indicator) => ({ indicator, folder: folderOf(indicator.value) }));
  const patterns = of('file_path_regex', 'file_name_regex').map(patternOf);
  return {
    find(path) {
      const folded = foldPath(path);
      const last = lastPart(folded);
      const named = (byName.get(last) ?? []).filter(() => isPlausiblePlace(folded, last));
      const whole = (byLastPart.get(last) ?? []).filter(({ value }) =>
        endsAtSeparator(folded, foldPath(value)),
      );
      const below = folders.filter(({ folder }) => folded.includes(folder)).map(({ indicator }) => indicator);
      const matched = patterns
        .filter((pattern) => pattern.test(folded, last))
        .map(({ indicator }) => indicator);
      return [...whole, ...named, ...below, ...matched];
    },
  };
}

function isFolder(value: string): boolean {
  return value.endsWith('\\') || value.endsWith('/');
}

function folderOf(value: string): string {
  return `${foldPath(value).replace(/\\$/, '')}\\`;
}

function endsAtSeparator(path: string, tail: string): boolean {
  if (!path.endsWith(tail)) return false;
  const before = path[path.length - tail.length - 1];
  return before === undefined || before === '\\' || tail.startsWith('\\');
}

function isPlausiblePlace(path: string, name: string): boolean {
  if (!/\.(?:aspx|ashx|asmx|asp)$/.test(name)) return true;
  return /\\inetpub\\|\\httpproxy\\|\\clientaccess\\|\\temporary asp\.net files\\/.test(path);
}

interface PathPattern {
  readonly indicator: Indicator;
  test(path: string, last: string): boolean;
}

function patternOf(indicator: Indicator): PathPattern {
  const regex = compileRegex(indicator.value, { ignoreCase: true });
  if (indicator.type === 'file_path_regex') return { indicator, test: (path) => regex.test(path) };
  // A pattern for a name is for the whole name.
  const whole = compileRegex(`^(?:${indicator.value})$`, { ignoreCase: true });
  return { indicator, test: (_, last) => whole.test(last) };
}

/** True where `needle` stands in `text` and no letter, digit or name character goes on at either end. */
export function standsAlone(text: string, needle: string): boolean {
  const folded = text.toLowerCase();
  for (let at = folded.indexOf(needle); at >= 0; at = folded.indexOf(needle, at + 1)) {
    const [before, after] = [folded[at - 1], folded[at + needle.length]];
    if (!isNameCharacter(before, needle[0]) && !isNameCharacter(after, needle.at(-1))) return true;
  }
  return false;
}

function isNameCharacter(outside: string | undefined, inside: string | undefined): boolean {
  return (
    outside !== undefined &&
    /[\p{L}\p{N}_-]/u.test(outside) &&
    inside !== undefined &&
    /[\p{L}\p{N}_-]/u.test(inside)
  );
}

/** True where `host` or a name below it stands in `text` as a whole host name. */
export function namesHost(text: string, host: string): boolean {
  const folded = text.toLowerCase();
  for (let at = folded.indexOf(host); at >= 0; at = folded.indexOf(host, at + 1)) {
    const [before = '', after = '', next = ''] = [
      folded[at - 1],
      folded[at + host.length],
      folded[at + host.length + 1],
    ];
    const goesOn = /[a-z0-9_-]/.test(after) || (after === '.' && /[a-z0-9_]/.test(next));
    if (!/[a-z0-9_-]/.test(before) && !goesOn) return true;
  }
  return false;
}
