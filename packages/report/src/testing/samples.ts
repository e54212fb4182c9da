import type {
  Advice,
  Assessment,
  CampaignVerdict,
  Claim,
  Evidence,
  FamilyCoverage,
  Finding,
  Implant,
  Impact,
  Operator,
  Server,
} from '@postern/core';

/** Small assessments made by hand, one for each thing that the outputs have to say. Nothing in them was collected. */

const seen = { from: '2021-02-01T00:06:49Z', to: '2021-03-17T23:58:16.617Z' };

export function server(given: Partial<Server> & { readonly id: string }): Server {
  return {
    names: [given.id.replace('server-', '')],
    product: 'Exchange 2016',
    builds: [
      {
        build: '15.1.2106.2',
        precision: 'su',
        name: 'Exchange 2016 CU18',
        from: seen.from,
        to: '2021-03-08T23:00:00Z',
        seenIn: ['log-column'],
      },
    ],
    campaigns: [],
    seen,
    ...given,
  };
}

export function withVerdict(id: string, given: Partial<CampaignVerdict>): Server {
  const campaign: CampaignVerdict = {
    pack: 'exchange-2021',
    verdict: 'nothing-found',
    confidence: 'low',
    door: { state: 'not-known', duringCampaign: 'not-known', basis: 'no build was seen' },
    because: [],
    against: [],
    limits: [],
    wouldChange: [],
    exposure: [],
    ...given,
  };
  return server({ id, headline: { pack: campaign.pack, verdict: campaign.verdict }, campaigns: [campaign] });
}

export const lateDoor: CampaignVerdict['door'] = {
  state: 'closed',
  closedAt: '2021-03-09T01:39:15.791Z',
  fixExistedSince: '2021-03-02',
  duringCampaign: 'partly-open',
  basis: 'the first build with all fixes was seen on 2021-03-09',
};

export function evidence(given: Partial<Evidence> = {}): Evidence {
  return {
    source: 'source-1',
    offset: 1200,
    line: 10,
    excerpt: '2021-02-28 05:24:31 POST /ecp/y.js 200',
    ...given,
  };
}

export function finding(id: string, act: string, title: string, given: Partial<Finding> = {}): Finding {
  const first = given.first ?? '2021-02-28T05:24:31.272Z';
  return {
    id,
    rule: { id: `rule-${act}`, title, kind: 'sigma', level: 'high', pack: 'exchange-2021' },
    meaning: 'What it means, in one sentence.',
    stage: 'success',
    witness: 'direct',
    act,
    cves: ['CVE-2021-26855'],
    recordedOn: 'server-ex01',
    targets: ['server-ex01'],
    recorders: ['httpproxy-ecp'],
    first,
    last: first,
    count: 1,
    entities: {
      addresses: [{ value: '198.51.100.81', from: 'ClientIpAddress' }],
      accounts: ['EX01$'],
      paths: [],
      urls: ['/ecp/y.js'],
      hashes: [],
      agents: ['Go-http-client/1.1'],
    },
    techniques: ['T1190'],
    evidence: [evidence({ time: first })],
    evidenceTotal: 1,
    falsePositiveNotes: ['Tests of one’s own'],
    ...given,
  };
}

export function family(name: string, title: string, given: Partial<FamilyCoverage> = {}): FamilyCoverage {
  return {
    server: 'server-ex01',
    family: name,
    title,
    state: 'partial',
    first: seen.from,
    last: seen.to,
    covered: [{ from: '2021-02-01T00:00:00Z', to: seen.to }],
    gaps: [{ from: '2021-01-03T00:00:00Z', to: '2021-02-01T00:00:00Z', cause: 'trimmed' }],
    ...given,
  };
}

export function absent(name: string, title: string): FamilyCoverage {
  return { server: 'server-ex01', family: name, title, state: 'absent', covered: [], gaps: [] };
}

