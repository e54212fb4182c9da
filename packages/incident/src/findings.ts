import {
  compareText,
  excerptOf,
  formatTime,
  limits,
  maxTime,
  minTime,
  stableId,
  urlPath,
} from '@postern/core';
import type { CaseOptions, Evidence, Finding, FindingEntities, RuleInfo, Ticks } from '@postern/core';
import { compareTimes } from './intervals.ts';
import { say } from './messages.ts';
import { groupBy, sorted } from './ordered.ts';
import { excerptFor } from './excerpts.ts';
import { canonicalPath } from './served.ts';
import { compareSightings } from './sighting.ts';
import type { Sighting } from './sighting.ts';

/** A finding as the assessment has it, with the sightings it is made of. */
export interface FindingDraft {
  readonly finding: Finding;
  /** In the order of time. */
  readonly sightings: readonly Sighting[];
  /** Packs whose ladder it may count for. */
  readonly packs: readonly string[];
  readonly first: Ticks | undefined;
  readonly last: Ticks | undefined;
  /** Only a person's ruling keeps it from counting. */
  readonly asideByReview: boolean;
}

/** More groups of one rule on one server than this become one finding: attackers choose the addresses and names. */
const groupsPerRule = 200;
/** Values of one kind that a finding lists. */
const entitiesListed = 50;
/** Characters of a value that a finding lists. */
const entityCharacters = 512;

/**
 * Groups sightings by rule, server, target and main entity (the back door, else the client's address, else path or
 * account), so that a finding is one thing that somebody did to one server, and its id stays when evidence is added.
 */
export function findingsOf(sightings: readonly Sighting[], options: CaseOptions): FindingDraft[] {
  const groups = groupBy(sightings.toSorted(compareSightings), (sighting) => placeKey(sighting));
  const drafts = [...groups.values()].flatMap((group) => {
    const byEntity = groupBy(group, (sighting) => mainEntity(sighting));
    const entities = [...byEntity.keys()];
    const kept = new Set(entities.slice(0, groupsPerRule));
    const bounded = groupBy(group, (sighting) =>
      kept.has(mainEntity(sighting)) ? mainEntity(sighting) : 'others',
    );
    return [...bounded].map(([entity, list]) => draftOf(entity, list, options));
  });
  return drafts.toSorted((a, b) => compareTimes(a.first, b.first) || compareText(a.finding.id, b.finding.id));
}

/** Masked, one line and bounded: evidence may hold secrets and tricks in any field. */
export function shown(value: string): string {
  return excerptOf(value, entityCharacters);
}

function placeKey({ rule, recordedOn, targets, setAside, implant }: Sighting): string {
  return JSON.stringify([
    rule.id,
    rule.witness,
    recordedOn,
    targets,
    setAside !== undefined,
    implant?.event ?? '',
  ]);
}

/** What a sighting is mainly about. */
export function mainEntity({ rule, implant, entities, captures }: Sighting): string {
  if (implant?.url !== undefined) return `url:${implant.url}`;
  if (implant?.path !== undefined) return `path:${canonicalPath(implant.path)}`;
  const [address] = entities.addresses;
  if (rule.stage === 'probe' && rule.kind !== 'check' && address !== undefined) return 'probes';
  if (address !== undefined) return `address:${address.value}`;
  // What was run tells less than who ran it: one act takes a shell and the tool that it starts.
  if (captures.has('CommandLine')) return runnerOf(entities.accounts[0]);
  const [path] = entities.paths;
  if (path !== undefined) return `path:${canonicalPath(path)}`;
  const [url] = entities.urls;
  if (url !== undefined) return `url:${urlPath(url)}`;
  const [account] = entities.accounts;
  return account === undefined ? '' : `account:${account.toLowerCase()}`;
}

/** Who ran a command. The system is written in several ways, by each recorder in its own. */
function runnerOf(account: string | undefined): string {
  const name = (account ?? '').trim().toLowerCase();
  const isSystem = name === '' || name === 's-1-5-18' || /(?:^|\\)system$|\$$/.test(name);
  return `run-by:${isSystem ? 'system' : name}`;
}

