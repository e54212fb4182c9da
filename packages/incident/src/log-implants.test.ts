// Back doors that only web logs show (judgement sections 2 and 7), what looks like them, and one door under many names.

import type { FileFacts, PageFacts, SourceFacts } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import {
  at,
  caseOf,
  family,
  findings,
  fullLogs,
  hit,
  judged,
  page,
  pageSource,
  requests,
  shellPath,
  shellUrl,
  source,
  verdictOf,
} from './testing/facts.ts';

const rest = fullLogs().filter(({ id }) => id !== 'iis-front');
const url = '/owa/auth/forms.aspx';
const office = Array.from({ length: 12 }, (_, k) => `198.51.100.${k + 1}`);

/** One day of the front end's log, as IIS writes it: a file for each day. */
function day(date: string, ...pages: readonly PageFacts[]): SourceFacts {
  return source(`front-${date}`, {
    kind: 'iis',
    families: [family('iis-front', [date, `${date} 23:59:59`])],
    pages,
  });
}

const days = (month: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, k) => `2021-${month}-${String(from + k).padStart(2, '0')}`);

/** Posts to the page on these days by these addresses, in a log that begins on 4 January. */
function used(dates: readonly string[], addresses: readonly string[], answer = 'POST 200'): SourceFacts[] {
  return [...new Set(['2021-01-04', ...dates])].map((date) =>
    dates.includes(date)
      ? day(
          date,
          requests(
            url,
            addresses.map((address) => ({
              address,
              answers: new Map([[answer, 2]]),
              first: at(`${date} 09:00:00`),
              last: at(`${date} 16:00:00`),
            })),
          ),
        )
      : day(date),
  );
}

const attempt = hit('attempt', '2021-02-27 04:00:00', { 'c-ip': '203.0.113.7' });
const assessed = (front: readonly SourceFacts[], more: Parameters<typeof caseOf>[0] = {}) =>
  assess(caseOf({ sources: [...rest, ...front], hits: [attempt], ...more }));

describe('an unknown page that was sent data', () => {
  test('first seen after an attempt, by few: a back door that only the logs show', () => {
    const assessment = assessed(used(days('03', 1, 7), ['203.0.113.7']));
    expect(assessment.implants).toMatchObject([
      { kind: 'web-shell', url, uses: 14, probes: 0, state: 'unknown', file: 'never-seen', placements: [] },
    ]);
    expect(assessment.implants[0]).toMatchObject({ firstUsedAt: '2021-03-01T09:00:00Z' });
  });

  test('after an attempt it is one by many too: shells are shared', () => {
    expect(assessed(used(days('03', 1, 9), office)).implants).toHaveLength(1);
  });

  test('a custom page that many use since the logs begin is shown and set aside', () => {
    const assessment = assessed(used(days('01', 4, 30), office));
    expect(assessment.implants).toEqual([]);
    expect(findings(assessment, 'page-used')[0]?.setAside).toContain('on 27 days by 12 addresses');
    expect(verdictOf(caseOf({ sources: [...rest, ...used(days('01', 4, 30), office)] })).verdict).not.toMatch(
      /compromised/,
    );
  });

  test('a health check from inside, every day since the logs begin, is set aside', () => {
    expect(assessed(used(days('01', 4, 30), ['10.0.0.9'])).implants).toEqual([]);
  });

  test('but from outside by one address it is a back door, however regular', () => {
    expect(assessed(used(days('01', 4, 30), ['203.0.113.200'])).implants).toHaveLength(1);
  });

  test('and behind a proxy that stands for everybody, inside means nothing', () => {
    const front = used(days('01', 4, 30), ['10.0.0.9']).map((one) => ({
      ...one,
      clients: { sampled: 100, addresses: new Map([['10.0.0.9', 90]]), forwarded: 0 },
    }));
    expect(assessed(front).implants).toHaveLength(1);
  });

  test('one that begins in the middle of the logs is none that was always there', () => {
    expect(assessed(used(days('02', 1, 20), office)).implants).toHaveLength(1);
  });

  test('on few days it is none in daily use', () => {
    expect(assessed(used(days('01', 4, 5), office)).implants).toHaveLength(1);
  });

  test('a harmless file older than the first attempt is the organisation’s own page', () => {
    const made = { created: at('2019-05-01'), modified: at('2020-01-01') };
    const file = (verdict: 'benign' | 'remote-control', listed = made): FileFacts => ({
      ...page(`${shellPath.slice(0, -8)}forms.aspx`, verdict),
      listed: { basis: 'mft', source: 'mft', line: 2, ...listed },
    });
    const sources = [...rest, ...used(days('03', 1, 2), ['203.0.113.7']), pageSource, source('mft')];
    const seen = (one: FileFacts) => assessed([], { sources, files: [one] }).implants.length;
    expect(seen(file('benign'))).toBe(0);
    expect(seen(file('benign', { ...made, modified: at('2021-03-01') }))).toBe(1);
    expect(seen(file('remote-control'))).toBe(1);
  });

  test('probing is no use: a page that was only asked for makes no back door', () => {
    const assessment = assessed(used(days('03', 1, 7), ['203.0.113.7'], 'GET 200'));
    expect(assessment.implants).toEqual([]);
    expect(findings(assessment, 'page-seen')).toHaveLength(1);
  });
});

