// What the second pass follows.

import { limits } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { pivotsOf } from './pivots.ts';
import {
  caseOf,
  front,
  fullLogs,
  hit,
  page,
  pageSource,
  requests,
  shellPath,
  shellUrl,
} from './testing/facts.ts';

const pivots = (facts: Parameters<typeof caseOf>[0]) =>
  pivotsOf(caseOf({ sources: [...fullLogs(), pageSource], ...facts }));
const genuine = shellPath.replace('qzx', 'RedirSuiteServiceProxy');
const rest = fullLogs().filter(({ id }) => id !== 'iis-front');

test('addresses of those who tried, came in or used a back door; not of those who looked', () => {
  const used = front(
    requests(shellUrl, [
      { address: '192.0.2.1' },
      { address: '192.0.2.2', answers: new Map([['GET 200', 1]]) },
    ]),
  );
  const hits = [
    hit('attempt', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.7' }),
    hit('session', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.8' }),
    hit('probe', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.9' }),
    hit('user-sigma', '2021-03-03 10:00:00', { 'c-ip': '203.0.113.10' }),
  ];
  expect(pivots({ sources: [...rest, used], hits }).addresses).toEqual([
    '192.0.2.1',
    '203.0.113.7',
    '203.0.113.8',
  ]);
});

test('never loopback, the server itself, or a proxy that carries most', () => {
  const sources = fullLogs().map((one) =>
    one.id === 'httpproxy'
      ? {
          ...one,
          serverAddresses: new Map([['10.0.0.5', 1]]),
          clients: { sampled: 100, addresses: new Map([['10.0.0.1', 90]]), forwarded: 0 },
        }
      : one,
  );
  const hits = ['127.0.0.1', '10.0.0.5', '10.0.0.1', '10.0.0.77'].map((address, k) =>
    hit('session', '2021-03-03 10:00:00', { 'c-ip': address }, { at: { offset: k } }),
  );
  expect(pivots({ sources, hits }).addresses).toEqual(['10.0.0.77']);
});

test('URLs, paths and names of back doors; pages of the product by path only', () => {
  const found = pivots({
    files: [page(shellPath, 'remote-control'), page(genuine, 'remote-control', { sha256: 'cd' })],
  });
  expect(found.urls).toEqual([shellUrl]);
  expect(found.paths).toEqual([genuine.toLowerCase(), shellPath.toLowerCase(), 'qzx.aspx'].toSorted());
});

test('of a changed page of the product who sent it data, not its address, for which all ask', () => {
  const used = front(requests('/owa/auth/redirsuiteserviceproxy.aspx', [{ address: '192.0.2.1' }]));
  const sources = [...rest, used, pageSource];
  expect(pivots({ sources })).toMatchObject({ addresses: [], urls: [] });
  expect(pivots({ sources, files: [page(genuine, 'remote-control')] })).toMatchObject({
    addresses: ['192.0.2.1'],
    urls: [],
  });
});

test('archives that were staged or fetched', () => {
  const hits = [
    hit('fetched', '2021-03-03 10:00:00', { url: '/owa/auth/T.zip?x=1' }, { recorder: 'iis-back' }),
    hit('staged', '2021-03-03 10:00:00', { file: 'C:\\ProgramData\\T.7z' }, { recorder: 'windows:Security' }),
  ];
  expect(pivots({ hits })).toMatchObject({
    urls: ['/owa/auth/t.zip'],
    paths: ['c:\\programdata\\t.7z', 't.7z'],
  });
});

test('request ids and canaries, not process ids', () => {
  const id = '0a1b2c3d-0000-4000-8000-0123456789ab';
  const hits = [
    hit('session', '2021-03-03 10:00:00', { RequestId: id, canary: 'AbCdEf-000001', ProcessId: '4711' }),
  ];
  expect(pivots({ hits }).sessions).toEqual([id, 'AbCdEf-000001']);
});

describe('bounds', () => {
  test('each list is bounded, and what weighs most is kept', () => {
    const many = Array.from({ length: limits.pivots + 50 }, (_, k) =>
      hit(
        'attempt',
        '2021-03-03 10:00:00',
        { 'c-ip': `10.${k >> 16}.${(k >> 8) & 255}.${k & 255}` },
        { at: { offset: k } },
      ),
    );
    const found = pivots({
      hits: [...many, hit('session', '2021-03-04 10:00:00', { 'c-ip': '203.0.113.7' })],
    }).addresses;
    expect(found).toHaveLength(limits.pivots);
    expect(found).toContain('203.0.113.7');
  });
});
