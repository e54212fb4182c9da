// What was seen before anything was followed is not looked at again, and the judgement is that of all at once.

import type { CaseFacts, Hit } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { assess } from './assess.ts';
import { openCase } from './open-case.ts';
import { pivotsOf } from './pivots.ts';
import { caseOf, fullLogs, hit, source } from './testing/facts.ts';
import { rule, rules } from './testing/pack.ts';

const follow = rule('postern.follow.address', {
  kind: 'check',
  stage: 'probe',
  witness: 'lead',
  act: 'followed-address',
  entities: { address: ['address'], agent: ['agent'], url: ['url'] },
  joins: ['requestId', 'url'],
});
const withFollow = new Map([...rules, follow].map((one) => [one.id, one]));
const id = '0a1b2c3d-0000-4000-8000-0123456789ab';
const entered = hit('session', '2021-03-01 10:00:00', { 'c-ip': '203.0.113.7', agent: 'curl/7.68.0' });
const issue = { code: 'POSTERN_TEST', severity: 'warning', message: 'cut' } as const;

const followedIn = (recorder: string, from: string, captures = {}): Hit =>
  hit(
    follow.id,
    '2021-03-01 11:00:00',
    { address: '203.0.113.7', agent: 'curl/7.68.0', url: '/owa/', ...captures },
    { recorder, source: from },
  );

function expectAsAtOnce(facts: CaseFacts, hits: readonly Hit[]): void {
  const { pivots, judge } = openCase(facts);
  expect(pivots).toEqual(pivotsOf(facts));
  const { assessment } = judge({ hits, issues: [issue], complete: false });
  const whole = { ...facts, hits: [...facts.hits, ...hits], issues: [issue], complete: false };
  expect(assessment).toEqual(assess(whole));
}

describe('a case judged after its records were followed is judged as all at once', () => {
  const hits = [entered];

  test('where every source has its server', () => {
    const facts = caseOf({ sources: fullLogs(), rules: withFollow, hits });
    expectAsAtOnce(facts, [followedIn('iis-front', 'iis-front')]);
    expect(assess(facts).operators.list[0]?.last).toBe('2021-03-01T10:00:00Z');
  });

  test('where a followed record places a source', () => {
    const sources = [
      source('httpproxy', { path: 'case/a.log' }),
      source('other', { path: 'case/b.log', hosts: new Map([['EX02', 1]]) }),
      source('w', { path: 'case/w.log', hosts: new Map() }),
    ];
    const facts = caseOf({ sources, rules: withFollow, hits });
    const followed = [
      followedIn('httpproxy-ecp', 'httpproxy', { requestId: id }),
      followedIn('iis-front', 'w', { requestId: `&cafeReqId=${id};` }),
    ];
    expectAsAtOnce(facts, followed);
    const whole = assess({ ...facts, hits: [...hits, ...followed] });
    const server = whole.servers.find(({ names }) => names[0] === 'EX01.corp.example')?.id;
    expect(whole.coverage.sources.find(({ id: one }) => one === 'w')?.server).toBe(server);
  });

  test('where what comes later is more than followed records', () => {
    expectAsAtOnce(caseOf({ sources: fullLogs(), rules: withFollow }), hits);
  });

  test('whatever hosts, addresses and ids the sources and the followed records name', () => {
    const names = ['httpproxy', 'other', 'front', 'back'];
    const anySource = fc.record({
      host: fc.constantFrom('', 'EX01.corp.example', 'EX02.other.example'),
      address: fc.constantFrom('', '10.0.0.1', '10.0.0.2'),
      folder: fc.constantFrom('a', 'a/b', 'c', 'd'),
    });
    const anyFollowed = fc.record({
      from: fc.constantFrom(...names),
      recorder: fc.constantFrom('httpproxy-ecp', 'iis-front', 'iis-back'),
      captures: fc.constantFrom(
        { requestId: id },
        { requestId: id },
        { query: '/ecp/y.js?X-BEResource=a@EX03:444/x' },
      ),
    });
    const placed = fc.array(anySource, { minLength: names.length, maxLength: names.length });
    fc.assert(
      fc.property(placed, fc.array(anyFollowed, { maxLength: 6 }), (places, records) => {
        const known = ['EX01', 'EX02'];
        const sources = places.map(({ host, address, folder }, i) =>
          source(names[i] ?? '', {
            path: `case/${folder}/${i}.log`,
            hosts: new Map([known[i] ?? host].filter(Boolean).map((name) => [name, 1])),
            serverAddresses: new Map(address === '' ? [] : [[address, 1]]),
          }),
        );
        const followed = records.map(({ from, recorder, captures }) => followedIn(recorder, from, captures));
        expectAsAtOnce(caseOf({ sources, rules: withFollow, hits }), followed);
      }),
      propertyRuns(4),
    );
  });
});
