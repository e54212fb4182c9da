// People's devices: telephones, Outlook, Macs, and how they find the service.

import { AUTODISCOVER, EWS_CLIENTS, OUTLOOK, PHONES } from './agents.ts';
import { addressOf, backEndPart, ownPart, requestOf, userProxyPart, type Maker } from './benign-context.ts';
import { MINUTE } from './calendar.ts';
import type { WebRequest } from './request.ts';

/** The first request of a handshake: no name yet, and 401. */
function challenge(request: WebRequest): WebRequest {
  const { backEnd: _none, ...rest } = request;
  const proxy = request.proxy;
  const part =
    proxy && ownPart({ protocol: proxy.protocol, host: proxy.host, authentication: proxy.authentication });
  return {
    ...rest,
    user: '',
    status: 401,
    substatus: 1,
    win32: 2_148_074_254,
    took: Math.min(request.took, 15),
    ...(part && { proxy: part }),
  };
}

const EAS_COMMANDS = [
  'Ping',
  'Ping',
  'Ping',
  'Sync',
  'Sync',
  'FolderSync',
  'ItemOperations',
  'SendMail',
  'Settings',
];

/** A telephone. */
export const activeSync: Maker = (context, user, end) => {
  const { random } = context;
  const command = random.pick(EAS_COMMANDS);
  const agent = random.pick(PHONES);
  const type = agent.csv.startsWith('Apple') ? 'iPhone' : 'Android';
  const query = `Cmd=${command}&User=${user.account.replace('\\', '%5C')}&DeviceId=${user.device}&DeviceType=${type}`;
  const stem = '/Microsoft-Server-ActiveSync/default.eas';
  const request = requestOf({
    end,
    took: command === 'Ping' ? random.between(2, 28) * MINUTE + random.below(1000) : random.between(20, 900),
    id: random.guid(),
    client: addressOf(context, user, 0.9),
    method: 'POST',
    stem,
    query,
    user: user.account,
    agent,
    proxy: userProxyPart(context, user, { protocol: 'Eas', authentication: 'Basic' }),
    backEnd: backEndPart(context, {
      method: 'POST',
      stem: '/Microsoft-Server-ActiveSync/Proxy/default.eas',
      query,
      status: 200,
    }),
  });
  return random.chance(0.06) ? challenge(request) : request;
};

/** Exchange Web Services: Macs, add-ins. */
export const webServices: Maker = (context, user, end) => {
  const { random } = context;
  const request = requestOf({
    end,
    took: random.between(8, 700),
    id: random.guid(),
    client: addressOf(context, user, 0.35),
    method: 'POST',
    stem: '/EWS/Exchange.asmx',
    user: user.account,
    agent: random.pick(EWS_CLIENTS),
    proxy: userProxyPart(context, user, {
      protocol: 'Ews',
      authentication: random.pick(['Negotiate', 'NTLM', 'Basic']),
    }),
    backEnd: backEndPart(context, { method: 'POST', stem: '/EWS/Exchange.asmx', query: '', status: 200 }),
  });
  return random.chance(0.2) ? challenge(request) : request;
};

const MAPI_OPERATIONS = ['Connect', 'Execute', 'Execute', 'Execute', 'NotificationWait', 'Disconnect'];

/** Outlook over MAPI. */
export const outlook: Maker = (context, user, end) => {
  const { random, world } = context;
  const operation = random.pick(MAPI_OPERATIONS);
  const stem = random.chance(0.9) ? '/mapi/emsmdb/' : '/mapi/nspi/';
  const query = `MailboxId=${user.mailbox}@${world.domain}`;
  const id = random.guid();
  return requestOf({
    end,
    took: operation === 'NotificationWait' ? 300_000 + random.below(4000) : random.between(4, 160),
    id,
    client: addressOf(context, user, 0.15),
    method: 'POST',
    stem,
    query,
    user: user.account,
    agent: random.pick(OUTLOOK),
    proxy: userProxyPart(context, user, {
      protocol: 'Mapi',
      authentication: random.chance(0.7) ? 'Negotiate' : 'NTLM',
      anchor: `MailboxGuid~${user.mailbox}`,
      routingHint: 'MailboxGuidWithDomain',
      clientRequestId: `R:${id}:${random.between(1, 900)};RT:${operation};CI:${user.mailbox}:${random.between(1, 90)};CID:${id}`,
    }),
    backEnd: backEndPart(context, { method: 'POST', stem, query, status: 200 }),
  });
};

/** A client asks where its mailbox is. */
export const autodiscover: Maker = (context, user, end) => {
  const { random } = context;
  const isJson = random.chance(0.25);
  const stem = isJson ? '/autodiscover/autodiscover.json' : '/autodiscover/autodiscover.xml';
  const query = isJson ? `Email=${user.mail.replace('@', '%40')}&Protocol=ActiveSync&RedirectCount=1` : '';
  const request = requestOf({
    end,
    took: random.between(8, 140),
    id: random.guid(),
    client: addressOf(context, user, 0.5),
    method: isJson ? 'GET' : 'POST',
    stem,
    query,
    user: isJson ? '' : user.account,
    agent: random.pick(AUTODISCOVER),
    proxy: userProxyPart(context, user, {
      protocol: 'Autodiscover',
      authentication: isJson ? 'Anonymous' : random.pick(['NTLM', 'Negotiate', 'Basic']),
      ...(isJson && { anchor: user.mail, routingHint: 'Smtp' }),
    }),
    backEnd: backEndPart(context, { method: isJson ? 'GET' : 'POST', stem, query, status: 200 }),
  });
  return !isJson && random.chance(0.3) ? challenge(request) : request;
};
