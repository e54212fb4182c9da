// Who logs on to the server all day: its own probes, people through the web server, administrators at the console.

import { HOUR, MINUTE, SECOND } from '../calendar.ts';
import type { Random } from '../random.ts';
import type { User } from '../world.ts';
import { sessionOf, type Account, type Machine } from './machine.ts';
import { LOGGED_OFF, LOGGED_ON, LOGON_FAILED, PRIVILEGES } from './security-kinds.ts';
import type { WindowsEvent } from './windows-event.ts';

/** One day of one server. */
export interface WindowsDay {
  readonly machine: Machine;
  readonly random: Random;
  readonly midnight: number;
  readonly isWeekend: boolean;
  readonly requestsPerDay: number;
}

const NOBODY = ['S-1-0-0', '-', '-', 0] as const;
const NO_GUID = '00000000-0000-0000-0000-000000000000';
const IMPERSONATION = '%%1833';
const NO = '%%1843';
const YES = '%%1842';
const W3WP = 'C:\\Windows\\System32\\inetsrv\\w3wp.exe';
const RIGHTS = ['SeSecurityPrivilege', 'SeBackupPrivilege', 'SeRestorePrivilege', 'SeTakeOwnershipPrivilege'];
const MORE_RIGHTS = [
  'SeDebugPrivilege',
  'SeSystemEnvironmentPrivilege',
  'SeLoadDriverPrivilege',
  'SeImpersonatePrivilege',
];
const PRIVILEGE_LIST = [...RIGHTS, ...MORE_RIGHTS].join('\r\n\t\t\t');

interface Logon {
  readonly at: number;
  readonly until: number;
  readonly sid: string;
  readonly name: string;
  readonly domain: string;
  readonly logonId: number;
  /** 3 network, 5 service, 8 network with the password in clear (forms of the web server), 10 remote desktop. */
  readonly type: 3 | 5 | 8 | 10;
  readonly way: readonly [process: string, method: string];
  readonly address: string;
  readonly isElevated: boolean;
  /** The process that asked for the logon, where it is not the network's. */
  readonly by?: { readonly pid: number; readonly image: string };
}

/** 4672 beside a logon with an administrator's rights. */
function privilegesOf(logon: Logon, process: number): WindowsEvent {
  const { at, sid, name, domain, logonId } = logon;
  return { kind: PRIVILEGES, time: at + 1, process, values: [sid, name, domain, logonId, PRIVILEGE_LIST] };
}

/** 4624, perhaps 4672, and 4634 when it is over. */
export function logonEvents({ machine, random }: WindowsDay, logon: Logon): WindowsEvent[] {
  const { at, until, sid, name, domain, logonId, type, way, address, by } = logon;
  const process = machine.resident('lsass', at).pid;
  const { system } = machine;
  const subject = by === undefined ? NOBODY : [system.sid, system.name, system.domain, system.logonId];
  const on: WindowsEvent = {
    kind: LOGGED_ON,
    time: at,
    process,
    values: [
      ...subject,
      sid,
      name,
      domain,
      logonId,
      type,
      way[0],
      way[1],
      by === undefined ? '-' : machine.server.host,
      way[1] === 'Kerberos' ? random.guid() : NO_GUID,
      '-',
      way[1] === 'NTLM' ? 'NTLM V2' : '-',
      way[1] === 'NTLM' ? 128 : 0,
      by?.pid ?? 0,
      by?.image ?? '-',
      address,
      address === '-' ? '-' : String(random.between(1025, 65_000)),
      IMPERSONATION,
      '-',
      '-',
      '-',
      NO,
      0,
      logon.isElevated ? YES : NO,
    ],
  };
  const off: WindowsEvent = {
    kind: LOGGED_OFF,
    time: until,
    process,
    values: [sid, name, domain, logonId, type],
  };
  return logon.isElevated ? [on, privilegesOf(logon, process), off] : [on, off];
}

function accountName(user: User): string {
  return user.account.slice(user.account.indexOf('\\') + 1);
}

function logonIdOf(random: Random): number {
  return random.between(0x10_0000, 0x7fff_ffff);
}

/** The probes of managed availability log on as mailboxes of their own. */
function probeLogon(day: WindowsDay): WindowsEvent[] {
  const { machine, random, midnight } = day;
  const { world, server } = machine;
  const at = midnight + random.below(24 * HOUR);
  const index = random.below(server.health.length);
  return logonEvents(day, {
    at,
    until: at + random.between(2, 40) * SECOND,
    sid: `${world.domainSid}-${1141 + index}`,
    name: (server.health[index] ?? '').slice(0, 20),
    domain: world.netbios,
    logonId: logonIdOf(random),
    type: 3,
    way: ['NtLmSsp ', 'NTLM'],
    address: random.chance(0.5) ? '127.0.0.1' : server.address,
    isElevated: false,
  });
}

