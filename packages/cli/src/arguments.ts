import { isIP } from 'node:net';
import { parseTime, ticksPerDay, verdictOrder, type AskedTime, type Tlp, type Verdict } from '@postern/core';
import { parseOptions, usage } from './options.ts';

const tlps: readonly Tlp[] = ['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR'];

/** `postern scan`, read and checked. */
export interface ScanArguments {
  readonly paths: readonly string[];
  readonly out: string | undefined;
  readonly packs: readonly string[];
  readonly rules: readonly string[];
  readonly yara: readonly string[];
  readonly baseline: readonly string[];
  readonly indicators: readonly string[];
  readonly asked: AskedTime | undefined;
  readonly lang: string;
  readonly jobs: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
  readonly failOn: Verdict | undefined;
  readonly caseId: string | undefined;
  readonly examiner: string | undefined;
  readonly tlp: Tlp;
  readonly context: string | undefined;
  readonly review: string | undefined;
  readonly temp: string | undefined;
  readonly clocks: ReadonlyMap<string, number>;
  readonly inService: ReadonlyMap<string, bigint>;
  readonly servers: ReadonlyMap<string, readonly string[]>;
  readonly trustedProxies: readonly string[];
}

const many = { type: 'string', multiple: true } as const;
const one = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

const scanOptions = {
  out: one,
  pack: many,
  rules: many,
  yara: many,
  baseline: many,
  indicators: many,
  since: one,
  until: one,
  lang: one,
  jobs: one,
  json: flag,
  quiet: flag,
  debug: flag,
  'fail-on': one,
  case: one,
  examiner: one,
  tlp: one,
  context: one,
  review: one,
  temp: one,
  clock: many,
  'in-service': many,
  server: many,
  'trusted-proxy': many,
} as const;

/** @throws PosternError `POSTERN_CLI_USAGE` */
export function parseScanArguments(args: readonly string[]): ScanArguments {
  const { values, positionals } = parseOptions(args, scanOptions);
  if (positionals.length === 0) throw usage('scan wants at least one PATH', 'postern scan PATH… [--out DIR]');
  return {
    paths: positionals,
    out: values.out,
    packs: values.pack ?? [],
    rules: values.rules ?? [],
    yara: values.yara ?? [],
    baseline: values.baseline ?? [],
    indicators: values.indicators ?? [],
    asked: askedOf(values.since, values.until),
    lang: langOf(values.lang),
    jobs: jobsOf(values.jobs),
    json: values.json,
    quiet: values.quiet,
    debug: values.debug,
    failOn: verdictOf(values['fail-on']),
    caseId: values.case,
    examiner: values.examiner,
    tlp: tlpOf(values.tlp),
    context: values.context,
    review: values.review,
    temp: values.temp,
    clocks: new Map((values.clock ?? []).map(clockOf)),
    inService: new Map((values['in-service'] ?? []).map(inServiceOf)),
    servers: serversOf(values.server ?? []),
    trustedProxies: (values['trusted-proxy'] ?? []).map(proxyOf).toSorted(),
  };
}

/** `--jobs` */
export function jobsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 256) return jobs;
  throw usage(`"${text}" is no number of threads`, 'Give a whole number from 1 to 256.', '--jobs');
}

/** `--since` and `--until`; a day that is named as the end counts whole. */
function askedOf(since: string | undefined, until: string | undefined): AskedTime | undefined {
  if (since === undefined && until === undefined) return undefined;
  const from = since === undefined ? undefined : timeOf(since, '--since');
  const end = until === undefined ? undefined : timeOf(until, '--until');
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(until ?? '');
  const to = end === undefined ? undefined : isDay ? end + ticksPerDay : end;
  if (from !== undefined && to !== undefined && from >= to)
    throw usage(`nothing lies between ${since} and ${until}`, 'Give an --until after --since.', '--until');
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function timeOf(text: string, at: string): bigint {
  const time = parseTime(text);
  if (time !== undefined) return time;
  throw usage(`"${text}" is no time`, 'Write 2021-03-03 or 2021-03-03T10:00:00Z (UTC).', at);
}

function langOf(text: string | undefined): string {
  if (text === undefined) return 'en';
  if (/^[a-z]{2}$/i.test(text)) return text.toLowerCase();
  throw usage(`"${text}" is no language`, 'Give its two letters: en, de, fr …', '--lang');
}

function verdictOf(text: string | undefined): Verdict | undefined {
  if (text === undefined) return undefined;
  const verdict = verdictOrder.find((each) => each === text);
  if (verdict !== undefined) return verdict;
  throw usage(`"${text}" is no verdict`, `One of ${verdictOrder.join(', ')}.`, '--fail-on');
}

function tlpOf(text: string | undefined): Tlp {
  if (text === undefined) return 'AMBER+STRICT';
  const tlp = tlps.find((each) => each === text.toUpperCase().replace(/^TLP:/, ''));
  if (tlp !== undefined) return tlp;
  throw usage(`"${text}" is no TLP level`, `One of ${tlps.join(', ')}.`, '--tlp');
}

/** `--trusted-proxy`: an address, or a network with the length of its prefix. */
function proxyOf(text: string): string {
  const [address = '', bits, ...rest] = text.trim().split('/');
  const version = isIP(address);
  const isPrefix =
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
  if (version !== 0 && isPrefix && rest.length === 0) return text.trim();
  throw usage(
    `"${text}" is no address or network`,
    'Write 10.0.0.9, 10.0.0.0/24 or fd00::/8.',
    '--trusted-proxy',
  );
}

/** `--clock`: `HOST=+05:00`, `HOST=-3600`: what to add to the host's times to get UTC. */
export function clockOf(text: string): readonly [string, number] {
  const m = /^([^=]+)=([+-]?)(?:(\d{1,2}):(\d{2})|(\d+))$/.exec(text);
  if (m === null)
    throw usage(
      `"${text}" is no clock`,
      'Write HOST=+05:00 or HOST=-3600 (seconds to add to get UTC).',
      '--clock',
    );
  const seconds = m[5] === undefined ? Number(m[3]) * 3600 + Number(m[4]) * 60 : Number(m[5]);
  return [(m[1] ?? '').toLowerCase(), m[2] === '-' ? -seconds : seconds];
}

/** `--in-service`: `NAME=2023-05-01`: the day on which the server began its work. */
function inServiceOf(text: string): readonly [string, bigint] {
  const at = text.indexOf('=');
  if (at <= 0) throw usage(`"${text}" names no server`, 'Write NAME=2023-05-01.', '--in-service');
  return [text.slice(0, at).toLowerCase(), timeOf(text.slice(at + 1), '--in-service')];
}

function serversOf(texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const servers = new Map<string, readonly string[]>();
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at <= 0) throw usage(`"${text}" names no server`, 'Write NAME=PATH.', '--server');
    const name = text.slice(0, at);
    servers.set(name, [...(servers.get(name) ?? []), text.slice(at + 1)]);
  }
  return servers;
}
