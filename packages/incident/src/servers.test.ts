// Judgement section 5: which server, which client.

import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import {
  caseOf,
  family,
  findings,
  front,
  fullLogs,
  hit,
  options,
  requests,
  serverOf,
  source,
  verdictOf,
} from './testing/facts.ts';

const namesOf = (sources: ReturnType<typeof fullLogs>, more = {}) => {
  const assessment = assess(caseOf({ sources, ...more }));
  return assessment.coverage.sources.map(({ id, server }) => [
    id,
    assessment.servers.find((one) => one.id === server)?.names[0],
  ]);
};
const nameless = (id: string, more = {}) => source(id, { kind: 'iis', hosts: new Map(), ...more });

describe('the server of a source', () => {
  test('the host name in its records; a short and a full name are one host', () => {
    const sources = [
      source('a'),
      source('b', { hosts: new Map([['ex01', 3]]) }),
      source('c', { hosts: new Map([['EX02', 3]]) }),
    ];
    expect(namesOf(sources)).toEqual([
      ['a', 'EX01.corp.example'],
      ['b', 'EX01.corp.example'],
      ['c', 'EX02'],
    ]);
  });

  test('two full names with one label are two hosts', () => {
    const sources = [source('a'), source('b', { hosts: new Map([['EX01.other.example', 3]]) })];
    expect(new Set(namesOf(sources).map(([, name]) => name)).size).toBe(2);
  });

  test('else its own address in a named host’s log', () => {
    const own = { serverAddresses: new Map([['10.0.0.5', 9]]) };
    const sources = [
      source('a', own),
      source('z', { hosts: new Map([['EX02', 1]]) }),
      nameless('b', { ...own, path: 'case/elsewhere/b.log' }),
    ];
    expect(namesOf(sources)).toContainEqual(['b', 'EX01.corp.example']);
  });

  test('loopback is no address of anybody', () => {
    const own = { serverAddresses: new Map([['::1', 9]]) };
    const sources = [
      source('a', { ...own, path: 'case/a/1.log' }),
      source('z', { hosts: new Map([['EX02', 1]]), path: 'case/z/1.log' }),
      nameless('b', { ...own, path: 'case/b.log' }),
    ];
    expect(namesOf(sources)).toContainEqual(['b', 'unassigned']);
  });

  test('else the nearest folder with one host below', () => {
    const sources = [
      source('a', { path: 'case/one/C/Logging/a.log' }),
      source('b', { path: 'case/two/C/Logging/b.log', hosts: new Map([['EX02', 1]]) }),
      nameless('w', { path: 'case/two/C/inetpub/w.log' }),
    ];
    expect(namesOf(sources)).toContainEqual(['w', 'EX02']);
  });

  test('else the request ids of a named host’s HttpProxy log', () => {
    const id = '0a1b2c3d-0000-4000-8000-0123456789ab';
    const sources = [
      source('a', { path: 'case/a.log' }),
      source('b', { path: 'case/b.log', hosts: new Map([['EX02', 1]]) }),
      nameless('w', { path: 'case/w.log' }),
    ];
    const hits = [
      hit('attempt', '2021-03-03 10:00:00', { RequestId: id }, { source: 'a' }),
      hit(
        'attempt',
        '2021-03-03 10:00:00',
        { RequestId: `&cafeReqId=${id};` },
        { source: 'w', recorder: 'iis-front' },
      ),
    ];
    expect(namesOf(sources, { hits })).toContainEqual(['w', 'EX01.corp.example']);
  });

  test('else the collection’s root', () => {
    expect(namesOf([nameless('w')])).toEqual([['w', 'case']]);
  });

  test('else unassigned, and said', () => {
    const sources = [...fullLogs(), source('b', { hosts: new Map([['EX02', 1]]) }), nameless('w')];
    const assessment = assess(caseOf({ sources }));
    expect(assessment.servers.map(({ names }) => names[0])).toContain('unassigned');
    expect(
      serverOf(assessment, 'EX01.corp.example')
        .campaigns[0]?.limits.map(({ text }) => text)
        .join(),
    ).toContain('--server NAME=PATH');
  });

  test('--server goes before all', () => {
    const servers = new Map([['MAIL', ['case/a.log']]]);
    expect(namesOf([source('a'), source('b')], { options: options({ servers }) })).toEqual([
      ['a', 'MAIL'],
      ['b', 'EX01.corp.example'],
    ]);
  });
});

