import { isPosternError } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { acts, checkPack, loadPack, type LoadedPack } from './index.ts';
import { decodeBase64 } from './test-case.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const manifest = `id: small
title: A small pack
version: 1.0.0
campaign:
  products: [Exchange]
  cves: [CVE-2021-26855]
  from: 2021-01-03
  to: 2021-05-11
  reason: made for a test
  phases:
    - { id: one, title: One, from: 2021-01-03, to: 2021-02-01, meaning: the first }
    - { id: two, title: Two, from: 2021-02-02, to: 2021-05-11, meaning: the second }
  clusters: []
wants:
  - { question: attempt, cve: CVE-2021-26855, anyOf: [[iis-front], [httpproxy-ecp, ews]] }
layout:
  served: [{ path: '\\INETPUB\\wwwroot\\', url: / }]
  productPages: [/OWA/x.aspx]
  pageEndings: [.aspx]
  probes: { addresses: [], agents: [], accounts: [], urls: [] }
  visitors: []
  families: { iis-front: IIS, httpproxy-ecp: HttpProxy, ews: EWS }
  retentionDays: { ews: 30 }
`;

const rule = `title: Something odd
id: 11111111-2222-4333-8444-555555555555
references: [https://example.org/]
falsepositives: [none known]
logsource: { category: webserver }
detection:
  selection:
    cs-uri-stem: /odd
  condition: selection
level: high
postern:
  stage: success
  witness: direct
  act: page-used
  meaning: Somebody asked for something odd.
  cves: [CVE-2021-26855]
`;

const advice = `---
title: Do it
order: 10
when: { any: [always, 'act:page-used'] }
because: [page-used]
doneWhen: it is done
source: nobody
---

1. First this,
   and then more of it.
   \`\`\`powershell
   Get-Thing |
     Remove-Thing
   \`\`\`
   destroys: the thing
2. Then that.
`;

const log = '#Fields: date time cs-uri-stem\n2021-03-03 10:00:00 /odd\n2021-03-03 10:00:00 /even\n';
const expectation = `title: odd and even
evidence:
  - file: log.txt
    path: 'C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log'
    fires:
      2: [odd]
    spares:
      3: [odd]
`;

const small: Readonly<Record<string, string>> = {
  'pack.yaml': manifest,
  'sigma/odd.yml': rule,
  'advice/do-it.en.md': advice,
  'builds.csv':
    'product,cu,su,build,release_date,fixes_cves,included_from_cu\nExchange 2016,CU1,,15.1.1.1,2021-03-08/2021-03-11,CVE-2021-26855;CVE-2021-27065,\n',
  'tests/one/expect.yaml': expectation,
  'tests/one/log.txt': log,
};

function load(changes: Readonly<Record<string, string | undefined>> = {}): LoadedPack {
  const all = Object.entries({ ...small, ...changes });
  return loadPack(
    new Map(all.flatMap(([path, text]) => (text === undefined ? [] : [[path, bytes(text)] as const]))),
  );
}

/** `file:line code message` of everything that loading and checking say. */
function said(changes: Readonly<Record<string, string>> = {}): string[] {
  const loaded = load(changes);
  return [...loaded.diagnostics, ...checkPack(loaded)].map(
    (d) => `${d.file}:${d.line} ${d.code} ${d.message}`,
  );
}

function refusal(changes: Readonly<Record<string, string | undefined>>): {
  code: string;
  at: string | undefined;
  text: string;
} {
  try {
    load(changes);
  } catch (error) {
    if (isPosternError(error))
      return { code: error.code, at: error.at, text: `${error.message} ${error.hint ?? ''}` };
  }
  return { code: 'none', at: undefined, text: '' };
}

test('a small pack loads whole', () => {
  expect(said()).toEqual([]);
  const { pack, sigma, names, tests } = load();
  expect(pack).toMatchObject({ id: 'small', version: '1.0.0', requires: [] });
  expect(pack.layout.served).toEqual([{ path: '\\inetpub\\wwwroot\\', url: '/' }]);
  expect(pack.layout.productPages).toEqual(['/owa/x.aspx']);
  expect(pack.wants[0]).toMatchObject({
    from: '2021-01-03',
    to: '2021-05-11',
    anyOf: [['iis-front'], ['httpproxy-ecp', 'ews']],
  });
  expect(pack.rules).toMatchObject([{ pack: 'small', witness: 'direct', act: 'page-used' }]);
  expect(sigma[0]?.info.pack).toBe('small');
  expect([...names.values()]).toEqual(['odd']);
  expect(tests[0]?.evidence[0]?.fires.get(2)).toEqual(['odd']);
});

describe('pack.yaml', () => {
  test('has to be there', () => {
    expect(refusal({ 'pack.yaml': undefined }).code).toBe('POSTERN_PACK_MISSING');
  });

  test.each([
    ['title: A small pack\n', '', 'pack.yaml:1:1', '"title" is missing'],
    ['to: 2021-05-11\n  reason', 'to: soon\n  reason', 'pack.yaml:8:7', 'no day'],
    ['question: attempt', 'question: attemt', 'pack.yaml:15:17', 'none of attempt, success, use'],
    ['requires', 'requires', undefined, ''],
    ['wants:', 'want: 1\nwants:', 'pack.yaml:14:7', 'nobody reads this key'],
    ['url: /', 'url: owa', 'pack.yaml:17:46', 'begins and ends with a slash'],
    ['[CVE-2021-26855]\n  from', '[26855]\n  from', 'pack.yaml:6:10', 'no CVE number'],
    ['layout:', 'layout: [', 'pack.yaml', ''],
  ])('%j as %j is refused with its place', (right, wrong, at, text) => {
    const result = refusal({ 'pack.yaml': manifest.replace(right, wrong) });
    expect(result.code).toBe(at === undefined ? 'none' : 'POSTERN_PACK_BROKEN');
    expect(result.at ?? '').toContain(at ?? '');
    expect(result.text).toContain(text);
  });

  test('any text is read or refused, never worse', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '-', '[', '{', '*', '&', "'", '#') }),
        (text) => {
          expect(refusal({ 'pack.yaml': text }).code).toMatch(/^POSTERN_PACK_/);
        },
      ),
      propertyRuns(),
    );
  });
});

