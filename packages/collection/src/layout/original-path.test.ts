import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../../testing/properties.ts';
import { originalPathOf } from './original-path.ts';

const install = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15';
const iis = 'C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log';
const shadow = '\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy3';

type Row = readonly [path: string, originalPath: string, host?: string];

function rows(layout: string, table: readonly Row[]): void {
  it.each(table.map((row) => ({ row, name: row[0] })))('$name', ({ row: [path, originalPath, host] }) => {
    expect(originalPathOf(path)).toEqual({ originalPath, layout, ...(host === undefined ? {} : { host }) });
  });
}

describe('KAPE, shares and disk viewers', () => {
  rows('kape', [
    ['C/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log', iis],
    ['c/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log', iis],
    ['C\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log', iis],
    ['EX01/C/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log', iis, 'EX01'],
    ['kape/EX01/target/C/Windows/x.dll', 'C:\\Windows\\x.dll', 'EX01'],
    ['2021-03-14T064012_EX01.zip!/C/Windows/x.dll', 'C:\\Windows\\x.dll', 'EX01'],
    ['EX01.zip!/C/Windows/x.dll', 'C:\\Windows\\x.dll', 'EX01'],
    ['EX01.tar.gz!/EX01/C/Windows/x.dll', 'C:\\Windows\\x.dll', 'EX01'],
    ['EX01/c$/Windows/x.dll', 'C:\\Windows\\x.dll', 'EX01'],
    ['EX01/D/Exchange/Logging/x.log', 'D:\\Exchange\\Logging\\x.log', 'EX01'],
    ['Files/C/Users/x.txt', 'C:\\Users\\x.txt'],
    ['image/Partition 2 [100GB]/NONAME [NTFS]/[root]/inetpub/x.aspx', 'C:\\inetpub\\x.aspx'],
    ['C/$Extend/$J', 'C:\\$Extend\\$UsnJrnl:$J'],
    ['C/$Extend/$UsnJrnl$J', 'C:\\$Extend\\$UsnJrnl:$J'],
    ['C/$Secure_$SDS', 'C:\\$Secure:$SDS'],
    ['C/$MFT', 'C:\\$MFT'],
    ['EX01/VSS3/C/Windows/x.dll', `${shadow}\\Windows\\x.dll`, 'EX01'],
    ['HarddiskVolumeShadowCopy3/Windows/x.dll', `${shadow}\\Windows\\x.dll`],
    ['one/two/three/four/five/six/C/Windows/x.dll', 'C:\\Windows\\x.dll', 'six'],
    ['C/inetpub/wwwroot/backup.zip!/x.aspx', 'C:\\inetpub\\wwwroot\\backup.zip!\\x.aspx'],
    ['C/inetpub/logs/LogFiles/W3SVC1/u_ex210303.zip!/u_ex210303.log', iis],
    ['C/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log.gz!/u_ex210303.log', iis],
    ['C/Users/admin/uploads/auto/C%3A/x.txt', 'C:\\Users\\admin\\uploads\\auto\\C%3A\\x.txt'],
    ['C/Users/admin/EX01/IIS_W3SVC1_Logs/u_ex1.log', 'C:\\Users\\admin\\EX01\\IIS_W3SVC1_Logs\\u_ex1.log'],
    ['C/Windows/100%25.txt', 'C:\\Windows\\100%25.txt'],
  ]);
});

