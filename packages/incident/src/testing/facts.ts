import { parseTime, hourOf } from '@postern/core';
import type {
  Assessment,
  BuildObservation,
  CampaignVerdict,
  CaseFacts,
  CaseOptions,
  FileFacts,
  FileJudgement,
  Finding,
  Hit,
  PageClient,
  PageFacts,
  SourceFacts,
  SourceFamily,
  Ticks,
} from '@postern/core';
import { assess } from '../assess.ts';
import { rules, testPack } from './pack.ts';

/** A time of the tests: `2021-03-03 10:00:00`. */
export function at(text: string): Ticks {
  const ticks = parseTime(text);
  if (ticks === undefined) throw new RangeError(`no time: ${text}`);
  return ticks;
}

const defaults: CaseOptions = {
  tlp: 'AMBER+STRICT',
  context: {},
  reviews: new Map(),
  clocks: new Map(),
  trustedProxies: [],
  servers: new Map(),
  shown: {},
};

export function options(more: Partial<CaseOptions> = {}): CaseOptions {
  return { ...defaults, ...more };
}

/** A case of hand-made facts: sources, hits and files, all else as usual. */
export function caseOf(more: Partial<CaseFacts> = {}): CaseFacts {
  return {
    version: '0.0.0',
    packs: [testPack()],
    rules: new Map(rules.map((rule) => [rule.id, rule])),
    refused: [],
    indicators: 0,
    sources: [],
    skipped: [],
    hits: [],
    files: [],
    options: options(),
    complete: true,
    ...more,
  };
}

/** One family with a record in every hour of these stretches. */
export function family(name: string, ...stretches: readonly (readonly [string, string])[]): SourceFamily {
  const hours = new Map<number, number>();
  for (const [from, to] of stretches)
    for (let hour = hourOf(at(from)); hour < hourOf(at(to)); hour++) hours.set(hour, 3);
  const all = [...hours.keys()].toSorted((a, b) => a - b);
  const [first, last] = [all[0], all.at(-1)];
  const time = (hour: number | undefined, add: bigint): Ticks | undefined =>
    hour === undefined ? undefined : BigInt(hour) * 36_000_000_000n + add;
  return {
    family: name,
    records: hours.size * 3,
    first: time(first, 0n),
    last: time(last, 35_990_000_000n),
    hours,
  };
}

/** One source of server EX01 in the collection `case`. */
export function source(id: string, more: Partial<SourceFacts> = {}): SourceFacts {
  return {
    id,
    path: `case/${id}.log`,
    originalPath: `C:\\logs\\${id}.log`,
    collection: 'case',
    kind: 'exchange-log',
    families: [],
    sha256: id.padEnd(64, '0'),
    bytes: 1000,
    records: 10,
    damaged: 0,
    recovered: 0,
    issues: [],
    excerpt: false,
    hosts: new Map([['EX01.corp.example', 10]]),
    serverAddresses: new Map(),
    clockDifferences: new Map(),
    builds: [],
    pages: [],
    clients: { sampled: 0, addresses: new Map(), forwarded: 0 },
    probes: 0,
    ...more,
  };
}

export const windowFrom = '2021-01-03';
export const collected = '2021-03-18';

/** HttpProxy, ECP and both IIS logs of EX01 over the whole window, except for these stretches. */
export function fullLogs(...except: readonly (readonly [string, string])[]): SourceFacts[] {
  const stretches = without(except);
  return [
    source('httpproxy', {
      families: [family('httpproxy-ecp', ...stretches), family('httpproxy-owa', ...stretches)],
    }),
    source('ecp', { families: [family('ecp-server', ...stretches)] }),
    source('iis-front', { kind: 'iis', families: [family('iis-front', ...stretches)] }),
    source('iis-back', { kind: 'iis', families: [family('iis-back', ...stretches)] }),
    source('events', {
      kind: 'windows-events-json',
      families: [
        family('windows:Application', [windowFrom, collected]),
        family('windows:MSExchange Management', [windowFrom, collected]),
      ],
    }),
  ];
}

/** The window without some stretches. */
export function without(except: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  const kept: (readonly [string, string])[] = [];
  let from = windowFrom;
  for (const [gapFrom, gapTo] of except) {
    kept.push([from, gapFrom]);
    from = gapTo;
  }
  return [...kept, [from, collected]];
}

