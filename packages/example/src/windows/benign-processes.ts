// What starts on the server without harm: health checks, tasks, tools of administrators, their scripts.

import { HOUR, MINUTE, SECOND } from '../calendar.ts';
import { consoleSession, type WindowsDay } from './benign-logons.ts';
import type { Process, Resident } from './machine.ts';
import {
  CONSOLE_READY,
  CONSOLE_STARTING,
  ENGINE_STARTED,
  ENGINE_STOPPED,
  SCRIPT_BLOCK,
} from './other-kinds.ts';
import { fileCreated, processEnded, startProcess } from './processes.ts';
import { CONNECTED } from './sysmon-kinds.ts';
import { sysmonTime, type WindowsEvent } from './windows-event.ts';

const SYSTEM32 = 'C:\\Windows\\System32';
const POWERSHELL = `${SYSTEM32}\\WindowsPowerShell\\v1.0\\powershell.exe`;
const SCRIPTS = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Scripts';

interface Habit {
  readonly parent: Resident;
  readonly image: string;
  readonly line: string;
  readonly isWatched: boolean;
}

const habit = (parent: Resident, image: string, line: string, isWatched = true): Habit => ({
  parent,
  image,
  line,
  isWatched,
});

/** What machines start by themselves, each of them many times a day. */
const HABITS: readonly Habit[] = [
  habit('health', `${SYSTEM32}\\netsh.exe`, '"netsh" interface tcp show global'),
  habit('health', `${SYSTEM32}\\netsh.exe`, '"netsh" advfirewall show allprofiles state'),
  habit('scheduler', `${SYSTEM32}\\taskhostw.exe`, 'taskhostw.exe Regular'),
  habit('scheduler', `${SYSTEM32}\\dstokenclean.exe`, `${SYSTEM32}\\dstokenclean.exe`),
  habit('scheduler', `${SYSTEM32}\\CompatTelRunner.exe`, `${SYSTEM32}\\compattelrunner.exe`),
  habit('svchost', `${SYSTEM32}\\wbem\\WmiPrvSE.exe`, `${SYSTEM32}\\wbem\\wmiprvse.exe -Embedding`, false),
  habit(
    'svchost',
    `${SYSTEM32}\\dllhost.exe`,
    'C:\\Windows\\system32\\DllHost.exe /Processid:{9FA5C497-F46D-447F-8011-05D03D7D7DDC}',
    false,
  ),
  habit('services', `${SYSTEM32}\\wbem\\WmiApSrv.exe`, 'C:\\Windows\\system32\\wbem\\WmiApSrv.exe', false),
  habit('services', `${SYSTEM32}\\sppsvc.exe`, 'C:\\Windows\\system32\\sppsvc.exe', false),
  habit(
    'services',
    'C:\\Program Files\\HouseBackup\\agent.exe',
    '"C:\\Program Files\\HouseBackup\\agent.exe" --run nightly',
  ),
];

/** Tools of an administrator at the console. */
const TOOLS: readonly (readonly [image: string, line: string])[] = [
  [`${SYSTEM32}\\mmc.exe`, `"${SYSTEM32}\\mmc.exe" "${SYSTEM32}\\eventvwr.msc" /s`],
  [`${SYSTEM32}\\inetsrv\\InetMgr.exe`, `"${SYSTEM32}\\inetsrv\\InetMgr.exe"`],
  [`${SYSTEM32}\\cmd.exe`, `"${SYSTEM32}\\cmd.exe"`],
  [`${SYSTEM32}\\notepad.exe`, `"${SYSTEM32}\\notepad.exe" C:\\inetpub\\wwwroot\\web.config`],
  [`${SYSTEM32}\\Taskmgr.exe`, `"${SYSTEM32}\\Taskmgr.exe" /4`],
  [`${SYSTEM32}\\ipconfig.exe`, 'ipconfig  /all'],
];

