import type { ConfiguredEntry, FileFacts, ImplantKind, RuleInfo } from '@postern/core';
import { checkRule } from './checks.ts';
import { packsOf } from './packs-of.ts';
import { mitigationRule } from './mitigations.ts';
import { groupBy } from './ordered.ts';
import { canonicalPath, lastPart, servedPlace } from './served.ts';
import { serverOfFile } from './servers.ts';
import { noEntities } from './sighting.ts';
import type { SeenImplant, Sighting } from './sighting.ts';
import type { Surroundings } from './sightings.ts';

/** What configurations say: back doors that are no page, logs that are off, rewrite rules. */
export function sightingsOfConfigurations(given: Surroundings): Sighting[] {
  const files = given.facts.files.filter((file) => isConfiguration(given, file));
  const byServer = groupBy(files, (file) => serverOfFile(given.book, file));
  return [...byServer].flatMap(([server, own]) => {
    const present = new Set(
      own.filter(({ path }) => !isHistory(path)).flatMap((file) => entriesOf(file).map(entryKey)),
    );
    const isCurrent = own.some(({ path }) => isServers(path) && !isHistory(path));
    return own.flatMap((file) =>
      entriesOf(file).flatMap((entry) => {
        const isThere = present.has(entryKey(entry));
        const isGone = !isThere && isCurrent && isServers(file.path);
        const seen = entrySighting(given, server, { file, entry, isThere });
        return isGone && seen.implant !== undefined
          ? [seen, { ...seen, implant: { ...seen.implant, event: 'removed' as const } }]
          : [seen];
      }),
    );
  });
}

function entriesOf({ judged }: FileFacts): readonly ConfiguredEntry[] {
  return judged?.configured ?? [];
}

/** One that the server reads: its own, or one in a folder that it serves. Copies elsewhere say nothing of it. */
function isConfiguration({ layout }: Surroundings, file: FileFacts): boolean {
  if (file.inert !== undefined || entriesOf(file).length === 0) return false;
  return isServers(file.path) || servedPlace(layout, file.path) !== undefined;
}

const serverNames = new Set([
  'applicationhost.config',
  'administration.config',
  'agents.config',
  'fetagents.config',
]);

function isServers(path: string): boolean {
  return serverNames.has(lastPart(canonicalPath(path), '\\'));
}

/** IIS keeps what its configuration was before each change. */
function isHistory(path: string): boolean {
  return /\\inetpub\\history\\/.test(canonicalPath(path));
}

function entryKey({ kind, code, name, path, url }: ConfiguredEntry): string {
  return JSON.stringify([kind, code, name, path, url]);
}

interface SeenEntry {
  readonly file: FileFacts;
  readonly entry: ConfiguredEntry;
  readonly isThere: boolean;
}

function entrySighting(given: Surroundings, server: string, { file, entry, isThere }: SeenEntry): Sighting {
  const rule = ruleFor(entry, entriesOf(file));
  const kind = implantKind(entry);
  const implant: SeenImplant | undefined =
    kind === undefined || entry.strength === 'lead'
      ? undefined
      : {
          kind,
          event: 'seen',
          ...(entry.path === undefined ? {} : { path: entry.path }),
          ...(entry.url === undefined ? {} : { url: entry.url }),
          ...(entry.path === undefined && entry.url === undefined
            ? { path: `${file.path}#${entry.name}` }
            : {}),
          trait: entry.text,
          isThere,
        };
  return {
    rule,
    source: file.source ?? '',
    at: { offset: entry.offset, ...(entry.line === 0 ? {} : { line: entry.line }) },
    time: undefined,
    last: undefined,
    count: 1,
    recorder: 'file',
    captures: new Map(),
    text: entry.text,
    excerpt: false,
    recordedOn: server,
    targets: [server],
    packs: packsOf(given, rule, true, undefined),
    entities: {
      ...noEntities,
      paths: [entry.path ?? file.path],
      urls: entry.url === undefined ? [] : [entry.url],
    },
    joins: [],
    ...(implant === undefined ? {} : { implant }),
  };
}

function ruleFor(entry: ConfiguredEntry, all: readonly ConfiguredEntry[]): RuleInfo {
  const { kind, strength } = entry;
  if (kind === 'mitigation') return mitigationRule(entry, all);
  if (kind === 'logging')
    return checkRule(strength === 'lead' ? 'logs-changed' : 'logs-hidden', ['T1562.002']);
  if (strength === 'lead') return checkRule('configured-unknown');
  if (kind === 'transport-agent') return checkRule('configured-agent', ['T1505.002']);
  if (kind === 'iis-module') return checkRule('configured-module', ['T1505.004']);
  return kind === 'virtual-directory' ? checkRule('configured-directory') : checkRule('configured-handler');
}

function implantKind({ kind }: ConfiguredEntry): ImplantKind | undefined {
  if (kind === 'mitigation' || kind === 'logging' || kind === 'rewrite') return undefined;
  return kind === 'handler' ? 'other' : kind;
}
