import { agentEntries } from './config-agents.ts';
import { directoriesOf, directoryEntries, type VirtualDirectory } from './config-directories.ts';
import { readElements } from './config-elements.ts';
import { type ConfigEntry, type ConfigFile, valueOf } from './config-entry.ts';
import { handlerEntries } from './config-handlers.ts';
import { loggingEntries } from './config-logging.ts';
import { moduleEntries } from './config-modules.ts';
import { configuredPath, exchangeRoot } from './config-paths.ts';
import { rewriteEntries } from './config-rewrite.ts';

export type { VirtualDirectory } from './config-directories.ts';

/** What a configuration says that matters, in its order; `complete` is false where it has too many elements. */
export interface JudgedConfig {
  readonly entries: readonly ConfigEntry[];
  readonly complete: boolean;
}

/** Entries kept of one configuration: a made-up one could have thousands. */
const entriesKept = 1000;

const checks: readonly ((file: ConfigFile) => readonly ConfigEntry[])[] = [
  directoryEntries,
  moduleEntries,
  handlerEntries,
  loggingEntries,
  rewriteEntries,
  agentEntries,
];

/**
 * Checks a web.config, applicationHost.config or agents.config: back doors that are no page, and what hides them.
 * `path` is where the configuration lay. Text after the root element is not its business.
 */
export function judgeConfig(text: string, path: string): JudgedConfig {
  const { elements, complete } = readElements(text);
  const folders = directoriesOf({ elements }).map(({ folder }) => folder);
  const own = configuredPath(path);
  const modules = elements.flatMap((element) =>
    element.path.endsWith('/globalmodules/add') ? [configuredPath(valueOf(element, 'image'))] : [],
  );
  const file: ConfigFile = { elements, path: own, exchange: exchangeRoot([...folders, ...modules, own]) };
  const entries = checks.flatMap((check) => check(file)).toSorted((a, b) => a.at - b.at);
  return { entries: entries.slice(0, entriesKept), complete: complete && entries.length <= entriesKept };
}

/** The virtual directories of a configuration, in order. */
export function virtualDirectoriesOf(text: string): readonly VirtualDirectory[] {
  return directoriesOf(readElements(text)).map(({ path, physicalPath, site, at }) => ({
    path,
    physicalPath,
    site,
    at,
  }));
}
