import type { Advice, Assessment, CampaignVerdict, Server } from '@postern/core';
import { span } from './dates.ts';
import { coverageSection } from './html/coverage.ts';
import {
  claimsSection,
  findingsSection,
  implantsSection,
  impactSection,
  operatorsSection,
  timelineSection,
} from './html/findings.ts';
import { bullets, d, link, n, t, table } from './html/parts.ts';
import { style } from './html/style.ts';
import { byUrgency, doorText, headlineOf, label, sentenceOf } from './terminal.ts';
import { words } from './words.ts';

/** Nothing may be loaded, run or sent: the report is a document. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** `report.html` in pieces: one self-contained page without scripts; deterministic. */
export function* renderHtml(assessment: Assessment): Generator<string> {
  const servers = byUrgency(assessment.servers);
  const title = servers[0]?.names[0] ?? 'assessment';
  yield `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Postern · ${t(title)}</title><style>${style}</style></head><body><main>
`;
  yield topLine(assessment);
  for (const server of servers) yield serverSection(assessment, server);
  yield adviceSection(assessment);
  yield implantsSection(assessment);
  yield operatorsSection(assessment);
  yield timelineSection(assessment);
  yield impactSection(assessment);
  yield coverageSection(assessment);
  yield findingsSection(assessment);
  yield claimsSection(assessment);
  yield custodySection(assessment);
  yield '</main></body></html>\n';
}

function topLine(assessment: Assessment): string {
  const packs = assessment.packs.map((pack) => `${pack.id} ${pack.version}`).join(', ');
  const sections = [
    ['advice', 'Do this'],
    ['implants', 'Back doors'],
    ['operators', 'Operators'],
    ['time', 'Time'],
    ['coverage', 'Coverage'],
    ['findings', 'Findings'],
    ['claims', 'Statements'],
    ['custody', 'Custody'],
  ];
  const links = sections.map(([id, text]) => `<a href="#${id}">${text}</a>`).join('');
  const stopped = assessment.complete ? '' : `<p class="danger">${t(words.incomplete)}</p>`;
  return `<header class="top"><span>postern ${t(assessment.generator.version)} · ${t(packs)}</span><strong>TLP:${t(assessment.tlp)}</strong></header><nav>${links}</nav>${stopped}`;
}

const mood: Readonly<Record<CampaignVerdict['verdict'], string>> = {
  compromised: 'bad',
  'likely-compromised': 'bad',
  undetermined: 'unsure',
  attacked: 'unsure',
  exposed: 'unsure',
  'nothing-found': 'fine',
};

function serverSection(assessment: Assessment, server: Server): string {
  const campaign = headlineOf(server);
  const build = server.builds.at(-1);
  const facts = [
    server.names.join(', ') || server.id,
    build === undefined ? server.product : `${build.name} (${build.build})`,
    server.seen === undefined ? undefined : `seen ${span(server.seen)}`,
  ];
  const line = `<div class="server">${facts
    .filter((fact) => fact !== undefined)
    .map(t)
    .join(' · ')}</div>`;
  if (campaign === undefined) return `<section class="verdict">${line}<p>${t(words.noProduct)}</p></section>`;
  const least = campaign.atLeast === undefined ? '' : `<p>${t(words.atLeast[campaign.atLeast])}</p>`;
  return [
    `<section class="verdict ${mood[campaign.verdict]}">${line}<h1>${t(sentenceOf(campaign))}</h1>${least}`,
    `<p><strong>${t(label(campaign.verdict))}</strong> · ${t(words.confidence[campaign.confidence])} · pack ${t(campaign.pack)}</p>`,
    `<p><strong>The door:</strong> ${t(doorText(campaign))}. <span class="soft">${t(campaign.door.basis)}</span></p></section>`,
    reasons(assessment, campaign),
    buildsTable(server, campaign),
  ].join('\n');
}