const BLOCKS: readonly string[] = [
  'Get-MailboxDatabaseCopyStatus * | Sort-Object Name',
  'Get-Queue | Where-Object { $_.MessageCount -gt 20 }',
  'Get-ServerHealth -Identity $env:COMPUTERNAME | Where-Object AlertValue -ne Healthy',
  'Get-ChildItem C:\\inetpub\\logs\\LogFiles -Recurse -Filter *.log | Measure-Object Length -Sum',
  'Get-ExchangeCertificate | Select-Object Subject, NotAfter',
];

function habitStart(day: WindowsDay, index: number): WindowsEvent[] {
  const { machine, random, midnight } = day;
  const { parent, image, line, isWatched } = random.pick(HABITS);
  const at = midnight + random.below(24 * HOUR);
  const started = startProcess(machine, {
    at,
    image,
    line,
    parent: machine.resident(parent, at),
    isWatched,
    salt: 10 + index,
  });
  const ended = random.chance(0.3)
    ? [processEnded(started.process, at + random.between(1, 90) * SECOND)]
    : [];
  return [...started.events, ...ended];
}

/** What both logs of PowerShell say of one run. */
export function powershellRun(
  day: Pick<WindowsDay, 'random'>,
  process: Process,
  given: {
    readonly at: number;
    readonly blocks: readonly string[];
    readonly script?: string;
    readonly user: string;
  },
): WindowsEvent[] {
  const { random } = day;
  const { at, blocks, script = '', user } = given;
  const own = { process: process.pid, user };
  const engine = (state: string, before: string, sequence: number): string =>
    `\tNewEngineState=${state}\r\n\tPreviousEngineState=${before}\r\n\r\n\tSequenceNumber=${sequence}\r\n\r\n\tHostName=ConsoleHost\r\n\tHostVersion=5.1.14393.4046\r\n\tHostId=${random.guid()}\r\n\tHostApplication=${process.line}\r\n\tEngineVersion=5.1.14393.4046\r\n\tRunspaceId=${random.guid()}\r\n\tPipelineId=\r\n\tCommandName=\r\n\tCommandType=\r\n\tScriptName=\r\n\tCommandPath=\r\n\tCommandLine=`;
  const end = at + random.between(1, 20) * SECOND;
  return [
    { kind: CONSOLE_STARTING, time: at + 200, values: [], ...own },
    { kind: CONSOLE_READY, time: at + 420, values: [], ...own },
    {
      kind: ENGINE_STARTED,
      time: at + 400,
      values: [['Available', 'None', engine('Available', 'None', 13)]],
    },
    ...blocks.map((text, index): WindowsEvent => ({
      kind: SCRIPT_BLOCK,
      time: at + 500 + index * 40,
      values: [1, 1, text, random.guid(), script],
      ...own,
    })),
    {
      kind: ENGINE_STOPPED,
      time: end,
      values: [['Stopped', 'Available', engine('Stopped', 'Available', 15)]],
    },
  ];
}

/** The house's own script, by night. */
function nightlyScript(day: WindowsDay): WindowsEvent[] {
  const { machine, random, midnight } = day;
  const at = midnight + 2 * HOUR + (machine.world.zone < 0 ? 5 : 0) * HOUR + random.below(3 * MINUTE);
  const script = 'C:\\Scripts\\Clean-ExchangeLogs.ps1';
  const { process, events } = startProcess(machine, {
    at,
    image: POWERSHELL,
    line: `powershell.exe -NoProfile -ExecutionPolicy RemoteSigned -File ${script} -Days 60`,
    parent: machine.resident('scheduler', at),
    salt: 5,
  });
  const block =
    'param([int]$Days = 60)\r\nGet-ChildItem "$env:ExchangeInstallPath\\Logging" -Recurse -Filter *.log |\r\n  Where-Object LastWriteTime -lt (Get-Date).AddDays(-$Days) | Remove-Item';
  return [...events, ...powershellRun(day, process, { at, blocks: [block], script, user: 'S-1-5-18' })];
}

