import type { AdviceRule, Build, Layout, Pack, RuleInfo } from '@postern/core';

const proxyLogon = ['CVE-2021-26855', 'CVE-2021-26857', 'CVE-2021-26858', 'CVE-2021-27065'];
const marchOnly = ['CVE-2021-26412', 'CVE-2021-26854', 'CVE-2021-27078'];
const april = ['CVE-2021-28480', 'CVE-2021-34473', 'CVE-2021-34523'];

/** Build, day of release, what it fixes, what its CU shipped with. */
type BuildRow = readonly [
  build: string,
  released: string,
  fixes?: readonly string[],
  included?: readonly string[],
];

function row(product: string, cu: string, su: string, rest: BuildRow): Build {
  const [build, released, fixes = [], includedFromCu = []] = rest;
  return { product, cu, su, build, released, fixes, includedFromCu };
}

/** The rows of the build table that judgement section 6 asks about; facts of Microsoft's build pages. */
export const builds: readonly Build[] = [
  row('Exchange 2010', 'SP3 RU31', '', ['14.3.509.0', '2020-12-01']),
  row('Exchange 2010', 'SP3 RU32', '', ['14.3.513.0', '2021-03-02', ['CVE-2021-26857']]),
  row('Exchange 2016', 'CU17', '', ['15.1.2044.4', '2020-06-16']),
  row('Exchange 2016', 'CU17', 'Dec20SU', ['15.1.2044.12', '2020-12-08']),
  row('Exchange 2016', 'CU17', 'Mar21SU', ['15.1.2044.13', '2021-03-11', proxyLogon]),
  row('Exchange 2016', 'CU18', '', ['15.1.2106.2', '2020-09-15']),
  row('Exchange 2016', 'CU18', 'Mar21SU', ['15.1.2106.13', '2021-03-02', [...proxyLogon, ...marchOnly]]),
  row('Exchange 2016', 'CU19', '', ['15.1.2176.2', '2020-12-15']),
  row('Exchange 2016', 'CU19', 'Feb21SU', ['15.1.2176.4', '2021-02-09', ['CVE-2021-24085']]),
  row('Exchange 2016', 'CU19', 'Mar21SU', ['15.1.2176.9', '2021-03-02', [...proxyLogon, ...marchOnly]]),
  row('Exchange 2016', 'CU19', 'Apr21SU', ['15.1.2176.12', '2021-04-13', april]),
  row('Exchange 2016', 'CU20', '', ['15.1.2242.4', '2021-03-16', [], proxyLogon]),
  row('Exchange 2016', 'CU20', 'Apr21SU', ['15.1.2242.8', '2021-04-13', april, proxyLogon]),
  row('Exchange 2019', 'CU9', '', ['15.2.858.5', '2021-03-16', [], proxyLogon]),
  row('Exchange 2019', 'CU9', 'Apr21SU', ['15.2.858.10', '2021-04-13', april, proxyLogon]),
  row('Exchange SE', 'RTM', '', ['15.2.2562.17', '2025-07-01', [], proxyLogon]),
];

export const layout: Layout = {
  served: [
    { path: '\\inetpub\\wwwroot\\', url: ':443/' },
    { path: '\\inetpub\\wwwroot\\aspnet_client\\', url: '/aspnet_client/' },
    { path: '\\frontend\\httpproxy\\owa\\auth\\', url: '/owa/auth/' },
    { path: '\\frontend\\httpproxy\\ecp\\auth\\', url: '/ecp/auth/' },
  ],
  productPages: [
    '/owa/auth/logon.aspx',
    '/owa/auth/errorfe.aspx',
    '/owa/auth/signout.aspx',
    '/owa/auth/redirsuiteserviceproxy.aspx',
    '/ecp/auth/timeoutlogout.aspx',
    '/owa/*/attachment.ashx',
  ],
  pageEndings: ['.aspx', '.ashx'],
  probes: {
    addresses: ['127.0.0.1', '::1'],
    agents: ['AMProbe/*'],
    accounts: ['*HealthMailbox*'],
    urls: ['*/healthcheck.htm', '/ecp/*', '/owa/*'],
  },
  visitors: [
    { kind: 'scanner', pattern: '*zgrab*', in: 'agent', source: 'its default agent' },
    { kind: 'defender', pattern: '*own check*', in: 'agent', source: 'ours' },
  ],
  families: {
    'iis-front': 'IIS front end',
    'iis-back': 'IIS back end',
    'httpproxy-ecp': 'HttpProxy (ECP)',
    httpproxy: 'HttpProxy',
    'ecp-server': 'ECP Server',
    'windows:Security': 'Security',
  },
  retentionDays: { httpproxy: 30, 'ecp-server': 30, ews: 30 },
};

export const advice: readonly AdviceRule[] = [
  adviceRule('patch', 20, { any: ['exposure:vulnerable'], none: ['door:closed'] }),
  adviceRule('remove', 10, { all: ['implant:web-shell', 'implant-state:present'] }, [
    'web-shell',
    'page-content',
  ]),
  adviceRule('logs', 30, { any: ['coverage:missing'] }),
  adviceRule('watch', 40, { all: ['always'] }),
];

