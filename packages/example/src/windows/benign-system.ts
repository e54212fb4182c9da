// What services of Windows and Exchange say by themselves, day by day and at each restart.

import { HOUR, MINUTE, SECOND } from '../calendar.ts';
import type { Random } from '../random.ts';
import type { WindowsDay } from './benign-logons.ts';
import type { Machine } from './machine.ts';
import {
  DOMAIN_CONTROLLERS,
  LICENSING_STOPPED,
  PANEL_FAILED,
  PROXY_STARTING,
  PROXY_STOPPING,
} from './other-kinds.ts';
import { compilePage } from './processes.ts';
import { CLOCK_SET, STARTING_UP } from './security-kinds.ts';
import { SYSMON_STATE } from './sysmon-kinds.ts';
import {
  KERNEL_CLOCK_SET,
  KERNEL_STARTED,
  KERNEL_STOPPED,
  LOG_STARTED,
  LOG_STOPPED,
  RESTART_ASKED,
  SERVICE_INSTALLED,
  SERVICE_STATE,
  TIME_SOURCE,
  UPDATE_INSTALLED,
  UPTIME,
  WINDOWS_VERSION,
} from './system-kinds.ts';
import { sysmonTime, type WindowsEvent } from './windows-event.ts';

/** Services of Exchange that start with Windows. */
export const EXCHANGE_SERVICES: readonly string[] = [
  'Microsoft Exchange Active Directory Topology',
  'Microsoft Exchange Service Host',
  'Microsoft Exchange Information Store',
  'Microsoft Exchange Transport',
  'Microsoft Exchange Frontend Transport',
  'Microsoft Exchange Mailbox Replication',
  'Microsoft Exchange Mailbox Assistants',
  'Microsoft Exchange Health Manager',
  'Microsoft Exchange Unified Messaging',
  'Microsoft Exchange Search',
  'Microsoft Exchange RPC Client Access',
  'World Wide Web Publishing Service',
  'IIS Admin Service',
];

const QUIET_SERVICES: readonly string[] = [
  'WMI Performance Adapter',
  'Software Protection',
  'Windows Modules Installer',
  'Microsoft Exchange Server Extension for Windows Server Backup',
  'Volume Shadow Copy',
  'Windows Update',
];

const FRONT_APPLICATIONS = ['Owa', 'Ecp', 'Ews', 'Oab', 'Autodiscover', 'Mapi'];

/** Numbers of time zones as EventLog 6013 names them. */
function zoneText(zone: number): string {
  return `${-zone * 60} ${zone === 0 ? 'GMT Standard Time' : 'Local Standard Time'}`;
}

export function serviceState(
  machine: Machine,
  name: string,
  state: 'running' | 'stopped',
  at: number,
): WindowsEvent {
  return {
    kind: SERVICE_STATE,
    time: at,
    process: machine.resident('services', at).pid,
    values: [name, state],
  };
}

function clockEvents(machine: Machine, random: Random, at: number): WindowsEvent[] {
  const before = at - random.between(-40, 40);
  const scheduler = machine.resident('scheduler', at);
  const service = ['S-1-5-19', 'LOCAL SERVICE', 'NT AUTHORITY', 0x3e5] as const;
  return [
    { kind: KERNEL_CLOCK_SET, time: at, user: 'S-1-5-19', values: [at, before, 1] },
    { kind: CLOCK_SET, time: at, values: [...service, before, at, scheduler.pid, scheduler.image] },
  ];
}

function definitionUpdate({ machine, random }: WindowsDay, at: number): WindowsEvent {
  const title = `Security Intelligence Update for Microsoft Defender Antivirus - KB2267602 (Version 1.331.${random.below(2000)}.0)`;
  return {
    kind: UPDATE_INSTALLED,
    time: at,
    process: machine.resident('scheduler', at).pid,
    user: 'S-1-5-18',
    values: [title, random.guid(), 200, random.guid()],
  };
}

/** Defender brings a driver of its own for the time of a scan. */
function scanDriver({ machine, random }: WindowsDay, at: number): WindowsEvent {
  const name = `MpKsl${random.hex(8)}`;
  const image = `C:\\ProgramData\\Microsoft\\Windows Defender\\Definition Updates\\{${random.guid().toUpperCase()}}\\MpKslDrv.sys`;
  return {
    kind: SERVICE_INSTALLED,
    time: at,
    process: machine.resident('services', at).pid,
    user: 'S-1-5-18',
    values: [name, image, 'kernel mode driver', 'system start', ''],
  };
}

/** Somebody's browser kept a page of the control panel open for too long. */
function panelFailure({ machine, random }: WindowsDay, at: number): WindowsEvent {
  const { world } = machine;
  const user = `${world.adDomain}/Users/${random.pick(world.users).account.split('\\')[1] ?? ''}`;
  const text = `Current user: '${user}'\r\nRequest for URL 'https://${machine.server.fqdn}:444/ecp/default.aspx' failed with the following error:\r\nMicrosoft.Exchange.Management.ControlPanel.BadRequestException: The request sent by your browser was not valid.`;
  return { kind: PANEL_FAILED, time: at, values: [[user, text]] };
}