describe('whether a page that only logs show is still there', () => {
  const state = (...answers: readonly string[]) => {
    const front = answers.map((answer, k) => {
      const date = `2021-03-0${k + 2}`;
      const client = {
        answers: new Map([[answer, 1]]),
        first: at(`${date} 09:00:00`),
        last: at(`${date} 09:00:00`),
      };
      return day(date, requests(url, [client]));
    });
    return assessed(front).implants[0]?.state;
  };

  test.each([
    [['POST 200'], 'unknown'],
    [['POST 200', 'GET 200'], 'unknown'],
    [['POST 200', 'GET 404'], 'removed'],
    [['POST 200', 'GET 302'], 'removed'],
    [['POST 200', 'GET 401'], 'unknown'],
    [['GET 404', 'POST 200'], 'unknown'],
    [['POST 200', 'GET 404', 'POST 200'], 'returned'],
  ] as const)('%j: %s', (answers, expected) => {
    expect(state(...answers)).toBe(expected);
  });

  test('a redirect that it gave while it was there says nothing', () => {
    const both = new Map([
      ['POST 200', 1],
      ['GET 302', 1],
    ]);
    const moment = (date: string) => ({ first: at(`${date} 09:00:00`), last: at(`${date} 09:00:00`) });
    const front = [
      day('2021-03-02', requests(url, [{ answers: both, ...moment('2021-03-02') }])),
      day('2021-03-03', requests(url, [{ answers: new Map([['GET 302', 1]]), ...moment('2021-03-03') }])),
    ];
    expect(assessed(front).implants[0]?.state).toBe('unknown');
  });

  test('the file decides where it was collected', () => {
    const front = [day('2021-03-02', requests(shellUrl, [{}]))];
    const [implant] = assessed([], {
      sources: [...rest, ...front, pageSource],
      files: [page(shellPath, 'remote-control')],
    }).implants;
    expect(implant).toMatchObject({ state: 'present', file: 'collected' });
  });
});

describe('one door, one entry', () => {
  const names = (...urls: readonly string[]) =>
    assessed([], {
      sources: [...rest, ...urls.map((one, k) => day(`2021-03-0${k + 2}`, requests(one, [{}]))), pageSource],
      files: [page(shellPath, 'remote-control')],
    }).implants;

  test.each([
    ['/OWA/auth/QZX.aspx'],
    ['/owa/auth/%71zx.aspx'],
    ['/owa/auth/%71%7A%78%2easpx'],
    ['//owa//auth/qzx.aspx'],
    ['/owa/x/../auth/./qzx.aspx'],
    ['/owa/auth/qzx.aspx/more'],
    ['/owa/auth/qzx.aspx::$DATA'],
    ['/owa/auth/qzx.aspx.'],
  ])('as the web server takes %s', (one) => {
    expect(names(shellUrl, one)).toMatchObject([{ url: shellUrl, uses: 2 }]);
  });

  test('a name encoded twice is another name', () => {
    expect(names(shellUrl, '/owa/auth/%2571zx.aspx')).toHaveLength(2);
  });

  const long = shellPath.replace('qzx', 'longer name.of-it');
  const short = 'C:\\PROGRA~1\\Microsoft\\Exchange Server\\V15\\FRONTE~1\\HTTPPR~1\\owa\\auth\\LONGER~1.ASP';
  const dropped = (file: string, second = 0) =>
    hit(
      'drop',
      `2021-03-03 10:00:0${second}`,
      { file },
      { recorder: 'windows:Security', at: { offset: second } },
    );

  test('by its 8.3 name, folders and all', () => {
    const { implants } = assessed([], { sources: fullLogs(), hits: [dropped(long), dropped(short, 1)] });
    expect(implants).toMatchObject([{ url: '/owa/auth/longer name.of-it.aspx' }]);
  });

  test('an 8.3 name that two may have stays by itself', () => {
    const other = shellPath.replace('qzx', 'longerstill');
    const hits = [dropped(long), dropped(other, 2), dropped(short, 1)];
    expect(assessed([], { sources: fullLogs(), hits }).implants).toHaveLength(3);
  });
});

test('each basis of when it was placed is named, the best first', () => {
  const [implant] = assess(
    caseOf({
      sources: [...fullLogs(), pageSource, source('mft', { kind: 'file-listing' })],
      hits: [
        hit('drop', '2021-03-03 10:00:09', { file: shellPath }, { recorder: 'windows:Security' }),
        hit(
          'drop',
          '2021-03-03 10:00:10',
          { file: shellPath },
          { recorder: 'windows:Security', at: { offset: 9 } },
        ),
        hit('drop', '2021-03-03 10:00:08', { file: shellPath }, { recorder: 'ecp-server' }),
      ],
      files: [
        page(shellPath, 'remote-control', {
          judged: judged('remote-control', { times: new Map([['WhenChanged', at('2021-03-03 10:00:07')]]) }),
          listed: { basis: 'mft', created: at('2021-03-03 10:00:05'), source: 'mft', line: 2 },
        }),
      ],
    }),
  ).implants;
  expect(implant?.placements).toEqual([
    { time: '2021-03-03T10:00:05Z', basis: '$MFT' },
    { time: '2021-03-03T10:00:09Z', basis: 'windows:Security' },
    { time: '2021-03-03T10:00:08Z', basis: 'ecp-server' },
    { time: '2021-03-03T10:00:07Z', basis: "the page's own text (WhenChanged)" },
  ]);
  expect(implant?.placedAt).toEqual(implant?.placements[0]);
});
