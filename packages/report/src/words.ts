import type { Confidence, Door, OperatorKind, Stage, Verdict } from '@postern/core';

/** Every fixed text that people read, in one place: the catalogue. English first; `--lang` chooses another. */
export const words = {
  verdict: {
    compromised: 'Intruders got in.',
    'likely-compromised': 'Intruders probably got in; treat it as so.',
    undetermined: 'We cannot tell.',
    attacked: 'Someone tried; the logs that would show success show none.',
    exposed: 'The door was open; we found no one who used it.',
    'nothing-found': 'No sign in what we could see.',
  } satisfies Readonly<Record<Verdict, string>>,
  atLeast: {
    compromised: 'at least: intruders got in',
    'likely-compromised': 'at least: intruders probably got in',
    undetermined: '',
    attacked: 'at least: attacked; success cannot be excluded',
    exposed: 'at least: the door was open; use cannot be excluded',
    'nothing-found': '',
  } satisfies Readonly<Record<Verdict, string>>,
  confidence: {
    high: 'confidence high',
    moderate: 'confidence moderate',
    low: 'confidence low',
  } satisfies Readonly<Record<Confidence, string>>,
  door: { 'open-now': 'open now', closed: 'closed', 'not-known': 'not known' } satisfies Readonly<
    Record<Door['state'], string>
  >,
  during: {
    open: 'open during the campaign',
    closed: 'closed during the campaign',
    'partly-open': 'open during part of the campaign',
    'not-known': 'not known whether open during the campaign',
  } satisfies Readonly<Record<Door['duringCampaign'], string>>,
  stage: {
    probe: 'looked',
    attempt: 'tried',
    success: 'got in',
    use: 'used a back door',
    aftermath: 'what followed',
  } satisfies Readonly<Record<Stage, string>>,
  operatorKind: {
    intruder: 'intruder',
    scanner: 'scanner',
    researcher: 'researcher',
    defender: 'defender',
    unknown: 'unknown visitor',
  } satisfies Readonly<Record<OperatorKind, string>>,
  how: { read: 'read', 'could-have-been-read': 'could have been read', left: 'left the server' },
  state: {
    present: 'still there',
    removed: 'removed',
    returned: 'came back',
    unknown: 'not known whether still there',
  },
  gap: {
    trimmed: 'trimmed by the product',
    'no-traffic': 'no traffic in that protocol',
    'server-down': 'the server was down',
    'removed-or-cleared': 'removed or cleared (other logs run on)',
    'not-collected': 'not collected',
    unknown: 'cause not known',
  },
  heading: {
    why: 'Why',
    against: 'Against',
    operators: 'Who came through',
    unseen: 'What we could not see',
    change: 'What would change this verdict',
    first: 'Do first',
    leads: 'Leads (shown, never counted)',
  },
  incomplete: 'INCOMPLETE: the scan was stopped before its end; what was not read is listed under coverage.',
  noProduct: 'no server of the product these packs speak of; findings only',
  publicStatements: 'Said in public about the campaign, not about this server',
} as const;