describe('what is left out is said', () => {
  test('a rule with a slip', () => {
    const found = said({
      'sigma/bad.yml': rule.replace('witness: direct', 'witness: sure').replace('1111-', '1112-'),
    });
    expect(found.join('\n')).toMatch(/sigma\/bad\.yml:\d+ POSTERN_SIGMA_BLOCK/);
    expect(load({ 'sigma/bad.yml': 'title: x' }).sigma).toHaveLength(1);
  });

  test('an indicator, a build, a claim, with their lines', () => {
    const found = said({
      'indicators/list.csv': 'type,value\nip,nowhere\n',
      'builds.csv':
        'product,cu,su,build,release_date,fixes_cves,included_from_cu\nExchange,CU1,,15.1,2021-01-01,,\nExchange,CU1,,15.1.1.1,maybe,,\n',
      'claims.csv':
        'id,date,date_precision,claimant,claimant_type,subject,scope,about,verb,statement,status,source,source_kind\nc1,2021-03-02,day,A,state,B,campaign,C,accuse,D,published,E,primary\n',
    }).join('\n');
    expect(found).toContain('indicators/list.csv:2 POSTERN_INTEL_ROW');
    expect(found).toContain('builds.csv:2 POSTERN_PACK_ROW "15.1" is no build');
    expect(found).toContain('builds.csv:3 POSTERN_PACK_ROW the release date');
    expect(found).toContain('claims.csv:2 POSTERN_PACK_ROW verb: "accuse" is none of');
  });

  test('a file that no part of a pack has', () => {
    expect(
      said({ 'sigma/note.txt': 'x', 'run.sh': 'x' }).map((text) => text.split(' ', 2).join(' ')),
    ).toEqual(['run.sh:1 POSTERN_PACK_UNKNOWN_FILE', 'sigma/note.txt:1 POSTERN_PACK_UNKNOWN_FILE']);
  });
});

