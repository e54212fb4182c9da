import type { Assessment, CampaignVerdict, Exposure, Server } from '@postern/core';
import { day, humanDates, moment, span, yearOf } from '../dates.ts';
import { deedsOf, intrudersOf, operatorsHeading } from '../deeds.ts';
import { groupBy } from '../groups.ts';
import {
  doorBrief,
  doorText,
  headlineOf,
  implantsOf,
  isIntrusion,
  label,
  nameOf,
  sentenceOf,
} from '../headline.ts';
import { reasonsOf, strongestReasons, type Reason } from '../reasons.ts';
import { presumptionOf, rulingsOf, unseenOf } from '../unseen.ts';
import { fill, words } from '../words.ts';
import { anchor, bullets, d, folded, link, n, part, soft, t, table } from './parts.ts';
import { page } from './words.ts';

const mood: Readonly<Record<CampaignVerdict['verdict'], string>> = {
  compromised: 'bad',
  'likely-compromised': 'bad',
  undetermined: 'unsure',
  attacked: 'unsure',
  exposed: 'unsure',
  'nothing-found': 'calm',
};

/** Several servers: a row each, the most urgent first; hosts without a verdict are counted below. */
export function overviewTable(servers: readonly Server[]): string {
  const judged = servers.filter(({ headline }) => headline !== undefined);
  if (servers.length < 2 || judged.length === 0) return '';
  const rows = judged.map((server) => {
    const campaign = headlineOf(server);
    const name = `<a href="#${anchor(server.id)}">${d(nameOf(server))}</a>`;
    if (campaign === undefined) return [name, '', '', ''];
    const verdict = `<strong class="${mood[campaign.verdict]}">${t(label(campaign.verdict))}</strong>`;
    return [name, verdict, t(doorBrief(campaign)), t(words.confidence[campaign.confidence])];
  });
  const columns = [
    { title: page.column.server },
    { title: page.column.verdict },
    { title: page.column.door },
    { title: page.column.confidence },
  ];
  return `<h2>${t(page.servers)}</h2>${table(columns, rows)}`;
}

/** Hosts that no verdict is about, all together; where there are no others, that is the first thing said. */
export function hostsPart(assessment: Assessment): string {
  const hosts = assessment.servers.filter(({ headline }) => headline === undefined);
  const rows = hosts.map((server) => [
    d(nameOf(server)),
    server.seen === undefined ? '' : t(span(server.seen)),
    n(assessment.findings.filter(({ recordedOn }) => recordedOn === server.id).length),
  ]);
  const columns = [
    { title: page.column.host },
    { title: page.column.seen, kind: 't' as const },
    { title: page.column.findings, kind: 'n' as const },
  ];
  const list = hosts.length === 0 ? '' : table(columns, rows);
  if (hosts.length < assessment.servers.length)
    return folded(
      `${page.hosts} (${hosts.length})`,
      list === '' ? '' : `<p>${t(page.noHostVerdict)}</p>${list}`,
    );
  const [said, hint] =
    hosts.length === 0 ? [words.noServer, words.noServerHint] : [words.noVerdict, words.noVerdictHint];
  const isElsewhere = assessment.findings.some(({ act }) => act === 'page-elsewhere');
  const hints = [hint, ...(isElsewhere ? [words.elsewhereHint] : [])].map((text) => `<p>${t(text)}</p>`);
  return `<section><div class="verdict"><h1>${t(said)}</h1>${hints.join('')}</div>${list}</section>`;
}

/** Verdict, door and confidence in one look; then why, what to do first, who, and what could not be seen. */
export function serverSection(assessment: Assessment, server: Server, isWorst: boolean): string {
  const campaign = headlineOf(server);
  const top = `<section id="${anchor(server.id)}">`;
  if (campaign === undefined) return '';
  return [
    `${top}${card(assessment, server, campaign)}`,
    glance(assessment, server, campaign, isWorst),
    folded(page.limits, bullets(campaign.limits.map(({ text }) => d(humanDates(text))))),
    folded(page.builds, builds(server, campaign)),
    '</section>',
  ].join('\n');
}

