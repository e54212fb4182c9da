import { limits } from '@postern/core';
import type { FileFacts, Hit, RuleInfo, Ticks } from '@postern/core';
import { checkRule } from './checks.ts';
import { isCompiled, sightingsOfCompiled } from './compiled-checks.ts';
import { sightingsOfConfigurations } from './configured-checks.ts';
import { sightingsOfDeviceNames } from './device-checks.ts';
import type { Clocks } from './clocks.ts';
import { groupBy } from './ordered.ts';
import { sightingsOfLookAlikes } from './look-alike-checks.ts';
import { listedTime } from './listed-times.ts';
import { say } from './messages.ts';
import { dayOf, isInCampaign, packsOf } from './packs-of.ts';
import {
  canonicalPath,
  isPage,
  isProductName,
  isProductPage,
  isPutAwayPage,
  isRunnable,
  lastPart,
  servedPlace,
} from './served.ts';
import type { ServedPlace } from './served.ts';
import { serverOfFile } from './servers.ts';
import { packedFiles } from './staged-archives.ts';
import { noEntities } from './sighting.ts';
import type { SeenImplant, Sighting } from './sighting.ts';
import type { Surroundings } from './sightings.ts';

/** What the contents and names of files say (judgement section 2), YARA rules and indicators included. */
export function sightingsOfFiles(given: Surroundings): Sighting[] {
  const hits = groupBy(
    given.facts.hits.filter((hit) => hit.recorder === 'file'),
    (hit) => hit.source,
  );
  const served = new Set(
    given.facts.files.flatMap((file) => servedPlace(given.layout, file.path)?.url ?? []),
  );
  const fromFiles = distinctFiles(given).flatMap((file) => {
    const own = file.source === undefined ? [] : (hits.get(file.source) ?? []);
    return [
      ...contentSightings(given, file),
      ...namedSightings(given, file, own),
      ...compiledSightings(given, file, served),
    ];
  });
  const known = new Set(given.facts.files.flatMap(({ source }) => source ?? []));
  const others = given.facts.hits.filter((hit) => hit.recorder === 'file' && !known.has(hit.source));
  return [
    ...fromFiles,
    ...others.flatMap((hit) => sourceSighting(given, hit)),
    ...packedFiles(given.facts.files).flatMap((file) => archiveSightings(given, file)),
    ...sightingsOfConfigurations(given),
    ...sightingsOfCompiled(given),
    ...sightingsOfDeviceNames(given),
    ...sightingsOfLookAlikes(given),
  ];
}

/** Once per server, path and content: the same file may be collected and listed. */
function distinctFiles({ facts, book }: Surroundings): FileFacts[] {
  const distinct = new Map<string, FileFacts>();
  for (const file of facts.files) {
    const key = `${serverOfFile(book, file)}\0${canonicalPath(file.path)}\0${file.sha256 ?? ''}`;
    const known = distinct.get(key);
    if (known === undefined || compareFiles(file, known) < 0) distinct.set(key, file);
  }
  return [...distinct.values()];
}

