// The marks that single deeds leave beside the processes. Command lines that scanners know are put together here.

import type { Random } from '../random.ts';
import type { Machine, Process } from './machine.ts';
import { fileCreated } from './processes.ts';
import {
  ACCOUNT_ENABLED,
  ACCOUNT_MADE,
  GLOBAL_MEMBER_ADDED,
  LOCAL_MEMBER_ADDED,
  PASSWORD_SET,
  SECURITY_CLEARED,
  SHARE_FILE_ASKED,
  TASK_MADE,
} from './security-kinds.ts';
import { PROCESS_OPENED } from './sysmon-kinds.ts';
import { sysmonTime, type WindowsEvent } from './windows-event.ts';

const join = (...pieces: readonly string[]): string => pieces.join('');

/** Runs a command; `later` is milliseconds after the first. */
type Run = (program: string, line: string, later: number) => { process: Process; events: WindowsEvent[] };

const SYSTEM32 = 'C:\\Windows\\System32';

function subjectOf({ system }: Machine): readonly [string, string, string, number] {
  return [system.sid, system.name, system.domain, system.logonId];
}

function audited(
  machine: Machine,
  kind: WindowsEvent['kind'],
  time: number,
  values: WindowsEvent['values'],
): WindowsEvent {
  return { kind, time, process: machine.resident('lsass', time).pid, values };
}

/** 5145: the server's own account writes a file over its own share. */
export function sharedFile(machine: Machine, path: string, at: number): WindowsEvent[] {
  const target = path.slice(3);
  const folder = target.slice(0, target.lastIndexOf('\\'));
  return [folder, target].map((asked, index) => ({
    kind: SHARE_FILE_ASKED,
    time: at - 20 + index * 15,
    process: 4,
    values: [
      ...subjectOf(machine),
      'File',
      '127.0.0.1',
      '30065',
      '\\\\*\\C$',
      '\\??\\C:\\',
      asked,
      index === 0 ? 0x80 : 0x12_0116,
      index === 0 ? '%%4423\r\n\t\t\t\t' : '%%1538\r\n\t\t\t\t%%4417\r\n\t\t\t\t',
      '-',
    ],
  }));
}

/** The memory of lsass written to a file by a library of Windows. */
export function memoryCopied({ machine, at }: Moment, path: string, run: Run): WindowsEvent[] {
  const lsass = machine.resident('lsass', at);
  const library = join('com', 'svcs.dll');
  const line = join(
    'rundll32.exe C:\\Windows\\System32\\',
    library,
    ', Mini',
    'Dump ',
    String(lsass.pid),
    ' ',
    path,
    ' full',
  );
  const { process, events } = run(`${SYSTEM32}\\rundll32.exe`, line, 0);
  const calls = [
    'ntdll.dll+a6144',
    'KERNELBASE.dll+205ce',
    `${library}+25ef`,
    'rundll32.exe+3b6c',
    'KERNEL32.DLL+84d4',
  ];
  const opened: WindowsEvent = {
    kind: PROCESS_OPENED,
    time: at + 60,
    user: 'S-1-5-18',
    values: [
      '-',
      sysmonTime(at + 58),
      process.guid,
      process.pid,
      process.pid + 8,
      process.image,
      lsass.guid,
      lsass.pid,
      'C:\\Windows\\system32\\lsass.exe',
      0x1f_ffff,
      calls.map((call) => `C:\\Windows\\System32\\${call}`).join('|'),
    ],
  };
  return [...events, opened, fileCreated(process, path, at + 70)];
}

const NOT_SET = '%%1793';
const NEVER = '%%1794';
/** Whole words of 4720 that say "not set", in the order of its fields from the display name to the workstations. */
const NO_PROFILE: readonly string[] = ['-', NOT_SET, NOT_SET, NOT_SET, NOT_SET, NOT_SET];
const NO_TIMES: readonly string[] = [NEVER, NEVER, '513', '-', '0x0', '0x15'];
const FLAGS = '\r\n\t\t%%2080\r\n\t\t%%2082\r\n\t\t%%2084';

/** Where and when a mark is left. */
export interface Moment {
  readonly machine: Machine;
  readonly random: Random;
  readonly at: number;
}

/** The events of the account database, without the commands. */
function accountEvents({ machine, random, at }: Moment, name: string): WindowsEvent[] {
  const { host } = machine.server;
  const localSid = `S-1-5-21-${random.next()}-${random.next()}-${random.next()}`;
  const sid = `${localSid}-${random.between(1001, 1020)}`;
  const subject = subjectOf(machine);
  const about = [name, host, sid, ...subject];
  const made = [...about, '-', name, NOT_SET, ...NO_PROFILE, ...NO_TIMES, FLAGS, NOT_SET, '-', '%%1797'];
  const member = (group: string, domain: string, groupSid: string): WindowsEvent['values'] => [
    '-',
    sid,
    group,
    domain,
    groupSid,
    ...subject,
    '-',
  ];
  return [
    audited(machine, GLOBAL_MEMBER_ADDED, at + 40, member('None', host, `${localSid}-513`)),
    audited(machine, ACCOUNT_MADE, at + 42, made),
    audited(machine, ACCOUNT_ENABLED, at + 43, about),
    audited(machine, PASSWORD_SET, at + 45, about),
    audited(machine, LOCAL_MEMBER_ADDED, at + 47, member('Users', 'Builtin', 'S-1-5-32-545')),
    audited(machine, LOCAL_MEMBER_ADDED, at + 950, member('Administrators', 'Builtin', 'S-1-5-32-544')),
  ];
}

/** A local account is made and put among the administrators. */
export function accountMade(moment: Moment, name: string, run: Run): WindowsEvent[] {
  const { random } = moment;
  const password = `${random.text('ABCDEFGHJKMNPQRSTUVWXYZ', 3)}!${random.hex(6)}`;
  const net = `${SYSTEM32}\\net.exe`;
  return [
    ...run(net, `net user ${name} ${password} /add`, 0).events,
    ...accountEvents(moment, name),
    ...run(net, `net localgroup administrators ${name} /add`, 900).events,
  ];
}

function taskXml(program: string): string {
  return [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <Triggers><CalendarTrigger><StartBoundary>2021-03-01T03:10:00</StartBoundary><Enabled>true</Enabled><ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger></Triggers>',
    '  <Principals><Principal id="Author"><UserId>S-1-5-18</UserId><RunLevel>HighestAvailable</RunLevel></Principal></Principals>',
    `  <Actions Context="Author"><Exec><Command>${program}</Command></Exec></Actions>`,
    '</Task>',
  ].join('\r\n');
}

/** A task that starts a program each night as the system. */
export function taskMade(
  { machine, at }: Moment,
  task: { readonly name: string; readonly program: string },
  run: Run,
): WindowsEvent[] {
  const line = `schtasks /create /tn "${task.name}" /tr "${task.program}" /sc daily /st 03:10 /ru system /f`;
  return [
    ...run(`${SYSTEM32}\\schtasks.exe`, line, 0).events,
    audited(machine, TASK_MADE, at + 70, [...subjectOf(machine), `\\${task.name}`, taskXml(task.program)]),
  ];
}

/** 1102: what the Security log held before is gone. */
export function logCleared(machine: Machine, at: number): WindowsEvent {
  const process = machine.resident('svchost', at).pid;
  return { kind: SECURITY_CLEARED, time: at, process, values: ['S-1-5-18', 'SYSTEM', 'NT AUTHORITY', 0x3e7] };
}