function topology({ machine }: WindowsDay, at: number): WindowsEvent {
  const { controller, adDomain } = machine.world;
  const servers = `\r\n\t\t\tIn-site:\r\n${controller}.${adDomain}\tCDG 1 7 7 1 0 1 1 7 1\r\n\t\t\tOut-of-site:\r\n`;
  return {
    kind: DOMAIN_CONTROLLERS,
    time: at,
    values: [['Microsoft.Exchange.Directory.TopologyService.exe', '3712', 'Forest ' + adDomain, servers]],
  };
}

/** What each day brings. */
export function systemOfDay(day: WindowsDay): WindowsEvent[] {
  const { machine, random, midnight } = day;
  const moment = (): number => midnight + random.below(24 * HOUR);
  const noon = midnight + (12 - machine.world.zone) * HOUR;
  const up = Math.floor((noon - (machine.boots.findLast((boot) => boot <= noon) ?? noon)) / SECOND);
  const services = Array.from({ length: random.between(2, 4) }, () => {
    const at = moment();
    const name = random.pick(QUIET_SERVICES);
    const stopped = serviceState(machine, name, 'stopped', at + random.between(2, 20) * MINUTE);
    return [serviceState(machine, name, 'running', at), stopped];
  });
  return [
    ...services.flat(),
    { kind: UPTIME, time: noon, values: [['', '', '', '', String(up), '60', zoneText(machine.world.zone)]] },
    {
      kind: TIME_SOURCE,
      time: moment(),
      user: 'S-1-5-19',
      values: [
        `${machine.world.controller}.${machine.world.adDomain} (ntp.d|0x0|0.0.0.0:123->10.1.1.10:123)`,
      ],
    },
    ...(random.chance(0.3) ? clockEvents(machine, random, moment()) : []),
    definitionUpdate(day, moment()),
    ...(random.chance(0.4) ? [scanDriver(day, moment())] : []),
    ...(random.chance(0.1) ? [panelFailure(day, moment())] : []),
    ...Array.from({ length: 4 }, (_, quarter) =>
      topology(day, midnight + quarter * 6 * HOUR + random.below(HOUR)),
    ),
    ...Array.from({ length: 2 }, (): WindowsEvent => ({
      kind: LICENSING_STOPPED,
      time: moment(),
      values: [],
    })),
  ];
}

/** Going down: who asked, what stopped. */
export function goingDown(machine: Machine, random: Random, at: number, reason: string): WindowsEvent[] {
  const { server, world } = machine;
  const applications = FRONT_APPLICATIONS.map((name, index): WindowsEvent => ({
    kind: PROXY_STOPPING,
    time: at + 700 + index * 130,
    values: [[`[${name}] Application shutting down.`]],
  }));
  const asked = random.pick(world.administrators).account;
  return [
    {
      kind: RESTART_ASKED,
      time: at,
      user: 'S-1-5-18',
      values: [
        `C:\\Windows\\system32\\winlogon.exe (${server.host})`,
        server.host,
        reason,
        '0x80020010',
        'restart',
        '',
        asked,
      ],
    },
    ...applications,
    ...EXCHANGE_SERVICES.map((name, index) =>
      serviceState(machine, name, 'stopped', at + 2000 + index * 310),
    ),
    { kind: LOG_STOPPED, time: at + 9000, values: [[''], Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0)] },
    { kind: KERNEL_STOPPED, time: at + 9500, user: 'S-1-5-18', values: [at + 9400] },
  ];
}

function startedLog(kind: WindowsEvent['kind'], at: number, values: readonly string[]): WindowsEvent {
  return { kind, time: at, values: [values] };
}

/** The product's pages are compiled anew after an update has changed them. */
export function compiledAnew(machine: Machine, random: Random, at: number): WindowsEvent[] {
  const worker = machine.resident('MSExchangeOWAAppPool', at);
  return ['/owa/auth/logon.aspx', '/owa/auth/errorFE.aspx'].flatMap((url, index) =>
    compilePage(machine, { at: at + index * 11 * SECOND, worker, url, language: 'C#', random }),
  );
}

/** Coming up again: the kernel, the log, Exchange's services. */
export function comingUp(machine: Machine, at: number, isSysmonOn: boolean): WindowsEvent[] {
  const sysmon: WindowsEvent[] = isSysmonOn
    ? [
        {
          kind: SYSMON_STATE,
          time: at + 5200,
          user: 'S-1-5-18',
          values: [sysmonTime(at + 5200), 'Started', '13.01', '4.50'],
        },
      ]
    : [];
  const applications = FRONT_APPLICATIONS.map((name, index) =>
    startedLog(PROXY_STARTING, at + 14_000 + index * 900, [`[${name}] Application starting.`]),
  );
  return [
    { kind: KERNEL_STARTED, time: at + 1, user: 'S-1-5-18', values: [10, 0, 14_393, 4225, 0, 0, at] },
    { kind: STARTING_UP, time: at + 900, process: machine.resident('lsass', at).pid, values: [] },
    startedLog(WINDOWS_VERSION, at + 4000, ['10.00.', '14393', '', 'Multiprocessor Free', '0']),
    startedLog(LOG_STARTED, at + 4001, ['']),
    ...sysmon,
    ...EXCHANGE_SERVICES.map((name, index) =>
      serviceState(machine, name, 'running', at + 6000 + index * 800),
    ),
    ...applications,
  ];
}
