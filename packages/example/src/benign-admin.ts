// Administrators in the control panel, with cmdlets that an intruder would use too.

import { BROWSERS } from './agents.ts';
import { backEndPart, hostAt, requestOf, userProxyPart, type Context } from './benign-context.ts';
import { HOUR, SECOND } from './calendar.ts';
import type { WebRequest } from './request.ts';
import type { User } from './world.ts';

interface Task {
  readonly service: 'GetList' | 'GetObject' | 'SetObject';
  readonly schema: string;
  readonly command: (context: Context) => string;
}

const TASKS: readonly Task[] = [
  {
    service: 'GetList',
    schema: 'MailboxService',
    command: () => 'Get-Recipient.ResultSize=500.PropertySet=ConsoleLargeSet',
  },
  {
    service: 'GetObject',
    schema: 'EditMailbox',
    command: ({ random, world }) => `Get-Mailbox.Identity='${random.pick(world.users).mailbox}'`,
  },
  {
    service: 'SetObject',
    schema: 'EditMailbox',
    command: ({ random, world }) =>
      `Set-Mailbox.Identity='${random.pick(world.users).mailbox}'.ProhibitSendQuota='2 GB'`,
  },
  {
    service: 'GetList',
    schema: 'VirtualDirectory',
    command: () => 'Get-OwaVirtualDirectory.ADPropertiesOnly=$true',
  },
  {
    service: 'GetObject',
    schema: 'OABVirtualDirectory',
    command: ({ server }) =>
      `Get-OABVirtualDirectory.ADPropertiesOnly=$true.Identity='${server.host}\\OAB (Default Web Site)'`,
  },
  {
    service: 'GetList',
    schema: 'MessageTrackingReport',
    command: () => 'Search-MessageTrackingReport.ResultSize=100',
  },
  { service: 'GetList', schema: 'TransportRules', command: () => 'Get-TransportRule' },
];

/** What looks most like the attack and is not: the address book's outside address set to the service's own name. */
const OAB_TASK: Task = {
  service: 'SetObject',
  schema: 'OABVirtualDirectory',
  command: ({ world, server }) =>
    `Set-OabVirtualDirectory.ExternalUrl='https://${hostAt(world, 0)}/OAB'.Identity='${server.host}\\OAB (Default Web Site)'`,
};

function taskRequest(context: Context, admin: User, task: Task, end: number): WebRequest {
  const { random, world } = context;
  const stem = `/ecp/DDI/DDIService.svc/${task.service}`;
  const canary = `${random.text('abcdefghijkmnopqrstuvwxyz0123456789-_', 40)}.`;
  const query = `ActivityCorrelationID=${random.guid()}&schema=${task.schema}&msExchEcpCanary=${canary}`;
  return requestOf({
    end,
    took: random.between(60, 1800),
    id: random.guid(),
    client: admin.addresses[0] ?? '10.20.0.5',
    method: 'POST',
    stem,
    query,
    user: admin.account,
    agent: random.pick(BROWSERS.slice(0, 3)),
    referer: `https://${hostAt(world, 0)}/ecp/`,
    proxy: userProxyPart(context, admin, { protocol: 'Ecp', authentication: 'FBA' }),
    // The console's back end writes who asked; a machine account only where the front end was made to ask by itself.
    backEnd: { ...backEndPart(context, { method: 'POST', stem, query, status: 200 }), user: admin.account },
    control: [
      {
        command: task.command(context),
        url: `${stem}?${query}`,
        took: random.between(20, 900),
        exception: '',
        actor: admin.mail,
        before: 8,
      },
    ],
  });
}

/** An administrator's work of one day: a few sittings in office hours, none at weekends. */
export function adminOfDay(context: Context, day: number, isWeekend: boolean): WebRequest[] {
  const { random, world } = context;
  if (isWeekend) return [];
  return Array.from({ length: random.between(1, 2) }, () => {
    const admin = random.pick(world.administrators);
    let end = day + (random.between(8, 16) - world.zone) * HOUR + random.below(HOUR);
    return Array.from({ length: random.between(3, 9) }, () => {
      end += random.between(4, 90) * SECOND;
      return taskRequest(context, admin, random.chance(0.04) ? OAB_TASK : random.pick(TASKS), end);
    });
  }).flat();
}