export function implant(id: string, path: string, given: Partial<Implant> = {}): Implant {
  return {
    id,
    kind: 'web-shell',
    server: 'server-ex01',
    path,
    sha256: '97'.repeat(32),
    family: 'OAB dump with script',
    traits: ['Evaluates text from the request as script.'],
    placedAt: { time: '2021-02-28T05:32:58.2740986Z', basis: '$MFT' },
    placements: [
      { time: '2021-02-28T05:32:58.2740986Z', basis: '$MFT' },
      { time: '2021-02-28T05:33:41Z', basis: 'compile time (file listing)' },
    ],
    file: 'collected',
    probes: 4,
    firstUsedAt: '2021-02-28T05:34:31Z',
    lastUsedAt: '2021-03-11T20:39:07Z',
    uses: 157,
    state: 'present',
    operators: [],
    findings: [],
    ...given,
  };
}

export function operator(id: string, name: string, given: Partial<Operator> = {}): Operator {
  return {
    id,
    name,
    kind: 'intruder',
    addresses: ['198.51.100.81'],
    agents: ['Go-http-client/1.1'],
    first: '2021-02-28T05:24:29Z',
    last: '2021-03-02T10:22:43Z',
    implants: [],
    actions: [],
    bytesOut: { lower: 0, upper: null, basis: 'the logs do not say how much was sent' },
    reasons: ['the same address'],
    strength: 'strong',
    consistentWith: [],
    ...given,
  };
}

export function impact(given: Partial<Impact> = {}): Impact {
  return {
    kind: 'archive',
    what: 'C:\\inetpub\\wwwroot\\aspnet_client\\b.zip',
    class: 'class not stated',
    how: 'left',
    server: 'server-ex01',
    operators: ['operator-b'],
    bytes: { lower: 3_154_914, upper: 3_154_914, basis: 'size of the file, times completed requests (1)' },
    findings: ['finding-fetched'],
    ...given,
  };
}

export function advice(id: string, order: number, title: string, given: Partial<Advice> = {}): Advice {
  return {
    id,
    order,
    title,
    servers: ['server-ex01'],
    why: [],
    steps: [
      { text: 'Copy the logs to another machine.', command: 'robocopy "a" "b" /E', destroys: 'nothing' },
    ],
    doneWhen: 'A copy lies elsewhere.',
    source: 'MSRC responder guidance, 2021-03-16',
    ...given,
  };
}

export function claim(id: string, given: Partial<Claim> = {}): Claim {
  return {
    id,
    date: '2021-03-02',
    datePrecision: 'day',
    claimant: 'A vendor',
    claimantType: 'vendor',
    jointWith: [],
    subject: 'a group',
    about: { scope: 'campaign', text: 'Exchange compromise of 2021' },
    verb: 'attribute',
    statement: 'Attributes the campaign to a group that it says works for Exampleland',
    wording: { text: 'high confidence', language: 'en', quoted: true },
    inReplyTo: [],
    supersedes: [],
    status: 'published',
    source: { title: 'A blog', kind: 'primary' },
    ...given,
  };
}

const everyAdvice = [
  advice('preserve', 1, 'Preserve memory, disk and logs before anything else', {
    steps: [
      { text: 'Do not restart, patch or delete yet.' },
      { text: 'The HttpProxy log of 2021-02-28 on ex01 will be trimmed on 2021-03-30.' },
    ],
  }),
  advice('isolate', 2, 'Let only known addresses reach the server', { why: ['finding-session'] }),
  advice('patch', 3, 'Install the security update for this cumulative update'),
  advice('remove-shell', 4, 'Remove each web shell together with its compiled page', { why: ['implant-1'] }),
];

