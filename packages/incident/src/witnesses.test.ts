// Judgement section 2: what counts as a witness, what is a lead, and which witnesses are independent.

import type { CaseFacts, FileFacts, Hit } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import {
  at,
  caseOf,
  findings,
  front,
  fullLogs,
  hit,
  page,
  pageSource,
  requests,
  serverOf,
  shellPath,
  shellUrl,
  source,
  verdictOf,
} from './testing/facts.ts';
import { containing } from './testing/matchers.ts';
import { rule, testPack } from './testing/pack.ts';

const logs = fullLogs();
const restOfLogs = logs.filter(({ id }) => id !== 'iis-front');

describe('an archive in a web path', () => {
  const zip = shellPath.replace('.aspx', '.zip');
  const lying = (path: string, more: Partial<FileFacts> = {}): FileFacts => {
    const { judged: _, ...file } = page(path, 'benign', more);
    return file;
  };
  const caseWith = (file: FileFacts): CaseFacts => caseOf({ sources: [...logs, pageSource], files: [file] });

  test('is an indirect witness and no back door', () => {
    const facts = caseWith(lying(zip));
    expect(verdictOf(facts).verdict).toBe('likely-compromised');
    expect(findings(assess(facts), 'postern:archive-staged')[0]).toMatchObject({
      witness: 'indirect',
      act: 'archive-staged',
    });
    expect(assess(facts).implants).toEqual([]);
  });

  test.each([
    ['elsewhere', lying('C:\\Users\\admin\\x.zip')],
    ['in quarantine', lying(zip, { inert: 'quarantine' })],
    ['of another kind', lying(shellPath.replace('.aspx', '.css'))],
  ])('is none %s', (_, file) => expect(verdictOf(caseWith(file)).verdict).toBe('nothing-found'));

  test('of another time is a lead', () => {
    const listed = { basis: 'mft', created: at('2019-06-01 10:00:00'), source: 'mft', line: 2 } as const;
    const facts = caseWith(lying(zip, { listed }));
    expect(verdictOf(facts).verdict).toBe('nothing-found');
    expect(findings(assess(facts), 'postern:archive-staged')[0]).toMatchObject({ witness: 'lead' });
  });
});

test('indicators and our own checks are not counted as rules', () => {
  const facts = caseOf({ sources: logs });
  const engines = [...facts.rules.values()].filter(({ kind }) => kind === 'sigma' || kind === 'yara').length;
  expect(facts.rules.size).toBeGreaterThan(engines);
  expect(assess(facts).rules.loaded).toBe(engines);
});

