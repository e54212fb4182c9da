import type { Assessment } from '@postern/core';
import { tellingPaths } from '../paths.ts';
import { timeChart } from './chart.ts';
import { d, folded, link, n, section, soft, t, table, when } from './parts.ts';
import { page } from './words.ts';

const entriesListed = 400;

/** The chart, and the same in rows. Statements are in the ledger only. */
export function timeSection(assessment: Assessment): string {
  const entries = assessment.timeline.filter(({ lane }) => lane !== 'statement');
  if (entries.length === 0) return '';
  const known = new Set([
    ...assessment.findings.map(({ id }) => id),
    ...assessment.implants.map(({ id }) => id),
  ]);
  const rows = entries.slice(0, entriesListed).map(({ time, lane, title, ref }) => {
    const text = tellingPaths(title);
    return [when(time), t(page.lane[lane]), known.has(ref) ? link(ref, text) : d(text)];
  });
  const rest = entries.length - rows.length;
  const more = rest > 0 ? `<p>${soft(`… ${n(rest)} more in timeline.csv.`)}</p>` : '';
  const columns = [
    { title: page.column.time, kind: 'at' as const },
    { title: page.column.lane, kind: 'lane' as const },
    { title: page.column.what },
  ];
  return section(
    'time',
    page.time,
    `<p class="soft">${t(page.timeNote)}</p>`,
    `<div class="scroll">${timeChart(assessment)}</div>`,
    folded(`${page.timeTable} (${entries.length})`, table(columns, rows) + more),
  );
}
