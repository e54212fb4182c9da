// A collection of Velociraptor: its own list of what it collected tells when a page was made.

import { describe, expect, test } from 'vitest';
import { evidenceFolder, scanPaths, verdictsOf, type Tree } from './scanning.ts';

const page = 'C:\\inetpub\\wwwroot\\aspnet_client\\x.aspx';
/** A page that runs what a request tells it; encoded, so that no virus scanner takes the checkout for a victim. */
const shell = Buffer.from(
  'PCVAIFBhZ2UgTGFuZ3VhZ2U9IkpzY3JpcHQiJT48JWV2YWwoUmVxdWVzdC5JdGVtWyJrIl0sInVuc2FmZSIpOyU+',
  'base64',
);
const proxyLog = [
  '#Software: Microsoft Exchange Server',
  '#Version: 15.01.2106.002',
  '#Log-type: HttpProxy Logs',
  '#Date: 2021-03-03T00:00:00.000Z',
  '#Fields: DateTime,RequestId,Protocol,UrlStem,ClientIpAddress,ServerHostName,HttpStatus,AnchorMailbox',
  '2021-03-03T00:00:01.000Z,9a3c7d7e-0001-4000-8000-000000000001,Ecp,/ecp/default.aspx,198.51.100.7,EX01,302,',
  '',
].join('\r\n');

const uploads = 'uploads/auto/C%3A';
const made = '2021-03-03T06:40:13.6591234Z';
const metadata = (SourceFile: string): object => ({
  Created: made,
  Changed: '2021-03-03T06:40:14Z',
  LastAccessed: '2021-03-09T00:00:00Z',
  Modified: '2021-03-03T08:40:14+02:00',
  Size: shell.length,
  SourceFile,
  _Source: 'Generic.Collectors.File/All Matches Metadata',
});
const row = (path: string): string => `${JSON.stringify(metadata(path))}\n`;

/** The files of a collection as its archive has them, with these results beside the uploads. */
function collection(results: readonly (readonly [name: string, text: string])[]): Tree {
  const root = 'Collection-EX01-2021-03-18T08_00_00Z';
  return new Map<string, string | Uint8Array>([
    [
      `${root}/${uploads}/Program Files/Microsoft/Exchange Server/V15/Logging/HttpProxy/Ecp/HttpProxy_2021030300-1.LOG`,
      proxyLog,
    ],
    [`${root}/${uploads}/inetpub/wwwroot/aspnet_client/x.aspx`, shell],
    ...results.map(([name, text]) => [`${root}/results/${name}`, text] as const),
  ]);
}

const name = 'Windows.KapeFiles.Targets%2FAll File Metadata';
const csv = `Created,Modified,Size,SourceFile\r\n${made},2021-03-03T06:40:14Z,${shell.length},${page}\r\n`;

describe('a page that Velociraptor collected', () => {
  test.each([
    ['JSON lines', `${name}.json`, row('C:\\Windows\\notepad.exe') + row(page)],
    ['JSON lines of raw devices', `${name}.json`, row(`\\\\.\\${page}`)],
    ['CSV', `${name}.csv`, csv],
  ])('has the time that its file had on the server: %s', async (_, file, text) => {
    const { assessment } = await scanPaths([evidenceFolder(collection([[file, text]]))]);
    expect(verdictsOf(assessment)).toEqual(['ex01: compromised']);
    expect(assessment.implants).toHaveLength(1);
    expect(assessment.implants[0]).toMatchObject({
      server: assessment.servers[0]?.id,
      url: '/aspnet_client/x.aspx',
      placedAt: { time: made, basis: 'file listing' },
    });
    const listing = assessment.coverage.sources.find(({ kind }) => kind === 'file-listing');
    expect(listing).toMatchObject({ server: assessment.servers[0]?.id });
    expect(assessment.coverage.skipped).toEqual([]);
  });

  test('has no time without that list', async () => {
    const { assessment } = await scanPaths([evidenceFolder(collection([]))]);
    expect(assessment.implants).toHaveLength(1);
    expect(assessment.implants[0]).not.toHaveProperty('placedAt');
  });

  test('its other results are read as nothing', async () => {
    const uploaded = {
      CopiedOnTimestamp: 1_616_054_400,
      SourceFile: page,
      FileSize: 1,
      Created: made,
      Modified: made,
    };
    const files = collection([['Windows.KapeFiles.Targets%2FUploads.json', `${JSON.stringify(uploaded)}\n`]]);
    const { assessment } = await scanPaths([evidenceFolder(files)]);
    expect(assessment.coverage.skipped.map(({ reason }) => reason)).toEqual(['no-reader']);
  });
});
