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

/** Parts of an assessment with usual values, for those that are made by hand. */

export const seen = { from: '2021-02-01T00:06:49Z', to: '2021-03-17T23:58:16.617Z' };

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
