// What holds for any evidence: order does not matter, leads never help, witnesses never soothe, less coverage is never
// more certainty, and no number is left that JSON cannot hold.

import { verdictOrder } from '@postern/core';
import type { CaseFacts, Hit, Verdict } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { assess } from './assess.ts';
import { pivotsOf } from './pivots.ts';
import {
  at,
  bytesOf,
  caseOf,
  family,
  front,
  fullLogs,
  hit,
  page,
  pageSource,
  requests,
  shellPath,
  shellUrl,
  source,
  without,
} from './testing/facts.ts';

const addresses = ['203.0.113.7', '203.0.113.9', '198.51.100.1', '2001:db8::1', '10.0.0.9'];
const agents = ['python-requests/2.25.1', 'Mozilla/5.0', 'zgrab', 'Go-http-client/1.1'];
const recorders = [
  'httpproxy-ecp',
  'ecp-server',
  'iis-front',
  'iis-back',
  'windows:Security',
  'file-listing',
];
const leads = ['probe', 'compile', 'named', 'user-sigma', 'indicator'];
const all = [
  'attempt',
  'proved',
  'session',
  'mail',
  'script',
  'drop',
  'listed',
  'unlisted',
  'shell',
  'fetched',
  'staged',
  'dumped',
  'mitigated',
  ...leads,
];

const anyHit = (rules: readonly string[]): fc.Arbitrary<Hit> =>
  fc
    .record({
      rule: fc.constantFrom(...rules),
      day: fc.integer({ min: 1, max: 28 }),
      month: fc.constantFrom('02', '03'),
      minute: fc.integer({ min: 0, max: 59 }),
      address: fc.constantFrom(...addresses),
      agent: fc.constantFrom(...agents),
      recorder: fc.constantFrom(...recorders),
      file: fc.constantFrom(shellPath, 'C:\\inetpub\\wwwroot\\aspnet_client\\b.aspx', 'C:\\x\\y.zip'),
      session: fc.constantFrom('AbCdEf-000001', 'AbCdEf-000002', ''),
    })
    .map(({ rule, day, month, minute, address, agent, recorder, file, session }) =>
      hit(
        rule,
        `2021-${month}-${String(day).padStart(2, '0')} 10:${String(minute).padStart(2, '0')}:00`,
        { 'c-ip': address, agent, file, canary: session },
        { recorder },
      ),
    );

const anyHole = fc.integer({ min: 10, max: 60 }).map((day) => {
  const from = new Date(Date.UTC(2021, 0, day)).toISOString().slice(0, 10);
  const to = new Date(Date.UTC(2021, 0, day + 6)).toISOString().slice(0, 10);
  return [from, to] as const;
});

const anyFacts: fc.Arbitrary<CaseFacts> = fc
  .record({
    hits: fc.array(anyHit(all), { maxLength: 12 }),
    hole: fc.option(anyHole, { nil: undefined }),
    hasShell: fc.boolean(),
    hasUse: fc.boolean(),
    complete: fc.boolean(),
  })
  .map(({ hits, hole, hasShell, hasUse, complete }) => {
    const logs = fullLogs(...(hole === undefined ? [] : [hole]));
    const used = front(
      requests(shellUrl, [
        {},
        { address: '198.51.100.1', agent: 'x/1', first: at('2021-03-09'), last: at('2021-03-10') },
      ]),
      requests('/owa/auth/other.aspx', [{ answers: new Map([['GET 200', 2]]) }]),
    );
    const sources = hasUse ? [...logs.filter(({ id }) => id !== 'iis-front'), used] : logs;
    return caseOf({
      sources: [...sources, pageSource],
      hits,
      files: hasShell ? [page(shellPath, 'remote-control'), page('C:\\t\\a.aspx', 'remote-control')] : [],
      complete,
    });
  });

const rank = (facts: CaseFacts): number => {
  const verdict: Verdict = assess(facts).servers[0]?.headline?.verdict ?? 'nothing-found';
  return verdictOrder.indexOf(verdict);
};

const shuffled = <T>(list: readonly T[], seed: number): T[] =>
  list
    .map((value, k) => ({ value, key: Math.imul(k + 1, seed) >>> 0 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ value }) => value);

describe('order', () => {
  test('the same facts in another order give the same bytes', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 3, max: 2 ** 31 }), (facts, seed) => {
        const mixed = {
          ...facts,
          sources: shuffled(facts.sources, seed),
          hits: shuffled(facts.hits, seed),
          files: shuffled(facts.files, seed),
          skipped: shuffled(facts.skipped, seed),
        };
        expect(bytesOf(assess(mixed))).toBe(bytesOf(assess(facts)));
        expect(pivotsOf(mixed)).toEqual(pivotsOf(facts));
      }),
      propertyRuns(),
    );
  });

  test('the same hit twice is one', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        expect(bytesOf(assess({ ...facts, hits: [...facts.hits, ...facts.hits] }))).toBe(
          bytesOf(assess(facts)),
        );
      }),
      propertyRuns(0.5),
    );
  });
});

