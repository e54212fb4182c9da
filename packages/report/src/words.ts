import type {
  Confidence,
  Door,
  GapCause,
  ImplantKind,
  Impact,
  Implant,
  OperatorKind,
  SkipReason,
  Stage,
  Verdict,
} from '@postern/core';

/**
 * Fixed texts that people read on the terminal and in the report, in one place: the catalogue. English first; another
 * language is another object of this shape. Those of the report alone are in `html/words.ts`. `{name}` is a parameter.
 */
export const words = {
  /** Judgement section 1. */
  verdict: {
    compromised: 'Intruders got in.',
    'likely-compromised': 'Intruders probably got in; treat it as so.',
    undetermined: 'We cannot tell.',
    attacked: 'Someone tried; the logs that would show success show none.',
    exposed: 'The door was open; we found no one who used it.',
    'nothing-found': 'No sign in what we could see.',
  } satisfies Readonly<Record<Verdict, string>>,
  exposedFrom: 'The door was open from {from} to {to}; we found no one who used it.',
  nothingFrom: 'No sign in what we could see, from {from} to {to}.',
  /** What is certain all the same where the verdict is "undetermined". */
  atLeast: {
    compromised: 'intruders got in',
    'likely-compromised': 'intruders probably got in',
    undetermined: 'nothing is certain',
    attacked: 'attacked; success cannot be excluded',
    exposed: 'exposed; use cannot be excluded',
    'nothing-found': 'no sign in what we could see; that is too little to say more',
  } satisfies Readonly<Record<Verdict, string>>,
  holds: 'for these days only, and only as far as we could see',
  confidence: {
    high: 'confidence high',
    moderate: 'confidence moderate',
    low: 'confidence low',
  } satisfies Readonly<Record<Confidence, string>>,
  door: {
    openNow: 'open now',
    mitigated: 'not fixed, mitigated since {date}',
    openUntil: 'open until {date}',
    openDuring: 'open during the campaign',
    partlyOpen: 'open during part of the campaign',
    closedDuring: 'closed during the campaign',
    duringNotKnown: 'not known whether open during the campaign',
    neverKnown: 'not known, now or during the campaign',
    nowNotKnown: 'not known now',
    fixSince: 'the fix existed since {date}',
    closed: 'closed now',
    closedOn: 'closed on {date}',
    stayed: 'closed now, intruders stayed',
    mayHaveStayed: 'closed now, intruders may have stayed',
    backDoorsStayed: 'closed now, back doors still there',
  },
  doorState: {
    'open-now': 'door open now',
    closed: 'door closed',
    'not-known': 'door not known',
  } satisfies Readonly<Record<Door['state'], string>>,
  stage: {
    probe: 'looked',
    attempt: 'tried',
    success: 'got in',
    use: 'used it',
    aftermath: 'what followed',
  } satisfies Readonly<Record<Stage, string>>,
  operatorKind: {
    intruder: 'intruder',
    scanner: 'scanner',
    researcher: 'researcher',
    defender: 'defender',
    unknown: 'unknown visitor',
  } satisfies Readonly<Record<OperatorKind, string>>,
  implantKind: {
    'web-shell': 'web shell',
    'iis-module': 'module of the web server',
    'virtual-directory': 'virtual directory',
    'transport-agent': 'transport agent',
    'scheduled-task': 'scheduled task',
    service: 'service',
    account: 'account',
    other: 'back door',
  } satisfies Readonly<Record<ImplantKind, string>>,
  how: {
    read: 'read',
    'could-have-been-read': 'could have been read',
    left: 'left the server',
  } satisfies Readonly<Record<Impact['how'], string>>,
  impactKind: {
    mailbox: 'mailbox',
    archive: 'archive',
    credential: 'credentials',
    directory: 'directory',
    file: 'file',
  } satisfies Readonly<Record<Impact['kind'], string>>,
  state: {
    present: 'still there',
    removed: 'removed',
    returned: 'came back',
    unknown: 'not known whether still there',
  } satisfies Readonly<Record<Implant['state'], string>>,
  /** Where the file itself was never seen. */
  stateByLog: {
    present: 'still there',
    removed: 'gone, as the logs tell',
    returned: 'came back, as the logs tell',
    unknown: 'seen in logs only',
  } satisfies Readonly<Record<Implant['state'], string>>,
  compiledOnly: 'only its compiled page seen',
  gap: {
    trimmed: 'trimmed or rolled over',
    'no-traffic': 'no traffic in that protocol',
    'server-down': 'all logs are silent: the server was down, or all were taken away',
    'removed-or-cleared': 'removed or cleared (other logs run on)',
    'not-collected': 'not in this collection',
    damaged: 'lost in damaged files',
    'not-read': 'not read, for the scan was stopped',
    unknown: 'missing, cause not known',
  } satisfies Readonly<Record<GapCause, string>>,
  downRecorded: 'the server was down (recorded)',
  absent: 'none in this collection',
  absentUnread: 'none read before the scan was stopped',
  /**
   * Recorders by name or first part, in the words of people, in the order they are shown in. The last that fits counts.
   */
  recorder: [
    ['file', 'file'],
    ['file-listing', 'listing'],
    ['msert', 'Safety Scanner'],
    ['httpproxy', 'HttpProxy'],
    ['ecp', 'ECP'],
    ['iis', 'IIS'],
    ['httperr', 'HTTPERR'],
    ['ews', 'EWS'],
    ['rps', 'Remote PowerShell'],
    ['oab-generator', 'OAB generator'],
    ['admin-audit', 'admin audit'],
    ['exchange-other', 'Exchange'],
  ] as readonly (readonly [prefix: string, name: string])[],
  channel: new Map([
    ['Microsoft-Windows-Sysmon/Operational', 'Sysmon'],
    ['Microsoft-Windows-Windows Defender/Operational', 'Defender'],
    ['Microsoft-IIS-Configuration/Operational', 'IIS configuration'],
  ]),
  /** What the silence of a kind of recorder leaves open. */
  weakens: {
    entry: "an entry then can't be excluded",
    earlierEntry: "an earlier entry can't be excluded",
    run: 'what was run stays unknown',
    done: 'some of what was done stays unknown',
    pages: 'pages deleted since stay unknown',
    none: '',
  },
  eventLogs: 'event logs',
  on: 'on {name}',
  aimedAt: ', passed on to {name}',
  heading: {
    why: 'Why',
    against: 'What speaks against it',
    found: 'What was found',
    also: 'What was seen all the same',
    notJudged: 'Not judged',
    operators: 'Who came through',
    operatorsOfAll: 'Who came, on all servers',
    unseen: 'What we could not see',
    decide: 'What would decide',
    change: 'What would change this verdict',
    first: 'Do first',
  },
  label: { door: 'Door', atLeast: 'At least', until: 'Until then', holds: 'Holds', rulings: 'Rulings' },
  ruled: '{findings} ruled on by people. {verdict}',
  ruledSame: 'The verdict would be the same without.',
  more: {
    reasons: '… {count} more in the report',
    operators: '… {count} more in the report',
    unseen: '… {count} more under coverage in the report',
    advice: '… {count} more in the report, with commands',
    servers: '… {count} more servers in the report',
  },
  deed: {
    placed: 'placed {what}',
    placedOn: 'placed {what} on {date}',
    used: 'used {what}',
    others: "{name}'s {what}",
    fetched: 'fetched {what}',
    read: 'read {what}',
    gotIn: 'got in {when}',
    gotInOnce: 'got in at a time not known',
    seen: 'seen {when}',
    last: 'last on {date}',
    noAddress: 'no record names an address',
    mailboxes: '{count} mailboxes',
  },
  operator: 'operator',
  operators: 'operators',
  usedOn: 'used {times} on {when}',
  usedIn: 'used {times} {when}',
  usedAt: 'used {times}',
  archiveOf: '{title}: {what}, {bytes}',
  utc: 'all times UTC',
  seen: 'seen {when}',
  incomplete: 'INCOMPLETE: the scan was stopped before its end; what was not read is listed under coverage.',
  otherHosts: '{hosts} not seen to be a server of the product, so without a verdict',
  ofNoServer: '{findings} in files that no server could be told for; say so with --server NAME=PATH',
  withFindings: '; findings on {names}',
  noVerdict: 'No verdict: nothing here was seen to be a server of the product that the packs are about.',
  noFindings: 'No findings.',
  hostsSeen: 'Hosts seen: {names}',
  noVerdictHint:
    'Its web logs, own logs, event logs or web folders would show it. Findings, if any, stand below.',
  elsewhereHint:
    'If the pages named below come from a web folder, give them with its folders (inetpub\\wwwroot\\…, FrontEnd\\HttpProxy\\owa\\auth\\…): only there do they witness an intrusion.',
  noServer: 'No server was seen in this evidence.',
  noServerHint: 'If you know which server it comes from, say so with --server NAME=PATH.',
  notJudged: 'not judged (listed under coverage)',
  alike: '{files}: {why}',
  inPart: '{bytes}, read in part',
  /** Why a file was not judged, or not read. */
  skipped: {
    encrypted: 'encrypted',
    damaged: 'damaged',
    unreadable: 'could not be read',
    limit: 'a limit was reached',
    'unsafe-name': 'unsafe name',
    link: 'a link',
    'not-a-file': 'not a file',
    'no-reader': 'no reader for it',
    empty: 'empty',
    duplicate: 'judged once already',
    'own-output': 'our own output',
    stopped: 'the scan was stopped',
  } satisfies Readonly<Record<SkipReason, string>>,
  beside: 'beside it',
  publicStatements: 'Said in public about the campaign, not about this server',
} as const;

/** Why a file was not read, in words. */
export function skipReasonText(reason: SkipReason): string {
  return words.skipped[reason];
}

/** Fills the `{name}` of a text of the catalogue. */
export function fill(text: string, parameters: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(parameters, name) ? (parameters[name] ?? whole) : whole,
  );
}
