// Judgement section 1: one verdict per server and pack, from the worst step on that its needs allow.

import { verdictOrder } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import {
  at,
  buildSource,
  caseOf,
  family,
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
  windowFrom,
} from './testing/facts.ts';
import { testPack } from './testing/pack.ts';

describe('compromised', () => {
  test('one direct witness', () => {
    const verdict = verdictOf(
      caseOf({
        sources: fullLogs(),
        hits: [hit('session', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' })],
      }),
    );
    expect(verdict).toMatchObject({ verdict: 'compromised', confidence: 'moderate' });
    expect(verdict.because).toHaveLength(1);
  });

  test('two independent indirect ones', () => {
    const hits = [hit('drop', '2021-03-03 10:00:00', { file: shellPath }, { recorder: 'windows:Security' })];
    const used = front(requests('/owa/auth/other.aspx', [{}]));
    const sources = [...fullLogs().filter(({ id }) => id !== 'iis-front'), used];
    expect(verdictOf(caseOf({ sources, hits }))).toMatchObject({
      verdict: 'compromised',
      confidence: 'moderate',
    });
  });

  test('a direct witness and an independent one give high confidence', () => {
    const used = front(requests(shellUrl, [{}]));
    const sources = [...fullLogs().filter(({ id }) => id !== 'iis-front'), used, pageSource];
    expect(verdictOf(caseOf({ sources, files: [page(shellPath, 'remote-control')] }))).toMatchObject({
      verdict: 'compromised',
      confidence: 'high',
    });
  });
});

test('likely-compromised: one indirect witness of success or use', () => {
  const hits = [hit('drop', '2021-03-03 10:00:00', { file: shellPath }, { recorder: 'windows:Security' })];
  expect(verdictOf(caseOf({ sources: fullLogs(), hits }))).toMatchObject({
    verdict: 'likely-compromised',
    confidence: 'low',
  });
});

describe('undetermined', () => {
  const iisOnly = [
    front(requests('/owa/auth/logon.aspx', [{ answers: new Map([['GET 200', 9]]) }])),
    source('probes', { kind: 'iis', probes: 40 }),
  ];

  test('attempts in front-end IIS logs alone: attacked at least, success cannot be excluded', () => {
    const hits = [
      hit('attempt', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' }, { recorder: 'iis-front' }),
    ];
    const verdict = verdictOf(caseOf({ sources: iisOnly, hits }));
    expect(verdict).toMatchObject({ verdict: 'undetermined', atLeast: 'attacked', confidence: 'low' });
    expect(verdict.wouldChange[0]).toContain('HttpProxy (ECP)');
    expect(verdict.wouldChange.length).toBeLessThanOrEqual(3);
    expect(verdict.limits[0]).toMatchObject({ coverageRef: 'presumption' });
  });

  test('the logs of the attack are gone and other logs run on', () => {
    const verdict = verdictOf(caseOf({ sources: fullLogs(['2021-02-27', '2021-03-04']) }));
    expect(verdict).toMatchObject({ verdict: 'undetermined', atLeast: 'nothing-found' });
    expect(verdict.limits.map(({ text }) => text).join('\n')).toMatch(
      /2021-02-27 to 2021-03-03: removed or cleared/,
    );
    expect(verdict.wouldChange.join('\n')).toContain('2021-02-27');
  });

  test('what would decide is the hole, not the time before the evidence', () => {
    const sources = fullLogs().map((one) => ({
      ...one,
      families: one.families.map(({ family: name }) =>
        family(name, ['2021-01-20', '2021-02-27'], ['2021-03-04', '2021-03-18']),
      ),
    }));
    const events = source('events', {
      families: [family('windows:Application', ['2021-01-20', '2021-03-18'])],
    });
    const { verdict, wouldChange } = verdictOf(
      caseOf({ sources: [...sources.filter(({ id }) => id !== 'events'), events] }),
    );
    expect(verdict).toBe('undetermined');
    expect(wouldChange[0]).toBe('HttpProxy (ECP) of 2021-02-27 to 2021-03-03');
  });

  test('a log that is missing twice is named once, with both times', () => {
    const sources = fullLogs(['2021-01-10', '2021-01-20'], ['2021-02-27', '2021-03-04']);
    const hits = [hit('attempt', '2021-03-01 10:00:00', { 'c-ip': '203.0.113.7' })];
    const { wouldChange } = verdictOf(caseOf({ sources, hits }));
    expect(new Set(wouldChange.map((text) => text.replace(/ of 2021.*/, ''))).size).toBe(wouldChange.length);
    expect(wouldChange[0]).toBe('HttpProxy (ECP) of 2021-01-10 to 2021-01-19 and 2021-02-27 to 2021-03-03');
  });

  test('attempts whose success is covered, and a hole that somebody made', () => {
    const hits = [hit('attempt', '2021-03-10 10:00:00', { 'c-ip': '203.0.113.7' })];
    const verdict = verdictOf(caseOf({ sources: fullLogs(['2021-02-27', '2021-03-04']), hits }));
    expect(verdict).toMatchObject({ verdict: 'undetermined', atLeast: 'attacked' });
  });

  test('excerpts of logs cover nothing', () => {
    const sources = fullLogs().map((one) => ({ ...one, excerpt: true }));
    const hits = [hit('attempt', '2021-03-10 10:00:00', { 'c-ip': '203.0.113.7' }, { excerpt: true })];
    expect(verdictOf(caseOf({ sources, hits }))).toMatchObject({
      verdict: 'undetermined',
      atLeast: 'attacked',
    });
  });

  test('a stopped scan is never milder', () => {
    expect(verdictOf(caseOf({ sources: fullLogs(), complete: false }))).toMatchObject({
      verdict: 'undetermined',
      atLeast: 'nothing-found',
    });
  });

  test('a stopped scan accuses nobody of taking logs away: they may only not have been read', () => {
    const sources = fullLogs(['2021-02-10', '2021-02-17']).filter(({ id }) => id !== 'ecp');
    const of = (complete: boolean) => {
      const { coverage, servers } = assess(caseOf({ sources, complete }));
      const causes = coverage.families.flatMap(({ gaps }) => gaps.map(({ cause }) => cause));
      const limits = servers.flatMap(({ campaigns }) => campaigns.flatMap((campaign) => campaign.limits));
      return { causes: new Set(causes), limits: limits.map(({ text }) => text).join('\n') };
    };
    expect(of(true).causes).toContain('removed-or-cleared');
    expect(of(true).limits).toContain('removed or cleared');
    expect(of(false).causes).toEqual(new Set(['not-read']));
    expect(of(false).limits).toContain('not read, for the scan was stopped');
    expect(of(false).limits).toContain('none read before the scan was stopped');
    expect(of(false).limits).not.toContain('removed or cleared');
  });

  test('an attempt without a time is covered by nothing', () => {
    const hits = [hit('attempt', undefined, { 'c-ip': '203.0.113.7' })];
    expect(verdictOf(caseOf({ sources: fullLogs(), hits })).verdict).toBe('undetermined');
  });

  test('the evidence ends before the campaign', () => {
    const sources = [
      source('httpproxy', { families: [family('httpproxy-ecp', ['2020-12-01', '2020-12-20'])] }),
    ];
    expect(verdictOf(caseOf({ sources })).verdict).toBe('undetermined');
  });
});

describe('attacked', () => {
  test('failed attempts, and the success question is covered at each', () => {
    const hits = [
      hit('attempt', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' }),
      hit('attempt', '2021-03-09 10:00:00', { 'c-ip': '198.51.100.9' }),
    ];
    const verdict = verdictOf(caseOf({ sources: fullLogs(), hits }));
    expect(verdict.verdict).toBe('attacked');
    expect(verdict.because).toHaveLength(2);
  });

  test('a scanner that proves the flaw is no intrusion and proves the open door', () => {
    const verdict = verdictOf(
      caseOf({
        sources: fullLogs(),
        hits: [hit('proved', '2021-03-05 04:00:00', { 'c-ip': '203.0.113.7', agent: 'zgrab' })],
      }),
    );
    expect(verdict.verdict).toBe('attacked');
    expect(verdict.exposure).toContainEqual(
      expect.objectContaining({ cve: 'CVE-2021-26855', state: 'vulnerable', from: '2021-03-05T04:00:00Z' }),
    );
    expect(verdict.door.duringCampaign).toBe('partly-open');
  });

  test('an attempt when the fix was there needs no logs of success', () => {
    const sources = [
      front(),
      source('probes', { kind: 'iis', probes: 9 }),
      buildSource({ build: '15.1.2106.13', first: at0('2021-03-02 20:00:00'), last: at0('2021-03-10') }),
    ];
    const hits = [
      hit('attempt', '2021-03-09 10:00:00', { 'c-ip': '203.0.113.7' }, { recorder: 'iis-front' }),
    ];
    expect(verdictOf(caseOf({ sources, hits })).verdict).toBe('attacked');
  });
});

function at0(text: string): bigint {
  return family('x', [text, '2021-12-31']).first ?? 0n;
}

describe('exposed and nothing-found', () => {
  test('open during the campaign, no attempt, coverage good', () => {
    const sources = [
      ...fullLogs(),
      buildSource({ build: '15.1.2106.2', first: at0('2021-01-04'), last: at0('2021-03-10') }),
    ];
    const verdict = verdictOf(caseOf({ sources }));
    expect(verdict).toMatchObject({
      verdict: 'exposed',
      door: { state: 'open-now', duringCampaign: 'open' },
    });
  });

  test('no sign, and it says from when to when', () => {
    const verdict = verdictOf(caseOf({ sources: fullLogs() }));
    expect(verdict).toMatchObject({
      verdict: 'nothing-found',
      confidence: 'high',
      window: { from: '2021-01-03T00:00:00Z' },
    });
    expect(verdict.window?.to.slice(0, 10)).toBe('2021-03-17');
  });

  test('forty-five days of logs speak for themselves, with less confidence', () => {
    const sources = fullLogs().map((one) => ({
      ...one,
      families: one.families.map(({ family: name }) => family(name, ['2021-02-01', '2021-03-18'])),
    }));
    expect(verdictOf(caseOf({ sources }))).toMatchObject({
      verdict: 'nothing-found',
      confidence: 'low',
      window: { from: '2021-02-01T00:00:00Z' },
    });
  });

  test('probes are shown and move nothing', () => {
    const facts = caseOf({
      sources: fullLogs(),
      hits: [hit('probe', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' })],
    });
    expect(verdictOf(facts).verdict).toBe('nothing-found');
    expect(assess(facts).findings).toHaveLength(1);
  });

  test('leads are listed as speaking against it', () => {
    const facts = caseOf({
      sources: [...fullLogs(), pageSource],
      files: [page('C:\\tools\\rules\\sample.aspx', 'remote-control')],
    });
    const verdict = verdictOf(facts);
    expect(verdict.verdict).toBe('nothing-found');
    expect(verdict.against).toEqual([assess(facts).findings[0]?.id]);
  });

  test('no word says clean', () => {
    expect(verdictOrder).not.toContain('clean');
    expect(JSON.stringify(assess(caseOf({ sources: fullLogs() })))).not.toMatch(/\bclean\b/i);
  });
});

test('the headline is the worst pack and names it; what proves a flaw proves it to every pack', () => {
  const quiet = testPack({ id: 'other-2021', rules: [] });
  const facts = caseOf({
    packs: [quiet, testPack()],
    sources: fullLogs(),
    hits: [hit('session', '2021-03-03 10:00:00')],
  });
  const server = serverOf(assess(facts), 'EX01.corp.example');
  expect(server.headline).toEqual({ pack: 'test-2021', verdict: 'compromised' });
  expect(server.campaigns.map(({ verdict }) => verdict)).toEqual(['exposed', 'compromised']);
});

describe('in 2026, with logs of thirty days', () => {
  const recent = [['2026-05-01', '2026-05-31']] as const;
  const sources = [
    source('httpproxy', { families: [family('httpproxy-ecp', ...recent)] }),
    source('iis-front', { kind: 'iis', families: [family('iis-front', ...recent)] }),
  ];

  test('a shell of 2021 on disk: compromised, the entry unknown', () => {
    const verdict = verdictOf(
      caseOf({ sources: [...sources, pageSource], files: [page(shellPath, 'remote-control')] }),
    );
    expect(verdict.verdict).toBe('compromised');
    expect(verdict.limits.map(({ text }) => text)).toContain(
      'The way in was not seen: the logs of that time are missing.',
    );
  });

  test('a shell of a time whose logs are all there: they do not show the way in', () => {
    const text = (listed: { readonly created: bigint } | undefined) =>
      verdictOf(
        caseOf({
          sources: [...fullLogs(), pageSource, source('mft')],
          files: [
            page(
              shellPath,
              'remote-control',
              listed && { listed: { source: 'mft', basis: 'mft', line: 2, ...listed } },
            ),
          ],
        }),
      )
        .limits.map((limit) => limit.text)
        .find((one) => one.startsWith('The way in was not seen'));
    expect(text(undefined)).toContain('in the logs that would show it');
    expect(text({ created: at('2021-03-03 10:00:00') })).toContain('in the logs that would show it');
    expect(text({ created: at('2020-06-01') })).toContain('are missing');
  });

  test('without it: undetermined', () => {
    const verdict = verdictOf(caseOf({ sources }));
    expect(verdict).toMatchObject({ verdict: 'undetermined', atLeast: 'nothing-found' });
    expect(verdict.wouldChange[0]).toContain(windowFrom);
  });
});

test('a window ends with the last moment that it speaks for', () => {
  const clean = verdictOf(caseOf({ sources: fullLogs() }));
  expect(clean.window).toEqual({ from: '2021-01-03T00:00:00Z', to: '2021-03-17T23:59:59Z' });
  const hits = [hit('session', '2021-03-10 10:00:00', { 'c-ip': '203.0.113.7' })];
  const facts = caseOf({ sources: fullLogs(), hits });
  // The last record that the tests' logs have is one second before midnight.
  expect(verdictOf(facts).window?.to).toBe('2021-03-17T23:59:59Z');
  expect(serverOf(assess(facts), 'EX01.corp.example').seen?.to).toBe('2021-03-17T23:59:59Z');
  expect(assess(facts).phases.map(({ to }) => to.slice(10))).toEqual(
    assess(facts).phases.map(() => 'T23:59:59Z'),
  );
});

test('reasons name each act before the second finding of any', () => {
  const sessions = Array.from({ length: 30 }, (_, k) =>
    hit('session', `2021-03-01 10:${String(k).padStart(2, '0')}:00`, { 'c-ip': `203.0.113.${k + 1}` }),
  );
  const fetched = hit(
    'fetched',
    '2021-03-09 10:00:00',
    { 'c-ip': '203.0.113.7', file: 'c:\\x.zip' },
    { recorder: 'iis-front' },
  );
  const assessment = assess(caseOf({ sources: fullLogs(), hits: [...sessions, fetched] }));
  const because = assessment.servers[0]?.campaigns[0]?.because ?? [];
  const acts = because.map((id) => assessment.findings.find((finding) => finding.id === id)?.act);
  expect(acts).toHaveLength(20);
  expect(acts.slice(0, 3)).toEqual(['session', 'archive-fetched', 'session']);
});