function reasons(assessment: Assessment, campaign: CampaignVerdict): string {
  const titles = new Map(assessment.findings.map((finding) => [finding.id, finding]));
  const line = (id: string): string => {
    const finding = titles.get(id);
    return finding === undefined
      ? t(id)
      : `${link(id, finding.rule.title)} <span class="soft">${t(finding.meaning)}</span>`;
  };
  const part = (heading: string, items: readonly string[]): string =>
    items.length === 0 ? '' : `<h3>${t(heading)}</h3>${bullets(items)}`;
  return [
    part(words.heading.why, campaign.because.map(line)),
    part(words.heading.against, campaign.against.map(line)),
    part(words.heading.change, campaign.wouldChange.map(t)),
    part(
      words.heading.unseen,
      campaign.limits.map((limit) => d(limit.text)),
    ),
  ].join('\n');
}

function buildsTable(server: Server, campaign: CampaignVerdict): string {
  const builds = server.builds.map((build) => [
    t(build.build),
    t(build.name),
    t(build.precision === 'su' ? 'update known' : 'CU known, update not'),
    t(span(build)),
    t(build.seenIn.join(', ')),
  ]);
  const exposure = campaign.exposure.map((each) => [t(each.cve), t(each.state), t(each.basis)]);
  return `<h3>Builds and exposure</h3>${table([{ title: 'Build' }, { title: 'Name' }, { title: 'Precision' }, { title: 'Seen', kind: 't' }, { title: 'In' }], builds)}${table([{ title: 'Flaw' }, { title: 'State' }, { title: 'Because' }], exposure)}`;
}

function adviceSection(assessment: Assessment): string {
  const items = assessment.advice.map(adviceItem).join('\n');
  return `<h2 id="advice">Do this, in this order</h2><ol class="do">${items}</ol>`;
}

function adviceItem(advice: Advice): string {
  const steps = advice.steps.map((step) => {
    const command = step.command === undefined ? '' : `<pre>${t(step.command)}</pre>`;
    const destroys =
      step.destroys === undefined ? '' : `<p class="danger">This destroys: ${t(step.destroys)}</p>`;
    return `<li><span class="box"></span>${t(step.text)}${command}${destroys}</li>`;
  });
  return `<li><strong>${t(advice.title)}</strong><ul class="plain">${steps.join('')}</ul><p class="soft">Done when: ${t(advice.doneWhen)}</p></li>`;
}

function custodySection(assessment: Assessment): string {
  const rows = assessment.coverage.sources
    .slice(0, 2000)
    .map((source) => [
      `<code>${d(source.originalPath)}</code>`,
      t(source.family),
      n(source.records),
      n(source.bytes),
      `<code>${t(source.sha256.slice(0, 16))}…</code>`,
    ]);
  const refused = assessment.rules.refused.map(
    (rule) => `<code>${d(rule.source)}</code> ${t(rule.title)}: ${t(rule.reason)}`,
  );
  const options = Object.entries(assessment.options).map(
    ([name, value]) => `${t(name)}: ${d(typeof value === 'string' ? value : value.join(', '))}`,
  );
  const packs = assessment.packs.map(
    (pack) => `${t(pack.title)} (${t(pack.id)} ${t(pack.version)}), SHA-256 <code>${t(pack.sha256)}</code>`,
  );
  return [
    '<h2 id="custody">Custody</h2>',
    bullets([
      ...packs,
      `${n(assessment.rules.loaded)} rules and ${n(assessment.rules.indicators)} indicators loaded, ${n(assessment.rules.refused.length)} rules refused`,
      ...options,
    ]),
    refused.length === 0 ? '' : `<h3>Refused rules</h3>${bullets(refused)}`,
    `<details><summary>${n(assessment.coverage.sources.length)} sources</summary>${table([{ title: 'Original path' }, { title: 'Read as' }, { title: 'Records', kind: 'n' }, { title: 'Bytes', kind: 'n' }, { title: 'SHA-256' }], rows)}</details>`,
  ].join('\n');
}