/** Collected and judged ones first. */
function compareFiles(a: FileFacts, b: FileFacts): number {
  const rank = (file: FileFacts): number =>
    (file.judged === undefined ? 2 : 0) + (file.source === undefined ? 1 : 0);
  const order = rank(a) - rank(b);
  if (order !== 0) return order;
  const [x, y] = [`${a.source ?? ''}\0${a.path}`, `${b.source ?? ''}\0${b.path}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

function contentSightings(given: Surroundings, file: FileFacts): Sighting[] {
  const verdict = file.judged?.verdict;
  if (verdict !== 'remote-control' && verdict !== 'suspicious') return [];
  if (isCompiled(file) || isToldByEntries(file)) return [];
  const place = servedPlace(given.layout, file.path);
  const aside = asideOf(given, file, place);
  if (aside !== undefined || place === undefined) {
    if (verdict === 'suspicious') return [];
    return [
      fileSighting(given, file, {
        rule: checkRule('page-elsewhere'),
        ...(aside === undefined ? {} : { aside }),
      }),
    ];
  }
  if (verdict === 'remote-control')
    return [fileSighting(given, file, { rule: checkRule('page-content'), place })];
  const isGenuine = isProductPage(given.layout, place.url);
  const rule = checkRule('page-suspicious');
  return [
    fileSighting(given, file, { rule, place, ...(isGenuine ? { aside: say('aside.product-page') } : {}) }),
  ];
}

/** A configuration all of whose traits are entries: each of them is a finding of its own. */
function isToldByEntries({ judged }: FileFacts): boolean {
  const told = new Set((judged?.configured ?? []).map(({ code }) => code));
  return told.size > 0 && judged !== undefined && judged.traits.every(({ code }) => told.has(code));
}

/** Why content of a file cannot be a back door where it lies. */
function asideOf(
  { layout }: Surroundings,
  file: FileFacts,
  place: ServedPlace | undefined,
): string | undefined {
  if (file.inert !== undefined) return say('aside.inert', { where: file.inert });
  if (place === undefined) return say('aside.not-served');
  if (file.path.includes('!\\')) return say('aside.in-archive');
  return isRunnable(layout, file.path) ? undefined : say('aside.not-run');
}

/** YARA rules and indicators: hits where the scan made them, else the rule ids that the judgement of the content lists. */
function namedSightings(given: Surroundings, file: FileFacts, hits: readonly Hit[]): Sighting[] {
  if (hits.length === 0 && (file.judged?.yara.length ?? 0) === 0) return [];
  const fromHits = hits.map(({ rule }) => rule);
  const all = [...new Set([...fromHits, ...(file.judged?.yara ?? [])])].toSorted();
  // What a pack's own rule says of a page that is judged already supports that judgement and is no second finding.
  const isJudged = file.judged?.verdict === 'remote-control';
  const ids = all.filter((id) => !isJudged || given.facts.rules.get(id)?.pack === undefined);
  const place = servedPlace(given.layout, file.path);
  const isPutAway = isPutAwayIn(given, file, place);
  const aside = isPutAway ? undefined : asideOf(given, file, place);
  return ids.flatMap((id) => {
    const rule = given.facts.rules.get(id);
    if (rule === undefined) return [];
    const hit = hits.find((h) => h.rule === id);
    const told = ruleForFile(rule, place !== undefined && aside === undefined);
    const effective = isPutAway ? ruleForPutAway(told) : told;
    const isGenuine =
      place !== undefined && effective.witness === 'indirect' && isProductPage(given.layout, place.url);
    const outside = isSetting(rule, file) ? undefined : aside;
    const reason = outside ?? (isGenuine && rule.pack === undefined ? say('aside.product-page') : undefined);
    return [
      fileSighting(given, file, {
        rule: effective,
        ...(place === undefined ? {} : { place }),
        ...(reason === undefined ? {} : { aside: reason }),
        ...(hit === undefined ? {} : { hit }),
      }),
    ];
  });
}

/**
 * Lies in a served folder, and only the ending behind its own keeps the web server from running it: a page that was
 * put away where it was found, which tells that it had been there.
 */
function isPutAwayIn({ layout }: Surroundings, file: FileFacts, place: ServedPlace | undefined): boolean {
  const isThere = place !== undefined && file.inert === undefined && !file.path.includes('!\\');
  return isThere && isPutAwayPage(layout, file.path);
}

/** It was put there under that name too, or is a sample: an indirect witness at most; the user's own rules stay leads. */
function ruleForPutAway(rule: RuleInfo): RuleInfo {
  if (rule.witness === 'lead') return rule;
  return { ...rule, witness: rule.pack === undefined ? 'lead' : 'indirect' };
}

/** What the web server's own configuration says of a mitigation holds where that file lies; it runs nothing. */
function isSetting({ act }: RuleInfo, file: FileFacts): boolean {
  const name = lastPart(canonicalPath(file.path), '\\');
  return act.startsWith('mitigation') && file.inert === undefined && name === 'applicationhost.config';
}

/** A user's own YARA hit in a served folder is an indirect witness; indicators without a declared meaning stay leads. */
function ruleForFile(rule: RuleInfo, isServed: boolean): RuleInfo {
  if (!isServed) return { ...rule, witness: 'lead' };
  if (rule.pack !== undefined || rule.kind !== 'yara') return rule;
  return { ...rule, witness: 'indirect', stage: 'success', act: 'page-content' };
}

/**
 * A compiled page tells that its source was run. Names: `<page>.aspx.<hash>.compiled`; those of the product's pages
 * are expected. The source counts as gone where no file of that name lies in a served folder.
 */
function compiledSightings(given: Surroundings, file: FileFacts, served: ReadonlySet<string>): Sighting[] {
  if (!/\.compiled[\\/]?$/i.test(file.path)) return [];
  const name = lastPart(canonicalPath(file.path), '\\');
  const page = /^(.+)\.[0-9a-f]{6,16}\.compiled$/.exec(name)?.[1];
  if (page === undefined || file.inert !== undefined || isCompiled(file)) return [];
  if (!isPage(given.layout, page) || isProductName(given.layout, page)) return [];
  if ([...served].some((url) => lastPart(url, '/') === page)) return [];
  return [
    fileSighting(given, file, {
      rule: checkRule('page-compiled'),
      implant: { kind: 'web-shell', event: 'seen', path: page },
    }),
  ];
}

/**
 * An archive in a web path (judgement section 2), where it was collected; those that only a listing names are the
 * packs' rules to find. One that is known to be of another time is a lead.
 */
function archiveSightings(given: Surroundings, file: FileFacts): Sighting[] {
  const place = servedPlace(given.layout, file.path);
  if (place === undefined) return [];
  const time = placedTime(given.clocks, file);
  const isOfOtherTime =
    time !== undefined && !given.facts.packs.some((pack) => isInCampaign(pack, dayOf(time)));
  const rule = checkRule('archive-staged', ['T1074.001']);
  const aside = isOfOtherTime ? { aside: say('aside.other-time') } : {};
  return [fileSighting(given, file, { rule, place, isNoImplant: true, ...aside })];
}

interface FileMatter {
  /** What lies there is found, but is no way in. */
  readonly isNoImplant?: boolean;
  readonly rule: RuleInfo;
  readonly place?: ServedPlace;
  readonly aside?: string;
  readonly hit?: Hit;
  readonly implant?: SeenImplant;
}

function fileSighting(
  given: Surroundings,
  file: FileFacts,
  { rule, place, aside, hit, implant, isNoImplant = false }: FileMatter,
): Sighting {
  const server = serverOfFile(given.book, file);
  const trait = file.judged?.traits[0];
  const time = placedTime(given.clocks, file);
  const counts = place !== undefined && aside === undefined;
  const seen: SeenImplant | undefined =
    implant ??
    (counts && rule.witness !== 'lead' && !isNoImplant
      ? { kind: 'web-shell', event: 'seen', path: file.path }
      : undefined);
  return {
    rule: { ...rule, witness: counts || implant !== undefined ? rule.witness : 'lead' },
    source: file.source ?? file.listed?.source ?? '',
    at: hit?.at ?? { offset: trait?.offset ?? 0, line: trait?.line ?? file.listed?.line ?? 1 },
    time,
    last: time,
    count: 1,
    recorder: 'file',
    captures: hit?.captures ?? new Map(),
    text: hit?.text ?? trait?.text ?? file.path,
    excerpt: false,
    recordedOn: server,
    targets: [server],
    packs: packsOf(given, rule, place !== undefined || implant !== undefined, time),
    entities: { ...noEntities, paths: [file.path], hashes: file.sha256 === undefined ? [] : [file.sha256] },
    joins: [],
    ...(seen === undefined ? {} : { implant: seen }),
    ...(aside === undefined ? {} : { setAside: aside }),
  };
}

/** When a listing says that the file was made. Times of copies never decide, and a collected file has no other. */
function placedTime(clocks: Clocks, file: FileFacts): Ticks | undefined {
  return file.listed === undefined ? undefined : listedTime(file.listed, clocks)?.time;
}

/** A hit in a file of which nothing else is known. */
function sourceSighting(given: Surroundings, hit: Hit): Sighting[] {
  const rule = given.facts.rules.get(hit.rule);
  const source = given.sources.get(hit.source);
  if (rule === undefined || source === undefined) return [];
  const file: FileFacts = {
    path: source.originalPath,
    collection: source.collection,
    source: source.id,
    sha256: source.sha256,
  };
  const place = servedPlace(given.layout, file.path);
  const aside = asideOf(given, file, place);
  const effective = ruleForFile(rule, place !== undefined && aside === undefined);
  const sighting = fileSighting(given, file, {
    rule: effective,
    hit,
    ...(place === undefined ? {} : { place }),
    ...(aside === undefined ? {} : { aside }),
  });
  return [{ ...sighting, text: hit.text.slice(0, limits.excerptKept) }];
}
