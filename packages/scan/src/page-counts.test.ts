import { limits, type PageFacts } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { othersName, PageCounts, pageFinder } from './page-counts.ts';
import { eachBatch, frontLog, iisLog, type Request } from './testing/records.ts';

const product = new Set(['/owa/auth/logon.aspx']);

function countPages(requests: readonly Request[], path = frontLog): readonly PageFacts[] {
  const counts = new PageCounts(pageFinder(['.aspx'], (url) => product.has(url)));
  eachBatch(iisLog(requests), path, (batch) => {
    for (let record = 0; record < batch.count; record++) counts.see(batch, record);
  });
  return counts.facts();
}

const page = '/aspnet_client/x.aspx';

test('pages are counted by answer, in lower case; what is no page is not', () => {
  const [facts, ...others] = countPages([
    { url: page },
    { url: '/ASPNET_client/X.aspx', method: 'POST' },
    { url: page, method: 'POST', status: 404 },
    { url: '/owa/' },
    { url: '/owa/x.aspx.txt' },
  ]);
  expect(others).toEqual([]);
  expect(facts).toMatchObject({ url: page, site: 'front' });
  expect([...(facts?.answers ?? [])]).toEqual([
    ['GET 200', 1],
    ['POST 200', 1],
    ['POST 404', 1],
  ]);
});

test.each([
  [`${page}/more/x.js`, page],
  [`${page}/y.aspx`, page],
  ['/aspnet_client/%78.as%70x', page],
  ['//aspnet_client/./x.aspx::$DATA', page],
  ['/owa/x.aspxy/z', undefined],
])('%s is answered by %s', (url, expected) => {
  expect(countPages([{ url }])[0]?.url).toBe(expected);
});

test.each([
  ['W3SVC1', 'front'],
  ['W3SVC2', 'back'],
])('the site of %s is %s', (folder, site) => {
  const path = `C:\\inetpub\\logs\\LogFiles\\${folder}\\u_ex210303.log`;
  expect(countPages([{ url: page }], path)[0]?.site).toBe(site);
});

const inserted = '&CorrelationID=<empty>;&cafeReqId=5e3070f5-e555-497d-8201-274f523e58dc;';

test.each([
  ['a POST', { method: 'POST' }, true],
  ['a POST that failed inside', { method: 'POST', status: 500 }, true],
  ['a POST that was not answered', { method: 'POST', status: 404 }, false],
  ['a GET with a query', { query: 'cmd=x' }, true],
  ['a bare GET', {}, false],
  ['a GET with what Exchange adds', { query: inserted }, false],
  ['a GET with a query and what Exchange adds', { query: `cmd=x${inserted}` }, true],
])('%s', (_, request, isUse) => {
  const [facts] = countPages([{ url: page, ...request }]);
  expect(facts?.firstUse !== undefined).toBe(isUse);
  expect(facts?.lastUse).toBe(facts?.firstUse);
  expect(facts?.first).toBeDefined();
});

test('clients are told apart by address and agent, with the line of their first request', () => {
  const [facts] = countPages([
    { url: page, client: '198.51.100.7', agent: 'a' },
    { url: page, client: '198.51.100.7', agent: 'b', time: '11:00:00' },
    { url: page, client: '198.51.100.7', agent: 'a', method: 'POST', time: '12:00:00' },
  ]);
  expect(facts?.clients.map(({ address, agent, line }) => [address, agent, line])).toEqual([
    ['198.51.100.7', 'a', 5],
    ['198.51.100.7', 'b', 6],
  ]);
  expect([...(facts?.clients[0]?.answers ?? [])]).toEqual([
    ['GET 200', 1],
    ['POST 200', 1],
  ]);
});

