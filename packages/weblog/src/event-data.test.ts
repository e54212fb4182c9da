import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { readAll } from './testing/read-all.ts';

const head =
  '#Software: Microsoft Exchange Server\n#Log-type: ECP Server Log\n#Fields: TimeStamp,ServerName,EventId,EventData\n';

/** The EventData of one row, as the fields that rules see. */
function fieldsOf(eventData: string): ReadonlyMap<string, string> {
  const read = readAll(`${head}2021-03-03T06:41:12.966Z,MX01,ECP.Request,${eventData}\n`);
  expect(read.summary.damaged).toBe(0);
  return read.records[0]?.fields ?? new Map();
}

/** In pieces, so that no file of ours holds a web shell. */
const script = ['<scr', 'ipt language="JScr', 'ipt" runat="server">function Page_Load(){}</scr', 'ipt>'].join(
  '',
);

/** As ECP writes a pair with special characters, and then as CSV writes the whole. */
const wrap = (pair: string): string => `'${pair.replaceAll("'", "''")}'`;
const csv = (value: string): string => `"${value.replaceAll('"', '""')}"`;

describe('EventData', () => {
  test('the command of a web shell is unescaped twice', () => {
    const command = `Set-OabVirtualDirectory.ExternalUrl='http://f/${script}'.Identity='7a47c1e1'`;
    const data = csv(
      `S:TIME=90;S:SID=1;${wrap(`S:CMD=${command}`)};S:REQID=;S:URL=/ecp/DDI/DDIService.svc/SetObject;S:BLD=15.1.2176.2`,
    );
    expect(data).toContain(`=''http://f/<`);
    expect(data).toContain('language=""JS');
    const fields = fieldsOf(data);
    expect(fields.get('CMD')).toBe(command);
    expect(fields.get('URL')).toBe('/ecp/DDI/DDIService.svc/SetObject');
    expect(fields.get('BLD')).toBe('15.1.2176.2');
    expect(fields.has('REQID')).toBe(false);
    expect(fields.has('EX')).toBe(false);
  });

  test.each([
    [
      'semicolons inside a wrapped pair',
      `${wrap('S:CMD=a;S:URL=/no')};S:URL=/yes`,
      { CMD: 'a;S:URL=/no', URL: '/yes' },
    ],
    ['semicolons inside a plain pair', 'S:CMD=a; b;c;S:URL=/yes', { CMD: 'a; b;c', URL: '/yes' }],
    ['an equals sign in a value', 'S:URL=/a?b=c&d=e;S:RS=0', { URL: '/a?b=c&d=e', RS: '0' }],
    [
      'prefixes of all sorts',
      'I32:TIME=5;Dbl:RS=0.5;F:SID=1.5;S:CMD=x',
      { TIME: '5', RS: '0.5', SID: '1.5', CMD: 'x' },
    ],
    ['the first of two', 'S:CMD=one;S:CMD=two', { CMD: 'one' }],
    ['a wrapped pair that never ends', "S:SID=1;'S:CMD=open", { SID: '1', CMD: 'open' }],
    ['letter case of keys', 'S:Bld=15.1;S:ActID=7', { BLD: '15.1', ACTID: '7' }],
    ['junk before', 'junk;;S:CMD=x;', { CMD: 'x' }],
    ['nothing', 'junk', {}],
  ])('%s', (_, data, expected) => {
    const fields = fieldsOf(data.includes('"') ? csv(data) : data);
    const keys = ['TIME', 'SID', 'CMD', 'URL', 'RS', 'BLD', 'ACTID'];
    expect(
      Object.fromEntries(keys.flatMap((key) => (fields.has(key) ? [[key, fields.get(key)]] : []))),
    ).toEqual(expected);
  });

  test('any value survives both ways of escaping', () => {
    const value = fc.string({
      unit: fc.constantFrom('a', "'", '"', ';', '=', ',', ' ', 'S:', '<', 'ä'),
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(value, value, (command, url) => {
        const fields = fieldsOf(csv(`S:TIME=1;${wrap(`S:CMD=${command}`)};${wrap(`S:URL=${url}`)};S:RS=0`));
        return fields.get('CMD') === command && fields.get('URL') === url && fields.get('RS') === '0';
      }),
      propertyRuns(4),
    );
  });
});
