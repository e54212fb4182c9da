import type { FileFacts } from '@postern/core';
import { expect, test } from 'vitest';
import { ListedFiles } from './listed-files.ts';
import { eachBatch } from './testing/records.ts';

const columns =
  'EntryNumber,SequenceNumber,InUse,ParentPath,FileName,Extension,FileSize,IsDirectory,Created0x10,LastModified0x10';

function listedOf(rows: readonly string[]): readonly FileFacts[] {
  const listed = new ListedFiles('source-1', 'evidence');
  const kind = eachBatch(
    [columns, ...rows, ''].join('\r\n'),
    'C:\\20210318_MFTECmd_$MFT_Output.csv',
    (batch) => listed.see(batch),
  );
  expect(kind).toBe('file-listing');
  expect(listed.issues()).toEqual([]);
  return listed.list;
}

const row = (parent: string, name: string, more = ''): string =>
  `1,1,True,${parent},${name},.x,10,False,2021-03-03 10:00:00.0000000,2021-03-03 10:00:00.0000000${more}`;

test.each([
  ['.\\inetpub\\wwwroot\\aspnet_client', 'x.aspx', true],
  ['.\\inetpub\\wwwroot\\aspnet_client', 'out.7z', true],
  ['.\\Windows\\Temp', 'lsass.dmp', true],
  ['.\\ProgramData', 'run.ps1', true],
  ['.\\Users\\eve\\Documents', 'x.aspx', false],
  ['.\\inetpub\\wwwroot', 'page.html', false],
])('%s\\%s is of interest: %s', (parent, name, isWanted) => {
  expect(listedOf([row(parent, name)])).toHaveLength(isWanted ? 1 : 0);
});

test('what is kept has path, times and the line it stands in', () => {
  const [file] = listedOf([row('.\\Users', 'x.txt'), row('.\\inetpub\\wwwroot\\aspnet_client', 'x.aspx')]);
  expect(file).toMatchObject({
    path: 'C:\\inetpub\\wwwroot\\aspnet_client\\x.aspx',
    collection: 'evidence',
    listed: { basis: 'mft', source: 'source-1', line: 3 },
  });
  expect(file?.listed?.created).toBeDefined();
});
