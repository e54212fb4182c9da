import type { Assessment, CoveredSource, SourceGroup } from '@postern/core';
import { byteText, countText, counted } from '../dates.ts';
import { groupBy } from '../groups.ts';
import { familyTitles } from '../recorders.ts';
import { fill } from '../words.ts';
import { bullets, code, d, folded, n, part, section, soft, t, table } from './parts.ts';
import { page } from './words.ts';

/** What was read with what, and where the proof of it lies. Every file with its hashes is in `hashes.csv`. */
export function custodySection(assessment: Assessment): string {
  return section(
    'custody',
    page.custody,
    bullets(facts(assessment)),
    part(page.clocks, clocks(assessment)),
    folded(`${page.refused} (${assessment.rules.refused.length})`, bullets(refused(assessment))),
    folded(page.cited, citedTable(assessment)),
    folded(`${page.bySort} (${countText(sourcesIn(assessment))})`, sortTable(assessment)),
    `<p class="soft">${t(page.hashesNote)}</p>`,
  );
}

function facts({ packs, rules, options, context, generator }: Assessment): readonly string[] {
  const about = [context.organisation, context.sector, context.country].flatMap((each) => each ?? []);
  return [
    `postern ${t(generator.version)}`,
    ...packs.map(
      (pack) => `${t(pack.title)} (${t(pack.id)} ${t(pack.version)}), SHA-256 ${code(pack.sha256)}`,
    ),
    t(
      fill(page.loaded, {
        rules: counted(rules.loaded, 'rule', 'rules'),
        indicators: counted(rules.indicators, 'indicator', 'indicators'),
        refused: countText(rules.refused.length),
      }),
    ),
    ...(about.length === 0 ? [] : [d(about.join(', '))]),
    ...Object.entries(options).map(
      ([name, value]) => `${d(name)}: ${d(typeof value === 'string' ? value : value.join(', '))}`,
    ),
  ];
}

function refused({ rules }: Assessment): readonly string[] {
  return rules.refused.map((rule) => `${code(rule.source)} ${d(rule.title)}: ${d(rule.reason)}`);
}

/** Sources one by one and in groups, as one list. */
function rowsOf({ coverage }: Assessment): readonly SourceCount[] {
  return [...coverage.sources.map((source) => ({ ...source, sources: 1 })), ...coverage.groups];
}

type SourceCount = Pick<SourceGroup, 'kind' | 'family' | 'sources' | 'bytes' | 'records' | 'clock'>;

function sourcesIn(assessment: Assessment): number {
  return rowsOf(assessment).reduce((sum, { sources }) => sum + sources, 0);
}

/** Sources whose clock is not simply that of their format, those with one reason together. */
function clocks(assessment: Assessment): string {
  const odd = rowsOf(assessment).filter(
    ({ clock, records }) => records > 0 && clock.basis !== 'utc-by-format',
  );
  const groups = groupBy(odd, ({ clock }) => `${clock.basis}\0${clock.offsetSeconds}\0${clock.evidence}`);
  const items = [...groups.values()].flatMap((rows) => {
    const [one] = rows;
    if (one === undefined) return [];
    const { offsetSeconds, evidence, confidence } = one.clock;
    const shift = offsetSeconds === 0 ? '' : ` ${t(shiftText(offsetSeconds))};`;
    const count = rows.reduce((sum, { sources }) => sum + sources, 0);
    return [
      `${t(counted(count, 'source', 'sources'))}:${shift} ${d(evidence)} ${soft(`(${t(confidence)})`)}`,
    ];
  });
  return bullets(items);
}

/** `5 h added`, `90 min taken off`: what was done to their times to get UTC. */
function shiftText(seconds: number): string {
  const size = Math.abs(seconds);
  const amount = size % 3600 === 0 ? `${size / 3600} h` : size % 60 === 0 ? `${size / 60} min` : `${size} s`;
  return fill(seconds > 0 ? page.added : page.takenOff, { amount });
}

const citedListed = 200;

function citedTable({ findings, coverage }: Assessment): string {
  const cited = new Set(findings.flatMap(({ evidence }) => evidence.map(({ source }) => source)));
  const sources = coverage.sources.filter(({ id }) => cited.has(id));
  if (sources.length === 0) return '';
  const rows = sources
    .slice(0, citedListed)
    .map((source) => [
      code(source.originalPath) + asCollected(source),
      n(source.records),
      n(source.bytes),
      code(source.sha256),
    ]);
  const rest = sources.length - rows.length;
  const columns = [
    { title: page.column.originalPath, kind: 'wide' as const },
    { title: page.column.records, kind: 'n' as const },
    { title: page.column.bytes, kind: 'n' as const },
    { title: page.column.sha256 },
  ];
  return table(columns, rows) + (rest > 0 ? `<p>${soft(`… ${n(rest)} more in assessment.json.`)}</p>` : '');
}

function asCollected({ path, originalPath }: CoveredSource): string {
  return path === originalPath ? '' : `<br>${soft(`as collected ${d(path)}`)}`;
}

function sortTable(assessment: Assessment): string {
  const titles = familyTitles(assessment);
  const groups = groupBy(rowsOf(assessment), ({ family, kind }) => titles.get(family) ?? (family || kind));
  const sum = (rows: readonly SourceCount[], field: 'sources' | 'records' | 'bytes'): number =>
    rows.reduce((total, row) => total + row[field], 0);
  const rows = [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, all]) => [
      t(name),
      n(sum(all, 'sources')),
      n(sum(all, 'records')),
      t(byteText(sum(all, 'bytes'))),
    ]);
  const columns = [
    { title: page.column.readAs },
    { title: page.column.files, kind: 'n' as const },
    { title: page.column.records, kind: 'n' as const },
    { title: page.column.size, kind: 'n' as const },
  ];
  return table(columns, rows);
}
