// Judgement section 7, second half: groupings with reasons, and their number as a range.

import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import { letterOf } from './operator-list.ts';
import {
  at,
  caseOf,
  front,
  fullLogs,
  hit,
  judged,
  page,
  pageSource,
  requests,
  shellPath,
  shellUrl,
  source,
} from './testing/facts.ts';
import { listing } from './testing/matchers.ts';
import { testPack } from './testing/pack.ts';

const rest = fullLogs().filter(({ id }) => id !== 'iis-front');
const operatorsOf = (facts: Parameters<typeof caseOf>[0]) =>
  assess(caseOf({ sources: fullLogs(), ...facts })).operators;
const python = 'python-requests/2.25.1';
const entered = (address: string, agent: string, time: string, more = {}) =>
  hit('session', time, { 'c-ip': address, agent, ...more });
const day = (date: string) => ({ first: at(`${date} 10:00:00`), last: at(`${date} 11:00:00`) });

describe('back doors that nobody is known to have placed or used', () => {
  const pages = ['a', 'b', 'c'].map((name) => shellPath.replace('qzx', name));
  const files = pages.map((path, k) => page(path, 'remote-control', { source: `page-${k}` }));
  const sources = [...fullLogs(), ...files.map(({ source: id = '' }) => ({ ...pageSource, id }))];

  test('where no record names an address, each may be of somebody else', () => {
    expect(operatorsOf({ sources, files })).toMatchObject({ atLeast: 1, atMost: 3 });
  });

  test('beside somebody who is known', () => {
    const hits = [entered('203.0.113.7', python, '2021-03-01 10:00:00')];
    const operators = operatorsOf({ sources, files, hits });
    expect(operators).toMatchObject({ atLeast: 1, atMost: 4 });
    expect(operators.basis).toContain('nobody is known to have placed or used');
  });
});

describe('groupings', () => {
  test('the same address', () => {
    const { list } = operatorsOf({
      hits: [
        entered('203.0.113.7', python, '2021-03-01 10:00:00'),
        hit('mail', '2021-03-04 10:00:00', { 'c-ip': '203.0.113.7', agent: 'curl/7.68.0' }),
      ],
    });
    expect(list).toMatchObject([
      {
        name: 'A',
        kind: 'intruder',
        addresses: ['203.0.113.7'],
        reasons: ['the same address'],
        strength: 'strong',
      },
    ]);
  });

  test('one session over two addresses', () => {
    const canary = { canary: 'AbCdEfGhIj-123456' };
    const operators = operatorsOf({
      hits: [
        entered('203.0.113.7', python, '2021-03-01 10:00:00', canary),
        entered('198.51.100.1', python, '2021-03-01 10:01:00', canary),
      ],
    });
    expect(operators).toMatchObject({
      atLeast: 1,
      atMost: 1,
      list: [{ strength: 'strong', reasons: listing(['records of one session']) }],
    });
  });

  test('one network with the same agent; with another agent they stay apart and undecided', () => {
    const same = operatorsOf({
      hits: [
        entered('203.0.113.7', python, '2021-03-01 10:00:00'),
        entered('203.0.113.9', python, '2021-03-02 10:00:00'),
      ],
    });
    expect([same.atLeast, same.atMost, same.list.length]).toEqual([1, 1, 1]);
    const other = operatorsOf({
      hits: [
        entered('203.0.113.7', python, '2021-03-01 10:00:00'),
        entered('203.0.113.9', 'curl/7.68.0', '2021-03-02 10:00:00'),
      ],
    });
    expect([other.atLeast, other.atMost, other.list.length]).toEqual([1, 2, 2]);
  });

  test('an agent that few have joins weakly: one in the list, perhaps two', () => {
    const operators = operatorsOf({
      hits: [
        entered('203.0.113.7', 'antQuiet/2.1', '2021-03-01 10:00:00'),
        entered('198.51.100.1', 'antQuiet/2.1', '2021-03-05 10:00:00'),
      ],
    });
    expect(operators).toMatchObject({ atLeast: 1, atMost: 2, list: [{ strength: 'weak' }] });
  });

  test('an agent that many have joins nobody and tells nobody apart: shared tools are undecidable', () => {
    const operators = operatorsOf({
      hits: [
        entered('203.0.113.7', python, '2021-03-01 10:00:00'),
        entered('198.51.100.1', python, '2021-03-05 10:00:00'),
      ],
    });
    expect([operators.atLeast, operators.atMost, operators.list.length]).toEqual([1, 2, 2]);
  });

  test('two that came in by themselves, with agents and networks of their own, are two', () => {
    const operators = operatorsOf({
      hits: [
        entered('203.0.113.7', python, '2021-03-01 10:00:00'),
        entered('198.51.100.1', 'Go-http-client/1.1', '2021-03-05 10:00:00'),
      ],
    });
    expect(operators).toMatchObject({ atLeast: 2, atMost: 2 });
  });

  test('one address with agents at different times for different things may be two people behind one exit', () => {
    const hits = [
      entered('203.0.113.7', python, '2021-03-01 10:00:00'),
      hit(
        'fetched',
        '2021-03-09 10:00:00',
        { 'c-ip': '203.0.113.7', agent: 'curl/7.68.0', file: 'c:\\x.zip' },
        { recorder: 'iis-back' },
      ),
    ];
    const { atLeast, atMost, list } = operatorsOf({ hits });
    expect([atLeast, atMost, list.length]).toEqual([1, 2, 1]);
  });

  test('a million shapes of an address are one', () => {
    const hits = ['2001:db8::7', '[2001:db8::7]:443', '2001:db8::7%3'].map((address, k) =>
      entered(address, python, `2021-03-0${k + 1} 10:00:00`),
    );
    expect(operatorsOf({ hits }).list).toMatchObject([{ addresses: ['2001:db8::7'] }]);
  });
});