test('behind a proxy clients are told apart by whom the request was forwarded for', () => {
  const [facts] = countPages([
    { url: page, client: '10.0.0.1', agent: 'a', forwarded: '203.0.113.7' },
    { url: page, client: '10.0.0.1', agent: 'a', forwarded: '203.0.113.8' },
    { url: page, client: '10.0.0.1', agent: 'a', forwarded: '203.0.113.7' },
  ]);
  expect(facts?.clients.map(({ forwarded, answers }) => [forwarded, answers.get('GET 200')])).toEqual([
    ['203.0.113.7', 2],
    ['203.0.113.8', 1],
  ]);
});

test('of the product’s own pages only those who send data are kept, and only while they are few', () => {
  const url = '/owa/auth/logon.aspx';
  const posts = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ url, method: 'POST', client: `198.51.100.${i}` }));
  expect(countPages([{ url }])[0]?.clients).toEqual([]);
  expect(countPages([{ url }, ...posts(3)])[0]?.clients.map(({ address }) => address)).toEqual([
    '198.51.100.0',
    '198.51.100.1',
    '198.51.100.2',
  ]);
  expect(countPages(posts(40))[0]).toMatchObject({ clients: [] });
  expect(countPages(posts(40))[0]?.answers.get('POST 200')).toBe(40);
});

test('pages are bounded; what comes after goes to the others, and nothing is lost', () => {
  const more = 25;
  const requests = Array.from({ length: limits.pagesPerSource + more }, (_, i) => ({ url: `/p${i}.aspx` }));
  const pages = countPages([...requests, { url: '/p0.aspx' }]);
  expect(pages).toHaveLength(limits.pagesPerSource + 1);
  const others = pages.find(({ url }) => url === othersName);
  expect([...(others?.answers.values() ?? [])]).toEqual([more]);
  expect(pages.find(({ url }) => url === '/p0.aspx')?.answers.get('GET 200')).toBe(2);
});

test('clients of one page are bounded too', () => {
  const more = 7;
  const requests = Array.from({ length: limits.addressesCounted + more }, (_, i) => ({
    url: page,
    client: `10.1.${Math.floor(i / 250)}.${i % 250}`,
  }));
  const clients = countPages(requests)[0]?.clients ?? [];
  expect(clients).toHaveLength(limits.addressesCounted + 1);
  expect(clients.find(({ address }) => address === othersName)?.answers.get('GET 200')).toBe(more);
});

describe('how a page is written', () => {
  const written = (...requests: readonly Request[]): string | undefined => countPages(requests)[0]?.written;

  test('as the first request in time wrote it, wherever it stands', () => {
    const first = { url: '/ecp/auth/svmBUZ1.aspx', time: '10:00:01' };
    const later = { url: '/ECP/auth/SVMBUZ1.aspx', time: '10:00:02' };
    expect(written(first, later)).toBe(first.url);
    expect(written(later, first)).toBe(first.url);
  });

  test('of several at one time the first in code unit order', () => {
    const [a, b] = [{ url: '/x/A.aspx' }, { url: '/x/a.ASPX/more' }];
    expect(written(a, b)).toBe('/x/A.aspx');
    expect(written(b, a)).toBe('/x/A.aspx');
  });

  test('is left out where it is lower case or cannot be told', () => {
    expect(written({ url: page })).toBeUndefined();
    expect(written({ url: '//X/%41.aspx' })).toBeUndefined();
  });
});

test('answers of one page are bounded, and still tell a use and that the page is there', () => {
  const odd = Array.from({ length: limits.answersPerPage }, (_, i) => ({ url: page, method: `M${i}` }));
  const after = [
    ...['POST', 'GET', 'PROPFIND', 'MKCOL', 'x1', 'x2'].map((method) => ({ url: page, method })),
    { url: page, method: 'POST', status: 12_345 },
  ];
  const [facts] = countPages([...odd, ...after]);
  const late = [...(facts?.answers ?? [])].slice(limits.answersPerPage);
  expect(late).toEqual([
    ['POST 200', 1],
    ['GET 200', 1],
    ['OTHER 200', 2],
    [`${othersName} 200`, 2],
    [`POST ${othersName}`, 1],
  ]);
});
