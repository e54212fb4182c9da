import type { FileFacts, FileJudgement, Hit, Pack, RuleInfo } from '@postern/core';
import { expect, test } from 'vitest';
import type { FirstPass } from './first-pass.ts';
import { firstWitness } from './first-witness.ts';
import { smallLayout } from './testing/records.ts';
import { firstPassOf } from './testing/results.ts';

function rule(id: string, stage: RuleInfo['stage'], witness: RuleInfo['witness']): RuleInfo {
  return {
    id,
    title: `Title of ${id}`,
    kind: 'sigma',
    level: 'high',
    meaning: '',
    stage,
    witness,
    act: 'a',
    cves: [],
    flawProved: false,
    techniques: [],
    falsePositives: [],
    entities: {},
    joins: [],
    references: [],
  };
}

const pack: Pack = {
  id: 'p',
  title: 'P',
  version: '1',
  sha256: '',
  campaign: { products: [], cves: [], phases: [], from: '2021-01-01', to: '2021-12-31', clusters: [] },
  requires: [],
  wants: [],
  layout: smallLayout,
  builds: [],
  claims: [],
  advice: [],
  rules: [
    rule('success', 'success', 'direct'),
    rule('attempt', 'attempt', 'direct'),
    rule('page', 'use', 'indirect'),
    { ...rule('content', 'success', 'direct'), kind: 'yara' },
  ],
};

const judged: FileJudgement = {
  verdict: 'remote-control',
  traits: [],
  times: new Map(),
  names: new Map(),
  parameters: [],
  yara: [],
  issues: [],
};

function hit(id: string, line?: number): Hit {
  const at = line === undefined ? { offset: 0 } : { offset: 0, line };
  return { rule: id, source: 's', at, time: undefined, recorder: 'r', captures: new Map(), text: '' };
}

function tell(results: readonly FirstPass[]): readonly string[] {
  const told: string[] = [];
  const watch = firstWitness([pack], ({ title, path, line }) =>
    told.push(`${title} · ${path}${line === undefined ? '' : `:${line}`}`),
  );
  for (const result of results) watch({ result: { pass: 'first', result } });
  return told;
}

function page(originalPath: string): FirstPass {
  const files: FileFacts[] = [{ path: originalPath, collection: 'e', source: 's', judged }];
  return firstPassOf({ id: 's', originalPath, kind: 'web-page' }, { files });
}

test('the first direct witness of an intrusion is told, once, with its place', () => {
  const results = [
    firstPassOf({}, { hits: [hit('success', 12)] }),
    firstPassOf({}, { hits: [hit('success', 13)] }),
  ];
  expect(tell(results)).toEqual(['Title of success · C:\\a.log:12']);
});

test('attempts and indirect witnesses are none', () => {
  expect(tell([firstPassOf({}, { hits: [hit('attempt'), hit('page'), hit('unknown')] })])).toEqual([]);
});

test('a web shell is one where it is served', () => {
  const path = 'C:\\inetpub\\wwwroot\\aspnet_client\\x.aspx';
  expect(tell([page(path)])).toEqual([`web shell · ${path}`]);
  expect(tell([page('C:\\Users\\eve\\x.aspx')])).toEqual([]);
  expect(tell([page(`D:\\Backup${path.slice(2)}`)])).toEqual([]);
});

test('what a rule finds in a file is one where the file is served', () => {
  const found = (originalPath: string): readonly string[] =>
    tell([firstPassOf({ originalPath }, { hits: [hit('content')] })]);
  const path = 'C:\\inetpub\\wwwroot\\aspnet_client\\x.aspx';
  expect(found(path)).toEqual([`Title of content · ${path}`]);
  expect(found('C:\\Quarantine\\x.aspx.quarantined')).toEqual([]);
});

test('nobody listens, and failures say nothing', () => {
  expect(() =>
    firstWitness([pack], undefined)({ result: { pass: 'first', result: page('C:\\x.aspx') } }),
  ).not.toThrow();
  const told: string[] = [];
  firstWitness([pack], ({ title }) => told.push(title))({ failure: 'disk' });
  expect(told).toEqual([]);
});
