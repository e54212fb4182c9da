// Judgement section 7, first half: back doors, their times, their state, and what logs alone tell of them.

import type { PageFacts } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import {
  at,
  caseOf,
  findings,
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
import { layout, testPack } from './testing/pack.ts';

const rest = fullLogs().filter(({ id }) => id !== 'iis-front');
const implantsOf = (facts: Parameters<typeof caseOf>[0]) =>
  assess(caseOf({ sources: [...fullLogs(), pageSource], ...facts })).implants;
const mft = source('mft', { kind: 'file-listing' });
const sysmon = 'windows:Microsoft-Windows-Sysmon/Operational';

test('all witnesses of one back door are one implant: file, drop, listing, requests, share', () => {
  const hits = [
    hit('drop', '2021-03-03 10:00:01', { file: shellPath }, { recorder: sysmon }),
    hit(
      'drop',
      '2021-03-03 10:00:02',
      { file: shellPath.slice(3) },
      { recorder: 'windows:Security', at: { offset: 5 } },
    ),
    hit(
      'drop',
      '2021-03-03 10:00:03',
      { file: `\\\\127.0.0.1\\c$\\${shellPath.slice(3)}` },
      { recorder: 'windows:Security', at: { offset: 6 } },
    ),
    hit('listed', '2021-03-03 10:00:00', { file: shellPath.toUpperCase() }, { recorder: 'file-listing' }),
  ];
  const used = front(
    requests(shellUrl, [
      {
        answers: new Map([
          ['POST 200', 3],
          ['GET 200', 1],
        ]),
      },
    ]),
  );
  const file = page(shellPath, 'remote-control', {
    judged: judged('remote-control', { family: 'OAB dump with script' }),
  });
  const implants = implantsOf({ sources: [...rest, used, pageSource], hits, files: [file] });
  expect(implants).toHaveLength(1);
  expect(implants[0]).toMatchObject({
    kind: 'web-shell',
    url: shellUrl,
    sha256: 'ab'.repeat(32),
    family: 'OAB dump with script',
    uses: 3,
    state: 'present',
    traits: ['runs what a request tells it'],
  });
  expect(implants[0]?.findings.length).toBeGreaterThanOrEqual(4);
});

describe('placedAt', () => {
  const made = { basis: 'mft', created: at('2021-03-03 10:00:00'), source: 'mft', line: 2 } as const;
  const drop = hit('drop', '2021-03-03 10:00:09', { file: shellPath }, { recorder: sysmon });
  const own = judged('remote-control', { times: new Map([['WhenChanged', at('2021-03-03 02:00:00')]]) });
  const placed = (facts: Parameters<typeof caseOf>[0]) =>
    implantsOf({ sources: [...fullLogs(), pageSource, mft], ...facts })[0]?.placedAt;

  test('$MFT before records, records before the page’s own text', () => {
    expect(
      placed({ hits: [drop], files: [page(shellPath, 'remote-control', { judged: own, listed: made })] }),
    ).toEqual({ time: '2021-03-03T10:00:00Z', basis: '$MFT' });
    expect(placed({ hits: [drop], files: [page(shellPath, 'remote-control', { judged: own })] })).toEqual({
      time: '2021-03-03T10:00:09Z',
      basis: sysmon,
    });
    expect(placed({ files: [page(shellPath, 'remote-control', { judged: own })] })?.basis).toContain(
      'WhenChanged',
    );
  });

  test('a creation after the first use is that of a copy', () => {
    const used = front(
      requests(shellUrl, [{ first: at('2021-03-03 10:05:00'), last: at('2021-03-03 10:05:00') }]),
    );
    const copied = { ...made, created: at('2021-03-20 08:00:00') };
    const files = [page(shellPath, 'remote-control', { judged: own, listed: copied })];
    expect(placed({ sources: [...rest, used, pageSource, mft], files })?.basis).toContain('own text');
  });

  test('a page of the product is placed when it was changed, not when set-up made it', () => {
    const changed = { ...made, created: at('2019-05-14 09:12:31'), modified: at('2021-03-03 10:00:04') };
    const placedAs = (listed: typeof changed) =>
      placed({ files: [page(shellPath, 'remote-control', { judged: own, listed })] });
    expect(placedAs(changed)).toEqual({ time: '2021-03-03T10:00:04Z', basis: '$MFT (changed)' });
    const soon = { ...changed, created: at('2021-03-01 10:00:00') };
    expect(placedAs(soon)).toEqual({ time: '2021-03-01T10:00:00Z', basis: '$MFT' });
  });

  test('a collected file alone has none: times of copies never decide', () => {
    expect(placed({ files: [page(shellPath, 'remote-control')] })).toBeUndefined();
  });
});

describe('state', () => {
  const drop = hit('drop', '2021-03-03 10:00:00', { file: shellPath }, { recorder: sysmon });
  const removed = hit(
    'unlisted',
    '2021-03-05 10:00:00',
    { file: shellPath },
    { recorder: 'windows:Security' },
  );
  const stateOf = (facts: Parameters<typeof caseOf>[0]) =>
    implantsOf({ sources: [...fullLogs(), pageSource, mft], ...facts })[0]?.state;

  test('present: collected, or listed and not deleted', () => {
    expect(stateOf({ files: [page(shellPath, 'remote-control')] })).toBe('present');
    const { source: _, judged: __, ...named } = page(shellPath, 'benign');
    expect(
      stateOf({
        hits: [drop],
        files: [{ ...named, listed: { basis: 'mft', created: at('2021-03-03'), source: 'mft', line: 1 } }],
      }),
    ).toBe('present');
  });

  test('removed, by a record or by the journal', () => {
    expect(stateOf({ hits: [drop, removed] })).toBe('removed');
    const { source: _, judged: __, ...named } = page(shellPath, 'benign');
    expect(
      stateOf({
        hits: [drop],
        files: [
          {
            ...named,
            listed: {
              basis: 'usn',
              created: at('2021-03-03'),
              deleted: at('2021-03-04'),
              source: 'mft',
              line: 1,
            },
          },
        ],
      }),
    ).toBe('removed');
  });

  test('returned: placed or used again after it was taken away', () => {
    const again = hit(
      'drop',
      '2021-03-06 10:00:00',
      { file: shellPath },
      { recorder: sysmon, at: { offset: 99 } },
    );
    expect(stateOf({ hits: [drop, removed, again] })).toBe('returned');
  });

  test('unknown: only a record of its making', () => {
    expect(stateOf({ hits: [drop] })).toBe('unknown');
  });
});

describe('presence by log', () => {
  const answers = (...list: readonly (readonly [string, number])[]) => {
    const used = front(requests('/owa/auth/zz.aspx', [{ answers: new Map(list) }]));
    return assess(caseOf({ sources: [...rest, used] }));
  };

  test.each(['GET 200', 'GET 206', 'GET 304', 'GET 500', 'HEAD 200'])('%s: it exists', (answer) => {
    expect(findings(answers([answer, 1]), 'page-seen')).toHaveLength(1);
  });

  test.each(['GET 302', 'GET 404', 'POST 302', 'GET 401', 'GET 403', 'POST 404'])(
    '%s: not at that time, or unknown',
    (answer) => {
      expect(answers([answer, 1]).findings).toEqual([]);
    },
  );

  test('500 to a POST on a page that nobody knows is presence; on a known back door it ran and failed', () => {
    expect(findings(answers(['POST 500', 2]), 'page-used')).toEqual([]);
    const used = front(requests(shellUrl, [{ answers: new Map([['POST 500', 2]]) }]));
    expect(
      implantsOf({ sources: [...rest, used, pageSource], files: [page(shellPath, 'remote-control')] })[0]
        ?.uses,
    ).toBe(2);
  });

  test('a server that answers any name in a folder with 200 says nothing by it', () => {
    const pages = Array.from({ length: 25 }, (_, k) => requests(`/owa/auth/r${k}.aspx`, [{}]));
    const assessment = assess(caseOf({ sources: [...rest, front(...pages)] }));
    expect(assessment.implants).toEqual([]);
    expect(assessment.findings.every(({ setAside }) => setAside?.includes('answers any name'))).toBe(true);
    const refused = requests('/owa/auth/none.aspx', [{ answers: new Map([['GET 404', 1]]) }]);
    expect(assess(caseOf({ sources: [...rest, front(...pages, refused)] })).implants).toHaveLength(25);
  });

  test('nor does one that answers ten names of one visitor’s list, each asked for once', () => {
    const walk = (count: number, address = '192.0.2.9') =>
      Array.from({ length: count }, (_, k) => requests(`/owa/auth/${address}.${k}.aspx`, [{ address }]));
    const implants = (...pages: readonly ReturnType<typeof requests>[]) =>
      assess(caseOf({ sources: [...rest, front(...pages)] })).implants.length;
    expect(implants(...walk(10))).toBe(0);
    expect(implants(...walk(9))).toBe(9);
    // A page that is asked for again, a second visitor, and a name that is refused each speak against it.
    expect(implants(...walk(10), requests(shellUrl, [{ answers: new Map([['POST 200', 2]]) }]))).toBe(11);
    expect(implants(...walk(5), ...walk(5, '192.0.2.10'))).toBe(10);
    expect(implants(...walk(10), requests(shellUrl, [{ answers: new Map([['GET 404', 1]]) }]))).toBe(10);
  });

  test('a list of names is gone through with GET and POST, and through several folders', () => {
    const both = new Map([
      ['GET 200', 1],
      ['POST 200', 1],
    ]);
    const walk = (folder: string, count: number, answers = both) =>
      Array.from({ length: count }, (_, k) => requests(`${folder}n${k}.aspx`, [{ answers }]));
    const implants = (...pages: readonly ReturnType<typeof requests>[]) =>
      assess(caseOf({ sources: [...rest, front(...pages)] })).implants.length;
    expect(implants(...walk('/owa/auth/', 7), ...walk('/aspnet_client/', 3))).toBe(0);
    // Two names in a folder are no walk through it, and a folder in which one was refused tells names apart.
    expect(implants(...walk('/owa/auth/', 9), ...walk('/aspnet_client/', 2))).toBe(2);
    const refused = requests('/aspnet_client/none.aspx', [{ answers: new Map([['GET 404', 1]]) }]);
    expect(implants(...walk('/owa/auth/', 7), ...walk('/aspnet_client/', 3), refused)).toBe(3);
    expect(implants(...walk('/owa/auth/', 10, new Map([['POST 200', 2]])))).toBe(10);
  });

  test('a place that a layout marks by the port of the front end is shown without it', () => {
    const served = [
      { path: '\\inetpub\\wwwroot\\', url: ':443/' },
      { path: '\\clientaccess\\owa\\', url: ':444/owa/' },
    ];
    const place = (path: string) =>
      assess(
        caseOf({
          packs: [testPack({ layout: { ...layout, served } })],
          sources: [...rest, pageSource],
          files: [page(path, 'remote-control')],
        }),
      ).implants[0]?.url;
    expect(place('C:\\inetpub\\wwwroot\\shop\\x.aspx')).toBe('/shop/x.aspx');
    expect(place('C:\\V15\\ClientAccess\\Owa\\x.aspx')).toBe(':444/owa/x.aspx');
  });

  test('rows of the back end count once with those of the front end', () => {
    const both = [
      front(requests(shellUrl, [{}])),
      source('iis-back', { kind: 'iis', pages: [requests(shellUrl, [{}], { site: 'back' })] }),
    ];
    expect(
      assess(caseOf({ sources: [...rest.filter(({ id }) => id !== 'iis-back'), ...both] })).implants[0]?.uses,
    ).toBe(1);
  });

  test('what is written behind the name of a page belongs to it', () => {
    const used = front(requests(`${shellUrl}/more`, [{}]));
    expect(assess(caseOf({ sources: [...rest, used] })).implants[0]?.url).toBe(shellUrl);
  });
});

test('a look-alike name that lies there benign is a lead and no back door', () => {
  const files = [page(shellPath.replace('qzx', 'RedirSuiteServerProxy'), 'benign')];
  const result = assess(caseOf({ sources: [...fullLogs(), pageSource], files }));
  expect(result.findings.map(({ witness, act }) => `${witness} ${act}`)).toEqual(['lead page-look-alike']);
  expect(result.implants).toEqual([]);
});

test('a compiled page joins the back door of its name', () => {
  const path = 'C:\\Windows\\Temporary ASP.NET Files\\owa\\1\\2\\qzx.aspx.cdcab7d2.compiled';
  const used = front(requests(shellUrl, [{}]));
  const implants = implantsOf({
    sources: [...rest, used, pageSource],
    files: [{ path, collection: 'case', source: 'page' }],
  });
  expect(implants).toHaveLength(1);
  expect(implants[0]).toMatchObject({ url: shellUrl, findings: { length: 2 } });
});

test('a row of the file table says that a page is gone, not when: its time is that of the making', () => {
  const gone = hit('unlisted', '2021-03-03 10:00:00', { file: shellPath }, { recorder: 'file-listing' });
  const used = front(
    requests(shellUrl, [{ first: at('2021-03-03 10:05:00'), last: at('2021-03-03 10:09:00') }]),
  );
  const [implant] = implantsOf({ sources: [...rest, used, pageSource], hits: [gone] });
  expect(implant?.state).toBe('removed');
  const journal = hit(
    'unlisted',
    '2021-03-03 10:00:00',
    { file: shellPath, Reason: 'FileDelete' },
    { recorder: 'file-listing' },
  );
  expect(implantsOf({ sources: [...rest, used, pageSource], hits: [journal] })[0]?.state).toBe('returned');
});

test('a row that says a page is gone outweighs the row that names it, unless the page was collected', () => {
  const gone = hit('unlisted', '2021-03-03 10:00:00', { file: shellPath }, { recorder: 'file-listing' });
  const row = {
    path: shellPath,
    collection: 'case',
    listed: { basis: 'mft', created: at('2021-03-03'), source: 'mft', line: 1 },
  } as const;
  const sources = [...fullLogs(), pageSource, mft];
  expect(implantsOf({ sources, hits: [gone], files: [row] })[0]?.state).toBe('removed');
  expect(
    implantsOf({ sources, hits: [gone], files: [{ ...page(shellPath, 'remote-control'), ...row }] })[0]
      ?.state,
  ).toBe('present');
});

test('a page changed long after it was made is found at the time of its change', () => {
  const edited = {
    basis: 'mft',
    created: at('2019-05-14'),
    modified: at('2021-03-02 06:52:09'),
    source: 'mft',
    line: 2,
  } as const;
  const files = [page(shellPath, 'remote-control', { listed: edited })];
  const assessment = assess(caseOf({ sources: [...fullLogs(), pageSource, mft], files }));
  expect(findings(assessment, 'page-content')[0]?.first).toBe('2021-03-02T06:52:09Z');
  expect(assessment.timeline.filter(({ lane }) => lane === 'attacker').map(({ time }) => time)).toEqual([
    '2021-03-02T06:52:09Z',
  ]);
});

describe('the letters of a name', () => {
  const used = (written: string | undefined, time: string): PageFacts =>
    requests(shellUrl, [{ first: at(time), last: at(time) }], written === undefined ? {} : { written });
  const shells = [shellUrl.replace(/[^/]+$/, 'svmBUZ1.aspx'), shellUrl.replace(/[^/]+$/, 'SVMbuz1.aspx')];
  const [early = '', late = ''] = shells;
  const inUrl = { url: early.toLowerCase() };
  const second = { ...front({ ...used(late, '2021-03-05 10:00:00'), ...inUrl }), id: 'iis-2' };
  const first = front({ ...used(early, '2021-03-04 10:00:00'), ...inUrl });

  test('are those of the first request, in the back door, the time line and the finding; ids do not hang on them', () => {
    const spelled = assess(caseOf({ sources: [...rest, second, first] }));
    const folded = assess(
      caseOf({ sources: [...rest, front({ ...used(undefined, '2021-03-04 10:00:00'), ...inUrl })] }),
    );
    expect(spelled.implants).toMatchObject([{ url: early, id: folded.implants[0]?.id }]);
    expect(folded.implants[0]?.url).toBe(early.toLowerCase());
    expect(spelled.timeline.some(({ title }) => title.includes(early))).toBe(true);
    expect(JSON.stringify(spelled)).not.toContain(late);
    expect(spelled.findings).toMatchObject([{ entities: { urls: [early] }, id: folded.findings[0]?.id }]);
    expect(assess(caseOf({ sources: [first, ...rest, second] })).implants).toEqual(spelled.implants);
  });

  test('of a file whose path is known are those of the file', () => {
    const path = shellPath.replace(/[^\\]+$/, 'SvmBuz1.aspx');
    const assessment = assess(
      caseOf({ sources: [...rest, first, pageSource], files: [page(path, 'remote-control')] }),
    );
    expect(assessment.implants).toMatchObject([{ path, url: early.replace('svmBUZ1', 'SvmBuz1') }]);
  });
});
