// The small parts that all else stands on.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { cleanAddress, isInNetwork, isPrivate, neighbourhoodOf } from './addresses.ts';
import { hostKeys } from './hosts.ts';
import { holds, intersect, lengthOf, subtract, unite } from './intervals.ts';
import { overlaps } from './ordered.ts';
import { boundJoins, joinsOf } from './joins.ts';
import { messages, say } from './messages.ts';
import { isUnusual, rhythmOf, silentRuns } from './rhythm.ts';
import {
  canonicalPath,
  isProductName,
  isProductPage,
  isRunnable,
  matchesPattern,
  servedPlace,
} from './served.ts';
import { layout, rule } from './testing/pack.ts';
import { namedTargets } from './targets.ts';

const interval = fc
  .tuple(fc.bigInt({ min: 0n, max: 60n }), fc.bigInt({ min: 0n, max: 20n }))
  .map(([from, length]) => ({ from, to: from + length }));
const intervals = fc.array(interval, { maxLength: 8 }).map((list) => unite(list));

describe('intervals', () => {
  test('hold what sets of moments hold', () => {
    fc.assert(
      fc.property(intervals, intervals, (a, b) => {
        const [both, rest, any] = [intersect(a, b), subtract(a, b), unite([...a, ...b])];
        for (let time = 0n; time < 82n; time++) {
          const [inA, inB] = [holds(a, time), holds(b, time)];
          expect([holds(both, time), holds(rest, time), holds(any, time)]).toEqual([
            inA && inB,
            inA && !inB,
            inA || inB,
          ]);
        }
        expect(lengthOf(both) + lengthOf(rest)).toBe(lengthOf(a));
      }),
      propertyRuns(),
    );
  });
});

describe('addresses', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    [' 203.0.113.7:4433', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[2001:DB8::1]:443', '2001:db8::1'],
    ['fe80::1%3', 'fe80::1'],
    ['-', undefined],
    ['mail.corp.example', undefined],
    ['1.2.3.256', undefined],
    ['1::2::3', undefined],
  ])('%s', (text, address) => {
    expect(cleanAddress(text)).toBe(address);
  });

  test('networks and neighbourhoods', () => {
    expect(['10.1.2.3', '172.31.0.1', '192.168.9.9', 'fd00::1', '::1', '127.9.9.9'].every(isPrivate)).toBe(
      true,
    );
    expect(['172.32.0.1', '203.0.113.7', '2001:db8::1'].some(isPrivate)).toBe(false);
    expect(isInNetwork('2001:db8:1::5', '2001:db8::/32')).toBe(true);
    expect(isInNetwork('203.0.113.7', '203.0.113.0/33')).toBe(false);
    expect(isInNetwork('203.0.113.7', 'nonsense')).toBe(false);
    expect(neighbourhoodOf('203.0.113.7')).toBe(neighbourhoodOf('203.0.113.200'));
    expect(neighbourhoodOf('2001:db8::1')).not.toBe(neighbourhoodOf('2001:db8:0:1::1'));
  });
});

describe('served places', () => {
  const tail =
    'Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth\\Current\\x.aspx';

  test.each([
    `C:\\${tail}`,
    `\\\\?\\C:\\${tail}`,
    tail,
    `\\\\127.0.0.1\\C$\\${tail}`,
    `D:/${tail.replaceAll('\\', '/')}`,
  ])('%s', (path) => {
    expect(servedPlace(layout, path)?.url).toBe('/owa/auth/current/x.aspx');
  });

  test('outside, and other files', () => {
    expect(servedPlace(layout, 'C:\\inetpub\\x.aspx')).toBeUndefined();
    expect(isRunnable(layout, 'a\\web.config')).toBe(true);
    expect(isRunnable(layout, 'a\\x.txt')).toBe(false);
    expect(canonicalPath('\\??\\C:\\A\\B')).toBe('c:\\a\\b');
    expect(canonicalPath('C:\\Users\\All Users\\X')).toBe('c:\\programdata\\x');
    expect(canonicalPath('C:\\Users\\All Users2\\X')).toBe('c:\\users\\all users2\\x');
  });

  test('pages of the product, by URL and by name', () => {
    expect(isProductPage(layout, '/owa/auth/Logon.aspx')).toBe(true);
    expect(isProductPage(layout, '/owa/auth/redirsuiteserverproxy.aspx')).toBe(false);
    expect(isProductName(layout, 'Attachment.ashx')).toBe(true);
    expect(isProductName(layout, 'x.aspx')).toBe(false);
  });

  test('a star stands for any run, and matching ends', () => {
    expect(['a*c', '*', 'abc', '*c', 'a*', '*b*'].every((pattern) => matchesPattern('abc', pattern))).toBe(
      true,
    );
    expect(['a*b', 'ab*bc', 'c*'].some((pattern) => matchesPattern('abc', pattern))).toBe(false);
    expect(matchesPattern('a'.repeat(50_000), `${'a*'.repeat(500)}b`)).toBe(false);
  });
});