/** The server's own account, over and over. */
function machineLogon(day: WindowsDay): WindowsEvent[] {
  const { machine, random, midnight } = day;
  const { system, server } = machine;
  const at = midnight + random.below(24 * HOUR);
  return logonEvents(day, {
    at,
    until: at + random.between(1, 90) * SECOND,
    sid: system.sid,
    name: system.name,
    domain: system.domain,
    logonId: logonIdOf(random),
    type: 3,
    way: ['Kerberos', 'Kerberos'],
    address: server.address,
    isElevated: true,
  });
}

/** A moment of working hours by the clock of the country. */
export function workingMoment({ machine, random, midnight }: WindowsDay): number {
  return midnight + (random.between(7, 18) - machine.world.zone) * HOUR + random.below(HOUR);
}

/** Somebody reads mail: the front end logs on for him. */
function userLogon(day: WindowsDay): WindowsEvent[] {
  const { machine, random } = day;
  const user = random.pick(machine.world.users);
  const at = workingMoment(day);
  const isForm = random.chance(0.4);
  const { pid } = machine.resident('MSExchangeOWAAppPool', at);
  return logonEvents(day, {
    at,
    until: at + random.between(1, 25) * MINUTE,
    sid: user.sid,
    name: accountName(user),
    domain: machine.world.netbios,
    logonId: logonIdOf(random),
    type: isForm ? 8 : 3,
    way: isForm
      ? ['Advapi  ', 'Negotiate']
      : random.pick([['NtLmSsp ', 'NTLM'] as const, ['Kerberos', 'Kerberos'] as const]),
    address: random.pick(user.addresses),
    isElevated: false,
    ...(isForm && { by: { pid, image: W3WP } }),
  });
}

/** A wrong password, or a name that nobody has. */
function failedLogon(day: WindowsDay): WindowsEvent {
  const { machine, random } = day;
  const { system, world } = machine;
  const isStranger = random.chance(0.3);
  const user = random.pick(world.users);
  const at = isStranger ? day.midnight + random.below(24 * HOUR) : workingMoment(day);
  const { pid } = machine.resident('MSExchangeOWAAppPool', at);
  const name = isStranger
    ? random.pick(['admin', 'test', 'scan', 'info', 'administrator'])
    : accountName(user);
  const address = isStranger ? random.pick(world.strangers.slice(60)) : random.pick(user.addresses);
  return {
    kind: LOGON_FAILED,
    time: at,
    process: machine.resident('lsass', at).pid,
    values: [
      system.sid,
      system.name,
      system.domain,
      system.logonId,
      'S-1-0-0',
      name,
      world.netbios,
      0xc000_006d,
      '%%2313',
      isStranger ? 0xc000_0064 : 0xc000_006a,
      8,
      'Advapi  ',
      'Negotiate',
      machine.server.host,
      '-',
      '-',
      0,
      pid,
      W3WP,
      address,
      String(random.between(1025, 65_000)),
    ],
  };
}

/** An administrator at the server's console over the network, in working hours. */
export function consoleSession(day: WindowsDay): { account: Account; from: number; events: WindowsEvent[] } {
  const { random } = day;
  const admin = random.pick(day.machine.world.administrators);
  const account = sessionOf(admin, logonIdOf(random));
  const from = workingMoment(day);
  const events = logonEvents(day, {
    at: from,
    until: from + random.between(6, 70) * MINUTE,
    sid: account.sid,
    name: account.name,
    domain: account.domain,
    logonId: account.logonId,
    type: 10,
    way: ['User32 ', 'Negotiate'],
    address: admin.addresses[0] ?? '10.20.0.5',
    isElevated: true,
    by: { pid: day.machine.resident('svchost', from).pid, image: 'C:\\Windows\\System32\\winlogon.exe' },
  });
  return { account, from, events };
}

const PROBES = 6;
const MACHINES = 4;
/** Logons of people per request of theirs; caching clients and sessions make them few. */
const LOGONS_PER_REQUEST = 0.045;

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

/** All logons of a day but those at the console. */
export function logonsOfDay(day: WindowsDay): WindowsEvent[] {
  const people = day.requestsPerDay * LOGONS_PER_REQUEST * (day.isWeekend ? 0.25 : 1);
  const failed = Math.ceil(people / 40);
  return [
    ...times(PROBES, () => probeLogon(day)).flat(),
    ...times(MACHINES + Math.round(people / 4), () => machineLogon(day)).flat(),
    ...times(Math.round(people), () => userLogon(day)).flat(),
    ...times(failed, () => failedLogon(day)),
  ];
}
