import type { Assessment } from '@postern/core';
import { compromised, families, ladder, limits } from './compromised.ts';
import { assessment, finding, impact, lateDoor, operator, seen, server, withVerdict } from './parts.ts';

/** Small assessments made by hand, one for each thing that the outputs have to say. Nothing in them was collected. */

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