describe('a back door shared by several', () => {
  const clients = [
    { address: '203.0.113.7', agent: python, ...day('2021-03-01') },
    { address: '198.51.100.1', agent: 'Go-http-client/1.1', ...day('2021-03-05') },
    { address: '192.0.2.3', agent: 'curl/7.68.0', answers: new Map([['GET 404', 3]]), ...day('2021-03-07') },
  ];
  const facts = {
    sources: [...rest, front(requests(shellUrl, clients)), pageSource],
    files: [page(shellPath, 'remote-control')],
    hits: [
      entered('203.0.113.7', python, '2021-03-01 09:59:00'),
      hit('drop', '2021-03-01 09:59:10', { file: shellPath }, { recorder: 'windows:Security' }),
    ],
  };

  test('each visitor is listed with what it did; who only looked is no intruder', () => {
    const { list, atLeast, atMost } = operatorsOf(facts);
    expect(list.map(({ name, kind }) => [name, kind])).toEqual([
      ['A', 'intruder'],
      ['B', 'intruder'],
      ['C', 'scanner'],
    ]);
    // The second may be the first, from elsewhere.
    expect([atLeast, atMost]).toEqual([1, 2]);
    expect(list[1]?.actions).toMatchObject([{ stage: 'use', count: 1 }]);
  });

  test('placed by the one whose request stands next to it', () => {
    const { implants, operators } = assess(caseOf(facts));
    expect(implants[0]).toMatchObject({
      placedBy: operators.list[0]?.id,
      operators: operators.list
        .slice(0, 2)
        .map(({ id }) => id)
        .toSorted(),
    });
  });

  test('a request of a log with an unknown clock is joined with nothing by time alone', () => {
    const odd = source('odd', { kind: 'unknown' });
    const hits = [
      { ...entered('203.0.113.7', python, '2021-03-01 09:59:00'), source: 'odd' },
      hit('drop', '2021-03-01 09:59:10', { file: shellPath }, { recorder: 'windows:Security' }),
    ];
    expect(assess(caseOf({ hits, sources: [...fullLogs(), odd] })).implants[0]?.placedBy).toBeUndefined();
  });

  test('of two at that time none is named', () => {
    const hits = [...facts.hits, entered('192.0.2.9', 'Go-http-client/1.1', '2021-03-01 09:58:00')];
    expect(assess(caseOf({ hits, sources: fullLogs() })).implants[0]?.placedBy).toBeUndefined();
  });
});

