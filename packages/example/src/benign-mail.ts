// People at work: web mail, telephones, Outlook, Macs, autodiscover.

import { AUTODISCOVER, BROWSERS, EWS_CLIENTS, OUTLOOK, PHONES } from './agents.ts';
import {
  addressOf,
  backEndPart,
  hostAt,
  ownPart,
  requestOf,
  userProxyPart,
  type Context,
} from './benign-context.ts';
import { MINUTE } from './calendar.ts';
import type { WebRequest } from './request.ts';
import type { User } from './world.ts';

/** Makes one request of some user that ends at `end`. */
export type Maker = (context: Context, user: User, end: number) => WebRequest;

const OWA_ACTIONS: readonly string[] = [
  'FindItem',
  'GetItem',
  'FindConversation',
  'GetConversationItems',
  'UpdateItem',
  'CreateItem',
  'DeleteItem',
  'GetFolder',
  'GetCalendarView',
  'GetPersona',
  'SubscribeToNotification',
  'GetReminders',
  'GetUserPhoto',
  'FindPeople',
];
const RESOURCES: readonly string[] = [
  'scripts/boot.worldwide.0.mouse.js',
  'scripts/boot.worldwide.1.mouse.js',
  'styles/0/boot.worldwide.mouse.css',
  'resources/images/0/sprite1.mouse.png',
  'resources/styles/fonts/office365icons.woff',
  'scripts/preboot.js',
];

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

const owaService: Maker = (context, user, end) => {
  const { random } = context;
  const action = random.pick(OWA_ACTIONS);
  const query = `action=${action}&EP=1&ID=-${random.between(1, 400)}&AC=1`;
  return requestOf({
    end,
    took: random.between(6, 420),
    id: random.guid(),
    client: addressOf(context, user, 0.4),
    method: 'POST',
    stem: '/owa/service.svc',
    query,
    user: user.account,
    agent: random.pick(BROWSERS),
    referer: `https://${hostAt(context.world, 0)}/owa/`,
    proxy: userProxyPart(context, user, {
      protocol: 'Owa',
      authentication: 'FBA',
      clientRequestId: `${random.hex(32).toUpperCase()}_16${random.below(100_000_000)}`,
    }),
    backEnd: backEndPart(context, { method: 'POST', stem: '/owa/service.svc', query, status: 200 }),
  });
};

const owaNotifications: Maker = (context, user, end) => {
  const { random } = context;
  const query = `cid=${random.guid()}&ns=PendingRequest&ev=PendingNotificationRequest&UA=0`;
  return requestOf({
    end,
    took: random.between(20_000, 59_000),
    id: random.guid(),
    client: addressOf(context, user, 0.4),
    stem: '/owa/ev.owa2',
    query,
    user: user.account,
    agent: random.pick(BROWSERS),
    proxy: userProxyPart(context, user, { protocol: 'Owa', authentication: 'FBA' }),
    backEnd: backEndPart(context, { method: 'GET', stem: '/owa/ev.owa2', query, status: 200 }),
  });
};

const owaPage: Maker = (context, user, end) => {
  const { random } = context;
  const isStart = random.chance(0.3);
  const stem = isStart ? '/owa/' : `/owa/prem/${context.build.text}/${random.pick(RESOURCES)}`;
  const status = isStart || random.chance(0.5) ? 200 : 304;
  return requestOf({
    end,
    took: random.between(0, 90),
    id: random.guid(),
    client: addressOf(context, user, 0.4),
    stem,
    user: isStart ? user.account : '',
    agent: random.pick(BROWSERS),
    status,
    ...(isStart
      ? {
          proxy: userProxyPart(context, user, { protocol: 'Owa', authentication: 'FBA' }),
          backEnd: backEndPart(context, { method: 'GET', stem, query: '', status: 200 }),
        }
      : { proxy: ownPart({ protocol: 'Owa', host: hostAt(context.world, 0) }) }),
  });
};

const owaLogon: Maker = (context, user, end) => {
  const { random } = context;
  const host = hostAt(context.world, random.below(2));
  const posts = random.chance(0.5);
  return requestOf({
    end,
    took: random.between(2, 60),
    id: random.guid(),
    client: addressOf(context, user, 0.5),
    method: posts ? 'POST' : 'GET',
    stem: posts ? '/owa/auth.owa' : '/owa/auth/logon.aspx',
    query: posts ? '' : `replaceCurrent=1&url=https%3a%2f%2f${host}%2fowa%2f`,
    user: posts ? user.account : '',
    agent: random.pick(BROWSERS),
    referer: posts
      ? `https://${host}/owa/auth/logon.aspx?replaceCurrent=1&url=https%3a%2f%2f${host}%2fowa%2f`
      : '',
    status: posts ? 302 : 200,
    proxy: ownPart({ protocol: 'Owa', host }),
  });
};

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

const activeSync: Maker = (context, user, end) => {
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

const webServices: Maker = (context, user, end) => {
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

const outlook: Maker = (context, user, end) => {
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

const autodiscover: Maker = (context, user, end) => {
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

/** A user looks at the own rules or settings: the panel's harmless face. */
const userOptions: Maker = (context, user, end) => {
  const { random } = context;
  const stem = '/ecp/RulesEditor/InboxRules.svc/GetList';
  const query = `msExchEcpCanary=${random.text('abcdefghijkmnopqrstuvwxyz0123456789-_', 40)}.`;
  return requestOf({
    end,
    took: random.between(30, 400),
    id: random.guid(),
    client: addressOf(context, user, 0.3),
    method: 'POST',
    stem,
    query,
    user: user.account,
    agent: random.pick(BROWSERS),
    referer: `https://${hostAt(context.world, 0)}/ecp/?rfr=owa&p=RulesEditor`,
    proxy: userProxyPart(context, user, { protocol: 'Ecp', authentication: 'FBA' }),
    backEnd: backEndPart(context, { method: 'POST', stem, query, status: 200 }),
    control: [
      {
        command: 'Get-InboxRule',
        url: `${stem}?${query}`,
        took: random.between(9, 90),
        exception: '',
        actor: user.mail,
        before: 3,
      },
    ],
  });
};

/** A page that is gone, a session that ran out: errors of every day. */
const mishap: Maker = (context, user, end) => {
  const request = owaService(context, user, end);
  const { backEnd: _none, ...rest } = request;
  const status = context.random.pick([440, 302, 500, 503]);
  return {
    ...rest,
    status,
    took: 1,
    proxy: ownPart({
      protocol: 'Owa',
      host: hostAt(context.world, 0),
      ...(status >= 500 && { errorCode: 'ServerNotFound' }),
    }),
  };
};

const MIX: readonly (readonly [weight: number, maker: Maker])[] = [
  [22, owaService],
  [3, owaNotifications],
  [9, owaPage],
  [3, owaLogon],
  [24, activeSync],
  [13, webServices],
  [20, outlook],
  [4, autodiscover],
  [1, userOptions],
  [1, mishap],
];

/** One maker per hundredth, so that choosing is one look-up. */
const BY_SHARE: readonly Maker[] = MIX.flatMap(([weight, maker]) =>
  Array.from({ length: weight }, () => maker),
);

/** One request of someone at work that ends at `end`. */
export function workRequest(context: Context, end: number): WebRequest {
  const { random, world } = context;
  return random.pick(BY_SHARE)(context, random.pick(world.users), end);
}