/** The first screen: on the left what it rests on, on the right what to do. Without reasons, what could not be seen. */
function glance(assessment: Assessment, server: Server, campaign: CampaignVerdict, isWorst: boolean): string {
  const year = yearOf(server.seen?.to);
  const reasons = reasonsOf(assessment, server, campaign, year);
  const decides = campaign.verdict === 'undetermined' ? words.heading.decide : words.heading.change;
  const change = part(decides, bullets(campaign.wouldChange.map((text) => d(humanDates(text, year)))));
  const dark = unseen(assessment, server, campaign, year);
  const first = isWorst ? doFirst(assessment) : '';
  const against = againstPart(assessment, campaign);
  const [left, right] =
    reasons.length === 0
      ? [change + dark, first + against]
      : [
          why(reasons) + (isIntrusion(campaign) ? who(assessment, year) : '') + against,
          first + dark + change,
        ];
  return `<div class="glance"><div>${left}</div><div>${right}</div></div>`;
}

function serverLine(server: Server): string {
  const build = server.builds.at(-1);
  const facts = [
    server.names.slice(0, 4).join(', ') || server.id,
    build === undefined ? server.product : `${build.name} (${build.build})`,
    server.seen === undefined ? undefined : fill(words.seen, { when: span(server.seen) }),
  ];
  return `<div class="server">${facts.flatMap((fact) => (fact === undefined ? [] : d(fact))).join(' · ')}</div>`;
}

function card(assessment: Assessment, server: Server, campaign: CampaignVerdict): string {
  const pack = assessment.packs.find(({ id }) => id === campaign.pack);
  const isNegative = campaign.verdict === 'nothing-found' || campaign.verdict === 'exposed';
  const row = (name: string, text: string | undefined): string =>
    text === undefined ? '' : `<dt>${t(name)}</dt><dd>${d(text)}</dd>`;
  const rows = [
    row(words.label.atLeast, campaign.atLeast && words.atLeast[campaign.atLeast]),
    row(words.label.door, doorText(campaign, implantsOf(assessment, server.id))),
    basisRow(campaign),
    row(words.label.until, presumptionOf(campaign)),
    row(words.label.rulings, rulingsOf(assessment, server, campaign)),
    row(words.label.holds, isNegative ? words.holds : undefined),
  ];
  return [
    `<div class="verdict ${mood[campaign.verdict]}">${serverLine(server)}`,
    `<p class="step"><strong>${t(label(campaign.verdict))}</strong> · ${t(words.confidence[campaign.confidence])} · ${t(pack?.title ?? campaign.pack)}</p>`,
    `<h1>${t(sentenceOf(campaign))}</h1><dl>${rows.join('')}</dl></div>`,
  ].join('');
}

/** What the door's state rests on; where it is not known that is said already. */
function basisRow({ door }: CampaignVerdict): string {
  if (door.state === 'not-known') return '';
  return `<dt></dt><dd>${soft(d(humanDates(door.basis)))}</dd>`;
}

const reasonsShown = 20;

/** All reasons, numbered as on the terminal; of very many the most telling ones first. */
function why(reasons: readonly Reason[]): string {
  if (reasons.length === 0) return '';
  const shown = strongestReasons(reasons, reasonsShown);
  const rest = reasons.filter((reason) => !shown.includes(reason));
  const more = folded(fill(page.moreReasons, { count: String(rest.length) }), reasonList(rest));
  return `<h3>${t(words.heading.why)}</h3>${reasonList(shown)}${more}`;
}