describe('builds', () => {
  const released = (date: string): string | undefined =>
    load({
      'builds.csv': `product,cu,su,build,release_date,fixes_cves,included_from_cu\nE,CU1,,15.1.1.1,${date},,\n`,
    }).pack.builds[0]?.released;

  test.each([
    ['2021-03-08/2021-03-11', '2021-03-11'],
    ['2021-03-02', '2021-03-02'],
    ['2018-02', '2018-02-28'],
    ['2020-02', '2020-02-29'],
    ['2018-12', '2018-12-31'],
    ['', undefined],
  ])('released %j', (date, expected) => {
    expect(released(date)).toBe(expected);
  });
});

describe('advice', () => {
  const broken = (change: (text: string) => string): string =>
    said({ 'advice/do-it.en.md': change(advice) })
      .filter((text) => text.startsWith('advice/'))
      .join('\n');

  test('steps, commands and what they destroy', () => {
    expect(load().pack.advice[0]).toEqual({
      id: 'do-it',
      language: 'en',
      title: 'Do it',
      order: 10,
      when: { any: ['always', 'act:page-used'] },
      because: ['page-used'],
      doneWhen: 'it is done',
      source: 'nobody',
      steps: [
        {
          text: 'First this, and then more of it.',
          command: 'Get-Thing |\n  Remove-Thing',
          destroys: 'the thing',
        },
        { text: 'Then that.' },
      ],
    });
  });

  test.each([
    [
      'two steps of one number',
      (t: string) => t.replace('2. Then', '1. Then'),
      'do-it.en.md:17 POSTERN_PACK_ADVICE this is step 2',
    ],
    ['a fence left open', (t: string) => t.replace('   ```\n   destroys', '   destroys'), 'not closed'],
    [
      'a line of nobody',
      (t: string) => `${t}And more.\n`,
      'do-it.en.md:18 POSTERN_PACK_ADVICE a line that belongs to no step',
    ],
    ['no steps', (t: string) => t.slice(0, t.indexOf('1. First')), 'there is no step'],
    ['no front matter', (t: string) => t.replace('---', ''), 'three hyphens'],
    ['an unknown tag', (t: string) => t.replace('always', 'sometimes'), 'no tag "sometimes"'],
    [
      'an unknown act',
      (t: string) => t.replace('because: [page-used]', 'because: [page-abused]'),
      'no act or implant "page-abused"',
    ],
    [
      'a key that nobody reads',
      (t: string) => t.replace('order: 10', 'order: 10\nowner: me'),
      'do-it.en.md:4 POSTERN_PACK_UNKNOWN_KEY',
    ],
  ])('%s', (_, change, expected) => {
    expect(broken(change)).toContain(expected);
  });
});

