// People in a browser: web mail and their own settings.

import { BROWSERS } from './agents.ts';
import {
  addressOf,
  backEndPart,
  hostAt,
  ownPart,
  requestOf,
  userProxyPart,
  type Maker,
} from './benign-context.ts';

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

/** One call of web mail. */
export const owaService: Maker = (context, user, end) => {
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

/** Web mail waiting for news. */
export const owaNotifications: Maker = (context, user, end) => {
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

/** The start page, or a file of the page. */
export const owaPage: Maker = (context, user, end) => {
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

/** The logon page, or the logon. */
export const owaLogon: Maker = (context, user, end) => {
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

/** A user looks at the own rules or settings: the panel's harmless face. */
export const userOptions: Maker = (context, user, end) => {
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
export const mishap: Maker = (context, user, end) => {
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
