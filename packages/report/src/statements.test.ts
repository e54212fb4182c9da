import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assessment, Claim } from '@postern/core';
import { describe, expect, it } from 'vitest';
import { defang } from './harmless.ts';
import { renderHtml } from './html.ts';
import { renderTerminal } from './terminal.ts';
import { readCsv } from './testing/csv.ts';
import { compromised } from './testing/compromised.ts';
import { claim } from './testing/parts.ts';
import { plainText, readMarkup } from './testing/markup.ts';
import { timelineCsv } from './timeline-csv.ts';
import { words } from './words.ts';

/** Judgement section 7: no output puts an operator of this server and a state, agency or person together. */

const packs = join(import.meta.dirname, '../../../packs');

/** The real ledger of the pack: its rows as claims. */
function packClaims(): readonly Claim[] {
  const text = readFileSync(join(packs, 'exchange-2021/claims.csv'), 'utf8').replaceAll(/^#.*\n/gm, '');
  const [header = [], ...rows] = readCsv(text);
  return rows.map((row) => {
    const of = (name: string): string => row[header.indexOf(name)] ?? '';
    return claim(of('id'), {
      date: of('date'),
      claimant: of('claimant'),
      claimantType: of('claimant_type'),
      statement: of('statement'),
      wording: { text: of('wording'), language: 'en', quoted: false },
      source: { title: of('source'), kind: 'secondary' },
    });
  });
}

const claims = packClaims();
const given: Assessment = {
  ...compromised,
  claims,
  operators: {
    ...compromised.operators,
    list: compromised.operators.list.map((one) => ({
      ...one,
      consistentWith: [{ cluster: 'HAFNIUM', because: ['a path'], strength: 'weak' }],
    })),
  },
  timeline: [
    ...compromised.timeline.filter(({ lane }) => lane !== 'statement'),
    ...claims.map(({ date, claimant, statement, id }) => ({
      time: date.slice(0, 10),
      lane: 'statement' as const,
      title: `${claimant}: ${statement}`,
      ref: id,
    })),
  ],
};

const stateWords =
  /\b(?:China|Chinese|PRC|Beijing|Russia|Iran|Korea|MSS|Ministry|Hainan|HAFNIUM|APT\d+|United States|White House|NSA|FBI|BSI|NCSC|Microsoft \(MSTIC\))\b/;
const { list } = given.operators;
const operatorMarks = [
  ...list.flatMap(({ addresses }) => addresses.flatMap((address) => [address, defang(address)])),
  ...list.flatMap(({ agents }) => agents),
  ...list.map(({ id }) => id),
];

function namesOperator(text: string): boolean {
  return (
    operatorMarks.some((mark) => text.includes(mark)) ||
    /\b[Oo]perator [A-D]\b|\b[A-D] (?:placed|used)\b/.test(text)
  );
}

function isStatement(text: string): boolean {
  return (
    stateWords.test(text) ||
    claims.some(({ statement, claimant }) => text.includes(statement) || text.includes(`${claimant}:`))
  );
}

describe('the pack’s ledger', () => {
  it('was read, and the words that are looked for stand in it', () => {
    expect(claims.length).toBeGreaterThan(50);
    expect(
      claims.filter(({ statement, claimant }) => stateWords.test(`${claimant} ${statement}`)).length,
    ).toBeGreaterThan(20);
  });
});

describe('no output puts an operator and a state together', () => {
  const html = [...renderHtml(given)].join('');
  const start = html.indexOf('<section id="claims">');
  const ledger = html.slice(start, html.indexOf('</section>', start));
  const rest = html.slice(0, start) + html.slice(start + ledger.length);

  it('in the report: the ledger names no operator and no server', () => {
    const text = plainText(readMarkup(`${ledger}</section>`).text);
    expect(isStatement(text)).toBe(true);
    expect(namesOperator(text)).toBe(false);
    expect(text).not.toContain('ex01');
    expect(text).toContain(words.publicStatements);
  });

  it('in the report: nothing outside of the ledger but the lane of statements speaks of a state', () => {
    const lanes = rest
      .split('<g ')
      .slice(1)
      .map((lane) => lane.slice(0, lane.indexOf('</g>')));
    const spoken = lanes.filter((lane) => isStatement(plainText(lane)));
    expect(spoken).toHaveLength(1);
    expect(spoken[0]).toContain('Said in public');
    expect(namesOperator(plainText(spoken[0] ?? ''))).toBe(false);
    const others = lanes.reduce((text, lane) => text.replace(lane, ''), rest);
    expect(isStatement(plainText(others))).toBe(false);
  });

  it('in timeline.csv: no row names both', () => {
    const rows = readCsv([...timelineCsv(given)].join(''));
    const texts = rows.map((row) => row.join(' '));
    expect(texts.filter(isStatement).length).toBeGreaterThanOrEqual(claims.length);
    expect(texts.filter((text) => isStatement(text) && namesOperator(text))).toEqual([]);
    const [header = []] = rows;
    const server = header.indexOf('server');
    expect(rows.filter((row) => isStatement(row.join(' ')) && row[server] !== '')).toEqual([]);
  });

  it('on the terminal: no statement at all', () => {
    expect(isStatement(renderTerminal(given, { columns: 100, color: false }))).toBe(false);
  });
});