describe('Velociraptor', () => {
  rows('velociraptor', [
    ['uploads/auto/C%3A/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log', iis],
    ['uploads/file/c%3A/Windows/x.dll', 'C:\\Windows\\x.dll'],
    ['uploads/ntfs/%5C%5C.%5CC%3A/$MFT', 'C:\\$MFT'],
    ['uploads/lazy_ntfs/%5C%5C.%5CC%3A/Windows/x.dll', 'C:\\Windows\\x.dll'],
    ['uploads/mft/%5C%5C.%5CD%3A/Logs/x.log', 'D:\\Logs\\x.log'],
    ['uploads/ntfs/%5C%5C.%5CC%3A/$Extend/$UsnJrnl%3A$J', 'C:\\$Extend\\$UsnJrnl:$J'],
    [
      'uploads/ntfs_vss/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy3/Windows/x.dll',
      `${shadow}\\Windows\\x.dll`,
    ],
    ['uploads/auto/%5C%5C.%5CHarddiskVolumeShadowCopy3/Windows/x.dll', `${shadow}\\Windows\\x.dll`],
    ['uploads/auto/C:/Windows/x.dll', 'C:\\Windows\\x.dll'],
    ['auto/C%3A/Windows/x.dll', 'C:\\Windows\\x.dll'],
    ['C%3A/Windows/x.dll', 'C:\\Windows\\x.dll'],
    ['uploads/auto/C%3A/Program%20Files%20%28x86%29/%C3%9Cbung.log', 'C:\\Program Files (x86)\\Übung.log'],
    ['uploads/auto/C%3A/Users/thumbs.db_', 'C:\\Users\\thumbs.db'],
    ['uploads/auto/C%3A/Users/a__', 'C:\\Users\\a_'],
    ['uploads/auto/C%3A/Users/a_', 'C:\\Users\\a_'],
    ['uploads/auto/C%3A/Users/100%.txt', 'C:\\Users\\100%.txt'],
    ['uploads/auto/C%3A/Users/100%25.txt', 'C:\\Users\\100%.txt'],
    ['uploads/auto/C%3A/Users/%2E%2E/x', 'C:\\Users\\%2E%2E\\x'],
    ['uploads/auto/C%3A/Users/a%5Cb%00', 'C:\\Users\\a%5Cb%00'],
    ['uploads/auto/C%3A/Users/%2Eprofile', 'C:\\Users\\.profile'],
    [
      'Collection-EX01_corp_example-2021-03-14T06_40_12Z.zip!/uploads/auto/C%3A/x.log',
      'C:\\x.log',
      'EX01_corp_example',
    ],
    ['EX01-C.0123456789abcdef-F.ABCD01.zip!/uploads/auto/C%3A/x.log', 'C:\\x.log', 'EX01'],
    [
      'clients/C.0123456789abcdef/collections/F.ABCD01/uploads/auto/C%3A/x.log',
      'C:\\x.log',
      'C.0123456789abcdef',
    ],
  ]);
});

describe('ExchangeLogCollector', () => {
  rows('exchange-log-collector', [
    ['EX01/IIS_W3SVC1_Logs/u_ex210303.log', iis, 'EX01'],
    ['EX01/IIS_W3SVC2_Logs/u_ex210303.log', 'C:\\inetpub\\logs\\LogFiles\\W3SVC2\\u_ex210303.log', 'EX01'],
    ['EX01/IIS_FE_Logs/u_ex210303.log', iis, 'EX01'],
    ['EX01/IIS_BE_Logs/u_ex210303.log', 'C:\\inetpub\\logs\\LogFiles\\W3SVC2\\u_ex210303.log', 'EX01'],
    ['EX01-314.zip!/IIS_W3SVC1_Logs.zip!/u_ex210303.log', iis, 'EX01'],
    ['EX-01-1123-1.zip!/IIS_W3SVC1_Logs-2.zip!/u_ex210303.log', iis, 'EX-01'],
    ['IIS_W3SVC1_Logs/u_ex210303.log', iis],
    ['EX01/HTTPERR_Logs/httperr1.log', 'C:\\Windows\\System32\\LogFiles\\HTTPERR\\httperr1.log', 'EX01'],
    [
      'EX01/ECP_Logs/Server/ECPServer20210303-1.LOG',
      `${install}\\Logging\\ECP\\Server\\ECPServer20210303-1.LOG`,
      'EX01',
    ],
    [
      'EX01/ECP_Proxy_Logs/HttpProxy_2021030306-1.LOG',
      `${install}\\Logging\\HttpProxy\\Ecp\\HttpProxy_2021030306-1.LOG`,
      'EX01',
    ],
    ['EX01/OWA_Proxy_Calendar_Logs.zip!/x.LOG', `${install}\\Logging\\HttpProxy\\OwaCalendar\\x.LOG`, 'EX01'],
    ['EX01/EWS_BE_Logs/Ews_1.LOG', `${install}\\Logging\\EWS\\Ews_1.LOG`, 'EX01'],
    ['EX01/OAB_Generation_Logs/x.log', `${install}\\Logging\\OABGeneratorLog\\x.log`, 'EX01'],
    ['EX01/PowerShell_Proxy_Logs/x.LOG', `${install}\\Logging\\HttpProxy\\PowerShell\\x.LOG`, 'EX01'],
    [
      'EX01/Windows_Event_Logs/Windows-Logs/Security.evtx',
      'C:\\Windows\\System32\\winevt\\Logs\\Security.evtx',
      'EX01',
    ],
    [
      'EX01/Windows_Event_Logs/Microsoft-Exchange-HighAvailability.zip!/Microsoft-Exchange-HighAvailability-Operational.evtx',
      'C:\\Windows\\System32\\winevt\\Logs\\Microsoft-Exchange-HighAvailability%4Operational.evtx',
      'EX01',
    ],
  ]);
});