/** An assessment of nothing, to which the samples add. */
export function assessment(given: Partial<Assessment> = {}): Assessment {
  return {
    schema: 'postern.assessment/1',
    generator: { name: 'postern', version: '0.1.0' },
    tlp: 'AMBER+STRICT',
    share: { profile: 'full' },
    context: {},
    options: {},
    packs: [
      { id: 'exchange-2021', title: 'Exchange 2021 (ProxyLogon)', version: '1.0.0', sha256: 'ab'.repeat(32) },
    ],
    rules: { loaded: 61, indicators: 374, refused: [] },
    complete: true,
    coverage: {
      sources: [
        {
          id: 'source-1',
          path: 'C/Program Files/Microsoft/Exchange Server/V15/Logging/HttpProxy/Ecp/HttpProxy_2021022805-1.LOG',
          originalPath:
            'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\HttpProxy\\Ecp\\HttpProxy_2021022805-1.LOG',
          kind: 'exchange-log',
          family: 'httpproxy-ecp',
          server: 'server-ex01',
          sha256: 'cd'.repeat(32),
          bytes: 4096,
          records: 20,
          damaged: 1,
          recovered: 0,
          first: seen.from,
          last: seen.to,
          clock: {
            basis: 'two-times-in-records',
            offsetSeconds: -18_000,
            evidence: 'measured in 20 records',
            confidence: 'high',
          },
          gaps: [],
          issues: [{ code: 'WEBLOG_TORN_LINE', severity: 'warning', message: 'the last line is torn' }],
        },
      ],
      groups: [
        {
          folder: 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\HttpProxy\\Ecp',
          kind: 'exchange-log',
          family: 'httpproxy-ecp',
          server: 'server-e27a43b556a32a33',
          sources: 912,
          bytes: 8_123_456,
          records: 20_481,
          first: '2021-02-01T00:00:12.000Z',
          last: '2021-03-17T23:58:36.853Z',
          clock: {
            basis: 'utc-by-format',
            offsetSeconds: 0,
            evidence: 'times of this format are UTC',
            confidence: 'high',
          },
        },
      ],
      skipped: [{ path: 'a/b.pst', reason: 'no-reader', bytes: 95, detail: 'its content was not judged' }],
      families: [],
      questions: [],
      setAside: [{ what: "the product's own monitoring", count: 2808 }],
    },
    servers: [],
    findings: [],
    implants: [],
    operators: { atLeast: 0, atMost: 0, basis: 'nobody was seen to come through', list: [] },
    phases: [],
    timeline: [],
    impact: [],
    advice: everyAdvice,
    claims: [],
    ...given,
  };
}

const families = [
  family('httpproxy-ecp', 'HttpProxy (ECP)', {
    gaps: [
      { from: '2021-01-03T00:00:00Z', to: '2021-02-01T00:00:00Z', cause: 'trimmed' },
      { from: '2021-02-14T00:00:00Z', to: '2021-02-21T00:00:00Z', cause: 'removed-or-cleared' },
    ],
  }),
  family('iis-front', 'IIS front end'),
  absent('windows:Security', 'Event log Security'),
  absent('ews', 'EWS'),
];

const limits = [
  {
    text: 'HttpProxy (ECP) 2021-02-14 to 2021-02-20: removed or cleared (other logs run on)',
    coverageRef: 'httpproxy-ecp',
  },
  {
    text: 'HttpProxy (ECP), IIS front end 2021-01-03 to 2021-01-31: trimmed or rolled over',
    coverageRef: 'httpproxy-ecp',
  },
  { text: 'Event log Security: none in this collection', coverageRef: 'windows:Security' },
  { text: 'EWS: none in this collection', coverageRef: 'ews' },
  {
    text: 'use of CVE-2021-26855: 36 of 66 days of the window cannot be judged',
    coverageRef: 'use:CVE-2021-26855',
  },
];

const shellOne =
  'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth\\Kw3pQz8a.aspx';
const shellTwo = 'C:\\inetpub\\wwwroot\\aspnet_client\\system_web\\x7.aspx';