/** A hit of a rule at a time, in the source that usually records it. */
export function hit(
  rule: string,
  time: string | undefined,
  captures: Readonly<Record<string, string>> = {},
  more: Partial<Hit> = {},
): Hit {
  const recorder = more.recorder ?? 'httpproxy-ecp';
  const names: Readonly<Record<string, string>> = {
    'iis-front': 'iis-front',
    'iis-back': 'iis-back',
    'ecp-server': 'ecp',
    'httpproxy-ecp': 'httpproxy',
  };
  return {
    rule,
    source: names[recorder] ?? 'events',
    at: { offset: Number(time === undefined ? 0n : (at(time) / 10_000_000n) % 1_000_000_000n), line: 7 },
    time: time === undefined ? undefined : at(time),
    recorder,
    captures: new Map(Object.entries(captures)),
    text: `${rule} ${JSON.stringify(captures)}`,
    ...more,
  };
}

export const shellPath =
  'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth\\qzx.aspx';
export const shellUrl = '/owa/auth/qzx.aspx';

export function judged(verdict: FileJudgement['verdict'], more: Partial<FileJudgement> = {}): FileJudgement {
  const traits =
    verdict === 'benign'
      ? []
      : [{ code: 'runs-request', text: 'runs what a request tells it', line: 3, offset: 40 }];
  return {
    verdict,
    traits,
    times: new Map(),
    names: new Map(),
    parameters: [],
    yara: [],
    issues: [],
    ...more,
  };
}

/** A collected page. */
export function page(
  path: string,
  verdict: FileJudgement['verdict'],
  more: Partial<FileFacts> = {},
): FileFacts {
  return {
    path,
    collection: 'case',
    source: 'page',
    sha256: 'ab'.repeat(32),
    bytes: 300,
    judged: judged(verdict),
    ...more,
  };
}

export const pageSource: SourceFacts = source('page', { kind: 'web-page', hosts: new Map() });

/** Requests to one page, by one client for each entry. */
export function requests(
  url: string,
  clients: readonly Partial<PageClient>[],
  more: Partial<PageFacts> = {},
): PageFacts {
  const all = clients.map((client) => pageClient(client));
  const answers = new Map<string, number>();
  for (const client of all)
    for (const [answer, count] of client.answers) answers.set(answer, (answers.get(answer) ?? 0) + count);
  const used = all.filter((client) =>
    [...client.answers.keys()].some((answer) => /^POST (200|500)$/.test(answer)),
  );
  const times = (list: readonly PageClient[], of: 'first' | 'last'): Ticks[] =>
    list.flatMap((client) => client[of] ?? []).toSorted((a, b) => (a < b ? -1 : 1));
  return {
    url,
    site: 'front',
    answers,
    first: times(all, 'first')[0],
    last: times(all, 'last').at(-1),
    firstUse: times(used, 'first')[0],
    lastUse: times(used, 'last').at(-1),
    clients: all,
    ...more,
  };
}

function pageClient(more: Partial<PageClient>): PageClient {
  return {
    address: '203.0.113.7',
    agent: 'Mozilla/5.0 (Windows NT 10.0)',
    answers: new Map([['POST 200', 1]]),
    first: at('2021-03-03 10:00:00'),
    last: at('2021-03-03 10:00:00'),
    line: 12,
    offset: 900,
    text: '2021-03-03 10:00:00 POST',
    ...more,
  };
}

/** The front end's log with requests to pages, over the whole window. */
export function front(...pages: readonly PageFacts[]): SourceFacts {
  return source('iis-front', {
    kind: 'iis',
    families: [family('iis-front', [windowFrom, collected])],
    pages,
  });
}

/** Builds of one server, in one source. */
export function buildSource(...seen: readonly Partial<BuildObservation>[]): SourceFacts {
  const builds = seen.map((one): BuildObservation => ({
    build: '15.1.2106.2',
    basis: 'file-version',
    first: at('2021-01-04'),
    last: at('2021-01-04'),
    ...one,
  }));
  return source('setup', { kind: 'text', builds });
}

/** The verdict on EX01, or on the server of this name. */
export function verdictOf(facts: CaseFacts, name = 'EX01.corp.example'): CampaignVerdict {
  const verdict = serverOf(assess(facts), name).campaigns[0];
  if (verdict === undefined) throw new RangeError(`no verdict on ${name}`);
  return verdict;
}

export function serverOf(assessment: Assessment, name: string): Assessment['servers'][number] {
  const server = assessment.servers.find(({ names }) => names.includes(name));
  if (server === undefined)
    throw new RangeError(`no server ${name}: ${assessment.servers.flatMap(({ names }) => names).join(', ')}`);
  return server;
}

/** The findings of one act or rule. */
export function findings(assessment: Assessment, name: string): Finding[] {
  return assessment.findings.filter(({ act, rule }) => act === name || rule.id === name);
}

/** As bytes, to compare whole assessments. */
export function bytesOf(assessment: Assessment): string {
  return JSON.stringify(assessment);
}