describe('recordedOn and targets', () => {
  const anchor = 'ServerInfo~a]@EX02.corp.example:444/ecp/proxyLogon.ecp?#';
  const proxied = hit('session', '2021-03-03 10:00:00', { AnchorMailbox: anchor, 'c-ip': '203.0.113.7' });
  const other = source('ecp2', {
    hosts: new Map([['EX02.corp.example', 9]]),
    families: [family('ecp-server', ['2021-01-03', '2021-03-18'])],
  });

  test('a request on A that has its effect on B', () => {
    const facts = caseOf({
      sources: [...fullLogs(), other],
      hits: [proxied, hit('script', '2021-03-03 10:00:09', {}, { source: 'ecp2', recorder: 'ecp-server' })],
    });
    const assessment = assess(facts);
    const [a, b] = ['EX01.corp.example', 'EX02.corp.example'].map((name) => serverOf(assessment, name));
    expect(findings(assessment, 'session')[0]).toMatchObject({ recordedOn: a?.id, targets: [b?.id] });
    expect(findings(assessment, 'script')[0]).toMatchObject({ recordedOn: b?.id, targets: [b?.id] });
    expect(verdictOf(facts, 'EX02.corp.example')).toMatchObject({
      verdict: 'compromised',
      confidence: 'high',
    });
    expect(verdictOf(facts).verdict).toBe('attacked');
    expect(verdictOf(facts).exposure).toContainEqual(
      expect.objectContaining({ state: 'vulnerable', cve: 'CVE-2021-26855' }),
    );
  });

  test('a server that left no records is known by name', () => {
    const facts = caseOf({ sources: fullLogs(), hits: [proxied] });
    expect(verdictOf(facts, 'ex02.corp.example').verdict).toBe('compromised');
  });

  test('a full name is that of a server known by its short name', () => {
    const short = source('ecp2', {
      hosts: new Map([['EX02', 9]]),
      families: [family('ecp-server', ['2021-01-03', '2021-03-18'])],
    });
    expect(verdictOf(caseOf({ sources: [...fullLogs(), short], hits: [proxied] }), 'EX02').verdict).toBe(
      'compromised',
    );
  });

  test('names of strangers make no servers', () => {
    const outside = hit('session', '2021-03-03 10:00:00', {
      AnchorMailbox: 'ServerInfo~a]@scan.attacker.test:444/x',
    });
    const assessment = assess(caseOf({ sources: fullLogs(), hits: [outside] }));
    expect(assessment.servers).toHaveLength(1);
  });

  test('a rule that names the recording host names no target by it', () => {
    const named = { ...testRule(), entities: { host: ['ServerHostName'] } };
    const facts = caseOf({
      sources: [...fullLogs(), other],
      rules: new Map([['session', named]]),
      hits: [hit('session', '2021-03-03 10:00:00', { AnchorMailbox: anchor, ServerHostName: 'EX01' })],
    });
    expect(assess(facts).findings[0]?.targets).toEqual([serverOf(assess(facts), 'EX02.corp.example').id]);
  });

  test('a domain controller that recorded 5136 is not the compromised one', () => {
    const dc = source('dc', {
      kind: 'windows-events-json',
      hosts: new Map([['DC01.corp.example', 9]]),
      families: [family('windows:Security', ['2021-03-01', '2021-03-18'])],
    });
    const dn = 'CN=OAB (Default Web Site),CN=HTTP,CN=Protocols,CN=EX01,CN=Servers,CN=x';
    const facts = caseOf({
      sources: [...fullLogs(), dc],
      hits: [
        hit(
          'script',
          '2021-03-03 10:00:00',
          { ObjectDN: dn },
          { source: 'dc', recorder: 'windows:Security' },
        ),
      ],
    });
    const assessment = assess(facts);
    expect(serverOf(assessment, 'DC01.corp.example')).toMatchObject({ campaigns: [] });
    expect(serverOf(assessment, 'DC01.corp.example').headline).toBeUndefined();
    expect(verdictOf(facts).verdict).toBe('compromised');
  });
});

function testRule() {
  const rule = caseOf().rules.get('session');
  if (rule === undefined) throw new RangeError('no rule');
  return rule;
}

