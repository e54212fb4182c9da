import { expect, test } from 'vitest';
import { cultureTime, dateOrderOf } from './culture-time.ts';
import { driveOfName, windowsPath } from './listed-path.ts';

test.each([
  ['MFT_E.csv', 'E:'],
  ['C:\\case\\D_$MFT.csv', 'D:'],
  ['E%3A_$MFT_Output.csv', 'E:'],
  ['mft-d_drive.csv', 'D:'],
  ['usnjrnl.f.csv', 'F:'],
  ['20310506_MFTECmd_$MFT_Output.csv', undefined],
  ['20310506_MFTECmd_$J_Output.csv', undefined],
  ['D:\\case\\mft.csv', undefined],
  ['exchange-mft.csv', undefined],
])('the drive in %s', (name, drive) => {
  expect(driveOfName(name)).toBe(drive);
});

const copy = 'GLOBALROOT\\Device\\HarddiskVolumeShadowCopy3';

test.each([
  ['.\\inetpub\\wwwroot', 'x.aspx', 'C:\\inetpub\\wwwroot\\x.aspx'],
  ['.', 'x', 'C:\\x'],
  ['\\a', 'b', 'C:\\a\\b'],
  ['/a/b', '', 'C:\\a\\b'],
  ['a', 'b', 'C:\\a\\b'],
  ['', 'b', 'C:\\b'],
  ['D:\\a', 'b', 'D:\\a\\b'],
  ['\\\\.\\D:\\a', '', 'D:\\a'],
  [`\\\\?\\${copy}\\a`, '', `\\\\?\\${copy}\\a`],
  ['\\\\.\\HarddiskVolumeShadowCopy3', 'a', `\\\\?\\${copy}\\a`],
  ['.\\HarddiskVolumeShadowCopy3', 'a', 'C:\\HarddiskVolumeShadowCopy3\\a'],
  ['.\\.hidden', '.x', 'C:\\.hidden\\.x'],
  ['.\\PathUnknown\\Directory with ID 0x1', 'x', 'C:\\PathUnknown\\Directory with ID 0x1\\x'],
])('%s and %s', (folder, name, path) => {
  expect(windowsPath(folder, name, 'C:')).toBe(path);
});

test.each([
  ['5/6/2031 7:08:09 PM', 'month-first', '2031-05-06T19:08:09Z'],
  ['5/6/2031 12:08:09 AM', 'month-first', '2031-05-06T00:08:09Z'],
  ['5/6/2031 7:08:09\u202fPM', 'month-first', '2031-05-06T19:08:09Z'],
  ['5/6/2031 7:08', 'day-first', '2031-06-05T07:08:00Z'],
  ['6. 5. 2031 7:08:09', undefined, '2031-05-06T07:08:09Z'],
  ['06-05-2031 07:08:09', undefined, '2031-05-06T07:08:09Z'],
  ['5/6/2031 7:08:09', undefined, undefined],
  ['13/13/2031 7:08:09', 'day-first', undefined],
  ['5/6/2031 25:08:09', 'day-first', undefined],
  ['5/6/2031 13:08:09 PM', 'day-first', undefined],
  ['5/6/31 7:08:09', 'day-first', undefined],
  ['yesterday', 'day-first', undefined],
] as const)('%s, %s', (text, order, iso) => {
  expect(cultureTime(text, order)).toBe(iso);
});

test.each([
  ['5/6/2031 7:08:09', undefined],
  ['13/6/2031 7:08:09', 'day-first'],
  ['6/13/2031 7:08:09', 'month-first'],
  ['5.6.2031 7:08:09', 'day-first'],
  ['2031/6/13 7:08:09', undefined],
  ['', undefined],
])('the order of %s', (text, order) => {
  expect(dateOrderOf(text)).toBe(order);
});
