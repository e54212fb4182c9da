import type { Assessment } from '@postern/core';
import {
  absent,
  assessment,
  claim,
  family,
  finding,
  impact,
  implant,
  lateDoor,
  operator,
  seen,
  withVerdict,
} from './parts.ts';

/** A server that intruders got into, with all that a report can say of one. Nothing in it was collected. */

export const families = [
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

export const limits = [
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

export const ladder = [
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
