import type { Assessment, Evidence, Finding } from '@postern/core';
import { countText } from '../dates.ts';
import { familyTitles, recorderNames } from '../recorders.ts';
import { fill, words } from '../words.ts';
import { anchor, code, d, folded, n, section, soft, t, when } from './parts.ts';
import { page } from './words.ts';

interface Names {
  /** Source id → path as collected. */
  readonly paths: ReadonlyMap<string, string>;
  readonly servers: ReadonlyMap<string, string>;
  readonly titles: ReadonlyMap<string, string>;
}

const leadsListed = 200;
/** Records of a finding that are printed; the others are for the screen. */
const onPaper = 1;

/** Witnesses first, in the order of time, leads after; each opens to its records, masked and harmless. */
export function findingsSection(assessment: Assessment): string {
  const names = {
    paths: new Map(assessment.coverage.sources.map(({ id, path }) => [id, path])),
    servers: new Map(assessment.servers.map(({ id, names: all }) => [id, all[0] ?? id])),
    titles: familyTitles(assessment),
  };
  const sorted = assessment.findings.toSorted((a, b) => ((a.first ?? '~') < (b.first ?? '~') ? -1 : 1));
  const isCounted = ({ witness, setAside, stage }: Finding): boolean =>
    setAside === undefined && (witness !== 'lead' || stage === 'attempt');
  const render = (finding: Finding): string => findingDetails(finding, names);
  const leads = sorted.filter((finding) => !isCounted(finding));
  const cited = citedIn(assessment);
  const shownLeads = leads.filter(({ id }, i) => i < leadsListed || cited.has(id));
  const rest = leads.length - shownLeads.length;
  const more = rest > 0 ? `<p>${soft(`… ${n(rest)} more in findings.jsonl.`)}</p>` : '';
  const about = `${page.leads} (${leads.length})`;
  const leadsHtml = shownLeads.map(render).join('\n') + more;
  const told = sorted.filter(isCounted).map(render).join('\n');
  return section(
    'findings',
    page.findings,
    told === '' ? `<p class="soft">${t(page.none)}</p>` : told,
    isJudged(assessment) || leads.length === 0
      ? folded(about, leadsHtml, 'screen')
      : `<h3>${t(about)}</h3>${leadsHtml}`,
    `<p class="soft paper">${t(page.onPaper)}</p>`,
  );
}

/** Where no server has a verdict the leads are all there is, and lie open. */
function isJudged({ servers }: Assessment): boolean {
  return servers.some(({ headline }) => headline !== undefined);
}

/** What other parts of the page link to. */
function citedIn({ servers, advice, timeline }: Assessment): ReadonlySet<string> {
  return new Set([
    ...servers.flatMap(({ campaigns }) => campaigns.flatMap(({ against }) => against)),
    ...advice.flatMap(({ why }) => why),
    ...timeline.slice(0, 400).map(({ ref }) => ref),
  ]);
}

function findingDetails(finding: Finding, names: Names): string {
  const tags = [
    `<span class="tag ${finding.witness}">${t(page.witness[finding.witness])}</span>`,
    `<span class="tag">${t(words.stage[finding.stage])}</span>`,
    ...(finding.flawProved === true ? [`<span class="tag">${t(page.flawProved)}</span>`] : []),
  ];
  const count =
    finding.count > 1 ? ` ${soft(t(fill(page.records, { count: countText(finding.count) })))}` : '';
  const shown = finding.evidence.map((each) => evidenceHtmlOf(each, names));
  const rest = shown.slice(onPaper).join('\n');
  const more = finding.evidenceTotal - finding.evidence.length;
  return [
    `<details id="${anchor(finding.id)}"><summary><span class="when">${when(finding.first)}</span> ${d(finding.rule.title)} ${tags.join(' ')}${count}</summary>`,
    `<p>${d(finding.meaning)}</p>`,
    finding.setAside === undefined ? '' : `<p>${t(page.notCounted)}${d(finding.setAside)}</p>`,
    reviewLine(finding),
    entityLine(finding),
    ...shown.slice(0, onPaper),
    rest === '' ? '' : `<div class="rest">${rest}</div>`,
    more > 0 ? `<p>${soft(t(fill(page.moreRecords, { count: countText(more) })))}</p>` : '',
    finding.falsePositiveNotes.length === 0
      ? ''
      : `<p>${soft(t(page.couldBe) + finding.falsePositiveNotes.map(d).join('; '))}</p>`,
    `<p>${soft(aboutLine(finding, names))}</p></details>`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function evidenceHtmlOf({ source, line, offset, record, time, excerpt }: Evidence, { paths }: Names): string {
  const file = paths.get(source) ?? source;
  const place = line === undefined ? fill(page.byteOf, { file, offset: String(offset) }) : `${file}:${line}`;
  const number = record === undefined ? '' : ` ${soft(d(fill(page.recordNumber, { record })))}`;
  return `<p>${soft(when(time))} ${code(place)}${number}</p><pre>${d(excerpt)}</pre>`;
}

function reviewLine({ review }: Finding): string {
  if (review === undefined) return '';
  const { disposition, author, date, reason } = review;
  return `<p><strong>${t(fill(page.ruled, { disposition: page.disposition[disposition] }))}</strong> ${d(fill(page.ruledBy, { author, date, reason }))}</p>`;
}

function entityLine({ entities }: Finding): string {
  const { addresses, accounts, paths, urls, hashes, agents } = entities;
  const parts = [
    ...addresses.slice(0, 8).map(({ value, from }) => `${d(value)} ${soft(`(${d(from)})`)}`),
    ...[...accounts.slice(0, 5), ...paths.slice(0, 5), ...urls.slice(0, 5)].map(code),
    ...[...hashes.slice(0, 3), ...agents.slice(0, 3)].map(d),
  ];
  return parts.length === 0 ? '' : `<p>${parts.join(' · ')}</p>`;
}

function aboutLine(
  { rule, techniques, recorders, cves, recordedOn, last, first }: Finding,
  names: Names,
): string {
  const parts = [
    d(
      fill(page.seenIn, {
        recorders: recorderNames(recorders, names.titles),
        host: names.servers.get(recordedOn) ?? recordedOn,
      }),
    ),
    ...(last === undefined || last === first ? [] : [`${t(page.lastAt)} ${when(last)}`]),
    ...(cves.length === 0 ? [] : [t(cves.join(', '))]),
    ...(techniques.length === 0 ? [] : [t(techniques.join(', '))]),
    d(
      rule.pack === undefined
        ? fill(page.rule, { id: rule.id })
        : fill(page.ruleOf, { id: rule.id, pack: rule.pack }),
    ),
  ];
  return parts.join(' · ');
}