describe('plain copies', () => {
  rows('plain', [
    ['inetpub/logs/LogFiles/W3SVC1/u_ex210303.log', iis],
    ['EX01/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log', iis, 'EX01'],
    ['logs/LogFiles/W3SVC1/u_ex210303.log', iis],
    ['LogFiles/W3SVC1/u_ex210303.log', iis],
    ['W3SVC1/u_ex210303.log', iis],
    ['EX01/W3SVC1/u_ex210303.log', iis],
    ['W3SVC1.zip!/u_ex210303.log', iis],
    ['w3svc27/u_ex210303_x.log', 'C:\\inetpub\\logs\\LogFiles\\w3svc27\\u_ex210303_x.log'],
    ['HTTPERR/httperr1.log', 'C:\\Windows\\System32\\LogFiles\\HTTPERR\\httperr1.log'],
    ['LogFiles/HTTPERR/httperr1.log', 'C:\\Windows\\System32\\LogFiles\\HTTPERR\\httperr1.log'],
    [
      'Windows/System32/inetsrv/config/applicationHost.config',
      'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config',
    ],
    [
      'inetsrv/config/applicationHost.config',
      'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config',
    ],
    ['winevt/Logs/Security.evtx', 'C:\\Windows\\System32\\winevt\\Logs\\Security.evtx'],
    ['wwwroot/aspnet_client/x.aspx', 'C:\\inetpub\\wwwroot\\aspnet_client\\x.aspx'],
    ['aspnet_client/system_web/x.aspx', 'C:\\inetpub\\wwwroot\\aspnet_client\\system_web\\x.aspx'],
    ['Program Files/Microsoft/Exchange Server/V15/Logging/EWS/x.LOG', `${install}\\Logging\\EWS\\x.LOG`],
    [
      'Exchange Server/V15/FrontEnd/HttpProxy/owa/auth/x.aspx',
      `${install}\\FrontEnd\\HttpProxy\\owa\\auth\\x.aspx`,
    ],
    ['V15/Logging/HttpProxy/Ecp/HttpProxy_1.LOG', `${install}\\Logging\\HttpProxy\\Ecp\\HttpProxy_1.LOG`],
    ['Logging/HttpProxy/Ecp/HttpProxy_1.LOG', `${install}\\Logging\\HttpProxy\\Ecp\\HttpProxy_1.LOG`],
    ['HttpProxy/Ecp/HttpProxy_1.LOG', `${install}\\Logging\\HttpProxy\\Ecp\\HttpProxy_1.LOG`],
    ['Ecp/HttpProxy_2021030306-1.LOG', `${install}\\Logging\\HttpProxy\\Ecp\\HttpProxy_2021030306-1.LOG`],
    ['HttpProxy/owa/auth/x.aspx', `${install}\\FrontEnd\\HttpProxy\\owa\\auth\\x.aspx`],
    ['FrontEnd/HttpProxy/ecp/auth/x.aspx', `${install}\\FrontEnd\\HttpProxy\\ecp\\auth\\x.aspx`],
    ['owa/auth/x.aspx', `${install}\\FrontEnd\\HttpProxy\\owa\\auth\\x.aspx`],
    ['ECP/Server/ECPServer20210303-1.LOG', `${install}\\Logging\\ECP\\Server\\ECPServer20210303-1.LOG`],
    ['Server/ECPServer20210303-1.LOG', `${install}\\Logging\\ECP\\Server\\ECPServer20210303-1.LOG`],
    [
      'Activity/ECPActivity_1234_20210303-1.LOG',
      `${install}\\Logging\\ECP\\Activity\\ECPActivity_1234_20210303-1.LOG`,
    ],
    ['EWS/Ews_2021030306-1.LOG', `${install}\\Logging\\EWS\\Ews_2021030306-1.LOG`],
    [
      'CmdletInfra/Powershell-Proxy/Http/Rps_Http_1.LOG',
      `${install}\\Logging\\CmdletInfra\\Powershell-Proxy\\Http\\Rps_Http_1.LOG`,
    ],
    ['OABGeneratorLog/x.log', `${install}\\Logging\\OABGeneratorLog\\x.log`],
    ['TransportRoles/Agents/agents.config', `${install}\\TransportRoles\\Agents\\agents.config`],
    ['ExchangeSetupLogs/ExchangeSetup.log', 'C:\\ExchangeSetupLogs\\ExchangeSetup.log'],
    ['ProgramData/COM1/x.aspx', 'C:\\ProgramData\\COM1\\x.aspx'],
    ['Users/Public/x.exe', 'C:\\Users\\Public\\x.exe'],
    [
      'Temporary ASP.NET Files/root/1a2b/App_Web_x.dll',
      'C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\root\\1a2b\\App_Web_x.dll',
    ],
    ['$MFT', 'C:\\$MFT'],
    ['listings/$MFT', 'C:\\$MFT'],
  ]);
});