describe('products', () => {
  test('a shell started by one of the product’s pools proves the product where nothing else is left', () => {
    const sources = [source('events', { kind: 'windows-events-json' })];
    const recorder = 'windows:Microsoft-Windows-Sysmon/Operational';
    const started = (pool: string) =>
      hit('shell', '2021-03-03 10:00:00', { ParentCommandLine: pool }, { recorder });
    const verdicts = (pool: string) =>
      assess(caseOf({ sources, hits: [started(pool)] })).servers.flatMap(({ campaigns }) =>
        campaigns.map(({ verdict }) => verdict),
      );
    expect(verdicts('w3wp.exe -ap "MSExchangeOWAAppPool"')).toEqual(['compromised']);
    expect(verdicts('w3wp.exe -ap "DefaultAppPool"')).toEqual([]);
  });

  test('a web server that is no Exchange gets findings and no ladder', () => {
    const web = source('web', {
      kind: 'iis',
      hosts: new Map([['WEB1', 9]]),
      families: [family('iis-front', ['2021-01-03', '2021-03-18'])],
    });
    const assessment = assess(
      caseOf({
        sources: [web],
        hits: [
          hit(
            'attempt',
            '2021-03-03 10:00:00',
            { 'c-ip': '203.0.113.7' },
            { source: 'web', recorder: 'iis-front' },
          ),
        ],
      }),
    );
    expect(assessment.servers[0]?.campaigns).toEqual([]);
    expect(assessment.findings).toHaveLength(1);
  });

  test('Exchange by its own logs, by its folders, by its own monitoring', () => {
    const ladder = (facts: Parameters<typeof caseOf>[0]) =>
      assess(caseOf(facts)).servers[0]?.campaigns.length;
    expect(
      ladder({ sources: [source('a', { families: [family('ews', ['2021-03-01', '2021-03-02'])] })] }),
    ).toBe(1);
    expect(
      ladder({
        sources: [
          source('a', {
            kind: 'web-config',
            originalPath: 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\web.config',
          }),
        ],
      }),
    ).toBe(1);
    expect(ladder({ sources: [source('a', { kind: 'iis', probes: 3 })] })).toBe(1);
    expect(ladder({ sources: [source('a', { kind: 'iis' })] })).toBe(0);
  });
});

