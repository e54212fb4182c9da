import { compareText, verdictOrder } from '@postern/core';
import type { Assessment, FullFinding, CaseFacts, Coverage, Implant, Pack, Server } from '@postern/core';
import { adviceOf } from './advice.ts';
import type { AdviceMatter, PackMatter } from './advice.ts';
import { placeBuild } from './builds.ts';
import { consistentWith } from './clusters.ts';
import { toFamilyCoverage } from './coverage.ts';
import type { FamilyView } from './coverage.ts';
import { listSources } from './covered-sources.ts';
import { toBuildSeen } from './exposure.ts';
import type { ServerBuild } from './exposure.ts';
import { evidenceSpan } from './families.ts';
import { allEvidence } from './findings.ts';
import type { FindingDraft } from './findings.ts';
import { bytesByOperator, impactOf } from './impact.ts';
import { toImplant } from './implants.ts';
import { toWindow } from './intervals.ts';
import { say } from './messages.ts';
import { toOperators } from './operator-list.ts';
import { draftOperators, handsOf } from './operators.ts';
import { groupBy } from './ordered.ts';
import { phasesOf } from './phases.ts';
import { productTitle } from './products.ts';
import { toQuestionCoverage } from './questions.ts';
import type { AskedQuestion } from './questions.ts';
import { timelineOf } from './timeline.ts';
import type { ServerBasis } from './servers.ts';
import { findAll } from './found.ts';
import type { Found } from './found.ts';
import { judgeAll } from './judged.ts';
import { seeAll } from './seen.ts';
import type { Seen } from './seen.ts';
import type { Judged } from './judged.ts';

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
  return assessInFull(facts).assessment;
}

/** An assessment, and its findings with every record they are made of, handed out one by one. */
export interface FullAssessment {
  readonly assessment: Assessment;
  readonly findings: () => Iterable<FullFinding>;
}

/** As {@link assess}, for whoever writes findings.jsonl. */
export function assessInFull(facts: CaseFacts): FullAssessment {
  return judgeSeen(seeAll(facts));
}

/** As {@link assessInFull}, of what is seen already. */
export function judgeSeen(seen: Seen): FullAssessment {
  const found = findAll(seen);
  return { assessment: judgeFound(seen.given.facts, found), findings: () => fullFindings(found.drafts) };
}

function* fullFindings(drafts: readonly FindingDraft[]): Generator<FullFinding> {
  for (const { finding, sightings } of drafts) yield { finding, evidence: allEvidence(sightings) };
}

function judgeFound(facts: CaseFacts, found: Found): Assessment {
  const { given, drafts, implants } = found;
  const { judged, views, questions } = judgeAll(found);
  const operatorDrafts = draftOperators(drafts, implants, {
    proxies: given.proxies,
    clocks: given.clocks,
    followed: found.followed,
  });
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
    rules: { loaded: loadedRules(facts), indicators: facts.indicators, refused: facts.refused },
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

/** Rules that were loaded to be run. Indicators are counted apart, and our own checks are no rules of anybody. */
function loadedRules({ rules }: CaseFacts): number {
  return [...rules.values()].filter(({ kind }) => kind === 'sigma' || kind === 'yara').length;
}

function serversOf(found: Found, judged: readonly Judged[]): Server[] {
  const { given, spans, builds, products, drafts } = found;
  const table = given.facts.packs.flatMap((pack) => pack.builds);
  const named = new Set(drafts.flatMap(({ finding }) => [finding.recordedOn, ...finding.targets]));
  const held = new Set(given.book.ofSource.values());
  const kept = [...given.book.entries.values()].filter(
    ({ id, basis }) => !isMereName(basis) || named.has(id) || held.has(id),
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
      ...(seen === undefined ? {} : { seen: toWindow(seen) }),
    };
  });
  return servers.toSorted(
    (a, b) => compareText(a.names[0] ?? '', b.names[0] ?? '') || compareText(a.id, b.id),
  );
}

/** Neither has records of its own: they are listed if something is said of them. */
function isMereName(basis: ServerBasis): boolean {
  return basis === 'named-only' || basis === 'unassigned';
}

function coverageOf(
  { given, drafts, outside }: Found,
  views: readonly FamilyView[],
  questions: readonly AskedQuestion[],
): Coverage {
  const { facts, book, clocks } = given;
  const cited = new Set(drafts.flatMap(({ finding }) => finding.evidence.map(({ source }) => source)));
  const probes = facts.sources.reduce((sum, source) => sum + source.probes, 0);
  const sampled = facts.sources.reduce((sum, source) => sum + source.clients.sampled, 0);
  return {
    ...listSources({ facts, book, clocks, views, cited }),
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
    setAside: [
      { what: say('aside.probes', { sampled }), count: probes },
      { what: say('aside.outside-asked'), count: outside.length },
    ].filter(({ count }) => count > 0),
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

interface AdviceParts {
  readonly implants: readonly Implant[];
  readonly impact: Assessment['impact'];
  readonly questions: readonly AskedQuestion[];
}

function adviceMatters(found: Found, judged: readonly Judged[], parts: AdviceParts): PackMatter[] {
  return [...groupBy(judged, ({ matter }) => matter.pack).entries()].map(([pack, own]) => ({
    all: adviceMatter(found, pack, own, parts),
    each: own.map((one) => adviceMatter(found, pack, [one], parts)),
  }));
}

function adviceMatter(
  { drafts }: Found,
  pack: Pack,
  judged: readonly Judged[],
  { implants, impact, questions }: AdviceParts,
): AdviceMatter {
  const servers = new Set(judged.map(({ matter }) => matter.server));
  return {
    pack,
    servers: [...servers],
    verdicts: judged.map(({ verdict }) => verdict),
    drafts: drafts.filter(
      ({ finding }) =>
        finding.targets.some((target) => servers.has(target)) || servers.has(finding.recordedOn),
    ),
    implants: implants.filter(({ server }) => servers.has(server)),
    impacts: impact.filter(({ server }) => servers.has(server)),
    coverageMissing: questions.some(
      (question) => question.pack === pack.id && servers.has(question.server) && question.missing.length > 0,
    ),
  };
}

function implantKey({ server, path, url, id }: Implant): string {
  return [server, url ?? '', path ?? '', id].join('\0');
}

function sortedRecord<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => compareText(a, b)));
}
