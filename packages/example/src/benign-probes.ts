// The server asking itself how it is (managed availability), and the load balancer asking it.

import {
  BALANCER_AGENT,
  ECP_PROBE_AGENT,
  MAPI_PROBE_AGENT,
  PROBE_AGENT,
  WINRM_AGENT,
  type Agent,
} from './agents.ts';
import { backEndPart, ownPart, requestOf, type Context } from './benign-context.ts';
import { HOUR, isoTime, MINUTE } from './calendar.ts';
import type { ControlRow, ProxyPart, Protocol, WebRequest } from './request.ts';

interface Probe {
  readonly protocol: Protocol;
  readonly method: string;
  readonly stem: string;
  readonly agent: Agent;
  readonly authentication: string;
  readonly hint: string;
}

const PROBES: readonly Probe[] = [
  {
    protocol: 'Owa',
    method: 'GET',
    stem: '/owa/',
    agent: PROBE_AGENT,
    authentication: 'FBA',
    hint: 'WindowsIdentity',
  },
  {
    protocol: 'Ews',
    method: 'GET',
    stem: '/ews/',
    agent: PROBE_AGENT,
    authentication: 'Negotiate',
    hint: 'WindowsIdentity',
  },
  {
    protocol: 'Eas',
    method: 'OPTIONS',
    stem: '/Microsoft-Server-ActiveSync/default.eas',
    agent: PROBE_AGENT,
    authentication: 'Basic',
    hint: 'WindowsIdentity',
  },
  {
    protocol: 'Mapi',
    method: 'POST',
    stem: '/mapi/emsmdb/',
    agent: MAPI_PROBE_AGENT,
    authentication: 'Negotiate',
    hint: 'MailboxGuidWithDomain',
  },
  {
    protocol: 'Autodiscover',
    method: 'POST',
    stem: '/autodiscover/autodiscover.xml',
    agent: PROBE_AGENT,
    authentication: 'Negotiate',
    hint: 'WindowsIdentity',
  },
  {
    protocol: 'Ecp',
    method: 'POST',
    stem: '/ecp/RulesEditor/InboxRules.svc/GetList',
    agent: ECP_PROBE_AGENT,
    authentication: 'FBA',
    hint: 'WindowsIdentity',
  },
  {
    protocol: 'PowerShell',
    method: 'POST',
    stem: '/powershell',
    agent: WINRM_AGENT,
    authentication: 'Kerberos',
    hint: 'ExchClientVer-ServerCookie',
  },
];

const SHELL_ACTIONS = [
  'New-PSSession:Receive',
  'Get-Mailbox:Command',
  'Get-ExchangeServer:Command',
  'Remove-PSSession:Delete',
];

function probeProxyPart(context: Context, probe: Probe, end: number): ProxyPart {
  const { random, server, world } = context;
  const isShell = probe.protocol === 'PowerShell';
  return {
    protocol: probe.protocol,
    host: isShell ? server.fqdn : 'localhost',
    ...(isShell && { action: random.pick(SHELL_ACTIONS) }),
    authentication: probe.authentication,
    anchor: isShell ? 'ServerVersion~Version 15.1 (Build 2105.0)' : `Sid~${world.domainSid}-1142`,
    routingHint: probe.hint,
    backEndCookie: isShell
      ? `Server~${server.fqdn}~1942062522~${isoTime(end + 10 * MINUTE).slice(0, 19)}`
      : '',
    backEndStatus: 200,
    requestBytes: random.between(180, 900),
    responseBytes: random.between(200, 1200),
  };
}

function probeControl(context: Context, url: string): readonly ControlRow[] {
  const { random, server, world } = context;
  const actor = `${random.pick(server.health)}@${world.domain}`;
  return [{ command: 'Get-InboxRule', url, took: random.between(8, 40), exception: '', actor, before: 2 }];
}

function probeRequest(context: Context, probe: Probe, end: number): WebRequest {
  const { random, server, world } = context;
  const query =
    probe.protocol === 'Ecp'
      ? `msExchEcpCanary=${random.text('abcdefghijkmnopqrstuvwxyz0123456789-_', 40)}.`
      : '';
  return requestOf({
    end,
    took: random.between(1, 40),
    id: random.guid(),
    client: random.pick(['127.0.0.1', '127.0.0.1', '::1', server.linkLocal]),
    method: probe.method,
    stem: probe.stem,
    query,
    user: `${world.netbios}\\${random.pick(server.health)}`,
    agent: probe.agent,
    proxy: probeProxyPart(context, probe, end),
    backEnd: backEndPart(context, { method: probe.method, stem: probe.stem, query, status: 200 }),
    ...(probe.protocol === 'Ecp' && { control: probeControl(context, `${probe.stem}?${query}`) }),
  });
}

const BALANCED: readonly Protocol[] = ['Owa', 'Ews'];

function balancerRequest(context: Context, protocol: Protocol, end: number): WebRequest {
  const { random, server } = context;
  return requestOf({
    end,
    took: random.below(4),
    id: random.guid(),
    client: server.balancer,
    stem: `/${protocol.toLowerCase()}/healthcheck.htm`,
    agent: BALANCER_AGENT,
    proxy: ownPart({ protocol, host: server.fqdn, authentication: protocol === 'Owa' ? 'FBA' : '' }),
  });
}

/** Each probe and each health check of one hour, in no order. */
export function probesOfHour(context: Context, hour: number): WebRequest[] {
  const at = (): number => hour + context.random.below(HOUR);
  return [
    ...PROBES.map((probe) => probeRequest(context, probe, at())),
    ...BALANCED.map((protocol) => balancerRequest(context, protocol, at())),
  ];
}