const ladder = [
  finding('finding-session', 'session', 'Administrator session given to a stranger', {
    count: 2,
    flawProved: true,
  }),
  finding(
    'finding-script',
    'script-in-configuration',
    'Script written into the URL of a virtual directory (ECP Server log)',
    {
      first: '2021-02-28T05:24:35.096Z',
      last: '2021-02-28T05:32:51.155Z',
      recorders: ['ecp-server'],
      entities: {
        addresses: [],
        accounts: [],
        paths: [],
        urls: ['/ecp/DDI/DDIService.svc/SetObject?msExchEcpCanary=‹secret:67661d39›'],
        hashes: [],
        agents: [],
      },
    },
  ),
  finding('finding-page', 'page-content', 'Remote-control page in a web folder', {
    recorders: ['file'],
    first: '2021-02-28T05:32:58.2740986Z',
  }),
  finding('finding-used', 'page-used', 'A back door was used', {
    recorders: ['iis-front'],
    witness: 'indirect',
    stage: 'use',
    first: '2021-02-28T05:34:31Z',
    last: '2021-03-11T20:39:07Z',
    count: 157,
    evidenceTotal: 157,
  }),
  finding('finding-used-2', 'page-used', 'A back door was used', {
    recorders: ['iis-front'],
    witness: 'indirect',
    stage: 'use',
    count: 7,
  }),
  finding('finding-fetched', 'archive-fetched', 'Packed file fetched from a web folder', {
    recorders: ['iis-front'],
    witness: 'indirect',
    stage: 'use',
    first: '2021-03-06T22:41:10Z',
  }),
  finding('finding-lead', 'file-named', 'File named by a rule or an indicator', {
    witness: 'lead',
    setAside: 'lies where no web server would run it',
  }),
];

export const compromised: Assessment = assessment({
  coverage: { ...assessment().coverage, families },
  servers: [
    withVerdict('server-ex01', {
      verdict: 'compromised',
      confidence: 'high',
      door: lateDoor,
      because: ['finding-session', 'finding-script', 'finding-page', 'finding-used', 'finding-fetched'],
      limits,
      wouldChange: ['HttpProxy (ECP) of 2021-01-03 to 2021-01-31'],
      exposure: [
        {
          cve: 'CVE-2021-26855',
          state: 'vulnerable',
          from: '2021-01-03T00:00:00Z',
          to: '2021-03-09T01:39:15.791Z',
          basis: 'Exchange 2016 CU18 lacks the fix',
        },
        {
          cve: 'CVE-2021-26855',
          state: 'vulnerable',
          from: '2021-02-28T05:24:31Z',
          to: '2021-02-28T05:33:00Z',
          basis: 'proved by what the server answered (finding-0a1b2c3d4e5f6071)',
        },
        {
          cve: 'CVE-2021-26855',
          state: 'fixed',
          from: '2021-03-09T01:39:15.791Z',
          basis: 'Exchange 2016 CU18 Mar21SU has the fix',
        },
      ],
      window: seen,
    }),
  ],
  findings: ladder,
  implants: [
    implant('implant-1', shellOne, {
      placedBy: 'operator-a',
      operators: ['operator-a', 'operator-b', 'operator-c'],
      findings: ['finding-page', 'finding-used'],
    }),
    implant('implant-2', shellTwo, {
      placedAt: { time: '2021-03-07T11:00:00Z', basis: '$MFT' },
      placements: [{ time: '2021-03-07T11:00:00Z', basis: '$MFT' }],
      firstUsedAt: '2021-03-07T11:02:00Z',
      lastUsedAt: '2021-03-07T11:30:00Z',
      uses: 7,
      placedBy: 'operator-c',
      operators: ['operator-c'],
      findings: ['finding-used-2'],
    }),
  ],
  operators: {
    atLeast: 2,
    atMost: 3,
    basis: 'groups by address, network, session and uncommon agent',
    list: [
      operator('operator-a', 'A', {
        implants: ['implant-1'],
        actions: [
          {
            stage: 'use',
            what: 'A back door was used',
            count: 29,
            first: '2021-02-28T05:34:31Z',
            last: '2021-03-02T10:22:43Z',
          },
        ],
      }),
      operator('operator-b', 'B', {
        addresses: ['203.0.113.7', '203.0.113.85', '192.0.2.4'],
        implants: ['implant-1'],
        first: '2021-03-04T08:00:00Z',
        last: '2021-03-09T09:00:00Z',
        actions: [
          {
            stage: 'use',
            what: 'A back door was used',
            count: 74,
            first: '2021-03-04T08:00:00Z',
            last: '2021-03-09T09:00:00Z',
          },
        ],
      }),
      operator('operator-c', 'C', {
        addresses: [],
        implants: ['implant-1', 'implant-2'],
        first: '2021-03-07T10:00:00Z',
        last: '2021-03-11T20:39:07Z',
        actions: [
          {
            stage: 'use',
            what: 'A back door was used',
            count: 61,
            first: '2021-03-07T10:00:00Z',
            last: '2021-03-11T20:39:07Z',
          },
        ],
      }),
      operator('operator-d', 'D', { kind: 'scanner' }),
    ],
  },
  phases: [
    {
      id: 'exchange-2021/zero-day',
      title: 'Quiet use of unknown flaws',
      from: '2021-01-03T00:00:00Z',
      to: '2021-02-26T00:00:00Z',
      servers: [],
      operators: [],
    },
    {
      id: 'exchange-2021/mass',
      title: 'Mass exploitation',
      from: '2021-03-03T00:00:00Z',
      to: '2021-04-01T00:00:00Z',
      servers: ['server-ex01'],
      operators: ['operator-b'],
    },
  ],
  timeline: [
    {
      time: '2021-02-28T05:24:31.272Z',
      lane: 'attacker',
      title: 'Administrator session given to a stranger',
      ref: 'finding-session',
    },
    {
      time: '2021-02-28T05:32:58.2740986Z',
      lane: 'attacker',
      title: `back door placed: ${shellOne}`,
      ref: 'implant-1',
    },
    {
      time: '2021-03-02',
      lane: 'statement',
      title: 'A vendor: Attributes the campaign to a group that it says works for Exampleland',
      ref: 'claim-1',
    },
    {
      time: '2021-03-09T01:39:15.791Z',
      lane: 'defender',
      title: 'Exchange 2016 CU18 Mar21SU was seen for the first time',
      ref: 'server-ex01',
    },
  ],
  impact: [
    impact(),
    impact({
      kind: 'mailbox',
      what: 'mailboxes on this server',
      how: 'could-have-been-read',
      operators: ['operator-a'],
      bytes: { lower: 0, upper: null, basis: 'no record of reading it' },
      findings: ['finding-session'],
    }),
  ],
  claims: [
    claim('claim-1'),
    claim('claim-2', {
      date: '2021-03',
      datePrecision: 'month',
      claimant: 'Exampleland',
      claimantType: 'accused-state',
      verb: 'deny',
      statement: 'Rejects it',
      jointWith: ['claim-1'],
      status: 'superseded',
      about: { scope: 'other', text: 'another matter' },
    }),
  ],
});