function adviceRule(
  id: string,
  order: number,
  when: AdviceRule['when'],
  because: readonly string[] = [],
): AdviceRule {
  const steps = [{ text: `${id}.`, command: `Do-${id}`, destroys: 'what was there' }];
  return {
    id,
    order,
    title: id,
    language: 'en',
    when,
    because,
    steps,
    doneWhen: `${id} is done`,
    source: 'a test',
  };
}

/** A rule of the test pack. */
export function rule(id: string, more: Partial<RuleInfo>): RuleInfo {
  return {
    id,
    title: id,
    kind: 'sigma',
    level: 'high',
    pack: 'test-2021',
    meaning: `${id} was seen.`,
    stage: 'success',
    witness: 'indirect',
    act: id,
    cves: ['CVE-2021-26855'],
    flawProved: false,
    techniques: [],
    falsePositives: [],
    entities: {
      address: ['c-ip'],
      agent: ['agent'],
      account: ['account'],
      mailbox: ['mailbox'],
      path: ['file'],
      url: ['url'],
    },
    joins: ['RequestId', 'canary', 'ProcessId'],
    references: [],
    ...more,
  };
}

/** One rule for each part of the known chain, in each log that shows it, and some that are leads. */
export const rules: readonly RuleInfo[] = [
  rule('probe', { stage: 'probe', witness: 'lead', act: 'ssrf-request' }),
  rule('attempt', { stage: 'attempt', act: 'ssrf-request' }),
  rule('proved', { stage: 'attempt', act: 'ssrf-request', flawProved: true }),
  rule('session', { witness: 'direct', act: 'session', flawProved: true }),
  rule('mail', { witness: 'direct', act: 'mail-read' }),
  rule('script', { witness: 'direct', act: 'script-in-configuration', cves: ['CVE-2021-27065'] }),
  rule('drop', {
    act: 'page-written',
    cves: ['CVE-2021-27065'],
    implant: { kind: 'web-shell', field: 'file', is: 'path', event: 'placed' },
  }),
  rule('listed', {
    act: 'page-written',
    implant: { kind: 'web-shell', field: 'file', is: 'path', event: 'seen' },
  }),
  rule('unlisted', {
    act: 'page-removed',
    implant: { kind: 'web-shell', field: 'file', is: 'path', event: 'removed' },
  }),
  rule('av-found', {
    act: 'defender-detection',
    implant: { kind: 'web-shell', field: 'file', is: 'path', event: 'seen' },
  }),
  rule('av-removed', {
    act: 'removed-by-antivirus',
    implant: { kind: 'web-shell', field: 'file', is: 'path', event: 'removed' },
  }),
  rule('shell', { stage: 'use', witness: 'direct', act: 'shell-process' }),
  rule('compile', { stage: 'probe', witness: 'lead', act: 'page-compiled' }),
  rule('fetched', { stage: 'use', act: 'archive-fetched' }),
  rule('staged', { stage: 'use', act: 'archive-staged' }),
  rule('dumped', { stage: 'aftermath', act: 'credentials-dumped' }),
  rule('mitigated', { stage: 'probe', witness: 'lead', act: 'mitigation-applied' }),
  rule('unmitigated', { stage: 'probe', witness: 'lead', act: 'mitigation-removed' }),
  rule('setting', { kind: 'yara', stage: 'probe', witness: 'lead', act: 'mitigation-applied' }),
  rule('named', { witness: 'lead', act: 'configuration-restored' }),
  rule('yara-pack', { kind: 'yara', witness: 'direct', act: 'page-content' }),
  { ...foreign('user-sigma', 'sigma') },
  { ...foreign('user-yara', 'yara') },
  { ...foreign('indicator', 'indicator') },
];

/** A rule without a declared meaning, as `--rules`, `--yara` and `--indicators` give them. */
function foreign(id: string, kind: RuleInfo['kind']): RuleInfo {
  const { pack: _, ...rest } = rule(id, { kind, stage: 'probe', witness: 'lead', cves: [] });
  return rest;
}

/** A campaign like the one of 2021, small enough to read. */
export function testPack(more: Partial<Pack> = {}): Pack {
  const { campaign } = more;
  return {
    id: 'test-2021',
    title: 'Test campaign',
    version: '1.0.0',
    sha256: '0'.repeat(64),
    requires: [],
    wants: [
      {
        question: 'attempt',
        cve: 'CVE-2021-26855',
        anyOf: [['httpproxy-ecp'], ['iis-front']],
        from: '2021-01-03',
        to: '2021-04-30',
      },
      {
        question: 'success',
        cve: 'CVE-2021-26855',
        anyOf: [['httpproxy-ecp'], ['iis-back', 'ecp-server']],
        from: '2021-01-03',
        to: '2021-04-30',
      },
      {
        question: 'use',
        cve: 'CVE-2021-27065',
        anyOf: [['iis-front']],
        from: '2021-01-03',
        to: '2021-04-30',
      },
    ],
    layout,
    builds,
    claims: [],
    advice,
    rules,
    ...more,
    campaign: campaign ?? {
      products: ['Exchange'],
      cves: proxyLogon,
      from: '2021-01-03',
      to: '2021-04-30',
      phases: [
        { id: 'zero-day', title: 'Zero-day', from: '2021-01-03', to: '2021-02-28', meaning: '' },
        { id: 'rush', title: 'Rush', from: '2021-03-01', to: '2021-04-30', meaning: '' },
      ],
      clusters: [],
    },
  };
}
