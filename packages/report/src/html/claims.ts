import type { Assessment, Claim } from '@postern/core';
import { fill, words } from '../words.ts';
import { d, folded, section, soft, t, table } from './parts.ts';
import { page } from './words.ts';

/** The ledger of public statements: about the campaign, never about this server. No operator stands in it. */
export function claimsSection({ claims }: Assessment): string {
  if (claims.length === 0) return '';
  const byId = new Map(claims.map((claim) => [claim.id, claim]));
  const rows = claims.map((claim) => claimRow(claim, byId));
  const columns = [
    { title: page.column.day, kind: 't' as const },
    { title: page.column.whoSays },
    { title: page.column.doesWhat },
    { title: page.column.statement, kind: 'wide' as const },
    { title: page.column.source },
  ];
  const [first, last] = [claims[0]?.date.slice(0, 7), claims.at(-1)?.date.slice(0, 7)];
  const summary = `${claims.length} statements, ${first} to ${last}`;
  return section(
    'claims',
    words.publicStatements,
    `<p class="soft">${t(page.claimsNote)}</p>`,
    folded(summary, table(columns, rows), 'screen'),
  );
}

function claimRow(claim: Claim, byId: ReadonlyMap<string, Claim>): readonly string[] {
  const nameOf = (id: string): string => byId.get(id)?.claimant ?? id;
  const joint =
    claim.jointWith.length === 0
      ? ''
      : `<br>${soft(d(fill(page.jointly, { names: claim.jointWith.map(nameOf).join(', ') })))}`;
  const status = claim.status === 'published' ? '' : `<br>${soft(t(claim.status))}`;
  const scope =
    claim.about.scope === 'other' ? `<br>${soft(d(fill(page.about, { what: claim.about.text })))}` : '';
  const quote = claim.wording.quoted ? `“${claim.wording.text}”` : claim.wording.text;
  const wording = claim.wording.text === '' ? '' : `<br>${soft(d(fill(page.inWords, { words: quote })))}`;
  return [
    d(claim.date),
    d(claim.claimant) + joint,
    t(claim.verb) + status,
    d(claim.statement) + wording + scope,
    soft(d(`${claim.source.title} (${claim.source.kind})`)),
  ];
}
