import { compareText, verdictOrder } from '@postern/core';
import type { Assessment, CampaignVerdict, CaseFacts, Coverage, Implant, Limit, Server } from '@postern/core';
import { adviceOf } from './advice.ts';
import type { AdviceMatter } from './advice.ts';
import { placeBuild } from './builds.ts';
import { consistentWith } from './clusters.ts';
import { coveredSources, toFamilyCoverage, viewFamilies, wantedFamilies } from './coverage.ts';
import type { FamilyView } from './coverage.ts';
import { closedSince, doorOf } from './door.ts';
import { buildsOf, exposureOf, toBuildSeen } from './exposure.ts';
import type { ExposureEvent, ServerBuild } from './exposure.ts';
import { evidenceSpan, familySpans } from './families.ts';
import type { FamilySpan } from './families.ts';
import { sightingsOfFiles } from './file-checks.ts';
import { findingsOf } from './findings.ts';
import type { FindingDraft } from './findings.ts';
import { bytesByOperator, impactOf } from './impact.ts';
import { adoptCompiled, groupImplants, knownUrls } from './implant-groups.ts';
import { draftImplants, toImplant } from './implants.ts';
import type { ImplantDraft } from './implants.ts';
import { toWindow } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { mergeLayouts } from './layouts.ts';
import { windowOf } from './matter.ts';
import type { CampaignMatter } from './matter.ts';
import { say } from './messages.ts';
import { draftOperators, handsOf, toOperators } from './operators.ts';
import { groupBy, sorted } from './ordered.ts';
import { pagesByPlace, pagesOf, sightingsOfPages } from './page-checks.ts';
import { phasesOf } from './phases.ts';
import { productTitle, productsOf } from './products.ts';
import { askQuestions, toQuestionCoverage } from './questions.ts';
import type { AskedQuestion } from './questions.ts';
import { compareSightings } from './sighting.ts';
import type { Sighting } from './sighting.ts';
import { sightingsOfHits } from './sightings.ts';
import type { Surroundings } from './sightings.ts';
import { surroundingsOf } from './surroundings.ts';
import { timelineOf } from './timeline.ts';
import { judgeCampaign } from './verdict.ts';