describe('paths that tell nothing', () => {
  rows('plain', [
    ['u_ex210303.log', 'u_ex210303.log'],
    ['a/b/listing.csv', 'a\\b\\listing.csv'],
    ['./a//b.txt', 'a\\b.txt'],
    ['outer.zip!/listing.csv', 'listing.csv'],
    ['outer.zip!/inner.tar.gz!/a/listing.csv', 'a\\listing.csv'],
    ['outer.zip!/outer/listing.csv', 'listing.csv'],
    ['a/old.zip!/b.txt', 'a\\old.zip!\\b.txt'],
    ['a/b.csv.gz!/b.csv', 'a\\b.csv'],
    ['W3SVC1', 'W3SVC1'],
    ['C', 'C'],
    ['W3SVC1/notes.txt', 'W3SVC1\\notes.txt'],
    ['server/copy/ECPServer20210303-1.LOG', 'server\\copy\\ECPServer20210303-1.LOG'],
    ['a/report/b/x1/x2/x3/c/file.txt', 'a\\report\\b\\x1\\x2\\x3\\c\\file.txt'],
    ['Windows/report.txt', 'Windows\\report.txt'],
    ['uploads/auto/readme.txt', 'uploads\\auto\\readme.txt'],
    ['', ''],
  ]);
});

describe('any path', () => {
  const part = fc.oneof(
    fc.constantFrom(
      'C',
      'C%3A',
      'uploads',
      'auto',
      'W3SVC1',
      'x.zip!',
      'IIS_W3SVC1_Logs',
      'inetpub',
      '..',
      '%',
      'a.log',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const path = fc.array(part, { maxLength: 12 }).map((parts) => parts.join('/'));

  it('gives an original path without an error, with backslashes only, the same however it is separated', () => {
    fc.assert(
      fc.property(path, (path) => {
        const { originalPath } = originalPathOf(path);
        expect(originalPath).not.toContain('/');
        expect(originalPathOf(path.replaceAll('/', '\\')).originalPath).toBe(originalPath);
      }),
      propertyRuns(10),
    );
  });

  it('under a drive folder is kept as it is', () => {
    const name = fc
      .stringMatching(/^[\w .-]{1,12}$/)
      .filter((name) => name.trim() !== '' && !/^\.+$/.test(name));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 8 }), (names) => {
        expect(originalPathOf(`C/${names.join('/')}`).originalPath).toBe(`C:\\${names.join('\\')}`);
      }),
      propertyRuns(4),
    );
  });
});