describe('checks', () => {
  const change = (right: string, wrong: string): string[] =>
    said({ 'pack.yaml': manifest.replace(right, wrong) });

  test.each([
    ['phases that overlap', 'from: 2021-02-02', 'from: 2021-01-20', 'begins before one has ended'],
    ['a phase outside', 'from: 2021-01-03, to', 'from: 2020-01-03, to', 'outside the campaign'],
    ['a want of an unknown family', '[iis-front]', '[iis-frnt]', 'no family "iis-frnt"'],
    ['retention of an unknown family', '{ ews: 30 }', '{ esw: 30 }', 'no family "esw"'],
    ['two phases with one id', 'id: two', 'id: one', 'have the id "one"'],
  ])('%s', (_, right, wrong, expected) => {
    expect(change(right, wrong).join('\n')).toContain(expected);
  });

  test.each([
    ['act: page-used', 'act: page-seen-by-nobody', 'no act'],
    ['stage: success', 'stage: probe', 'a probe is no witness'],
    ['cves: [CVE-2021-26855]', 'flawProved: true', 'no CVE is named'],
    ['falsepositives: [none known]\n', '', 'false positives'],
    ['references: [https://example.org/]\n', '', 'reference'],
    ['something odd.', 'something odd', 'not a sentence'],
  ])('a rule with %j as %j', (right, wrong, expected) => {
    expect(said({ 'sigma/odd.yml': rule.replace(right, wrong) }).join('\n')).toContain(expected);
  });

  test('a rule without a case, or without a near miss', () => {
    expect(
      said({
        'tests/one/expect.yaml': expectation
          .replace('fires:', 'spares:')
          .replace(/ {4}spares:\n {6}3.*\n/, ''),
      }).join('\n'),
    ).toContain('makes "odd" fire');
    expect(
      said({ 'tests/one/expect.yaml': expectation.replace(/ {4}spares:\n.*\n/, '') }).join('\n'),
    ).toContain('near miss of "odd"');
    expect(said({ 'tests/one/expect.yaml': expectation.replace('[odd]', '[ood]') }).join('\n')).toContain(
      'no rule "ood"',
    );
  });

  test('a case whose evidence is missing', () => {
    expect(said({ 'tests/one/expect.yaml': expectation.replace('log.txt', 'lag.txt') }).join('\n')).toContain(
      'there is no file "lag.txt"',
    );
  });
});

describe('the hash', () => {
  test('changes with what can change a result, and with nothing else', () => {
    const hash = load().pack.sha256;
    expect(load({ 'tests/one/log.txt': 'x', 'README.md': 'x' }).pack.sha256).toBe(hash);
    expect(load({ 'sigma/odd.yml': `${rule}# x\n` }).pack.sha256).not.toBe(hash);
    expect(load({ 'sigma/odd.yml': undefined, 'sigma/even.yml': rule }).pack.sha256).not.toBe(hash);
  });

  test('does not depend on the order of the files', () => {
    const turned = new Map(
      Object.entries(small)
        .toReversed()
        .map(([path, text]) => [path, bytes(text)]),
    );
    expect(loadPack(turned).pack.sha256).toBe(load().pack.sha256);
  });
});

describe('base64 of evidence', () => {
  test('gives back every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
        expect(decodeBase64(Buffer.from(data).toString('base64'))).toEqual(data);
      }),
      propertyRuns(),
    );
  });

  test('anything else is refused', () => {
    expect(decodeBase64('a$b=')).toBeUndefined();
    expect(decodeBase64('abcde')).toBeUndefined();
  });
});

test('YARA rules say of themselves what Sigma rules do', () => {
  const text = `rule seen : web {
  meta:
    description = "A thing"
    postern_stage = "success"
    postern_witness = "direct"
    postern_act = "page-content"
    postern_meaning = "It is a thing."
    postern_implant = "web-shell"
  strings: $a = "thing"
  condition: $a
}
private rule inner { condition: true }
rule bare { condition: true }
rule slip { meta: postern_witness = "sure" condition: true }
`;
  const loaded = load({ 'yara/x.yar': text });
  expect(loaded.pack.rules.slice(1)).toMatchObject([
    { id: 'seen', kind: 'yara', title: 'A thing', witness: 'direct', implant: { kind: 'web-shell' } },
    { id: 'bare', witness: 'lead', stage: 'probe' },
    { id: 'slip', witness: 'lead' },
  ]);
  expect(loaded.diagnostics.map(({ line, message }) => `${line} ${message}`)).toEqual([
    '14 postern_witness: "sure" is none of direct, indirect, lead',
  ]);
});

test('every act has a meaning', () => {
  expect([...acts.values()].every((meaning) => meaning.length > 10)).toBe(true);
});