/** Everything found, before anything is judged. */
interface Found {
  readonly given: Surroundings;
  readonly spans: readonly FamilySpan[];
  readonly drafts: readonly FindingDraft[];
  readonly implants: readonly ImplantDraft[];
  readonly builds: ReadonlyMap<string, readonly ServerBuild[]>;
  readonly products: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What was judged: one matter and one verdict for each server and pack. */
interface Judged {
  readonly matter: CampaignMatter;
  readonly verdict: CampaignVerdict;
}

/**
 * Hits and facts in, assessment out: findings, back doors and operators, exposure, coverage and impact, a verdict for
 * each server and pack, and advice, by the rules of judgement sections 1 to 10. Pure: the same facts in any order give
 * the same bytes. Damage in the evidence lowers coverage and never throws.
 *
 * @example
 * const { servers } = assess(facts);
 * console.log(servers[0]?.headline?.verdict); // 'compromised'
 */
export function assess(facts: CaseFacts): Assessment {
  const found = findAll(facts);
  const { given, drafts, implants } = found;
  const { judged, views, questions } = judgeAll(found);
  const operatorDrafts = draftOperators(drafts, implants, given.proxies);
  const impact = impactOf({ facts, layout: given.layout, drafts, operators: operatorDrafts.list });
  const hands = handsOf(operatorDrafts.list);
  const shownImplants = implants
    .map((implant) => toImplant(implant, hands))
    .toSorted((a, b) => compareText(implantKey(a), implantKey(b)));
  return {
    schema: 'postern.assessment/1',
    generator: { name: 'postern', version: facts.version },
    tlp: facts.options.tlp,
    share: { profile: 'full' },
    context: facts.options.context,
    options: sortedRecord(facts.options.shown),
    packs: facts.packs
      .map(({ id, title, version, sha256 }) => ({ id, title, version, sha256 }))
      .toSorted((a, b) => compareText(a.id, b.id)),
    rules: { loaded: facts.rules.size, indicators: facts.indicators, refused: facts.refused },
    complete: facts.complete,
    coverage: coverageOf(found, views, questions),
    servers: serversOf(found, judged),
    findings: drafts.map(({ finding }) => finding),
    implants: shownImplants,
    operators: toOperators(operatorDrafts, {
      bytesOut: bytesByOperator(impact),
      consistentWith: (operator) => consistentWith(facts.packs, operator, implants),
    }),
    phases: phasesOf(facts.packs, drafts, operatorDrafts.list),
    timeline: timelineOf({
      drafts,
      implants,
      builds: namedBuilds(found),
      claims: facts.packs.flatMap(({ claims }) => claims),
    }),
    impact,
    advice: adviceOf(adviceMatters(found, judged, { implants: shownImplants, impact, questions }), {
      facts,
      layout: given.layout,
      spans: found.spans,
      nameOf: (server) => given.book.entries.get(server)?.names[0] ?? server,
    }),
    claims: facts.packs
      .flatMap(({ claims }) => claims)
      .toSorted((a, b) => compareText(a.date, b.date) || compareText(a.id, b.id)),
  };
}

function findAll(facts: CaseFacts): Found {
  const given = surroundingsOf(facts, mergeLayouts(facts.packs));
  const spans = familySpans(facts, given.book, given.clocks);
  const builds = buildsOf(facts, given.book, given.clocks);
  const pages = pagesOf(given);
  const direct = [...sightingsOfHits(given), ...sightingsOfFiles(given)];
  const requests = sightingsOfPages(given, pages, knownUrls(given.layout, direct));
  const sightings = [...direct, ...requests].toSorted(compareSightings);
  const drafts = findingsOf(
    sightings.filter((sighting) => !isFollowed(sighting)),
    facts.options,
  );
  const groups = groupImplants(drafts, {
    layout: given.layout,
    book: given.book,
    files: facts.files,
    pages: pagesByPlace(pages),
  });
  const implants = draftImplants(adoptCompiled(given.layout, groups), given.clocks);
  const products = productsOf({ facts, book: given.book, spans, builds, pages, sightings }, facts.packs);
  return { given, spans, drafts, implants, builds, products };
}

/** Records that the second pass kept because they name something known: they belong to operators, not to findings. */
function isFollowed({ rule }: Sighting): boolean {
  return rule.kind === 'check' && rule.act.startsWith('followed-');
}

function judgeAll(found: Found): {
  readonly judged: readonly Judged[];
  readonly views: readonly FamilyView[];
  readonly questions: readonly AskedQuestion[];
} {
  const { given, spans, products } = found;
  const { packs } = given.facts;
  const windows = new Map<string, Interval>();
  const wanted = new Map<string, readonly string[]>();
  for (const server of given.book.entries.keys()) {
    const evidence = evidenceSpan(spans, server);
    const own = packs.filter((pack) => isProductOf(found, pack.campaign.products, server));
    const all = own.map((pack) => windowOf(pack, evidence, undefined));
    const hull =
      all.length > 0
        ? all.reduce((a, b) => ({ from: a.from < b.from ? a.from : b.from, to: a.to > b.to ? a.to : b.to }))
        : evidence;
    if (hull !== undefined) windows.set(server, hull);
    wanted.set(server, sorted(own.flatMap((pack) => wantedFamilies(pack))));
  }
  const views = viewFamilies(given.layout, spans, windows, wanted);
  const matters = sorted(products.keys()).flatMap((server) =>
    packs
      .filter((pack) => isProductOf(found, pack.campaign.products, server))
      .map((pack) => matterOf(found, views, { pack, server })),
  );
  const judged = matters.map((matter) => ({
    matter,
    verdict: judgeCampaign(matter, commonLimits(found, matter)),
  }));
  return { judged, views, questions: matters.flatMap(({ questions }) => questions) };
}

function isProductOf({ products }: Found, wanted: readonly string[], server: string): boolean {
  return wanted.some((product) => products.get(server)?.has(product) === true);
}

function matterOf(
  found: Found,
  views: readonly FamilyView[],
  { pack, server }: Pick<CampaignMatter, 'pack' | 'server'>,
): CampaignMatter {
  const builds = found.builds.get(server) ?? [];
  const evidence = evidenceSpan(found.spans, server);
  const start = windowOf(pack, evidence, undefined).from;
  const exposure = exposureOf(pack, builds, exposureEvents(found.drafts, server), start);
  const window = windowOf(pack, evidence, closedSince(pack, exposure));
  return {
    pack,
    server,
    drafts: found.drafts,
    implants: found.implants.filter(({ group }) => group.server === server),
    questions: askQuestions(pack, server, window, views),
    views,
    exposure,
    door: doorOf(pack, builds, exposure),
    window,
    evidence,
    complete: found.given.facts.complete,
  };
}

/** What a request proved or a mitigation changed. Who proves a flaw on one server by way of another proves it on both. */
function exposureEvents(drafts: readonly FindingDraft[], server: string): ExposureEvent[] {
  return drafts.flatMap(({ finding, first, last }): ExposureEvent[] => {
    const isHere = finding.targets.includes(server) || finding.recordedOn === server;
    if (!isHere || finding.setAside !== undefined) return [];
    const base = { cves: finding.cves, first, last, finding: finding.id };
    if (finding.act.startsWith('mitigation')) return [{ kind: 'mitigated', ...base }];
    return finding.flawProved === true ? [{ kind: 'proved', ...base }] : [];
  });
}

/** Limits that come from the run and not from one campaign. */
function commonLimits({ given }: Found, { server }: CampaignMatter): Limit[] {
  const { facts, book, proxies, clocks } = given;
  const own = facts.sources.filter(({ id }) => book.ofSource.get(id) === server);
  const unassigned = [...book.ofSource.values()].filter(
    (id) => book.entries.get(id)?.basis === 'unassigned',
  ).length;
  const unread = facts.skipped.filter(({ reason }) =>
    ['encrypted', 'damaged', 'unreadable', 'limit', 'stopped'].includes(reason),
  );
  const reasons = sorted(unread.map(({ reason }) => reason)).join(', ');
  const [carrier] = sorted(proxies.carriers.get(server) ?? []);
  return [
    ...(carrier === undefined
      ? []
      : [{ text: say('limit.proxy', { address: carrier }), coverageRef: 'clients' }]),
    ...(unread.length === 0
      ? []
      : [{ text: say('limit.skipped', { count: unread.length, reasons }), coverageRef: 'skipped' }]),
    ...(own.some(({ excerpt }) => excerpt) ? [{ text: say('limit.excerpt'), coverageRef: 'excerpts' }] : []),
    ...(unassigned === 0
      ? []
      : [{ text: say('limit.unassigned', { count: unassigned }), coverageRef: 'sources' }]),
    ...(own.some(({ id, records }) => records > 0 && clocks.get(id)?.basis === 'unknown')
      ? [{ text: say('limit.clock'), coverageRef: 'clocks' }]
      : []),
  ];
}

function serversOf(found: Found, judged: readonly Judged[]): Server[] {
  const { given, spans, builds, products, drafts } = found;
  const table = given.facts.packs.flatMap((pack) => pack.builds);
  const named = new Set(drafts.flatMap(({ finding }) => [finding.recordedOn, ...finding.targets]));
  const kept = [...given.book.entries.values()].filter(
    ({ id, basis }) => basis !== 'named-only' || named.has(id),
  );
  const servers = kept.map(({ id, names }): Server => {
    const campaigns = judged.filter(({ matter }) => matter.server === id).map(({ verdict }) => verdict);
    const worst = campaigns.toSorted(
      (a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict),
    )[0];
    const product = productTitle(given.facts.packs, products.get(id) ?? new Set(), builds.get(id) ?? []);
    const seen = evidenceSpan(spans, id);
    return {
      id,
      names,
      ...(product === undefined ? {} : { product }),
      builds: toBuildSeen(table, builds.get(id) ?? [], seen?.to),
      ...(worst === undefined ? {} : { headline: { pack: worst.pack, verdict: worst.verdict } }),
      campaigns,
      ...(seen === undefined ? {} : { seen: toWindow({ from: seen.from, to: seen.to - 1n }) }),
    };
  });
  return servers.toSorted(
    (a, b) => compareText(a.names[0] ?? '', b.names[0] ?? '') || compareText(a.id, b.id),
  );
}

function coverageOf(
  { given }: Found,
  views: readonly FamilyView[],
  questions: readonly AskedQuestion[],
): Coverage {
  const { facts, book, clocks } = given;
  const probes = facts.sources.reduce((sum, source) => sum + source.probes, 0);
  return {
    sources: coveredSources(facts, book, clocks, views),
    skipped: facts.skipped
      .map(({ path, reason, bytes, detail }) => ({
        path,
        reason,
        bytes,
        ...(detail === undefined ? {} : { detail }),
      }))
      .toSorted(
        (a, b) => compareText(a.path, b.path) || compareText(a.reason, b.reason) || a.bytes - b.bytes,
      ),
    families: views.map((view) => toFamilyCoverage(view)),
    questions: questions.map((question) => toQuestionCoverage(question)),
    ...(facts.issues === undefined || facts.issues.length === 0 ? {} : { issues: facts.issues }),
    setAside: probes === 0 ? [] : [{ what: say('aside.probe'), count: probes }],
  };
}

function namedBuilds({
  given,
  builds,
}: Found): { readonly server: string; readonly name: string; readonly first: ServerBuild['first'] }[] {
  const table = given.facts.packs.flatMap((pack) => pack.builds);
  return [...builds].flatMap(([server, list]) =>
    list.map(({ build, precision, first }) => ({
      server,
      name: placeBuild(table, build, precision).name,
      first,
    })),
  );
}

function adviceMatters(
  { drafts }: Found,
  judged: readonly Judged[],
  rest: {
    readonly implants: readonly Implant[];
    readonly impact: Assessment['impact'];
    readonly questions: readonly AskedQuestion[];
  },
): AdviceMatter[] {
  return [...groupBy(judged, ({ matter }) => matter.pack).entries()].map(([pack, own]) => {
    const servers = new Set(own.map(({ matter }) => matter.server));
    return {
      pack,
      verdicts: own.map(({ verdict }) => verdict),
      drafts: drafts.filter(
        ({ finding }) =>
          finding.targets.some((target) => servers.has(target)) || servers.has(finding.recordedOn),
      ),
      implants: rest.implants.filter(({ server }) => servers.has(server)),
      impacts: rest.impact.filter(({ server }) => servers.has(server)),
      coverageMissing: rest.questions.some(
        (question) => question.pack === pack.id && question.missing.length > 0,
      ),
    };
  });
}

function implantKey({ server, path, url, id }: Implant): string {
  return [server, url ?? '', path ?? '', id].join('\0');
}

function sortedRecord<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => compareText(a, b)));
}