describe('leads', () => {
  test('remote-control content outside the web folders', () => {
    const facts = caseOf({
      sources: [...logs, pageSource],
      files: [page('C:\\Tools\\x.aspx', 'remote-control')],
    });
    expect(assess(facts).findings[0]).toMatchObject({
      witness: 'lead',
      rule: { id: 'postern:page-elsewhere' },
    });
    expect(assess(facts).implants).toEqual([]);
  });

  test('a copy in quarantine, though its folder is below a web folder', () => {
    const facts = caseOf({
      sources: [...logs, pageSource],
      files: [page(shellPath, 'remote-control', { inert: 'quarantine' })],
    });
    expect(assess(facts).findings[0]).toMatchObject({
      witness: 'lead',
      setAside: 'lies where no web server would run it: quarantine',
    });
    expect(verdictOf(facts).verdict).toBe('nothing-found');
  });

  test('content in a file that the web server would not run', () => {
    const facts = caseOf({
      sources: [...logs, pageSource],
      files: [page(shellPath.replace('.aspx', '.txt'), 'remote-control')],
    });
    expect(verdictOf(facts).verdict).toBe('nothing-found');
  });

  test.each(['user-sigma', 'indicator'])('a hit of %s, of whatever level', (id) => {
    const facts = caseOf({
      sources: logs,
      hits: [hit(id, '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' })],
    });
    expect(verdictOf(facts).verdict).toBe('nothing-found');
    expect(findings(assess(facts), id)[0]).toMatchObject({
      witness: 'lead',
      setAside: containing('lead'),
    });
  });

  test('but not of a rule of the user that says what its hits witness', () => {
    const own = { ...rule('own', { witness: 'direct' }) };
    const { pack: _, ...mine } = own;
    const facts = caseOf({
      sources: logs,
      rules: new Map([[mine.id, mine]]),
      hits: [hit('own', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' })],
    });
    expect(verdictOf(facts)).toMatchObject({ verdict: 'compromised', confidence: 'moderate' });
    expect(findings(assess(facts), 'own')[0]?.setAside).toBeUndefined();
    // With two campaigns it counts for the one of its time.
    const later = testPack({ id: 'later', rules: [] });
    const campaign = { ...later.campaign, from: '2022-01-01', to: '2022-12-31' };
    const both = { ...facts, packs: [testPack(), { ...later, campaign }] };
    const verdicts = serverOf(assess(both), 'EX01.corp.example').campaigns.map(({ pack, verdict }) => [
      pack,
      verdict,
    ]);
    expect(verdicts).toContainEqual(['test-2021', 'compromised']);
    expect(verdicts.filter(([, verdict]) => verdict === 'compromised')).toHaveLength(1);
  });

  test('w3wp that starts a compiler', () => {
    expect(
      verdictOf(
        caseOf({
          sources: logs,
          hits: [hit('compile', '2021-03-03 10:00:00', {}, { recorder: 'windows:Security' })],
        }),
      ).verdict,
    ).toBe('nothing-found');
  });

  test('a file name alone: a page that a listing names without a time', () => {
    const hits = [hit('listed', undefined, { file: shellPath }, { recorder: 'file-listing' })];
    expect(verdictOf(caseOf({ sources: logs, hits })).verdict).toBe('nothing-found');
  });

  test('a page that was made long before the campaign', () => {
    const hits = [hit('listed', '2019-05-01 10:00:00', { file: shellPath }, { recorder: 'file-listing' })];
    const facts = caseOf({ sources: logs, hits });
    expect(verdictOf(facts).verdict).toBe('nothing-found');
    expect(findings(assess(facts), 'listed')[0]?.setAside).toBe('made outside of the time of the campaign');
  });

  test('requests of a known tool of defenders', () => {
    const hits = [hit('attempt', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7', agent: 'Own Check 1.0' })];
    expect(verdictOf(caseOf({ sources: logs, hits })).verdict).toBe('nothing-found');
  });

  test('an agent never clears a success', () => {
    const hits = [hit('session', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7', agent: 'Own Check 1.0' })];
    expect(verdictOf(caseOf({ sources: logs, hits })).verdict).toBe('compromised');
  });
});

describe('direct', () => {
  test('remote-control content where the web server would run it', () => {
    const facts = caseOf({ sources: [...logs, pageSource], files: [page(shellPath, 'remote-control')] });
    expect(assess(facts).findings[0]).toMatchObject({
      witness: 'direct',
      act: 'page-content',
      recorders: ['file'],
    });
  });

  test('even under the name of a page of the product', () => {
    const path = shellPath.replace('qzx', 'RedirSuiteServiceProxy');
    expect(
      verdictOf(caseOf({ sources: [...logs, pageSource], files: [page(path, 'remote-control')] })).verdict,
    ).toBe('compromised');
  });

  test("a pack's own YARA rule supports the judgement of a page and is no second witness", () => {
    const files = [page(shellPath, 'remote-control')].map((file) => ({
      ...file,
      judged: { ...file.judged!, yara: ['yara-pack'] },
    }));
    const assessment = assess(caseOf({ sources: [...logs, pageSource], files }));
    expect(assessment.findings).toHaveLength(1);
    expect(assessment.implants[0]?.traits).toContain('yara-pack');
  });
});

describe('indirect', () => {
  test('POST 200 to an unknown page', () => {
    const facts = caseOf({ sources: [...restOfLogs, front(requests('/aspnet_client/x.aspx', [{}]))] });
    expect(verdictOf(facts).verdict).toBe('likely-compromised');
    expect(assess(facts).findings[0]).toMatchObject({ witness: 'indirect', act: 'page-used', stage: 'use' });
  });

  test('not to a page of the product, nor where no pages are served', () => {
    const pages = [
      requests('/owa/auth/logon.aspx', [{}]),
      requests('/owa/abc/attachment.ashx', [{}]),
      requests('/shop/cart.aspx', [{}]),
    ];
    expect(verdictOf(caseOf({ sources: [...restOfLogs, front(...pages)] })).verdict).toBe('nothing-found');
  });

  test("a user's own YARA hit in a web folder, and a lead elsewhere", () => {
    const marked = (path: string): Parameters<typeof caseOf>[0] => ({
      sources: [...logs, pageSource],
      files: [page(path, 'benign')].map((file) => ({
        ...file,
        judged: { ...file.judged!, yara: ['user-yara'] },
      })),
    });
    expect(verdictOf(caseOf(marked(shellPath))).verdict).toBe('likely-compromised');
    expect(verdictOf(caseOf(marked('C:\\Tools\\x.aspx'))).verdict).toBe('nothing-found');
  });

  test('suspicious content in a web folder, unless the page is the product’s', () => {
    const facts = (path: string) =>
      caseOf({ sources: [...logs, pageSource], files: [page(path, 'suspicious')] });
    expect(verdictOf(facts(shellPath)).verdict).toBe('likely-compromised');
    expect(verdictOf(facts(shellPath.replace('qzx', 'logon'))).verdict).toBe('nothing-found');
  });

  test('a compiled page whose source is gone and that is none of the product', () => {
    const compiled = (name: string) => ({
      path: `C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\owa\\1\\2\\${name}.aspx.cdcab7d2.compiled`,
      collection: 'case',
      source: 'page',
    });
    const verdict = (...files: Parameters<typeof page>[0][]) =>
      verdictOf(caseOf({ sources: [...logs, pageSource], files: files.map(compiled) })).verdict;
    expect(verdict('qzx')).toBe('likely-compromised');
    expect(verdict('logon')).toBe('nothing-found');
  });
});

describe('use', () => {
  test('a GET of a shell’s name is never use', () => {
    const seen = front(requests(shellUrl, [{ answers: new Map([['GET 200', 40]]) }]));
    const assessment = assess(
      caseOf({ sources: [...restOfLogs, seen, pageSource], files: [page(shellPath, 'remote-control')] }),
    );
    expect(assessment.implants[0]).toMatchObject({ uses: 0 });
    expect(findings(assessment, 'page-used')).toEqual([]);
    expect(findings(assessment, 'page-probed')[0]).toMatchObject({ stage: 'probe', witness: 'lead' });
  });

  test('a GET of an unknown page shows presence only', () => {
    const facts = caseOf({
      sources: [...restOfLogs, front(requests('/owa/auth/a.aspx', [{ answers: new Map([['GET 200', 1]]) }]))],
    });
    expect(verdictOf(facts).verdict).toBe('nothing-found');
    expect(findings(assess(facts), 'page-seen')[0]?.witness).toBe('lead');
  });
});

describe('independence', () => {
  const canary = { canary: 'AbCdEfGhIj-123456' };
  const verdict = (...hits: ReturnType<typeof hit>[]) => verdictOf(caseOf({ sources: logs, hits }));

  test('another recorder and another act', () => {
    expect(
      verdict(
        hit('session', '2021-03-03 10:00:00'),
        hit('script', '2021-03-03 10:00:05', {}, { recorder: 'ecp-server' }),
      ).confidence,
    ).toBe('high');
  });

  test('not records of one session, whoever wrote them', () => {
    expect(
      verdict(
        hit('session', '2021-03-03 10:00:00', canary),
        hit('script', '2021-03-03 10:00:05', canary, { recorder: 'ecp-server' }),
      ).confidence,
    ).toBe('moderate');
  });

  test('not records of one request: the id of IIS and of HttpProxy', () => {
    const id = '0a1b2c3d-0000-4000-8000-0123456789ab';
    const both = verdict(
      hit('session', '2021-03-03 10:00:00', { RequestId: id }),
      hit('shell', '2021-03-03 10:00:00', { RequestId: `cafeReqId=${id};` }, { recorder: 'iis-back' }),
    );
    expect(both.confidence).toBe('moderate');
  });

  test('not one act in two logs: Sysmon 1 and Security 4688', () => {
    const sysmon = hit(
      'shell',
      '2021-03-03 10:00:00',
      {},
      { recorder: 'windows:Microsoft-Windows-Sysmon/Operational' },
    );
    expect(
      verdict(
        sysmon,
        hit('shell', '2021-03-03 10:00:00', {}, { recorder: 'windows:Security', at: { offset: 1 } }),
      ).confidence,
    ).toBe('moderate');
  });

  test('several recorders in one exported file are several', () => {
    const sysmon = hit(
      'drop',
      '2021-03-03 10:00:00',
      { file: shellPath },
      { recorder: 'windows:Microsoft-Windows-Sysmon/Operational' },
    );
    expect(
      verdict(sysmon, hit('shell', '2021-03-03 10:00:00', {}, { recorder: 'windows:Security' })).confidence,
    ).toBe('high');
  });

  test('not a page and its own entry in a listing', () => {
    const hits = [hit('listed', '2021-03-03 10:00:00', { file: shellPath }, { recorder: 'file-listing' })];
    const facts = caseOf({ sources: [...logs, pageSource], hits, files: [page(shellPath, 'suspicious')] });
    expect(verdictOf(facts).verdict).toBe('likely-compromised');
  });

  test('a zero request id joins nothing', () => {
    const zero = { RequestId: '00000000-0000-0000-0000-000000000000' };
    expect(
      verdict(
        hit('session', '2021-03-03 10:00:00', zero),
        hit('script', '2021-03-03 10:00:05', zero, { recorder: 'ecp-server' }),
      ).confidence,
    ).toBe('high');
  });
});

describe('a page that was put away behind another ending', () => {
  const put = (path: string, ...yara: readonly string[]) => {
    const file = page(path, 'not-judged');
    return verdictOf(
      caseOf({
        sources: [...logs, pageSource],
        files: [{ ...file, judged: { ...file.judged!, yara } }],
      }),
    ).verdict;
  };

  test('where it lay is an indirect witness: it had been there', () => {
    expect(put(`${shellPath}.txt`, 'yara-pack')).toBe('likely-compromised');
    expect(put(`${shellPath}.bak`, 'yara-pack')).toBe('likely-compromised');
  });

  test('elsewhere, under another name, or by a rule of the user, it is a lead', () => {
    expect(put('C:\\IR\\qzx.aspx.txt', 'yara-pack')).toBe('nothing-found');
    expect(put(shellPath.replace('.aspx', '.txt'), 'yara-pack')).toBe('nothing-found');
    expect(put(`${shellPath}.txt`, 'user-yara')).toBe('nothing-found');
    expect(put(`${shellPath}.txt`)).toBe('nothing-found');
  });
});

test('rows exported from real logs witness and are marked', () => {
  const sources = [source('rows', { excerpt: true, families: logs[0]!.families })];
  const facts = caseOf({
    sources,
    hits: [hit('session', '2021-03-03 10:00:00', {}, { source: 'rows', excerpt: true })],
  });
  expect(verdictOf(facts)).toMatchObject({ verdict: 'compromised' });
  expect(verdictOf(facts).limits.map(({ coverageRef }) => coverageRef)).toContain('excerpts');
});

test('one POST between 9 and 13 April 2021 and then nothing may be the court-authorised removal', () => {
  const used = requests(shellUrl, [
    {
      answers: new Map([['POST 200', 1]]),
      first: at('2021-04-10 15:00:00'),
      last: at('2021-04-10 15:00:00'),
    },
  ]);
  const hits = [hit('drop', '2021-03-03 10:00:00', { file: shellPath }, { recorder: 'windows:Security' })];
  const assessment = assess(caseOf({ sources: [...restOfLogs, front(used)], hits }));
  expect(assessment.timeline).toContainEqual(
    expect.objectContaining({ lane: 'defender', title: containing('court-authorised') }),
  );
  expect(assessment.servers[0]?.campaigns[0]?.limits.map(({ text }) => text).join()).toContain(
    'court-authorised',
  );
});

test('a page that is still there was not removed by anybody: one POST of those days says nothing more', () => {
  const moment = { first: at('2021-04-10 15:00:00'), last: at('2021-04-10 15:00:00') };
  const used = requests(shellUrl, [{ answers: new Map([['POST 200', 1]]), ...moment }]);
  const files = [page(shellPath, 'remote-control')];
  const assessment = assess(caseOf({ sources: [...restOfLogs, front(used), pageSource], files }));
  expect(assessment.implants[0]?.state).toBe('present');
  expect(JSON.stringify([assessment.timeline, assessment.servers])).not.toContain('court-authorised');
});

test('a removal by anti-virus stands in the lane of the defenders and changes the state', () => {
  const hits = [
    hit('drop', '2021-03-03 10:00:00', { file: shellPath }, { recorder: 'windows:Security' }),
    hit(
      'av-removed',
      '2021-03-05 10:00:00',
      { file: `containerfile:_x; file:_${shellPath}` },
      { recorder: 'windows:Microsoft-Windows-Windows Defender/Operational' },
    ),
  ];
  const assessment = assess(caseOf({ sources: logs, hits }));
  expect(assessment.implants).toHaveLength(1);
  expect(assessment.implants[0]).toMatchObject({ state: 'removed', findings: { length: 2 } });
  expect(assessment.timeline.filter(({ lane }) => lane === 'defender').map(({ time }) => time)).toContain(
    '2021-03-05T10:00:00Z',
  );
});

test('a command told by Sysmon and Security is one, and so is what it starts', () => {
  const run = (recorder: string, process: string, program: string, account: string, second: number) =>
    hit(
      'dumped',
      `2021-03-03 10:00:0${second}`,
      { file: program, CommandLine: `${program} x`, ProcessId: process, account },
      { recorder, at: { offset: second } },
    );
  const sysmon = 'windows:Microsoft-Windows-Sysmon/Operational';
  const hits = [
    run(sysmon, '4711', 'c:\\cmd.exe', 'NT AUTHORITY\\SYSTEM', 1),
    run('windows:Security', '0x1267', 'c:\\cmd.exe', 'EX01$', 2),
    run(sysmon, '4712', 'c:\\rundll32.exe', 'NT AUTHORITY\\SYSTEM', 3),
  ];
  const { findings: all } = assess(caseOf({ sources: logs, hits }));
  expect(all).toMatchObject([{ count: 2, recorders: [sysmon, 'windows:Security'] }]);
  const admin = run('windows:Security', '4800', 'c:\\cmd.exe', 'CORP\\admin', 4);
  expect(assess(caseOf({ sources: logs, hits: [...hits, admin] })).findings).toHaveLength(2);
});

describe('what an anti-virus product calls a back door', () => {
  const defender = 'windows:Microsoft-Windows-Windows Defender/Operational';
  const found = (file: string, more: Partial<Hit> = {}): Hit =>
    hit('av-found', '2021-03-12 10:00:00', { file: `file:_${file}` }, { recorder: defender, ...more });
  const removed = (recorder: string): Hit =>
    hit('av-removed', '2021-03-13 10:00:00', { file: shellPath }, { recorder, at: { offset: 900 } });

  test('where the web server runs pages is an indirect witness, in the lane of the defenders', () => {
    const assessment = assess(caseOf({ sources: logs, hits: [found(shellPath)] }));
    expect(serverOf(assessment, 'EX01.corp.example').campaigns[0]).toMatchObject({
      verdict: 'likely-compromised',
    });
    expect(assessment.findings[0]).toMatchObject({ witness: 'indirect', act: 'defender-detection' });
    expect(assessment.implants).toMatchObject([{ url: shellUrl, findings: { length: 1 } }]);
    expect(assessment.timeline.filter(({ title }) => title === 'av-found')).toMatchObject([
      { lane: 'defender' },
    ]);
    expect(assessment.operators.list).toEqual([]);
    expect(assessment.phases.flatMap(({ servers }) => servers)).toEqual([]);
  });

  test.each([
    ['elsewhere', 'C:\\Users\\admin\\Downloads\\x.aspx'],
    ['of a file that is no page', shellPath.replace('.aspx', '.txt')],
    ['in an archive', `${shellPath.replace('.aspx', '.zip')}->x.aspx`],
    ['in a backup', `D:\\Backup\\EX01${shellPath.slice(2)}`],
    ['without a path', ''],
  ])('%s is a lead', (_, path) => {
    const assessment = assess(caseOf({ sources: logs, hits: [found(path)] }));
    expect(serverOf(assessment, 'EX01.corp.example').campaigns[0]).toMatchObject({
      verdict: 'nothing-found',
    });
    expect(assessment.findings).toMatchObject([{ witness: 'lead' }]);
    expect(assessment.implants).toEqual([]);
  });

  test('each file of one record stands for itself, wherever it is in the list', () => {
    const other = shellPath.replace('.aspx', '2.aspx');
    const list = `C:\\t\\x.aspx; containerfile:_${shellPath}; file:_${shellPath}; file:_${other}`;
    const assessment = assess(caseOf({ sources: logs, hits: [found(list)] }));
    expect(assessment.implants.map(({ path }) => path)).toEqual([shellPath, other]);
    expect(assessment.findings.map(({ witness }) => witness).toSorted()).toEqual([
      'indirect',
      'indirect',
      'lead',
    ]);
  });

  test('a script in a page is the page', () => {
    const assessment = assess(caseOf({ sources: logs, hits: [found(`${shellPath}->(SCRIPT0002)`)] }));
    expect(assessment.implants).toMatchObject([{ url: shellUrl, path: shellPath }]);
  });

  test('two products, a find and a removal of one page are one witness', () => {
    const hits = [
      found(shellPath),
      removed(defender),
      removed('msert'),
      found(shellPath, { recorder: 'msert' }),
    ];
    const assessment = assess(caseOf({ sources: logs, hits }));
    expect(serverOf(assessment, 'EX01.corp.example').campaigns[0]).toMatchObject({
      verdict: 'likely-compromised',
    });
    expect(assessment.implants).toMatchObject([{ state: 'removed' }]);
  });

  test('a look at the disk beside it is none of its own, a record of the drop is', () => {
    const listed = hit('listed', '2021-03-03 10:00:00', { file: shellPath }, { recorder: 'file-listing' });
    const drop = hit('drop', '2021-03-03 10:00:00', { file: shellPath }, { recorder: 'windows:Security' });
    expect(verdictOf(caseOf({ sources: logs, hits: [found(shellPath), listed] })).verdict).toBe(
      'likely-compromised',
    );
    expect(verdictOf(caseOf({ sources: logs, hits: [found(shellPath), drop] })).verdict).toBe('compromised');
  });
});