const attempts = [
  finding('finding-try', 'ssrf-request', 'Exchange front end asked to speak to a stranger’s target', {
    stage: 'attempt',
    witness: 'lead',
    first: '2021-03-03T08:03:55Z',
    last: '2021-03-11T07:48:15Z',
    count: 9,
  }),
  finding('finding-try-iis', 'ssrf-request', 'POST to a file that takes none (IIS)', {
    rule: {
      id: 'rule-iis',
      title: 'POST to a file that takes none (IIS)',
      kind: 'sigma',
      level: 'medium',
      pack: 'exchange-2021',
    },
    stage: 'attempt',
    witness: 'lead',
    recorders: ['iis-front'],
    first: '2021-03-03T08:03:55Z',
    count: 9,
  }),
];

export const attacked: Assessment = assessment({
  coverage: { ...assessment().coverage, families },
  findings: attempts,
  servers: [
    withVerdict('server-ex01', {
      verdict: 'attacked',
      confidence: 'moderate',
      door: lateDoor,
      because: ['finding-try', 'finding-try-iis'],
      against: ['The door was open in the window.'],
      limits: limits.slice(1),
      wouldChange: ['IIS front end of 2021-01-03 to 2021-01-31'],
      window: seen,
    }),
  ],
});

export const likelyCompromised: Assessment = assessment({
  findings: [
    finding('finding-fetched', 'archive-fetched', 'Packed file fetched from a web folder', {
      witness: 'indirect',
      recorders: ['iis-front'],
    }),
  ],
  impact: [
    impact({
      operators: [],
      bytes: { lower: 0, upper: null, basis: 'the logs do not say how much' },
      what: '/ecp/auth/b.zip',
    }),
  ],
  operators: {
    atLeast: 1,
    atMost: 1,
    basis: 'somebody came through; no record names an address',
    list: [operator('operator-a', 'A', { addresses: [], agents: [] })],
  },
  servers: [
    withVerdict('server-ex01', {
      verdict: 'likely-compromised',
      door: {
        state: 'open-now',
        fixExistedSince: '2021-03-02',
        duringCampaign: 'open',
        basis: 'Exchange 2016 CU18 was the last build seen; it lacks a fix',
      },
      because: ['finding-fetched'],
      against: ['No attempt was seen in the logs that would show one.'],
      limits: [
        {
          text: 'The way in was not seen: the logs of that time are missing.',
          coverageRef: 'CVE-2021-26855',
        },
      ],
      window: seen,
    }),
  ],
});

