import type { Assessment } from '@postern/core';
import { words } from '../words.ts';
import { amountText, code, d, operatorNames, section, soft, t, table } from './parts.ts';
import { page } from './words.ts';

const order = ['left', 'read', 'could-have-been-read'] as const;

/** What left the server, what was read, what could have been read; amounts with bounds and their basis. */
export function impactSection(assessment: Assessment): string {
  if (assessment.impact.length === 0) return '';
  const servers = new Map(assessment.servers.map(({ id, names: all }) => [id, all[0] ?? id]));
  const sorted = assessment.impact.toSorted((a, b) => order.indexOf(a.how) - order.indexOf(b.how));
  const rows = sorted.map((impact) => [
    impact.how === 'could-have-been-read'
      ? t(words.how[impact.how])
      : `<strong>${t(words.how[impact.how])}</strong>`,
    t(words.impactKind[impact.kind]),
    (/[\\/]/.test(impact.what) ? code(impact.what) : d(impact.what)) +
      (servers.size > 1 ? `<br>${soft(`on ${d(servers.get(impact.server) ?? impact.server)}`)}` : ''),
    d(impact.class ?? page.classNotStated),
    `${t(amountText(impact.bytes))}<br>${soft(d(impact.bytes.basis))}`,
    operatorNames(impact.operators, assessment),
  ]);
  const columns = [
    { title: page.column.howFar, kind: 't' as const },
    { title: page.column.kind, kind: 't' as const },
    { title: page.column.what, kind: 'wide' as const },
    { title: page.column.class, kind: 't' as const },
    { title: page.column.amount },
    { title: page.column.by, kind: 't' as const },
  ];
  return section('impact', page.impact, `<p class="soft">${t(page.impactNote)}</p>`, table(columns, rows));
}
