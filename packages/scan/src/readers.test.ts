import { expect, test } from 'vitest';
import { classify, isPageKind, isPageName, readerOf } from './readers.ts';
import { iisHeader } from './testing/records.ts';

const evtx = `ElfFile\u0000${'\u0000'.repeat(100)}`;

test.each([
  [iisHeader, 'C:\\x.bin', 'iis'],
  [evtx, 'C:\\Security.evtx', 'evtx'],
  [evtx, 'C:\\renamed.txt', 'evtx'],
  ['<%@ Page Language="C#" %>', 'C:\\inetpub\\wwwroot\\x.aspx', 'web-page'],
  ['<configuration></configuration>', 'C:\\inetpub\\wwwroot\\web.config', 'web-config'],
  [
    'RecordNumber,TimeCreated,EventId,Provider,Channel,Computer,Payload\r\n',
    'C:\\x.bin',
    'windows-events-csv',
  ],
  [
    'Microsoft Safety Scanner v1.1, (build 1.1.1.1)\r\nStarted On Fri Mar 12 09:08:07 2021\r\n',
    'C:\\x.bin',
    'msert',
  ],
  ['nothing that is known', 'C:\\x.bin', 'unknown'],
  ['', 'C:\\x.bin', 'unknown'],
])('%j by the name %s is %s', (text, name, kind) => {
  expect(classify(Buffer.from(text, 'latin1'), name)).toBe(kind);
});

test('records have readers, pages do not', () => {
  expect(readerOf('iis')).toBeDefined();
  expect(readerOf('windows-events-json')).toBeDefined();
  expect(readerOf('windows-events-csv')).toBeDefined();
  expect(readerOf('file-listing')).toBeDefined();
  expect(readerOf('web-page')).toBeUndefined();
  expect(isPageKind('web-page')).toBe(true);
  expect(isPageKind('iis')).toBe(false);
});

test.each([
  ['C:\\x.ASPX', true],
  ['C:\\web.config', true],
  ['C:\\App_Web_x1.dll', true],
  ['C:\\logon.aspx.cdcab7d2.compiled', true],
  ['C:\\x.aspx.bak', false],
  ['C:\\u_ex210303.log', false],
])('%s looks like a page by its name: %s', (path, isPage) => {
  expect(isPageName(path)).toBe(isPage);
});
