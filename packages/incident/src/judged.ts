import type { CampaignVerdict, Limit, SourceFacts } from '@postern/core';
import { cutToAsked } from './asked.ts';
import { viewFamilies, wantedFamilies } from './coverage.ts';
import type { FamilyView } from './coverage.ts';
import { closedSince, doorOf } from './door.ts';
import { downtimesOf } from './downtimes.ts';
import { exposureOf } from './exposure.ts';
import type { ExposureEvent } from './exposure.ts';
import { evidenceSpan } from './families.ts';
import type { FindingDraft } from './findings.ts';
import type { Interval } from './intervals.ts';
import { inServiceLimits, inServiceSince } from './in-service.ts';
import { windowOf } from './matter.ts';
import type { CampaignMatter } from './matter.ts';
import { say } from './messages.ts';
import { sorted } from './ordered.ts';
import { askQuestions } from './questions.ts';
import type { AskedQuestion } from './questions.ts';
import { isIntrusion } from './sighting.ts';
import { judgeCampaign } from './verdict.ts';
import type { Found } from './found.ts';

/** What was judged: one matter and one verdict for each server and pack. */
export interface Judged {
  readonly matter: CampaignMatter;
  readonly verdict: CampaignVerdict;
}

/** One verdict for each server and each pack whose product it runs, and the coverage that they rest on. */
export function judgeAll(found: Found): {
  readonly judged: readonly Judged[];
  readonly views: readonly FamilyView[];
  readonly questions: readonly AskedQuestion[];
} {
  const { given, spans, products } = found;
  const { packs, options } = given.facts;
  const { asked } = options;
  const windows = new Map<string, Interval>();
  const wanted = new Map<string, readonly string[]>();
  for (const server of given.book.entries.keys()) {
    const evidence = evidenceSpan(spans, server);
    const since = inServiceSince(found, server);
    const own = packs.filter((pack) => isProductOf(found, pack.campaign.products, server));
    const all = own.map((pack) => cutToAsked(windowOf(pack, { evidence, since }), asked));
    const hull =
      all.length > 0
        ? all.reduce((a, b) => ({ from: a.from < b.from ? a.from : b.from, to: a.to > b.to ? a.to : b.to }))
        : evidence;
    if (hull !== undefined) windows.set(server, hull);
    wanted.set(server, sorted(own.flatMap((pack) => wantedFamilies(pack))));
  }
  const downtimes = downtimesOf({ facts: given.facts, book: given.book, clocks: given.clocks, spans });
  const isStopped = !given.facts.complete;
  const views = viewFamilies({ layout: given.layout, spans, windows, wanted, downtimes, isStopped });
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
  const since = inServiceSince(found, server);
  const start = windowOf(pack, { evidence, since }).from;
  const exposure = exposureOf(pack, builds, exposureEvents(found.drafts, server), start);
  const { asked } = found.given.facts.options;
  const whole = windowOf(pack, { evidence, since, closed: closedSince(pack, exposure) });
  const window = cutToAsked(whole, asked);
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
    isCutAway: whole.from < whole.to && window.from >= window.to,
    whole,
    outside: intrusionsOutside(found, { pack, server }),
    ...(asked === undefined ? {} : { asked }),
    evidence,
    complete: found.given.facts.complete,
  };
}

/** Records outside of the time that was asked for that would make this server's verdict on this pack worse. */
function intrusionsOutside(
  { outside }: Found,
  { pack, server }: Pick<CampaignMatter, 'pack' | 'server'>,
): number {
  return outside
    .filter((s) => isIntrusion(s) && s.packs.includes(pack.id) && s.targets.includes(server))
    .reduce((sum, { count }) => sum + count, 0);
}

/** What a request proved or a mitigation changed. Who proves a flaw on one server by way of another proves it on both. */
function exposureEvents(drafts: readonly FindingDraft[], server: string): ExposureEvent[] {
  return drafts.flatMap(({ finding, first, last }): ExposureEvent[] => {
    const isHere = finding.targets.includes(server) || finding.recordedOn === server;
    if (!isHere || finding.setAside !== undefined) return [];
    const { cves, id, rule } = finding;
    const base = { cves, first, last, finding: id, title: rule.title };
    if (finding.act === 'mitigation-removed') return [{ kind: 'unmitigated', ...base }];
    if (finding.act.startsWith('mitigation')) return [{ kind: 'mitigated', ...base }];
    return finding.flawProved === true ? [{ kind: 'proved', ...base }] : [];
  });
}

/** An event log in which nothing could be read; an empty one has no issue. */
function isUnreadLog({ kind, records, issues }: SourceFacts): boolean {
  return kind === 'evtx' && records === 0 && issues.some(({ severity }) => severity !== 'info');
}

/** Limits that come from the run and not from one campaign. */
function commonLimits(found: Found, { server }: CampaignMatter): Limit[] {
  const { facts, book, proxies, clocks } = found.given;
  const own = facts.sources.filter(({ id }) => book.ofSource.get(id) === server);
  const unassigned = [...book.ofSource.values()].filter(
    (id) => book.entries.get(id)?.basis === 'unassigned',
  ).length;
  const unread = facts.skipped.filter(({ reason }) =>
    ['encrypted', 'damaged', 'unreadable', 'limit', 'stopped'].includes(reason),
  );
  const reasons = sorted(unread.map(({ reason }) => reason)).join(', ');
  const eventLogs = own.filter(isUnreadLog).length;
  const [carrier] = sorted(proxies.carriers.get(server) ?? []);
  const isNamed = own.some(({ clients }) => clients.forwarded > 0);
  return [
    ...inServiceLimits(found, server),
    ...(carrier === undefined
      ? []
      : [
          {
            text: say(isNamed ? 'limit.proxy-named' : 'limit.proxy', { address: carrier }),
            coverageRef: 'clients',
          },
        ]),
    ...(unread.length === 0
      ? []
      : [{ text: say('limit.skipped', { count: unread.length, reasons }), coverageRef: 'skipped' }]),
    ...(eventLogs === 0 ? [] : [{ text: say('limit.evtx', { count: eventLogs }), coverageRef: 'skipped' }]),
    ...(own.some(({ excerpt }) => excerpt) ? [{ text: say('limit.excerpt'), coverageRef: 'excerpts' }] : []),
    ...(book.entries.get(server)?.basis === 'collection'
      ? [{ text: say('limit.unnamed'), coverageRef: 'sources' }]
      : []),
    ...(unassigned === 0
      ? []
      : [{ text: say('limit.unassigned', { count: unassigned }), coverageRef: 'sources' }]),
    ...(own.some(({ id, records }) => records > 0 && clocks.get(id)?.basis === 'unknown')
      ? [{ text: say('limit.clock'), coverageRef: 'clocks' }]
      : []),
  ];
}