function reasonList(reasons: readonly Reason[]): string {
  const items = reasons.map(({ number, when, text, recorders, refs }) => {
    const [first = ''] = refs;
    const at = when === '' ? '' : `<span class="at">${t(when)}</span> `;
    return `<li value="${number}">${at}${link(first, text)} ${soft(t(recorders))}</li>`;
  });
  return items.length === 0 ? '' : `<ol class="why">${items.join('')}</ol>`;
}

function who(assessment: Assessment, year: string | undefined): string {
  const intruders = intrudersOf(assessment).slice(0, 6);
  if (intruders.length === 0) return '';
  const items = intruders.map(
    (operator) => `<strong>${t(operator.name)}</strong> ${d(deedsOf(operator, assessment, year))}`,
  );
  return part(operatorsHeading(assessment), bullets(items));
}

const firstShown = 4;

function doFirst({ advice }: Assessment): string {
  const items = advice
    .slice(0, firstShown)
    .map(({ id, title }) => `<li><a href="#${anchor(`advice-${id}`)}">${t(title)}</a></li>`);
  const rest = advice.length - items.length;
  const more =
    rest > 0
      ? `<p class="soft">${t(fill(words.more.advice, { count: String(rest) }).replace(' in the report', ' below'))}</p>`
      : '';
  return items.length === 0 ? '' : `<h3>${t(words.heading.first)}</h3><ol>${items.join('')}</ol>${more}`;
}

const unseenShown = 5;

function unseen(
  assessment: Assessment,
  server: Server,
  campaign: CampaignVerdict,
  year: string | undefined,
): string {
  const all = unseenOf(assessment, server, campaign, year);
  const items = all
    .slice(0, unseenShown)
    .map(({ what, weakens }) => `${d(what)}${weakens === '' ? '' : `<br>${soft(t(weakens))}`}`);
  return part(words.heading.unseen, bullets(items));
}

function againstPart({ findings }: Assessment, campaign: CampaignVerdict): string {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const items = campaign.against.map((each) => {
    const finding = byId.get(each);
    if (finding === undefined) return d(humanDates(each));
    const aside = finding.setAside === undefined ? '' : ` ${soft(d(finding.setAside))}`;
    return link(finding.id, finding.rule.title) + aside;
  });
  const heading = campaign.verdict === 'undetermined' ? words.heading.also : words.heading.against;
  return part(heading, bullets(items));
}

function builds(server: Server, campaign: CampaignVerdict): string {
  const rows = server.builds.map((build) => [
    t(build.build),
    t(build.name),
    t(page.precision[build.precision]),
    t(span(build)),
    t(build.seenIn.map((basis) => page.buildBasis.get(basis) ?? basis).join(', ')),
  ]);
  const states = exposureRows(campaign.exposure);
  const buildColumns = [
    page.column.build,
    page.column.name,
    page.column.precision,
    page.column.seen,
    page.column.within,
  ].map((title) => ({ title }));
  const stateColumns = [
    page.column.flaw,
    page.column.state,
    page.column.from,
    page.column.to,
    page.column.because,
  ].map((title) => ({ title }));
  return `${table(buildColumns, rows)}${table(stateColumns, states)}`;
}

/** What several findings prove alike is one row. */
function exposureRows(exposure: readonly Exposure[]): readonly (readonly string[])[] {
  const basisOf = ({ basis }: Exposure): string => basis.replace(/ \(finding-[^)]*\)/, '');
  const alike = groupBy(exposure, (each) => `${each.cve}\0${each.state}\0${basisOf(each)}`);
  return [...alike.values()].flatMap((all) => {
    const [one] = all;
    if (one === undefined) return [];
    const from = all.flatMap((each) => each.from ?? []).toSorted()[0];
    const to = all
      .flatMap((each) => each.to ?? [])
      .toSorted()
      .at(-1);
    return [
      [
        t(one.cve),
        t(page.exposure[one.state]),
        from === undefined ? '' : t(day(from)),
        to === undefined ? '' : t(moment(to)),
        d(basisOf(one)),
      ],
    ];
  });
}
