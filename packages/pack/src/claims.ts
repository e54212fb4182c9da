import { claimVerbs, type Claim } from '@postern/core';
import { parseCsv, type CsvRecord } from '@postern/intel';
import type { Report } from './yaml-value.ts';

const precisions = ['day', 'month', 'year', 'range'] as const;
const scopes = ['campaign', 'other'] as const;
const statuses = ['published', 'retracted', 'superseded'] as const;
const sourceKinds = ['primary', 'secondary', 'recall'] as const;

/**
 * Reads `claims.csv`, the ledger of who said what: `id,date,date_precision,claimant,claimant_type,joint_with,subject,
 * scope,about,verb,statement,wording,wording_language,quoted,scale,in_reply_to,supersedes,status,source,url,
 * source_kind`. Lists of ids are parted by `;`. A row with a word that is not allowed is reported and left out: a
 * claim under the wrong verb would put words into someone's mouth.
 */
export function readClaims(text: string, report: Report): Claim[] {
  const claims = parseCsv(text).rows.flatMap((row) => {
    const wrong: string[] = [];
    const claim = readClaim(row, (message) => wrong.push(message));
    for (const message of wrong)
      report({ code: 'POSTERN_PACK_ROW', message, line: row.line, rule: row.get('id') });
    return wrong.length > 0 ? [] : [{ claim, line: row.line }];
  });
  const ids = new Set(claims.map(({ claim }) => claim.id));
  for (const { claim, line } of claims) {
    const unknown = [...claim.jointWith, ...claim.inReplyTo, ...claim.supersedes].filter(
      (id) => !ids.has(id),
    );
    for (const id of unknown) {
      report({
        code: 'POSTERN_PACK_UNKNOWN_NAME',
        message: `no claim has the id "${id}"`,
        line,
        rule: claim.id,
      });
    }
  }
  return claims.map(({ claim }) => claim);
}

function readClaim(row: CsvRecord, wrong: (message: string) => void): Claim {
  if (row.broken || row.surplus > 0) wrong('the row does not fit the header');
  const needed = (column: string): string => {
    if (row.get(column) === '') wrong(`"${column}" is empty`);
    return row.get(column);
  };
  const choice = <T extends string>(column: string, allowed: readonly [T, ...T[]]): T => {
    const found = allowed.find((word) => word === row.get(column));
    if (found === undefined) wrong(`${column}: "${row.get(column)}" is none of ${allowed.join(', ')}`);
    return found ?? allowed[0];
  };
  const [first, ...rest] = claimVerbs;
  const scale = row.get('scale');
  const url = row.get('url');
  return {
    id: needed('id'),
    date: needed('date'),
    datePrecision: choice('date_precision', precisions),
    claimant: needed('claimant'),
    claimantType: needed('claimant_type'),
    jointWith: ids(row.get('joint_with')),
    subject: needed('subject'),
    about: { scope: choice('scope', scopes), text: needed('about') },
    verb: choice('verb', [first, ...rest]),
    statement: needed('statement'),
    wording: {
      text: row.get('wording'),
      language: row.get('wording_language') || 'en',
      quoted: row.get('quoted') === 'true',
    },
    ...(scale === '' ? {} : { scale }),
    inReplyTo: ids(row.get('in_reply_to')),
    supersedes: ids(row.get('supersedes')),
    status: choice('status', statuses),
    source: {
      title: needed('source'),
      ...(url === '' ? {} : { url }),
      kind: choice('source_kind', sourceKinds),
    },
  };
}

function ids(text: string): string[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
