import type { Assessment, Claim, Finding } from '@postern/core';
import { shortSpan } from '../dates.ts';
import { excerptHtml } from '../harmless.ts';
import { words } from '../words.ts';
import { amountText, anchor, d, link, n, t, table, when } from './parts.ts';

/** Back doors and who used them. */
export function implantsSection(assessment: Assessment): string {
  const intruders = assessment.operators.list.filter((operator) => operator.kind === 'intruder');
  const rows = assessment.implants.map((implant) => [
    `<span id="${anchor(implant.id)}"><code>${d(implant.path ?? implant.url)}</code></span><br><span class="soft">${t([implant.family, ...implant.traits].filter(Boolean).slice(0, 3).join('; '))}</span>`,
    t(words.state[implant.state]),
    implant.placedAt === undefined
      ? 'not known'
      : `${when(implant.placedAt.time)}<br><span class="soft">${t(implant.placedAt.basis)}</span>`,
    implant.uses === 0
      ? ''
      : `${n(implant.uses)} ×<br>${when(implant.firstUsedAt)}<br>${when(implant.lastUsedAt)}`,
    intruders
      .filter((operator) => operator.implants.includes(implant.id))
      .map((operator) => `${t(operator.name)}${implant.placedBy === operator.id ? ' (left it)' : ''}`)
      .join(', '),
  ]);
  const columns = [
    { title: 'Back door' },
    { title: 'State' },
    { title: 'Placed', kind: 't' as const },
    { title: 'Used', kind: 't' as const },
    { title: 'By' },
  ];
  return `<h2 id="implants">Back doors</h2>${table(columns, rows)}`;
}

/** Groupings of activity; always a range, with reasons. Never a name of a state, agency or person. */
export function operatorsSection(assessment: Assessment): string {
  const { atLeast, atMost, basis, list } = assessment.operators;
  const rows = list.map((operator) => [
    `<strong>${t(operator.name)}</strong><br><span class="soft">${t(words.operatorKind[operator.kind])}</span>`,
    operator.first === undefined || operator.last === undefined
      ? ''
      : t(shortSpan(operator.first, operator.last)),
    operator.addresses.slice(0, 12).map(d).join('<br>'),
    operator.agents.slice(0, 4).map(d).join('<br>'),
    operator.actions
      .map((action) => `${t(action.what)}${action.count > 1 ? ` (${n(action.count)})` : ''}`)
      .join('<br>'),
    `${operator.reasons.map(t).join('; ')} <span class="soft">(${t(operator.strength)})</span>`,
  ]);
  const columns = [
    { title: 'Operator' },
    { title: 'When', kind: 't' as const },
    { title: 'Addresses' },
    { title: 'Agents' },
    { title: 'Did' },
    { title: 'Why one group' },
  ];
  const range = atLeast === atMost ? `${atLeast}` : `at least ${atLeast}, at most ${atMost}`;
  return `<h2 id="operators">Who came through</h2><p>${t(range)} operators. <span class="soft">${t(basis)}</span></p>${table(columns, rows)}`;
}

export function impactSection(assessment: Assessment): string {
  const rows = assessment.impact.map((impact) => [
    t(impact.kind),
    `<code>${d(impact.what)}</code>`,
    t(words.how[impact.how]),
    t(impact.class ?? 'class not stated'),
    `${t(amountText(impact.bytes))}<br><span class="soft">${t(impact.bytes.basis)}</span>`,
  ]);
  return `<h2 id="impact">What was taken</h2>${table([{ title: 'Kind' }, { title: 'What' }, { title: 'How far' }, { title: 'Class' }, { title: 'Amount' }], rows)}`;
}