describe('joins', () => {
  const joined = (fields: Record<string, string>) =>
    joinsOf(rule('x', { joins: Object.keys(fields) }), new Map(Object.entries(fields)));
  const id = '0A1B2C3D-0000-4000-8000-0123456789ab';

  test('request ids in whatever field, canaries plain or escaped', () => {
    expect(joined({ RequestId: id })).toEqual(
      joined({ 'cs-uri-query': `&CorrelationID=<empty>;&cafeReqId=${id.toLowerCase()};` }),
    );
    expect(
      joined({ AnchorMailbox: 'ServerInfo~a]@h:444/ecp/x?msExchEcpCanary=Ab%2Dcdef1&schema=y#' }),
    ).toEqual(joined({ URL: '/ecp/x?msExchEcpCanary=Ab-cdef1' }));
  });

  test('nothing that is no id', () => {
    expect(
      joined({
        RequestId: '-',
        'cs-uri-query': 'schema=OABVirtualDirectory',
        URL: '/ecp/DDI/x',
        ProcessId: '4',
        RecordId: '12',
      }),
    ).toEqual([]);
  });

  test('process ids in either form, of the process itself and not of its maker; GUIDs as what they are', () => {
    const child = [{ kind: 'process', value: '6699' }];
    expect(joined({ ProcessId: '0x1a2b' })).toEqual(child);
    expect(joined({ NewProcessId: '6699', ProcessId: '0x9' })).toEqual(child);
    expect(joined({ ProcessGuid: `{${id}}` })).toEqual([
      { kind: 'process', value: `guid:${id.toLowerCase()}` },
    ]);
    expect(joined({ ProcessGuid: '{00000000-0000-0000-0000-000000000000}' })).toEqual([]);
  });

  test('a process id joins within its life and on its host only', () => {
    const bound = (host: string, seconds: number) =>
      new Set(
        boundJoins([{ kind: 'process', value: '6699' }], host, BigInt(seconds) * 10_000_000n).map(
          ({ value }) => value,
        ),
      );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 1e6 }), (at, later) => {
        const shared = overlaps(bound('a', at), bound('a', at + later));
        expect(later <= 600 ? shared : true).toBe(true);
        expect(later >= 1200 ? shared : false).toBe(false);
        expect(overlaps(bound('a', at), bound('b', at))).toBe(false);
      }),
      propertyRuns(),
    );
    expect(boundJoins([{ kind: 'process', value: '6699' }], 'a', undefined)).toEqual([]);
    expect(boundJoins([{ kind: 'process', value: 'guid:x' }], 'a', undefined)).toHaveLength(1);
  });
});

test('targets: the back end of a proxied request, a directory entry, a virtual directory', () => {
  const names = (text: string) => namedTargets([text]).map(({ host }) => host);
  expect(names('ServerInfo~a]@EX02.corp.example:444/ecp/x?#')).toEqual(['ex02.corp.example']);
  expect(names('X-BEResource=a]@EX02:444/x~1')).toEqual(['ex02']);
  expect(names('Server~EX02~1941997017')).toEqual(['ex02']);
  expect(names('ServerInfo~localhost/ecp/default.flt')).toEqual([]);
  expect(names('CN=OAB (Default Web Site),CN=HTTP,CN=Protocols,CN=EX03,CN=Servers')).toEqual(['ex03']);
  expect(names('-Identity \\"EX04\\\\OAB (Default Web Site)\\"')).toEqual(['ex04']);
});

test('hosts: one key for a short and a full name, several where a label is not alone', () => {
  expect([...hostKeys(['ex01', 'ex01.a.example']).values()]).toEqual(['ex01', 'ex01']);
  expect(new Set(hostKeys(['ex01', 'ex01.a.example', 'ex01.b.example']).values()).size).toBe(3);
});

describe('rhythm', () => {
  test('silence in hours of the week that are always silent is usual', () => {
    const days = Array.from({ length: 28 }, (_, day) => day).filter((day) => day % 7 < 5);
    const hours = days.flatMap((day) => Array.from({ length: 10 }, (_, k) => day * 24 + 8 + k));
    const rhythm = rhythmOf(hours);
    expect(silentRuns(hours).some((run) => isUnusual(rhythm, run))).toBe(false);
    const gone = hours.filter((hour) => hour < 9 * 24 || hour >= 16 * 24);
    expect(silentRuns(gone).filter((run) => isUnusual(rhythmOf(gone), run))).toHaveLength(1);
  });

  test('nothing to measure is no gap', () => {
    expect(silentRuns([])).toEqual([]);
    expect(isUnusual(rhythmOf([5]), { from: 6, to: 8 })).toBe(false);
  });
});

test('every sentence of the catalogue can be said, and says what is missing', () => {
  expect(say('limit.held')).toContain('{date}');
  expect(say('limit.held', { date: '2021-03-17' })).toBe(
    'This holds for what was seen until 2021-03-17; what came after is not told.',
  );
  expect(Object.values(messages).filter((text) => /!|\bclean\b/i.test(text))).toEqual([]);
});
