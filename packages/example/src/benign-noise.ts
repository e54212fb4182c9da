// Strangers who mean this server no more than any other: scanners, crawlers, guessers of passwords.

import { agentOf, BROWSERS, type Agent } from './agents.ts';
import { backEndPart, hostAt, ownPart, requestOf, type Context } from './benign-context.ts';
import { DAY, SECOND } from './calendar.ts';
import type { WebRequest } from './request.ts';
import { INTRUDERS } from './world.ts';

interface Knock {
  readonly stem: string;
  readonly query?: string;
  readonly method?: string;
  readonly status: number;
}

type Burst = (context: Context, start: number, client: string) => WebRequest[];

function stranger(context: Context): string {
  return context.random.pick(context.world.strangers.slice(INTRUDERS));
}

/** Pages of the product are answered by its proxy module, everything else by IIS alone. */
function knockRequest(
  context: Context,
  given: Knock & { end: number; client: string; agent: Agent },
): WebRequest {
  const { random, server, world } = context;
  const host = random.chance(0.6) ? server.publicAddress : hostAt(world, 0);
  const isOwa = given.stem.startsWith('/owa/');
  return requestOf({
    end: given.end,
    took: random.between(0, 30),
    id: random.guid(),
    client: given.client,
    method: given.method ?? 'GET',
    stem: given.stem,
    query: given.query ?? '',
    agent: given.agent,
    status: given.status,
    win32: given.status === 404 ? 2 : 0,
    ...(isOwa && { proxy: ownPart({ protocol: 'Owa', host }) }),
  });
}

function burstOf(knocks: readonly Knock[], agent: Agent, pause: number): Burst {
  return (context, start, client) => {
    let end = start;
    return knocks.map((knock) => {
      end += context.random.between(1, pause);
      return knockRequest(context, { ...knock, end, client, agent });
    });
  };
}

const ZGRAB = agentOf('Mozilla/5.0 zgrab/0.x');
const EXPORT_TOOL = '/ecp/Current/exporttool/microsoft.exchange.ediscovery.exporttool.application';

const exportToolScan: Burst = (context, start, client) => {
  const { random, server } = context;
  const proxy = {
    ...ownPart({ protocol: 'Ecp', host: server.publicAddress }),
    anchor: 'ServerVersion~Version 15.0 (Build 0.0)',
    routingHint: 'EDiscoveryExportTool-ServerVersion',
    backEndStatus: 200,
    responseBytes: 10_112,
  };
  const backEnd = backEndPart(context, { method: 'GET', stem: EXPORT_TOOL, query: '', status: 200 });
  return [
    requestOf({
      end: start,
      took: random.between(10, 60),
      id: random.guid(),
      client,
      stem: EXPORT_TOOL,
      agent: ZGRAB,
      proxy,
      backEnd,
    }),
  ];
};

const NMAP = agentOf('Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)');

/** The public check of CVE-2021-26855: asks the server to ask itself, and is told 500. It began after the fix was published. */
const publicCheck: Burst = (context, start, client) => {
  const { random, server } = context;
  const proxy = {
    ...ownPart({ protocol: 'Owa', host: server.publicAddress }),
    anchor: 'ServerInfo~localhost/ecp/default.flt?',
    routingHint: 'X-AnonResource-Backend-Cookie',
    backEndStatus: 500,
    errorCode: 'BackEndUnknownError',
  } as const;
  return [
    requestOf({
      end: start,
      took: random.between(20, 90),
      id: random.guid(),
      client,
      stem: '/owa/auth/x.js',
      agent: NMAP,
      status: 500,
      proxy,
    }),
  ];
};

const wordPress = burstOf(
  [
    { stem: '/wp-login.php', status: 404 },
    { stem: '/xmlrpc.php', method: 'POST', status: 404 },
    { stem: '/wp-admin/setup-config.php', status: 404 },
    { stem: '/blog/wp-includes/wlwmanifest.xml', status: 404 },
    { stem: '/cms/wp-includes/wlwmanifest.xml', status: 404 },
  ],
  agentOf(
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/78.0.3904.108 Safari/537.36',
  ),
  900,
);

const auditor = burstOf(
  [
    { stem: '/', status: 302 },
    { stem: '/robots.txt', status: 404 },
    { stem: '/.git/config', status: 404 },
    { stem: '/cgi-bin/test.cgi', status: 404 },
    { stem: '/phpinfo.php', status: 404 },
    { stem: '/owa/', status: 302 },
    { stem: '/owa/admin.cfg', status: 302 },
    { stem: '/..%255c..%255cwindows/win.ini', status: 400 },
    { stem: '/aspnet_client/', status: 403 },
    { stem: '/index.php', query: 'lang=../../../../etc/passwd%00', status: 404 },
    { stem: '/manager/html', status: 404 },
    { stem: '/solr/admin/info/system', query: 'wt=json', status: 404 },
  ],
  agentOf('Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)'),
  400,
);

const crawler = burstOf(
  [
    { stem: '/robots.txt', status: 404 },
    { stem: '/', status: 302 },
    { stem: '/favicon.ico', status: 404 },
    { stem: '/owa/auth/logon.aspx', query: 'url=https%3a%2f%2flocalhost%2fowa%2f&reason=0', status: 200 },
  ],
  agentOf('Mozilla/5.0 (compatible; ExampleBot/2.1; +http://bot.example/about)'),
  30 * SECOND,
);

/** Bytes that are no UTF-8, and UTF-8 that nobody percent-encoded. */
const oddBytes = burstOf(
  [
    { stem: '/caf\u00e9/men\u00fc.asp', status: 404 },
    { stem: '/\u00c3\u00a4rger', query: 'q=\u00ff\u00fe\u0080', status: 404 },
  ],
  agentOf('Mozilla/5.0 (\u00d0\u00af\u00bd; \u00e9\u00a0)'),
  500,
);

const passwordGuesses: Burst = (context, start, client) => {
  const { random, world } = context;
  const agent = random.pick(BROWSERS);
  let end = start;
  return random.sample(world.users, random.between(8, 25)).map((user) => {
    end += random.between(1, 40) * SECOND;
    const host = hostAt(world, 0);
    return requestOf({
      end,
      took: random.between(20, 200),
      id: random.guid(),
      client,
      method: 'POST',
      stem: '/owa/auth.owa',
      user: user.account,
      agent,
      status: 302,
      proxy: ownPart({ protocol: 'Owa', host }),
    });
  });
};

const BURSTS: readonly (readonly [share: number, burst: Burst])[] = [
  [0.9, exportToolScan],
  [0.7, wordPress],
  [0.4, auditor],
  [0.8, crawler],
  [0.35, oddBytes],
  [0.3, passwordGuesses],
];

/** Midnight of 8 March 2021, when the public check was two days old. */
const CHECK_PUBLIC = Date.UTC(2021, 2, 8);

/** What strangers did on one day, in no order. */
export function noiseOfDay(context: Context, day: number): WebRequest[] {
  const { random } = context;
  const bursts = BURSTS.filter(([share]) => random.chance(share)).map(([, burst]) => burst);
  if (day >= CHECK_PUBLIC && random.chance(0.3)) bursts.push(publicCheck);
  return bursts.flatMap((burst) =>
    burst(context, day + random.below(DAY - 15 * 60 * SECOND), stranger(context)),
  );
}