/** Witnesses first, leads after, each opening to its records. */
export function findingsSection(assessment: Assessment): string {
  const counted = assessment.findings.filter((finding) => finding.witness !== 'lead');
  const leads = assessment.findings.filter((finding) => finding.witness === 'lead');
  const paths = new Map(assessment.coverage.sources.map((source) => [source.id, source.path]));
  const render = (finding: Finding): string => findingDetails(finding, paths);
  const shownLeads = leads.slice(0, 300);
  const more =
    leads.length > shownLeads.length
      ? `<p class="soft">… and ${n(leads.length - shownLeads.length)} more in findings.jsonl.</p>`
      : '';
  return [
    `<h2 id="findings">Findings</h2>${counted.map(render).join('\n') || '<p class="soft">None.</p>'}`,
    `<h3>${t(words.heading.leads)}: ${n(leads.length)}</h3>${shownLeads.map(render).join('\n')}${more}`,
  ].join('\n');
}

function findingDetails(finding: Finding, paths: ReadonlyMap<string, string>): string {
  const tag = `<span class="tag ${finding.witness}">${t(finding.witness)}</span> <span class="tag">${t(words.stage[finding.stage])}</span>`;
  const count = finding.count > 1 ? ` <span class="soft">${n(finding.count)} records</span>` : '';
  const evidence = finding.evidence.map((each) => {
    const place = `${d(paths.get(each.source) ?? each.source)}${each.line === undefined ? ` at byte ${each.offset}` : `:${each.line}`}`;
    return `<p class="soft">${when(each.time)} <code>${place}</code></p><pre>${excerptHtml(each.excerpt)}</pre>`;
  });
  const notes =
    finding.falsePositiveNotes.length === 0
      ? ''
      : `<p class="soft">Could also be: ${finding.falsePositiveNotes.map(t).join('; ')}</p>`;
  const aside = finding.setAside === undefined ? '' : `<p>Not counted: ${t(finding.setAside)}</p>`;
  const more =
    finding.evidenceTotal > finding.evidence.length
      ? `<p class="soft">${n(finding.evidenceTotal - finding.evidence.length)} more records in findings.jsonl.</p>`
      : '';
  return `<details id="${anchor(finding.id)}"><summary><span class="when">${when(finding.first)}</span>${t(finding.rule.title)} ${tag}${count}</summary>
<p>${t(finding.meaning)}</p>${aside}${entityLine(finding)}${evidence.join('\n')}${more}${notes}<p class="soft">Rule ${t(finding.rule.id)} · ${t(finding.techniques.join(' '))} · seen in ${t(finding.recorders.join(', '))}</p></details>`;
}

function entityLine(finding: Finding): string {
  const { addresses, accounts, paths, urls } = finding.entities;
  const parts = [
    ...addresses
      .slice(0, 8)
      .map((address) => `${d(address.value)} <span class="soft">(${t(address.from)})</span>`),
    ...[...accounts.slice(0, 5), ...paths.slice(0, 5), ...urls.slice(0, 5)].map(
      (text) => `<code>${d(text)}</code>`,
    ),
  ];
  return parts.length === 0 ? '' : `<p>${parts.join(' · ')}</p>`;
}

/** The ledger of public statements: about the campaign, never about this server. */
export function claimsSection(assessment: Assessment): string {
  const row = (claim: Claim): readonly string[] => [
    t(claim.date),
    t(claim.claimant),
    t(claim.verb),
    `${t(claim.statement)}${claim.wording.text === '' ? '' : `<br><span class="soft">in words: ${t(claim.wording.text)}</span>`}`,
    `<span class="soft">${t(claim.source.title)} (${t(claim.source.kind)})</span>`,
  ];
  const rows = assessment.claims.map(row);
  if (rows.length === 0) return '';
  const columns = [
    { title: 'Day', kind: 't' as const },
    { title: 'Who' },
    { title: 'Does what' },
    { title: 'Statement (our paraphrase)' },
    { title: 'Source' },
  ];
  return `<h2 id="claims">${t(words.publicStatements)}</h2>${table(columns, rows)}`;
}

export function timelineSection(assessment: Assessment): string {
  const shown = assessment.timeline.filter((entry) => entry.lane !== 'statement').slice(0, 300);
  const rows = shown.map((entry) => [when(entry.time), t(entry.lane), link(entry.ref, entry.title)]);
  return `<h2 id="time">Time line</h2><p class="soft">All times are UTC.</p>${table([{ title: 'Time', kind: 't' }, { title: 'Lane' }, { title: 'What' }], rows)}`;
}
