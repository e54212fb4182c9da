// Judgement section 7: what the second pass followed joins operators, with reasons, and extends what is known of them.

import type { Hit, RuleInfo } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import { caseOf, front, fullLogs, hit, requests, shellPath, shellUrl, source } from './testing/facts.ts';
import { rule, rules } from './testing/pack.ts';

const python = 'python-requests/2.25.1';
const chrome = 'Mozilla/5.0 (Windows NT 10.0) Chrome/88';
const canary = 'AbCdEfGhIj-123456';

/** The rules that the second pass keeps records by. */
const follow = (kind: string): RuleInfo => {
  const { pack: _, ...rest } = rule(`postern.follow.${kind}`, {
    kind: 'check',
    stage: 'probe',
    witness: 'lead',
    act: `followed-${kind}`,
    cves: [],
    entities: { address: ['address'], agent: ['agent'], url: ['url'] },
    joins: ['requestId', 'anchor', 'query', 'url'],
  });
  return rest;
};
const withFollow = new Map(
  [...rules, ...['address', 'url', 'session'].map(follow)].map((one) => [one.id, one]),
);

const entered = (address: string, agent: string, time: string, more = {}) =>
  hit('session', time, { 'c-ip': address, agent, ...more });
const request = (
  time: string,
  captures: Readonly<Record<string, string>>,
  recorder = 'iis-front',
  by = 'address',
) =>
  hit(
    `postern.follow.${by}`,
    time,
    { url: '/owa/', method: 'GET', status: '200', ...captures },
    { recorder },
  );
const operators = (hits: readonly Hit[], more: Parameters<typeof caseOf>[0] = {}) =>
  assess(caseOf({ sources: fullLogs(), rules: withFollow, hits, ...more })).operators;

describe('an address that no rule saw', () => {
  const first = entered('203.0.113.7', python, '2021-03-01 10:00:00', { canary });

  test('joins by a session that the second pass found', () => {
    const other = request(
      '2021-03-01 11:00:00',
      { address: '198.51.100.1', agent: chrome, query: `msExchEcpCanary=${canary}` },
      'iis-front',
      'session',
    );
    const { list, atLeast, atMost } = operators([first, other]);
    expect([atLeast, atMost]).toEqual([1, 1]);
    expect(list).toMatchObject([
      {
        addresses: ['198.51.100.1', '203.0.113.7'],
        strength: 'strong',
        last: '2021-03-01T11:00:00Z',
        reasons: ['the same address', 'records of one session'],
      },
    ]);
  });

  test('joins two that rules saw apart', () => {
    const second = entered('198.51.100.1', 'curl/7.68.0', '2021-03-05 10:00:00');
    expect(operators([first, second]).list).toHaveLength(2);
    const bridge = request(
      '2021-03-05 10:01:00',
      { address: '198.51.100.1', agent: 'curl/7.68.0', query: `msExchEcpCanary=${canary}` },
      'iis-front',
      'session',
    );
    expect(operators([first, second, bridge])).toMatchObject({ atMost: 1, list: [{ strength: 'strong' }] });
  });

  test('does not join by having been followed alone', () => {
    const stranger = request(
      '2021-03-01 11:00:00',
      { address: '198.51.100.1', agent: python },
      'iis-front',
      'url',
    );
    expect(operators([first, stranger]).list).toMatchObject([{ addresses: ['203.0.113.7'] }]);
  });

  test('nor if it is the server itself, speaking to its back end', () => {
    const back = request(
      '2021-03-01 11:00:00',
      { address: '10.0.0.5', agent: python, query: `msExchEcpCanary=${canary}` },
      'iis-back',
      'session',
    );
    const sources = [
      ...fullLogs().filter(({ id }) => id !== 'iis-back'),
      source('iis-back', { kind: 'iis', serverAddresses: new Map([['10.0.0.5', 9]]) }),
    ];
    expect(operators([first, back], { sources }).list).toMatchObject([{ addresses: ['203.0.113.7'] }]);
  });
});

