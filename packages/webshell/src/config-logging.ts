import type { ConfigElement } from './config-elements.ts';
import { type ConfigEntry, type ConfigFile, pathOf, valueOf } from './config-entry.ts';
import { oddPlace } from './config-paths.ts';

/** Fields without which a web log answers little. */
const needed = ['Date', 'Time', 'ClientIP', 'Method', 'UriStem', 'UriQuery', 'HttpStatus', 'UserAgent'];

/** Where the configuration stops, thins out or moves the web logs. */
export function loggingEntries({ elements }: ConfigFile): readonly ConfigEntry[] {
  return elements.flatMap((element): readonly ConfigEntry[] => {
    if (element.name === 'httplogging') return switchedOff(element);
    if (element.name === 'logfile' || element.name === 'centralw3clogfile') return logFile(element);
    return [];
  });
}

function switchedOff(element: ConfigElement): readonly ConfigEntry[] {
  const where = placeOf(element);
  if (/^true$/i.test(valueOf(element, 'dontlog'))) {
    // For the whole server it may be a choice; for one folder or page it hides what is asked of that.
    const weight = isNarrow(element.location) ? 'suspicious' : 'note';
    return [entry(element, 'logging-off', weight, `dontLog ${where}`)];
  }
  const selective = valueOf(element, 'selectivelogging');
  return /^(?:logerror|logsuccessful)$/i.test(selective)
    ? [entry(element, 'logging-off', 'note', `selectiveLogging ${selective} ${where}`)]
    : [];
}

function logFile(element: ConfigElement): readonly ConfigEntry[] {
  if (/^false$/i.test(valueOf(element, 'enabled')) && element.name === 'logfile')
    return [entry(element, 'logging-off', 'note', `the log file is off ${placeOf(element)}`)];
  const found: ConfigEntry[] = [];
  const folder = pathOf(element, 'directory');
  if (folder !== undefined && !/^[a-z]:\\inetpub\\logs\\logfiles(?:\\|$)/.test(folder)) {
    const why = oddPlace(folder);
    const detail = `${valueOf(element, 'directory')}${why === undefined ? '' : ` (${why})`}`;
    found.push(entry(element, 'logging-moved', why === undefined ? 'note' : 'suspicious', detail));
  }
  const flags = valueOf(element, 'logextfileflags');
  const missing = flags === '' ? [] : needed.filter((field) => !flags.split(/\s*,\s*/).includes(field));
  if (missing.length > 0) found.push(entry(element, 'logging-thin', 'note', `without ${missing.join(', ')}`));
  return found;
}

function placeOf({ location }: ConfigElement): string {
  return location === undefined || location === '' ? 'for all sites' : `for ${location}`;
}

/** A location inside of a site: `Default Web Site/owa/auth/x.aspx`. */
function isNarrow(location: string | undefined): boolean {
  return location !== undefined && /\/./.test(location);
}

function entry(
  element: ConfigElement,
  code: ConfigEntry['code'],
  weight: ConfigEntry['weight'],
  detail: string,
): ConfigEntry {
  return { kind: 'logging', code, weight, name: element.location ?? '', detail, at: element.at };
}