/** An administrator at the console: some tools, and the management shell. */
function consoleWork(day: WindowsDay): WindowsEvent[] {
  const { machine, random } = day;
  const { account, from, events } = consoleSession(day);
  const explorer = machine.started(
    {
      startedAt: from + SECOND,
      image: 'C:\\Windows\\explorer.exe',
      line: 'C:\\Windows\\Explorer.EXE',
      account,
    },
    6,
  );
  const folder = `C:\\Users\\${account.name}\\`;
  const tools = random.sample(TOOLS, random.between(1, 3)).flatMap(([image, line], index) => {
    const at = from + (index + 1) * random.between(20, 120) * SECOND;
    return startProcess(machine, { at, image, line, parent: explorer, folder, salt: 20 + index }).events;
  });
  if (random.chance(0.5)) return [...events, ...tools];
  const at = from + random.between(40, 300) * SECOND;
  const line = `"${POWERSHELL}" -noexit -command ". '${SCRIPTS.replace('Scripts', 'bin')}\\RemoteExchange.ps1'; Connect-ExchangeServer -auto -ClientApplication:ManagementShell "`;
  const shell = startProcess(machine, { at, image: POWERSHELL, line, parent: explorer, folder, salt: 30 });
  const blocks = random.sample(BLOCKS, random.between(1, 3));
  return [
    ...events,
    ...tools,
    ...shell.events,
    ...powershellRun(day, shell.process, { at, blocks, user: account.sid }),
  ];
}

/** Files that Sysmon's settings watch for, written by those who may. */
function benignFile(day: WindowsDay): WindowsEvent[] {
  const { machine, random, midnight } = day;
  const at = midnight + random.below(24 * HOUR);
  const number = `1.331.${random.below(2000)}.0`;
  const [resident, path] = random.pick<readonly [Resident, string]>([
    ['scheduler', `C:\\Windows\\SoftwareDistribution\\Download\\Install\\AM_Delta_Patch_${number}.exe`],
    [
      'health',
      `C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\Monitoring\\Monitoring\\MSExchangeHMWorker\\${random.hex(6)}.ps1`,
    ],
    [
      'svchost',
      `C:\\Windows\\Temp\\__PSScriptPolicyTest_${random.text('abcdefghijklmnopqrstuvwxyz012345', 8)}.ps1`,
    ],
  ]);
  return [fileCreated(machine.resident(resident, at), path, at)];
}

/** Services that ask the world for updates. */
function connection({ machine, random, midnight }: WindowsDay): WindowsEvent {
  const at = midnight + random.below(24 * HOUR);
  const { guid, pid, image, account } = machine.resident(random.pick<Resident>(['scheduler', 'health']), at);
  return {
    kind: CONNECTED,
    time: at,
    user: 'S-1-5-18',
    values: [
      '-',
      sysmonTime(at),
      guid,
      pid,
      image,
      account.shown,
      'tcp',
      true,
      false,
      machine.server.address,
      machine.server.fqdn,
      random.between(6000, 65_000),
      '-',
      false,
      `198.19.${random.below(256)}.${random.between(1, 254)}`,
      '-',
      443,
      'https',
    ],
  };
}

/** Starts of programs per request of people: a busy server's machinery is a little busier. */
const STARTS_PER_REQUEST = 0.018;
const HABITUAL = 8;

/** Everything that starts on a day. */
export function processesOfDay(day: WindowsDay): WindowsEvent[] {
  const count = HABITUAL + Math.round(day.requestsPerDay * STARTS_PER_REQUEST);
  const sessions = day.isWeekend ? 0 : day.random.between(0, 2);
  return [
    ...Array.from({ length: count }, (_, index) => habitStart(day, index)).flat(),
    ...nightlyScript(day),
    ...Array.from({ length: sessions }, () => consoleWork(day)).flat(),
    ...Array.from({ length: 2 }, () => benignFile(day)).flat(),
    ...Array.from({ length: 3 }, () => connection(day)),
  ];
}
