import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hit, Pivots, SourceKind } from '@postern/core';
import { defineEvent, eventBody, writeEvtx } from '@postern/evtx';
import { describe, expect, test } from 'vitest';
import { Desk } from './desk.ts';
import { testFolder } from '../../collection/src/testing/evidence.ts';
import { followRules, makeFollower, secondPass } from './second-pass.ts';
import { frontLog, iisLog, type Request } from './testing/records.ts';
import { entryOf } from './testing/results.ts';

const nothing: Pivots = { addresses: [], urls: [], paths: [], sessions: [] };
const run = { desk: new Desk(), stopped: () => false, onProgress: () => undefined };

function followed(
  pivots: Partial<Pivots>,
  text: string | Uint8Array,
  kind: SourceKind = 'iis',
  path = frontLog,
): readonly Hit[] {
  const follower = makeFollower({ ...nothing, ...pivots });
  if (follower === undefined) throw new Error('there is nothing to follow');
  const file = join(testFolder(), 'a.log');
  writeFileSync(file, text);
  const size = typeof text === 'string' ? Buffer.byteLength(text) : text.length;
  const entry = entryOf('a.log', { file, size, originalPath: path });
  return secondPass({ entry, source: 'source-1', kind }, follower, run).hits;
}

const why = (pivots: Partial<Pivots>, requests: readonly Request[]): readonly string[] =>
  followed(pivots, iisLog(requests)).map(
    ({ rule, at }) => `${rule.replace('postern.follow.', '')} ${at.line}`,
  );

test('where there is nothing to follow there is no follower', () => {
  expect(makeFollower(nothing)).toBeUndefined();
});

describe('records are kept for what they name', () => {
  test('an address, and no other that only begins like it', () => {
    const requests = [
      { url: '/', client: '198.51.100.7' },
      { url: '/', client: '198.51.100.77' },
    ];
    expect(why({ addresses: ['198.51.100.7'] }, requests)).toEqual(['address 5']);
  });

  test('a URL, in any case', () => {
    const requests = [{ url: '/aspnet_client/X.ASPX' }, { url: '/aspnet_client/y.aspx' }];
    expect(why({ urls: ['/aspnet_client/x.aspx'] }, requests)).toEqual(['url 5']);
  });

  test('the name of a file, wherever it stands', () => {
    const requests = [{ url: '/owa/auth/x1.aspx', query: 'f=Stage77.zip' }, { url: '/' }];
    expect(why({ paths: ['c:\\web\\stage77.zip'] }, requests)).toEqual(['path 5']);
  });

  test('a name so short that it stands everywhere is not followed', () => {
    expect(makeFollower({ ...nothing, paths: ['c:\\a.js'] })).toBeUndefined();
  });

  test('a session', () => {
    const id = '5e3070f5-e555-497d-8201-274f523e58dc';
    expect(why({ sessions: [id] }, [{ url: '/', query: `&cafeReqId=${id};` }])).toEqual(['session 5']);
  });

  test('the URL goes before the address', () => {
    const pivots = { addresses: ['198.51.100.7'], urls: ['/x.aspx'] };
    expect(why(pivots, [{ url: '/x.aspx' }, { url: '/y' }])).toEqual(['url 5', 'address 6']);
  });
});

test('a kept record brings what the judgement reads of it', () => {
  const [hit] = followed(
    { urls: ['/x.aspx'] },
    iisLog([{ url: '/x.aspx', query: 'a=b', method: 'POST', agent: 'curl/7', account: 'CORP\\eve' }]),
  );
  expect(Object.fromEntries(hit?.captures ?? [])).toEqual({
    address: '198.51.100.7',
    url: '/x.aspx',
    query: 'a=b',
    method: 'POST',
    status: '200',
    agent: 'curl/7',
    account: 'CORP\\eve',
    timeTaken: '15',
  });
});

describe('event logs', () => {
  const logon = defineEvent({
    provider: 'Microsoft-Windows-Security-Auditing',
    channel: 'Security',
    id: 4624,
    data: {
      form: 'named',
      fields: [
        ['IpAddress', 'string'],
        ['ProcessName', 'string'],
      ],
    },
  });
  const logons = (...values: readonly (readonly [string, string])[]): Uint8Array =>
    writeEvtx(
      values.map((value, i) => {
        const base = { time: Date.UTC(2021, 2, 3, 4, 5, i), record: i + 1, computer: 'ex1.corp.example' };
        return { time: base.time, body: eventBody(logon, { ...base, values: value }) };
      }),
    );
  const why = (pivots: Partial<Pivots>, log: Uint8Array): readonly string[] =>
    followed(pivots, log, 'evtx', 'C:\\Security.evtx').map(
      ({ rule, captures }) => `${rule.replace('postern.follow.', '')} ${captures.get('address') ?? '-'}`,
    );

  test('are followed too, by address and by name, though their texts have two bytes a character', () => {
    const log = logons(['198.51.100.7', 'x'], ['203.0.113.9', 'C:\\Web\\Stage77.zip'], ['203.0.113.9', 'x']);
    expect(why({ addresses: ['198.51.100.7'] }, log)).toEqual(['address 198.51.100.7']);
    expect(why({ paths: ['c:\\web\\stage77.zip'] }, log)).toEqual(['path 203.0.113.9']);
    expect(why({ addresses: ['198.51.100.8'] }, log)).toEqual([]);
  });

  test('names beyond ASCII are found, by their ASCII part or by a look at every record', () => {
    const log = logons(['203.0.113.9', 'C:\\Web\\schlüssel1.zip'], ['203.0.113.8', 'C:\\Web\\äöüäöü']);
    expect(why({ paths: ['c:\\web\\schlüssel1.zip'] }, log)).toEqual(['path 203.0.113.9']);
    expect(why({ paths: ['c:\\web\\äöüäöü'] }, log)).toEqual(['path 203.0.113.8']);
  });
});

test('kinds that cannot hold a request are not read again', () => {
  expect(followed({ urls: ['/x.aspx'] }, iisLog([{ url: '/x.aspx' }]), 'file-listing')).toEqual([]);
});

test('a stop ends it', () => {
  const follower = makeFollower({ ...nothing, urls: ['/x.aspx'] });
  const text = iisLog(Array.from({ length: 40_000 }, () => ({ url: '/x.aspx' })));
  const file = join(testFolder(), 'a.log');
  writeFileSync(file, text);
  const entry = entryOf('a.log', { file, size: text.length, originalPath: frontLog });
  if (follower === undefined) throw new Error('there is nothing to follow');
  const { hits } = secondPass({ entry, source: 's', kind: 'iis' }, follower, { ...run, stopped: () => true });
  expect(hits.length).toBeLessThan(40_000);
});

test('what is followed is a lead and witnesses nothing', () => {
  expect(followRules.map(({ witness, stage }) => `${witness} ${stage}`)).toEqual(Array(4).fill('lead probe'));
});