describe('kinds', () => {
  const kind = (...hits: ReturnType<typeof hit>[]) => operatorsOf({ hits });

  test('known visitors are shown by what they are, and not counted', () => {
    expect(
      kind(hit('proved', '2021-03-05 04:00:00', { 'c-ip': '203.0.113.7', agent: 'Mozilla/5.0 zgrab/0.x' })),
    ).toMatchObject({ atLeast: 0, atMost: 0, list: [{ kind: 'scanner' }] });
    expect(
      kind(hit('attempt', '2021-03-05 04:00:00', { 'c-ip': '203.0.113.7', agent: 'own check' })),
    ).toMatchObject({ list: [{ kind: 'defender' }] });
  });

  test('who only tried is unknown, and not counted', () => {
    expect(
      kind(hit('attempt', '2021-03-05 04:00:00', { 'c-ip': '203.0.113.7', agent: python })),
    ).toMatchObject({ atLeast: 0, atMost: 0, list: [{ kind: 'unknown' }] });
  });

  test('host records without an address: somebody, from nowhere known', () => {
    expect(kind(hit('script', '2021-03-05 04:00:00', {}, { recorder: 'ecp-server' }))).toMatchObject({
      atLeast: 1,
      list: [{ addresses: [], strength: 'weak' }],
    });
  });
});

describe('consistent with', () => {
  const clusters = [
    {
      id: 'one',
      title: 'One',
      traits: [
        {
          kind: 'hash',
          value: 'ab'.repeat(32),
          distinguishing: true,
          from: '2021-01-01',
          to: '2021-03-31',
          source: 'a list',
        },
      ],
    },
    {
      id: 'two',
      title: 'Two',
      traits: [{ kind: 'parameter', value: 'klk', distinguishing: true, source: 'a report' }],
    },
    {
      id: 'three',
      title: 'Three',
      traits: [{ kind: 'path', value: '*qzx.aspx', distinguishing: false, source: 'a list' }],
    },
  ] as const;
  const consistent = (time: string) => {
    const pack = testPack();
    const packs = [{ ...pack, campaign: { ...pack.campaign, clusters } }];
    const file = page(shellPath, 'remote-control', {
      judged: judged('remote-control', { parameters: ['klk'] }),
    });
    const hits = [
      entered('203.0.113.7', python, time),
      hit('drop', time, { file: shellPath }, { recorder: 'windows:Security' }),
    ];
    return operatorsOf({ packs, sources: [...fullLogs(), pageSource], files: [file], hits }).list[0]
      ?.consistentWith;
  };

  test('only by distinguishing traits; all that fit equally are listed', () => {
    expect(consistent('2021-03-05 04:00:00')?.map(({ cluster }) => cluster)).toEqual(['one', 'two']);
  });

  test('only within the time of the trait', () => {
    expect(consistent('2021-04-05 04:00:00')?.map(({ cluster }) => cluster)).toEqual(['two']);
  });

  test('empty otherwise', () => {
    expect(
      operatorsOf({ hits: [entered('203.0.113.7', python, '2021-03-01 10:00:00')] }).list[0]?.consistentWith,
    ).toEqual([]);
  });
});

test('behind a proxy agents alone tell visitors apart, and weakly', () => {
  const sources = fullLogs().map((one) =>
    one.id === 'httpproxy'
      ? { ...one, clients: { sampled: 100, addresses: new Map([['10.0.0.1', 99]]), forwarded: 0 } }
      : one,
  );
  const operators = operatorsOf({
    sources,
    hits: [
      entered('10.0.0.1', python, '2021-03-01 10:00:00'),
      entered('10.0.0.1', 'Go-http-client/1.1', '2021-03-02 10:00:00'),
    ],
  });
  expect(operators.basis).toContain('proxy');
  expect(operators.list.map(({ strength }) => strength)).toEqual(['weak', 'weak']);
});

test('a server’s own address is nobody, unless there is no other', () => {
  const own = [
    ...fullLogs().filter(({ id }) => id !== 'iis-back'),
    source('iis-back', { kind: 'iis', serverAddresses: new Map([['10.0.0.5', 9]]) }),
  ];
  const operators = operatorsOf({
    sources: own,
    hits: [
      entered('203.0.113.7', python, '2021-03-01 10:00:00'),
      entered('10.0.0.5', 'x', '2021-03-01 10:00:00'),
    ],
  });
  expect(operators.list.flatMap(({ addresses }) => addresses)).toEqual(['203.0.113.7']);
});

test('names run from A to Z and on', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
});