describe('other requests of a known visitor', () => {
  const came = entered('203.0.113.7', python, '2021-03-05 10:00:00');
  const other = (time: string, agent: string) => request(time, { address: '203.0.113.7', agent });
  const spanOf = (...hits: Hit[]) =>
    operators([came, ...hits]).list.map(({ first, last }) => [first, last])[0];

  test('with the same tool extend its time, and are counted apart', () => {
    const [one] = operators([
      came,
      other('2021-02-20 09:00:00', python),
      other('2021-03-09 09:00:00', python),
    ]).list;
    expect([one?.first, one?.last]).toEqual(['2021-02-20T09:00:00Z', '2021-03-09T09:00:00Z']);
    expect(one?.actions.map(({ what, count, stage }) => [what, count, stage])).toEqual([
      ['session', 1, 'success'],
      ['Other requests by the same visitor', 2, 'probe'],
    ]);
  });

  test('with another agent may be somebody else behind the address', () => {
    expect(spanOf(other('2021-03-09 09:00:00', chrome))).toEqual([
      '2021-03-05T10:00:00Z',
      '2021-03-05T10:00:00Z',
    ]);
  });

  test('with a browser’s agent only near in time', () => {
    const browser = entered('203.0.113.8', chrome, '2021-03-05 10:00:00');
    const late = request('2021-03-12 10:00:00', { address: '203.0.113.8', agent: chrome });
    const near = request('2021-03-05 18:00:00', { address: '203.0.113.8', agent: chrome });
    expect(operators([browser, late, near]).list[0]?.last).toBe('2021-03-05T18:00:00Z');
  });

  test('that a finding tells of already are not counted twice', () => {
    const same = { ...other('2021-03-05 10:00:00', python), source: came.source, at: came.at };
    expect(operators([came, same]).list[0]?.actions).toHaveLength(1);
  });

  test('never move a verdict or make a finding', () => {
    const assessment = assess(
      caseOf({ sources: fullLogs(), rules: withFollow, hits: [other('2021-03-09 09:00:00', python)] }),
    );
    expect(assessment.findings).toEqual([]);
    expect(assessment.operators.list).toEqual([]);
  });
});

describe('bytes', () => {
  const came = entered('203.0.113.7', python, '2021-03-05 10:00:00');
  const sent = (time: string, bytes: string, recorder = 'iis-front') =>
    request(time, { address: '203.0.113.7', agent: python, bytes }, recorder);
  const out = (...hits: Hit[]) => operators([came, ...hits]).list[0]?.bytesOut;

  test('as the web server logged them, if it did', () => {
    expect(out(sent('2021-03-05 10:01:00', '500'), sent('2021-03-05 10:02:00', '700'))).toEqual({
      lower: 1200,
      upper: 1200,
      basis: 'bytes sent to it in 2 requests, as logged',
    });
  });

  test('from the proxy’s logs they are the least', () => {
    expect(out(sent('2021-03-05 10:01:00', '900', 'httpproxy-owa'))).toMatchObject({
      lower: 900,
      upper: null,
    });
  });

  test('of rows without them the upper end is unknown, of none all is', () => {
    expect(out(sent('2021-03-05 10:01:00', '500'), sent('2021-03-05 10:02:00', ''))).toMatchObject({
      lower: 500,
      upper: null,
    });
    expect(out(sent('2021-03-05 10:01:00', ''))).toMatchObject({ lower: 0, upper: null });
  });
});

test('who asks for the packed file that another staged may be the same: weakly, and the range says so', () => {
  const fetched = (address: string, agent: string, time: string) =>
    hit('fetched', time, { 'c-ip': address, agent, url: '/owa/auth/kq3.zip' }, { recorder: 'iis-front' });
  const { list, atLeast, atMost } = operators([
    fetched('203.0.113.7', python, '2021-03-05 10:00:00'),
    fetched('198.51.100.1', 'curl/7.68.0', '2021-03-06 10:00:00'),
  ]);
  expect(list).toMatchObject([
    { strength: 'weak', reasons: ['the same address', 'asked for the same packed file'] },
  ]);
  expect([atLeast, atMost]).toEqual([1, 2]);
});

test('uses that only the proxy logged extend those of a back door', () => {
  const drop = hit('drop', '2021-03-03 10:00:00', { file: shellPath }, { recorder: 'windows:Security' });
  const post = (time: string, status = '200') =>
    request(
      time,
      { address: '203.0.113.7', agent: python, url: '/OWA/auth/QZX.aspx', method: 'POST', status },
      'httpproxy-owa',
      'url',
    );
  const implant = (sources = fullLogs()) =>
    assess(
      caseOf({
        sources,
        rules: withFollow,
        hits: [
          drop,
          post('2021-03-04 10:00:00'),
          post('2021-03-09 10:00:00'),
          post('2021-03-10 10:00:00', '404'),
        ],
      }),
    ).implants[0];
  expect(implant()).toMatchObject({
    uses: 2,
    firstUsedAt: '2021-03-04T10:00:00Z',
    lastUsedAt: '2021-03-09T10:00:00Z',
  });
  const both = [...fullLogs().filter(({ id }) => id !== 'iis-front'), front(requests(shellUrl, [{}]))];
  expect(implant(both)).toMatchObject({ uses: 2, firstUsedAt: '2021-03-03T10:00:00Z' });
});
