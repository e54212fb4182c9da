// Judgement section 10: rulings by people, secrets, stable ids.

import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import { caseOf, fullLogs, hit, options, page, pageSource, shellPath, verdictOf } from './testing/facts.ts';

const facts = {
  sources: fullLogs(),
  hits: [hit('session', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' })],
};
const review = (disposition: 'confirmed' | 'false-positive' | 'own-test') => {
  const [finding] = assess(caseOf(facts)).findings;
  return options({
    reviews: new Map([
      [finding?.id ?? '', { disposition, author: 'J. Doe', date: '2021-04-01', reason: 'our own test' }],
    ]),
  });
};

describe('rulings', () => {
  test('a denied finding does not count, is shown with its reason, and the verdict before is told', () => {
    const ruled = caseOf({ ...facts, options: review('false-positive') });
    expect(verdictOf(ruled).verdict).toBe('nothing-found');
    expect(verdictOf(ruled).limits).toContainEqual({
      text: 'Without the rulings of people the verdict would be: compromised.',
      coverageRef: 'review',
    });
    expect(assess(ruled).findings[0]).toMatchObject({
      setAside: 'ruled false-positive by J. Doe on 2021-04-01',
      review: { author: 'J. Doe' },
    });
  });

  test('a confirmed one counts as before', () => {
    expect(verdictOf(caseOf({ ...facts, options: review('confirmed') })).verdict).toBe('compromised');
  });

  test('our own test is no operator', () => {
    expect(assess(caseOf({ ...facts, options: review('own-test') })).operators.list).toEqual([]);
  });
});

describe('secrets', () => {
  const secret = ['Ab9', 'xYz', '77', 'canary', 'value'].join('');
  const captures = {
    url: `/ecp/x?msExchEcpCanary=${secret}`,
    agent: `cadata=${secret};`,
    account: `net user bob ${secret}`,
    mailbox: `pass=${secret}`,
    file: `C:\\x\\msExchEcpCanary=${secret}`,
    canary: secret,
  };

  test('no text of a hit stands unmasked anywhere in the assessment', () => {
    const hits = ['session', 'mail', 'drop', 'fetched', 'user-sigma'].map((rule, k) =>
      hit(rule, `2021-03-03 10:00:0${k}`, captures, {
        text: `GET /ecp/x?msExchEcpCanary=${secret} cadata=${secret}`,
      }),
    );
    const whole = JSON.stringify(assess(caseOf({ sources: fullLogs(), hits })));
    expect(whole).not.toContain(secret);
    expect(whole).toContain('‹secret:');
  });

  test('excerpts are one short line with the witness in sight', () => {
    const text = `${'x'.repeat(3000)}\u202e\r\n 203.0.113.7 ${'y'.repeat(3000)}`;
    const [finding] = assess(
      caseOf({
        sources: fullLogs(),
        hits: [hit('session', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' }, { text })],
      }),
    ).findings;
    expect(finding?.evidence[0]?.excerpt.length).toBeLessThanOrEqual(240);
    expect(finding?.evidence[0]?.excerpt).toContain('203.0.113.7');
    expect(finding?.evidence[0]?.excerpt).not.toContain('\u202e');
  });
});

describe('ids', () => {
  test('stay the same when evidence is added, moved or collected elsewhere', () => {
    const before = assess(
      caseOf({
        sources: [...facts.sources, pageSource],
        hits: facts.hits,
        files: [page(shellPath, 'remote-control')],
      }),
    );
    const moved = facts.sources.map((one) => ({ ...one, id: `x-${one.id}`, path: `other/${one.path}` }));
    const earlier = hit(
      'session',
      '2021-02-03 10:00:00',
      { 'c-ip': '203.0.113.7' },
      { source: 'x-httpproxy' },
    );
    const hits = [
      ...facts.hits.map((one) => ({ ...one, source: `x-${one.source}`, at: { offset: 1 } })),
      earlier,
    ];
    const after = assess(
      caseOf({ sources: [...moved, pageSource], hits, files: [page(shellPath, 'remote-control')] }),
    );
    expect(after.findings.map(({ id }) => id).toSorted()).toEqual(
      before.findings.map(({ id }) => id).toSorted(),
    );
    expect(after.implants[0]?.id).toBe(before.implants[0]?.id);
    expect(after.operators.list.map(({ id }) => id)).toEqual(before.operators.list.map(({ id }) => id));
    expect(after.servers[0]?.id).toBe(before.servers[0]?.id);
  });

  test('a finding keeps at most ten pieces of evidence and says how many there are', () => {
    const hits = Array.from({ length: 30 }, (_, k) =>
      hit('session', `2021-03-03 10:00:${String(k).padStart(2, '0')}`, { 'c-ip': '203.0.113.7' }),
    );
    const [finding] = assess(caseOf({ sources: fullLogs(), hits })).findings;
    expect(finding).toMatchObject({ count: 30, evidenceTotal: 30 });
    expect(finding?.evidence).toHaveLength(10);
    expect(finding?.evidence.at(-1)?.time).toBe('2021-03-03T10:00:29Z');
  });

  test('attackers choose addresses: more than two hundred are one finding more', () => {
    const hits = Array.from({ length: 260 }, (_, k) =>
      hit(
        'attempt',
        '2021-03-03 10:00:00',
        { 'c-ip': `203.0.${Math.floor(k / 250) + 1}.${(k % 250) + 1}` },
        { at: { offset: k } },
      ),
    );
    expect(assess(caseOf({ sources: fullLogs(), hits })).findings).toHaveLength(201);
  });
});

test('claims stand for themselves: in their own lane, of no operator and no server', () => {
  const claim = {
    id: 'c1',
    date: '2021-07-19',
    datePrecision: 'day',
    claimant: 'A state',
    claimantType: 'state',
    jointWith: [],
    subject: 'another state',
    about: { scope: 'campaign', text: 'the campaign' },
    verb: 'attribute',
    statement: 'named who it holds responsible',
    wording: { text: '', language: 'en', quoted: false },
    inReplyTo: [],
    supersedes: [],
    status: 'published',
    source: { title: 'a statement', kind: 'primary' },
  } as const;
  // What is about another matter is for comparison, and stands in no time line of this one.
  const other = { ...claim, id: 'c3', about: { scope: 'other', text: 'something else' } } as const;
  const pack = caseOf().packs[0]!;
  const assessment = assess(
    caseOf({
      ...facts,
      packs: [{ ...pack, claims: [claim, { ...claim, id: 'c2', status: 'retracted' }, other] }],
    }),
  );
  expect(assessment.claims).toHaveLength(3);
  expect(assessment.timeline.filter(({ lane }) => lane === 'statement')).toEqual([
    { time: '2021-07-19', lane: 'statement', title: 'A state: named who it holds responsible', ref: 'c1' },
  ]);
  const { claims: _, timeline, ...rest } = assessment;
  expect(JSON.stringify([rest, timeline.filter(({ lane }) => lane !== 'statement')])).not.toContain('state:');
});