function draftOf(entity: string, sightings: readonly Sighting[], options: CaseOptions): FindingDraft {
  const [one] = sightings;
  if (one === undefined) throw new RangeError('a finding without sightings');
  const first = sightings.reduce<Ticks | undefined>((time, s) => minTime(time, s.time), undefined);
  const last = sightings.reduce<Ticks | undefined>((time, s) => maxTime(time, s.last), undefined);
  const id = stableId('finding', [
    one.rule.id,
    one.recordedOn,
    ...one.targets,
    one.setAside === undefined ? '' : 'aside',
    one.implant?.event,
    shown(entity),
  ]);
  const review = options.reviews.get(id);
  const isDenied = review !== undefined && review.disposition !== 'confirmed';
  const setAside = isDenied
    ? say('aside.review', { disposition: review.disposition, author: review.author, date: review.date })
    : (one.setAside ?? (isLeadByDefault(one.rule) ? say('aside.no-pack') : undefined));
  const evidence = pickEvidence(sightings);
  const finding: Finding = {
    id,
    rule: ruleOf(one.rule),
    meaning: one.rule.meaning,
    stage: one.rule.stage,
    witness: one.setAside === undefined ? one.rule.witness : 'lead',
    act: one.rule.act,
    cves: one.rule.cves,
    ...(one.rule.flawProved ? { flawProved: true } : {}),
    recordedOn: one.recordedOn,
    targets: one.targets,
    recorders: sorted(sightings.map(({ recorder }) => recorder)),
    ...(first === undefined ? {} : { first: formatTime(first) }),
    ...(last === undefined ? {} : { last: formatTime(last) }),
    count: countOf(sightings),
    entities: listEntities(sightings),
    techniques: one.rule.techniques,
    evidence: evidence.map((sighting) => toEvidence(sighting, limits.excerptShown)),
    evidenceTotal: sightings.length,
    falsePositiveNotes: one.rule.falsePositives,
    ...(setAside === undefined ? {} : { setAside: shown(setAside) }),
    ...(review === undefined ? {} : { review }),
  };
  const packs = sorted(sightings.flatMap((sighting) => sighting.packs));
  return { finding, sightings, packs, first, last, asideByReview: isDenied && one.setAside === undefined };
}

function isLeadByDefault(rule: RuleInfo): boolean {
  return rule.pack === undefined && rule.kind !== 'check' && rule.witness === 'lead';
}

function ruleOf(rule: RuleInfo): Finding['rule'] {
  const { id, title, kind, level, pack } = rule;
  return { id, title, kind, level, ...(pack === undefined ? {} : { pack }) };
}

/** Requests and processes, not rows: rows of several recorders about one request, or one started process, count once. */
function countOf(sightings: readonly Sighting[]): number {
  const counted = new Set<string>();
  let count = 0;
  for (const sighting of sightings) {
    const keys = sameThing(sighting);
    if (keys.some((key) => counted.has(key))) continue;
    for (const key of keys) counted.add(key);
    count += sighting.count;
  }
  return count;
}

function sameThing({ joins, captures, recorder }: Sighting): string[] {
  const request = joins.find(({ kind }) => kind === 'request');
  if (request !== undefined) return [request.value];
  // Records of what one long process did are many things; only its start is one, and each recorder tells it once.
  if (!captures.has('CommandLine') || recorder === 'file') return [];
  return joins.filter(({ kind }) => kind === 'process').map(({ value }) => value);
}

function listEntities(sightings: readonly Sighting[]): FindingEntities {
  const list = (of: (s: Sighting) => readonly string[]): string[] =>
    sorted(sightings.flatMap(of).map(shown)).slice(0, entitiesListed);
  const addresses = new Map<string, string>();
  for (const { entities } of sightings) {
    for (const { value, from } of entities.addresses) if (!addresses.has(value)) addresses.set(value, from);
  }
  return {
    addresses: sorted(addresses.keys())
      .slice(0, entitiesListed)
      .map((value) => ({ value: shown(value), from: addresses.get(value) ?? '' })),
    accounts: list(({ entities }) => entities.accounts),
    paths: list(({ entities }) => entities.paths),
    urls: list(({ entities }) => entities.urls),
    hashes: list(({ entities }) => entities.hashes),
    agents: list(({ entities }) => entities.agents),
  };
}

/** First and last, then one per recorder, then the earliest: at most ten. */
function pickEvidence(sightings: readonly Sighting[]): Sighting[] {
  const picked = new Set<Sighting>();
  const pick = (sighting: Sighting | undefined): void => {
    if (sighting !== undefined && picked.size < limits.evidencePerFinding) picked.add(sighting);
  };
  pick(sightings[0]);
  pick(sightings.at(-1));
  for (const [one] of groupBy(sightings, ({ recorder }) => recorder).values()) pick(one);
  for (const sighting of sightings) pick(sighting);
  return [...picked].toSorted(compareSightings);
}

/** Every record of a finding, with longer excerpts, in the order of time. */
export function allEvidence(sightings: readonly Sighting[]): readonly Evidence[] {
  return sightings.map((sighting) => toEvidence(sighting, limits.excerptKept));
}

function toEvidence(sighting: Sighting, characters: number): Evidence {
  const { source, at, time } = sighting;
  return {
    source,
    offset: at.offset,
    ...(at.line === undefined ? {} : { line: at.line }),
    ...(at.record === undefined ? {} : { record: at.record }),
    ...(time === undefined ? {} : { time: formatTime(time) }),
    excerpt: excerptFor(sighting, characters),
  };
}
