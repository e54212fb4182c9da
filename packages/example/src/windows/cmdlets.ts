// The log "MSExchange Management": each cmdlet that changes something, whoever ran it and from where.

import { HOUR } from '../calendar.ts';
import { createRandom, type Random } from '../random.ts';
import type { ControlRow } from '../request.ts';
import type { World } from '../world.ts';
import { workingMoment, type WindowsDay } from './benign-logons.ts';
import type { Machine } from './machine.ts';
import { CMDLET_DONE, CMDLET_FAILED } from './other-kinds.ts';
import type { WindowsEvent } from './windows-event.ts';

/** A command of the control panel at its moment. */
export interface PanelCommand {
  readonly time: number;
  readonly row: ControlRow;
}

/** Who ran a cmdlet, as the log shows it. */
interface Actor {
  /** The name in the directory: domain, container, account, with slashes between them. */
  readonly path: string;
  readonly sid: string;
}

interface Cmdlet {
  readonly time: number;
  readonly name: string;
  /** `-Identity "x" -Force "True"`. */
  readonly parameters: string;
  readonly actor: Actor;
  readonly host: string;
  readonly pool: 'MSExchangeECPAppPool' | 'MSExchangePowerShellAppPool';
  readonly tookMs: number;
  readonly exception?: string;
}

const PARAMETER = /\.(?<name>[A-Za-z]+)=(?:'(?<text>[^']*)'|(?<word>[^.']*))/g;
/** Reading is not logged. */
const READS = /^(?:Get|Search|Test)-/;

/** `Set-X.A='b'.C=$true` of the control panel's log as the cmdlet log has it: `-A "b" -C "True"`. */
export function parametersOf(command: string): string {
  return [...command.matchAll(PARAMETER)]
    .map(({ groups }) => {
      const word = groups?.['word'] ?? '';
      const value = groups?.['text'] ?? (word === '$true' ? 'True' : word);
      return value === '$null' ? `-${groups?.['name']} $null` : `-${groups?.['name']} "${value}"`;
    })
    .join(' ');
}

function clockText(tookMs: number): string {
  const seconds = Math.floor(tookMs / 1000);
  const fraction = String(Math.round((tookMs % 1000) * 10_000)).padStart(7, '0');
  return `00:00:${String(seconds % 60).padStart(2, '0')}.${fraction}`;
}

function cmdletEvent(machine: Machine, random: Random, given: Cmdlet): WindowsEvent {
  const { world } = machine;
  const controller = `${world.controller.toLowerCase()}.${world.adDomain}`;
  const exception = given.exception ?? '';
  const scope = `View Entire Forest: 'False', Default Scope: '${world.adDomain}', Configuration Domain Controller: '${controller}', Preferred Global Catalog: '${controller}', Preferred Domain Controllers: '{ ${controller} }'`;
  const strings = [
    given.name,
    given.parameters,
    given.actor.path,
    given.actor.sid,
    given.actor.sid,
    given.host,
    `${machine.resident(given.pool, given.time).pid} w3wp#${given.pool}`,
    '',
    String(random.between(5, 240)),
    clockText(given.tookMs),
    scope,
    exception,
    exception === '' ? '' : '5',
    '',
    exception === '' ? '' : 'NonLocalizedException',
    '',
    '',
    'False',
    '',
    '0 objects execution has been proxied to remote server.',
    '',
    '',
    '0',
    `ActivityId: ${random.guid()}`,
    'ServicePlan:;IsAdmin:True;',
    '',
    'en-US',
  ];
  return { kind: exception === '' ? CMDLET_DONE : CMDLET_FAILED, time: given.time, values: [strings] };
}

/** People of the control panel by their mail address; the forest's first administrator otherwise. */
function actorOf(world: World, mail: string): Actor {
  const admin = world.administrators.find((one) => one.mail === mail);
  if (admin === undefined)
    return { path: [world.adDomain, 'Users', 'Administrator'].join('/'), sid: `${world.domainSid}-500` };
  return {
    path: `${world.adDomain}/IT/${admin.account.slice(admin.account.indexOf('\\') + 1)}`,
    sid: admin.sid,
  };
}

/** What the control panel ran, the intruders' cmdlets among it. */
export function panelCmdlets(machine: Machine, commands: readonly PanelCommand[]): WindowsEvent[] {
  const random = createRandom(`${machine.world.seed}/cmdlets/${machine.server.host}`);
  return commands
    .filter(({ row }) => !READS.test(row.command))
    .map(({ time, row }) =>
      cmdletEvent(machine, random, {
        time: time - 1,
        name: row.command.slice(0, row.command.indexOf('.')),
        parameters: parametersOf(row.command),
        actor: actorOf(machine.world, row.actor),
        host: 'ServerRemoteHost-EMC',
        pool: 'MSExchangeECPAppPool',
        tookMs: row.took,
        ...(row.exception !== '' && { exception: row.exception }),
      }),
    );
}

type Task = readonly [name: string, parameters: (day: WindowsDay) => string];

const someone = ({ machine, random }: WindowsDay): string => random.pick(machine.world.users).mail;

/** What administrators do in the management shell. */
const SHELL_TASKS: readonly Task[] = [
  ['Set-ADServerSettings', () => '-ViewEntireForest "True"'],
  [
    'Set-Mailbox',
    (day) => `-Identity "${someone(day)}" -IssueWarningQuota "${day.random.between(2, 40)} GB"`,
  ],
  ['Enable-Mailbox', (day) => `-Identity "${someone(day)}"`],
  ['Set-CASMailbox', (day) => `-Identity "${someone(day)}" -ActiveSyncEnabled "True"`],
  ['Add-DistributionGroupMember', (day) => `-Identity "All staff" -Member "${someone(day)}"`],
  ['Set-MailboxAutoReplyConfiguration', (day) => `-Identity "${someone(day)}" -AutoReplyState "Enabled"`],
  ['Set-CalendarProcessing', (day) => `-Identity "${someone(day)}" -AutomateProcessing "AutoAccept"`],
  ['Update-GlobalAddressList', () => '-Identity "Default Global Address List"'],
  ['Set-OrganizationConfig', () => '-MailTipsLargeAudienceThreshold "50"'],
];

const NO_SUCH_MAILBOX =
  "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException: The operation couldn't be performed because the object couldn't be found.";

/** A day's cmdlets from the management shell, and the nightly one of the server itself. */
export function shellCmdlets(day: WindowsDay): WindowsEvent[] {
  const { machine, random, midnight, isWeekend } = day;
  const admin = random.pick(machine.world.administrators);
  const people = Array.from({ length: isWeekend ? 0 : random.between(1, 5) }, () => {
    const [name, parameters] = random.pick(SHELL_TASKS);
    return cmdletEvent(machine, random, {
      time: workingMoment(day),
      name,
      parameters: parameters(day),
      actor: actorOf(machine.world, admin.mail),
      host: 'Remote-ManagementShell-Unknown',
      pool: 'MSExchangePowerShellAppPool',
      tookMs: random.between(8, 3900),
      ...(random.chance(0.08) && { exception: NO_SUCH_MAILBOX }),
    });
  });
  const nightly = cmdletEvent(machine, random, {
    time: midnight + 3 * HOUR + random.below(HOUR),
    name: 'Update-OfflineAddressBook',
    parameters: '-Identity "\\Default Offline Address Book"',
    actor: { path: 'NT AUTHORITY\\SYSTEM', sid: 'S-1-5-18' },
    host: 'ConsoleHost-Unknown',
    pool: 'MSExchangePowerShellAppPool',
    tookMs: random.between(90, 900),
  });
  return [...people, nightly];
}
