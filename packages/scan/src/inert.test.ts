import { whyInert } from '@postern/core';
import { expect, test } from 'vitest';
import { markInert, servedFolders } from './inert.ts';
import { smallLayout } from './testing/records.ts';

const served = servedFolders([smallLayout]);
const web = '\\inetpub\\wwwroot\\aspnet_client\\';

test.each([
  [`C:${web}x.aspx`, undefined],
  [`D:\\Backup\\EX01${web}x.aspx`, 'a backup'],
  [`C:\\Windows.old${web}x.aspx`, 'a backup'],
  ['C:\\Tools\\yara-rules\\x.aspx', "a defender's tool"],
  ['C:\\ProgramData\\Microsoft\\Windows Defender\\Quarantine\\x.aspx', expect.any(String)],
  ['C:\\$Recycle.Bin\\S-1-5\\x.aspx', 'a recycle bin or a shadow copy'],
  ['C:\\Samples\\x.aspx', 'a folder for things put away or collected'],
])('%s', (path, why) => {
  expect(whyInert(path, served)).toEqual(why);
});

test.each(['old', 'Backup', 'samples', 'quarantine', 'yara'])(
  'a folder "%s" below a served one is served: nobody hides there',
  (name) => {
    expect(whyInert(`C:${web}${name}\\x.aspx`, served)).toBeUndefined();
  },
);

test('files keep all else', () => {
  const files = [
    { path: 'C:\\Quarantine\\x.aspx', collection: 'e' },
    { path: `C:${web}x.aspx`, collection: 'e' },
  ];
  const [first, second] = markInert(files, served);
  expect(first).toEqual({ ...files[0], inert: 'a folder for things put away or collected' });
  expect(second).toBe(files[1]);
});
