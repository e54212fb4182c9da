// Updates: Microsoft's monthly ones, and the fix of March 2021 with its installer, services and restart.

import { DAY, dayOf2021, HOUR, MINUTE, SECOND } from '../calendar.ts';
import type { Random } from '../random.ts';
import type { Outage } from '../traffic.ts';
import type { Build } from '../world.ts';
import { EXCHANGE_SERVICES, serviceState } from './benign-system.ts';
import type { Machine } from './machine.ts';
import { INSTALL_BEGAN, INSTALL_ENDED, UPDATE_APPLIED, UPDATE_LISTED } from './other-kinds.ts';
import { startProcess } from './processes.ts';
import {
  PACKAGE_BEGUN,
  PACKAGE_DONE,
  PACKAGE_WANTS_RESTART,
  SERVICE_START_CHANGED,
  UPDATE_INSTALLED,
} from './system-kinds.ts';
import type { WindowsEvent } from './windows-event.ts';

const PRODUCT = 'Microsoft Exchange Server';
/** Names of the two cumulative updates that the example's servers have (Microsoft's build table). */
const CUMULATIVE: ReadonlyMap<string, number> = new Map([
  ['15.1.2106', 18],
  ['15.1.2176', 19],
]);

function cumulativeOf(build: Build): number {
  return CUMULATIVE.get(build.text.split('.').slice(0, 3).join('.')) ?? 19;
}

function installer(
  kind: WindowsEvent['kind'],
  time: number,
  user: string,
  strings: readonly string[],
): WindowsEvent {
  return { kind, time, user, values: [strings] };
}

function servicesHeld(machine: Machine, at: number, isBack: boolean): WindowsEvent[] {
  const [before, after] = isBack ? ['disabled', 'auto start'] : ['auto start', 'disabled'];
  return EXCHANGE_SERVICES.flatMap((name, index) => {
    const time = at + index * 900;
    const changed: WindowsEvent = {
      kind: SERVICE_START_CHANGED,
      time,
      user: 'S-1-5-18',
      process: machine.resident('services', time).pid,
      values: [name, before, after, name.replaceAll(' ', '')],
    };
    return isBack ? [changed] : [changed, serviceState(machine, name, 'stopped', time + 300)];
  });
}

/** The fix: an installer by hand, its services, a restart at the end (which the caller tells). */
export function fixEvents(machine: Machine, random: Random, outage: Outage, build: Build): WindowsEvent[] {
  const admin = random.pick(machine.world.administrators);
  const file = 'C:\\Install\\Exchange2016-KB5000871-x64-en.msp';
  const update = `Security Update for Exchange Server 2016 Cumulative Update ${cumulativeOf(build)} (KB5000871) ${build.text}`;
  const begin = outage.from - 40 * SECOND;
  const done = outage.to - 6 * MINUTE;
  const command = startProcess(machine, {
    at: begin,
    image: 'C:\\Windows\\System32\\msiexec.exe',
    line: `"C:\\Windows\\System32\\msiexec.exe" /update "${file}"`,
    parent: machine.resident('services', begin),
    salt: 40,
  });
  const listed = [PRODUCT, build.text, '1033', update, 'Microsoft Corporation', '0', '(NULL)'];
  return [
    ...command.events,
    installer(INSTALL_BEGAN, begin + 3000, admin.sid, [
      file,
      String(command.process.pid),
      '(NULL)',
      '(NULL)',
      '(NULL)',
      '(NULL)',
      '',
    ]),
    ...servicesHeld(machine, outage.from + 4 * SECOND, false),
    installer(UPDATE_APPLIED, done, admin.sid, [PRODUCT, update, '(NULL)', '(NULL)', '(NULL)', '(NULL)', '']),
    installer(UPDATE_LISTED, done + 900, admin.sid, listed),
    installer(INSTALL_ENDED, done + 1200, admin.sid, [
      file,
      String(command.process.pid),
      '(NULL)',
      '(NULL)',
      '(NULL)',
      '(NULL)',
      '',
    ]),
    ...servicesHeld(machine, done + 4000, true),
    {
      kind: UPDATE_INSTALLED,
      time: done + 20_000,
      user: 'S-1-5-18',
      values: [update.replace(` ${build.text}`, ''), random.guid(), 1, random.guid()],
    },
  ];
}

/** Second Tuesdays of February and March 2021. */
const PATCH_DAYS: readonly (readonly [at: number, kb: string])[] = [
  [dayOf2021(2, 9), 'KB4601318'],
  [dayOf2021(3, 9), 'KB5000803'],
];

function packageState(kind: WindowsEvent['kind'], time: number, kb: string): WindowsEvent {
  return { kind, time, user: 'S-1-5-18', values: [kb, 5112, 'Installed', 0, 'WindowsUpdateAgent'] };
}

/** Windows' own cumulative updates, some nights after they came out. */
export function windowsUpdates(machine: Machine, random: Random): WindowsEvent[] {
  return PATCH_DAYS.flatMap(([day, kb]) => {
    const at = day + random.between(3, 6) * DAY + (3 - machine.world.zone) * HOUR + random.below(HOUR);
    const title = `Cumulative Update for Windows Server 2016 for x64-based Systems (${kb})`;
    return [
      packageState(PACKAGE_BEGUN, at, kb),
      packageState(PACKAGE_WANTS_RESTART, at + 11 * MINUTE, kb),
      packageState(PACKAGE_DONE, at + 14 * MINUTE, kb),
      {
        kind: UPDATE_INSTALLED,
        time: at + 14 * MINUTE + SECOND,
        user: 'S-1-5-18',
        values: [title, random.guid(), 1, random.guid()],
      },
    ];
  });
}
