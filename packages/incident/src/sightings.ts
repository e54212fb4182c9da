import type { CaseFacts, Hit, Layout, RuleInfo, SourceFacts, Ticks } from '@postern/core';
import { corrected } from './clocks.ts';
import type { Clocks } from './clocks.ts';
import { isScannerFind, weighedByPlace } from './defence.ts';
import { capturesByFile, entitiesOf, hostOf, implantOf } from './entities.ts';
import { cleanHost } from './hosts.ts';
import { boundJoins, joinsOf } from './joins.ts';
import { windowOf } from './matter.ts';
import { say } from './messages.ts';
import { packsOf } from './packs-of.ts';
import type { Proxies } from './proxies.ts';
import { serverNamed, serverOfSource, withNamed } from './servers.ts';
import type { ServerBook } from './servers.ts';
import type { SeenEntities, SeenImplant, Sighting } from './sighting.ts';
import { mayBeServer, namedTargets } from './targets.ts';
import { isProbe, visitorOf } from './visitors.ts';

/** What hits are judged with. */
export interface Surroundings {
  readonly facts: CaseFacts;
  readonly sources: ReadonlyMap<string, SourceFacts>;
  readonly layout: Layout;
  readonly book: ServerBook;
  readonly clocks: Clocks;
  readonly proxies: Proxies;
  /** Sources that hold records of several hosts. */
  readonly shared: ReadonlySet<string>;
}

/** Hits of records, once each, with their server, corrected time and entities. Those of file contents are not among them. */
export function sightingsOfHits(given: Surroundings, hits: readonly Hit[]): Sighting[] {
  const { facts } = given;
  const duplicates = new Set(facts.sources.filter((s) => s.duplicateOf !== undefined).map((s) => s.id));
  const seen = new Set<string>();
  return hits.flatMap((hit) => {
    const rule = facts.rules.get(hit.rule);
    if (rule === undefined || hit.recorder === 'file' || duplicates.has(hit.source)) return [];
    const key = `${hit.rule}\0${hit.source}\0${hit.at.offset}\0${hit.at.record ?? ''}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const found = isScannerFind(rule.act) ? capturesByFile(rule, hit.captures) : [hit.captures];
    return found.map((captures) => sightingOf(given, { ...hit, captures }, rule));
  });
}

/** The servers that hits name and that left no records of their own are added. */
export function bookWithTargets(facts: CaseFacts, book: ServerBook): ServerBook {
  const hosts = facts.hits.flatMap((hit) => {
    const stage = facts.rules.get(hit.rule)?.stage;
    if (stage !== 'success' && stage !== 'use' && stage !== 'aftermath') return [];
    const named = namedTargets([...hit.captures.values(), hit.text]);
    return named.filter(({ host, isServer }) => isServer && mayBeServer(book, host)).map(({ host }) => host);
  });
  return withNamed(book, hosts);
}

function sightingOf(given: Surroundings, hit: Hit, known: RuleInfo): Sighting {
  const implant = implantOf(known, hit.captures);
  const rule = weighedByPlace(given.layout, known, implant);
  const recordedOn = recorderHost(given, hit);
  const entities = entitiesOf(rule, hit.captures, given.proxies, recordedOn);
  const visitor = visitorOf(given.layout, entities.agents, entities.urls);
  const rowTime = corrected(given.clocks, hit.source, hit.time);
  const time = tellsOnlyCreation(hit, implant) ? undefined : rowTime;
  const setAside = asideOf(given, rule, entities) ?? asideByTime(given, rule, hit.recorder, rowTime);
  return {
    rule,
    source: hit.source,
    at: hit.at,
    time,
    last: time,
    count: 1,
    recorder: hit.recorder,
    captures: hit.captures,
    text: hit.text,
    excerpt: hit.excerpt === true,
    recordedOn,
    targets: targetsOf(given.book, hit, rule, recordedOn),
    packs: packsOf(given, rule, hasMeaning(rule), rowTime),
    entities,
    joins: boundJoins(joinsOf(rule, hit.captures), recordedOn, rowTime),
    ...(implant === undefined ? {} : { implant }),
    ...(setAside === undefined ? {} : { setAside }),
    ...(visitor === undefined ? {} : { visitor: visitor.kind }),
  };
}

/**
 * A rule of the user with a `postern:` block says what its hits witness, and they count (judgement section 2); those
 * of other rules, of indicators and of our own second pass are leads and count for nothing.
 */
function hasMeaning({ kind, witness }: RuleInfo): boolean {
  return kind === 'sigma' && witness !== 'lead';
}

const hostFields = ['Computer', 'Hostname', 'ServerHostName', 'ServerName', 's-computername'];

/** In a source of several hosts (forwarded events) each record says whose it is. */
function recorderHost({ book, shared }: Surroundings, hit: Hit): string {
  const own = serverOfSource(book, hit.source);
  if (!shared.has(hit.source)) return own;
  for (const field of hostFields) {
    const named = serverNamed(book, hit.captures.get(field) ?? '');
    if (named !== undefined) return named;
  }
  return own;
}

function targetsOf(book: ServerBook, hit: Hit, rule: RuleInfo, recordedOn: string): string[] {
  const stated = cleanHost(hostOf(rule, hit.captures) ?? '');
  const named = namedTargets([...hit.captures.values(), hit.text]).map(({ host }) => host);
  const at = serverNamed(book, stated ?? '');
  // Most rules name the recording host; only another one is a target.
  const ids = named.flatMap((host) => serverNamed(book, host) ?? []);
  const targets = new Set(at === undefined || at === recordedOn ? ids : [at, ...ids]);
  return targets.size === 0 ? [recordedOn] : [...targets].toSorted();
}

/** A row of the file table says that a file is gone and when it was made, not when it went; the journal says when. */
function tellsOnlyCreation({ recorder, captures }: Hit, implant: SeenImplant | undefined): boolean {
  return recorder === 'file-listing' && implant?.event === 'removed' && (captures.get('Reason') ?? '') === '';
}

/** A page that a listing names was dropped by this campaign only if it was made in its time; a name alone is a lead. */
function asideByTime(
  { facts }: Surroundings,
  rule: RuleInfo,
  recorder: string,
  time: Ticks | undefined,
): string | undefined {
  const pack = facts.packs.find(({ id }) => id === rule.pack);
  if (recorder !== 'file-listing' || pack === undefined || rule.witness === 'lead') return undefined;
  if (time === undefined) return say('aside.undated');
  const { from, to } = windowOf(pack);
  return time < from || time >= to ? say('aside.other-time') : undefined;
}

function asideOf({ layout }: Surroundings, rule: RuleInfo, entities: SeenEntities): string | undefined {
  const addresses = entities.addresses.map(({ value }) => value);
  const isOwn = isProbe(layout, {
    addresses,
    agents: entities.agents,
    accounts: entities.accounts,
    urls: entities.urls,
  });
  if (isOwn) return say('aside.probe');
  const visitor = visitorOf(layout, entities.agents, entities.urls);
  if (visitor?.kind === 'defender' && (rule.stage === 'probe' || rule.stage === 'attempt')) {
    return say('aside.defender', { kind: visitor.kind, source: visitor.source });
  }
  return undefined;
}