export const undetermined: Assessment = assessment({
  coverage: { ...assessment().coverage, families },
  findings: attempts,
  servers: [
    withVerdict('server-ex01', {
      verdict: 'undetermined',
      atLeast: 'attacked',
      because: ['finding-try'],
      limits: [
        {
          text: 'If this server could be reached from the internet in the exploitation window without a mitigation, act as if it were compromised.',
          coverageRef: 'presumption',
        },
        ...limits,
      ],
      wouldChange: [
        'HttpProxy (ECP) of 2021-02-14 to 2021-02-20',
        'a listing of the file system ($MFT, USN) or the web folders themselves',
      ],
      window: seen,
    }),
  ],
});

export const exposed: Assessment = assessment({
  servers: [
    withVerdict('server-ex01', {
      verdict: 'exposed',
      confidence: 'high',
      door: lateDoor,
      exposure: [
        {
          cve: 'CVE-2021-26855',
          state: 'vulnerable',
          from: '2021-01-03T00:00:00Z',
          to: '2021-03-09T01:39:15.791Z',
          basis: 'Exchange 2016 CU18 lacks the fix',
        },
      ],
      window: seen,
    }),
  ],
});

export const nothingFound: Assessment = assessment({
  coverage: { ...assessment().coverage, families: families.slice(1) },
  servers: [
    withVerdict('server-ex01', {
      door: {
        state: 'closed',
        duringCampaign: 'closed',
        closedAt: '2020-12-30T10:00:00Z',
        basis: 'all fixes were there when a build was first seen, 2020-12-30',
      },
      confidence: 'moderate',
      against: ['finding-lead'],
      limits: limits.slice(1),
      wouldChange: ['IIS front end of 2021-01-03 to 2021-01-31'],
      window: seen,
    }),
  ],
  findings: ladder.slice(-1),
});

export const incomplete: Assessment = { ...undetermined, complete: false };

export const twoServers: Assessment = {
  ...compromised,
  servers: [
    withVerdict('server-ex02', {
      verdict: 'attacked',
      door: lateDoor,
      because: ['finding-passed'],
      window: seen,
    }),
    ...compromised.servers,
    server({ id: 'server-dc01', names: ['dc01'], builds: [] }),
  ],
  findings: [
    ...compromised.findings,
    finding('finding-passed', 'session', 'Administrator session given to a stranger', {
      recordedOn: 'server-ex02',
    }),
  ],
};

export const noServer: Assessment = assessment({ advice: [], findings: ladder.slice(-1) });

/** Every sample by its name. */
export const samples: Readonly<Record<string, Assessment>> = {
  compromised,
  attacked,
  'likely-compromised': likelyCompromised,
  undetermined,
  exposed,
  'nothing-found': nothingFound,
  incomplete,
  'two-servers': twoServers,
  'no-server': noServer,
};
