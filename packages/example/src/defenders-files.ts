// What careful people leave on a server that nobody broke into: a checking script and its output, rules for finding
// shells, another product's quarantine. All texts are ours; the shells' traits in them are put together from pieces.

import { HTTP_PROXY_COLUMNS } from './http-proxy-log.ts';
import { createRandom } from './random.ts';
import { ownPage } from './shell-text.ts';
import type { TreeFile } from './web-tree.ts';
import type { Server, World } from './world.ts';

const join = (...pieces: readonly string[]): string => pieces.join('');

function checkScript(): string {
  return [
    '# Looks for signs of the March 2021 Exchange attacks in the logs of this server.',
    'param([string]$OutPath = "$PSScriptRoot\\results")',
    '$install = (Get-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\ExchangeServer\\v15\\Setup).MsiInstallPath',
    '$rows = Get-ChildItem -Recurse "$install\\Logging\\HttpProxy" -Filter *.log |',
    join('  Select-String -SimpleMatch "Server', 'Info~" |'),
    '  ForEach-Object { Import-Csv $_.Path } |',
    join('  Where-Object { $_.AnchorMailbox -like "Server', 'Info~*/*" }'),
    join(
      '$set = Select-String -Path "$install\\Logging\\ECP\\Server\\*.log" -Pattern "Set-.+Virtual',
      'Directory"',
    ),
    '$rows | Export-Csv "$OutPath\\$env:COMPUTERNAME-anchors.csv"',
    '$set | Export-Csv "$OutPath\\$env:COMPUTERNAME-cmdlets.csv"',
    '',
  ].join('\r\n');
}

/** What `Export-Csv` wrote when the script found no row at all. */
function emptyOutput(): string {
  return `#TYPE Selected.System.Management.Automation.PSCustomObject\r\n"${HTTP_PROXY_COLUMNS.split(',').slice(0, 20).join('","')}"\r\n`;
}

function yaraRules(): string {
  return [
    'rule own_settings_dump_with_script {',
    '  strings:',
    '    $a = "OfflineAddressBooks" ascii',
    join('    $b = "<scr', 'ipt lang', 'uage=\\"JSc', 'ript\\" run', 'at=\\"ser', 'ver\\">" nocase'),
    join('    $c = "ev', 'al(Req', 'uest[" nocase'),
    join('    $d = "un', 'safe" nocase'),
    '  condition:',
    '    $a and $b and ($c or $d)',
    '}',
    '',
  ].join('\r\n');
}

function logAges(server: Server): string {
  return `#TYPE Selected.System.Management.Automation.PSCustomObject\r\n"Server","Family","OldestDays"\r\n"${server.host}","HttpProxy","44"\r\n"${server.host}","ECP","44"\r\n`;
}

/** Files in places of administrators and of a scanner, none of them served by the web server. */
export function defendersFiles(world: World, server: Server): readonly TreeFile[] {
  const random = createRandom(`${world.seed}/defenders`);
  const admin = random.pick(['adm-ops', 'administrator', 'exadmin', 'svc-audit']);
  const tools = random.pick([
    `C:\\Users\\${admin}\\Downloads\\exchange-check`,
    'C:\\Tools\\exchange-check',
    `C:\\Users\\${admin}\\Desktop\\check`,
  ]);
  const quarantine = random.pick([
    'C:\\ProgramData\\HouseAV\\Quarantine',
    'C:\\Quarantine',
    'C:\\ProgramData\\EndpointGuard\\quarantine',
  ]);
  const caught = ownPage(random).text;
  return [
    { path: `${tools}\\Test-ExchangeLogs.ps1`, text: checkScript() },
    { path: `${tools}\\results\\${server.host}-anchors.csv`, text: emptyOutput() },
    { path: `${tools}\\results\\${server.host}-LogAges.csv`, text: logAges(server) },
    { path: `${tools}\\rules\\own-webshells.yar`, text: yaraRules() },
    { path: `${quarantine}\\${random.guid()}.aspx.quarantined`, text: caught },
  ];
}