describe('more evidence', () => {
  test('a lead never changes a verdict', () => {
    fc.assert(
      fc.property(anyFacts, anyHit(leads), (facts, lead) => {
        expect(rank({ ...facts, hits: [...facts.hits, lead] })).toBe(rank(facts));
      }),
      propertyRuns(),
    );
  });

  test('a direct witness never makes it milder than compromised', () => {
    fc.assert(
      fc.property(anyFacts, anyHit(['session', 'script', 'mail', 'shell']), (facts, direct) => {
        expect(rank({ ...facts, hits: [...facts.hits, direct] })).toBe(0);
      }),
      propertyRuns(),
    );
  });

  test('any witness never makes it milder', () => {
    fc.assert(
      fc.property(anyFacts, anyHit(['drop', 'fetched', 'dumped', 'staged']), (facts, witness) => {
        expect(rank({ ...facts, hits: [...facts.hits, witness] })).toBeLessThanOrEqual(rank(facts));
      }),
      propertyRuns(),
    );
  });
});

test('less coverage never turns undetermined into something milder', () => {
  const someHoles = fc
    .array(anyHole, { minLength: 1, maxLength: 2 })
    .map((holes) => holes.toSorted(([a], [b]) => (a < b ? -1 : 1)))
    .filter(([a, b]) => b === undefined || (a !== undefined && a[1] < b[0]));
  fc.assert(
    fc.property(
      someHoles,
      fc.subarray(['httpproxy', 'ecp', 'iis-front', 'iis-back'], { minLength: 1 }),
      fc.array(anyHit(['attempt']), { maxLength: 2 }),
      (holes, cut, hits) => {
        const stretches = without(holes);
        const full = fullLogs();
        const less = full.map((one) =>
          cut.includes(one.id)
            ? { ...one, families: one.families.map(({ family: name }) => family(name, ...stretches)) }
            : one,
        );
        expect(rank(caseOf({ sources: less, hits }))).toBeLessThanOrEqual(
          rank(caseOf({ sources: full, hits })),
        );
        const none = less.map((one) => (cut.includes(one.id) ? { ...one, families: [] } : one));
        const undetermined = verdictOrder.indexOf('undetermined');
        const [before, after] = [
          rank(caseOf({ sources: less, hits })),
          rank(caseOf({ sources: none, hits })),
        ];
        expect(before === undetermined ? after : undetermined).toBe(undetermined);
      },
    ),
    propertyRuns(),
  );
});

test('whatever the facts, the assessment is JSON and its references hold', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const assessment = assess(facts);
      const ids = new Set(
        [
          ...assessment.findings,
          ...assessment.implants,
          ...assessment.servers,
          ...assessment.operators.list,
        ].map(({ id }) => id),
      );
      expect(ids.size).toBe(
        assessment.findings.length +
          assessment.implants.length +
          assessment.servers.length +
          assessment.operators.list.length,
      );
      const named = [
        ...assessment.servers.flatMap(({ campaigns }) => campaigns.flatMap(({ because }) => because)),
        ...assessment.implants.flatMap(({ findings, operators, server }) => [
          ...findings,
          ...operators,
          server,
        ]),
        ...assessment.operators.list.flatMap(({ implants }) => implants),
        ...assessment.advice.flatMap(({ why }) => why),
        ...assessment.impact.flatMap(({ findings, operators, server }) => [
          ...findings,
          ...operators,
          server,
        ]),
        ...assessment.timeline.map(({ ref }) => ref),
        ...assessment.findings.flatMap(({ recordedOn, targets }) => [recordedOn, ...targets]),
      ];
      expect(named.filter((id) => !ids.has(id))).toEqual([]);
      expect(JSON.parse(bytesOf(assessment))).toEqual(assessment);
      expect(assessment.operators.atLeast).toBeLessThanOrEqual(assessment.operators.atMost);
    }),
    propertyRuns(),
  );
});

test('sources of damaged or empty facts are borne', () => {
  const odd = source('odd', {
    kind: 'unknown',
    hosts: new Map([
      ['', 1],
      ['::1', 1],
    ]),
    path: '',
    originalPath: '',
    serverAddresses: new Map([['x', 1]]),
    clients: { sampled: 1, addresses: new Map([['-', 1]]), forwarded: 0 },
  });
  const hits = [
    hit('session', undefined, { 'c-ip': '-', AnchorMailbox: 'ServerInfo~]@@:444/' }, { source: 'gone' }),
    hit('no-such-rule', '2021-03-03'),
  ];
  expect(() =>
    assess(caseOf({ sources: [odd], hits, files: [page('', 'remote-control', { source: 'gone' })] })),
  ).not.toThrow();
  expect(() => pivotsOf(caseOf({ sources: [odd], hits }))).not.toThrow();
});