describe('clients', () => {
  const behind = (count: number) =>
    fullLogs().map((one) =>
      one.id === 'httpproxy'
        ? {
            ...one,
            clients: {
              sampled: 100,
              addresses: new Map([
                ['10.0.0.1', count],
                ['203.0.113.9', 100 - count],
              ]),
              forwarded: count,
            },
          }
        : one,
    );
  const forwarded = (chain: string, time: string) =>
    hit('session', time, { 'c-ip': '10.0.0.1', agent: 'python-requests/2.25.1', 'X-Forwarded-For': chain });

  test('each address says which field gave it', () => {
    const assessment = assess(
      caseOf({
        sources: fullLogs(),
        hits: [hit('session', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7:4433' })],
      }),
    );
    expect(assessment.findings[0]?.entities.addresses).toEqual([{ value: '203.0.113.7', from: 'c-ip' }]);
  });

  test('behind a private address that carries most: the right-most forwarded address that is no proxy', () => {
    const assessment = assess(
      caseOf({
        sources: behind(90),
        hits: [forwarded('198.51.100.66, 203.0.113.7, 10.0.0.1', '2021-03-03 10:00:00')],
      }),
    );
    expect(assessment.findings[0]?.entities.addresses).toEqual([
      { value: '203.0.113.7', from: 'X-Forwarded-For' },
    ]);
  });

  test('a stated proxy is passed over', () => {
    const trusted = options({ trustedProxies: ['203.0.113.0/24'] });
    const assessment = assess(
      caseOf({
        sources: behind(90),
        hits: [forwarded('198.51.100.66, 203.0.113.7', '2021-03-03 10:00:00')],
        options: trusted,
      }),
    );
    expect(assessment.findings[0]?.entities.addresses[0]?.value).toBe('198.51.100.66');
  });

  test('without a forwarded address nobody is told apart by address, and it is said', () => {
    const hits = [hit('session', '2021-03-03 10:00:00', { 'c-ip': '10.0.0.1', agent: 'a/1' })];
    const assessment = assess(caseOf({ sources: behind(90), hits }));
    expect(assessment.operators.basis).toContain('behind a proxy');
    expect(assessment.servers[0]?.campaigns[0]?.limits.map(({ text }) => text).join()).toContain(
      'A proxy (10.0.0.1) passes on requests',
    );
  });

  test('a page that was used by somebody behind a proxy: who the proxy says it was', () => {
    const used = (forwarded?: string) =>
      front(
        requests('/owa/auth/other.aspx', [
          { address: '10.0.0.1', ...(forwarded === undefined ? {} : { forwarded }) },
        ]),
      );
    const seen = (forwarded?: string) =>
      findings(
        assess(caseOf({ sources: [...behind(90).filter(({ id }) => id !== 'iis-front'), used(forwarded)] })),
        'page-used',
      )[0]?.entities.addresses;
    expect(seen('198.51.100.66, 203.0.113.7')).toEqual([{ value: '203.0.113.7', from: 'X-Forwarded-For' }]);
    expect(seen()).toEqual([{ value: '10.0.0.1', from: 'c-ip (proxy)' }]);
  });

  test('an address inside that asks in the name of many others is a proxy, however much else comes from inside', () => {
    const asked = (count: number, address = '10.0.0.9') =>
      requests(
        '/owa/auth/logon.aspx',
        Array.from({ length: count }, (_, k) => ({ address, forwarded: `203.0.113.${k + 10}` })),
      );
    const used = requests('/owa/auth/other.aspx', [{ address: '10.0.0.9', forwarded: '203.0.113.7' }]);
    const seen = (...pages: readonly ReturnType<typeof requests>[]) =>
      findings(
        assess(caseOf({ sources: [...fullLogs().filter(({ id }) => id !== 'iis-front'), front(...pages)] })),
        'page-used',
      )[0]?.entities.addresses;
    expect(seen(asked(5), used)).toEqual([{ value: '203.0.113.7', from: 'X-Forwarded-For' }]);
    const inside = [{ value: '10.0.0.9', from: 'c-ip' }];
    // One who writes the header himself, and one who mostly does not.
    expect(seen(asked(3), used)).toEqual(inside);
    const silent = Array.from({ length: 9 }, (_, k) => ({ address: '10.0.0.9', agent: `a/${k}` }));
    expect(seen(asked(5), requests('/owa/auth/logon.aspx', silent), used)).toEqual(inside);
  });

  test('that no record names is said to be called after its collection', () => {
    const limits = (sources: ReturnType<typeof fullLogs>, name?: string) =>
      verdictOf(caseOf({ sources }), name).limits.map(({ text }) => text);
    const text = expect.stringContaining('No record names this server') as string;
    expect(
      limits(
        fullLogs().map((one) => ({ ...one, hosts: new Map() })),
        'case',
      ),
    ).toContainEqual(text);
    expect(limits(fullLogs())).not.toContainEqual(text);
  });

  test('the server itself is no proxy: neither its back end nor the address of its own link', () => {
    const clients = {
      sampled: 200,
      addresses: new Map([
        ['fe80::9094:136b:1741:640f', 180],
        ['203.0.113.9', 20],
      ]),
      forwarded: 0,
    };
    const limitsWith = (more: Parameters<typeof source>[1]): string => {
      const sources = [...fullLogs(), source('more', { kind: 'iis', ...more })];
      return verdictOf(caseOf({ sources }))
        .limits.map(({ text }) => text)
        .join('\n');
    };
    expect(limitsWith({ clients })).not.toContain('A proxy');
    const own = { ...clients, addresses: new Map([['10.0.0.7', 180]]) };
    expect(
      limitsWith({ clients: own, families: [family('iis-back', ['2021-03-01', '2021-03-02'])] }),
    ).not.toContain('A proxy');
    expect(limitsWith({ clients: own })).toContain(
      'A proxy (10.0.0.7) passes on requests; clients behind it',
    );
    expect(limitsWith({ clients: { ...own, forwarded: 170 } })).toContain('taken from what it says');
  });

  test('a private address among many is a client', () => {
    const assessment = assess(
      caseOf({ sources: behind(20), hits: [hit('session', '2021-03-03 10:00:00', { 'c-ip': '10.0.0.1' })] }),
    );
    expect(assessment.operators.list[0]?.addresses).toEqual(['10.0.0.1']);
  });

  test('rows of front and back end about one request count once', () => {
    const RequestId = '0a1b2c3d-0000-4000-8000-0123456789ab';
    const hits = [
      hit('session', '2021-03-03 10:00:00', { RequestId }),
      hit('session', '2021-03-03 10:00:00', { RequestId }, { recorder: 'iis-back' }),
    ];
    expect(assess(caseOf({ sources: fullLogs(), hits })).findings).toMatchObject([
      { count: 1, evidenceTotal: 2 },
    ]);
  });

  test('managed availability is address and agent and URL together', () => {
    const probe = { 'c-ip': '127.0.0.1', agent: 'AMProbe/Local/ClientAccess', url: '/ecp/x.js' };
    const aside = (captures: Record<string, string>) =>
      findings(
        assess(caseOf({ sources: fullLogs(), hits: [hit('attempt', '2021-03-03 10:00:00', captures)] })),
        'attempt',
      )[0]?.setAside;
    expect(aside(probe)).toContain('own monitoring');
    expect(aside({ ...probe, agent: 'python-requests/2.25.1' })).toBeUndefined();
    expect(aside({ ...probe, 'c-ip': '203.0.113.7' })).toBeUndefined();
  });

  test('the number set aside is shown', () => {
    const clients = { sampled: 900, addresses: new Map(), forwarded: 0 };
    const { setAside } = assess(caseOf({ sources: [source('a', { probes: 40, clients })] })).coverage;
    expect(setAside).toMatchObject([{ count: 40 }]);
    expect(setAside[0]?.what).toContain('among 900 that were drawn evenly');
  });

  test('an attack from the server itself has somebody behind it, but loopback is not where he came from', () => {
    const assessment = assess(
      caseOf({ sources: fullLogs(), hits: [hit('session', '2021-03-03 10:00:00', { 'c-ip': '127.0.0.1' })] }),
    );
    expect(assessment.operators.list[0]).toMatchObject({ kind: 'intruder', addresses: [], strength: 'weak' });
  });
});
