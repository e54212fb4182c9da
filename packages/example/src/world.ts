import { ALPHANUMERIC, createRandom, type Random } from './random.ts';
import { FAMILY, GIVEN, ORGANISATIONS, SECTORS } from './words.ts';

/** A build as logs write it: `15.1.2106.2`, `15.01.2106.002`, `15,1,2106,2`. */
export interface Build {
  readonly text: string;
  readonly padded: string;
  readonly columns: string;
}

/** Someone with a mailbox. */
export interface User {
  /** `DOMAIN\name`. */
  readonly account: string;
  readonly mail: string;
  readonly sid: string;
  readonly mailbox: string;
  /** Where this user's requests come from: the office, home, the telephone. */
  readonly addresses: readonly string[];
  readonly device: string;
}

/** An Exchange server of the organisation. */
export interface Server {
  readonly host: string;
  readonly fqdn: string;
  readonly address: string;
  readonly linkLocal: string;
  /** The address that the internet sees. */
  readonly publicAddress: string;
  readonly health: readonly string[];
  readonly balancer: string;
}

/** Everything that stays the same while the logs are written. */
export interface World {
  readonly seed: string;
  readonly netbios: string;
  readonly domain: string;
  readonly adDomain: string;
  readonly controller: string;
  /** Public names of the service: mail, web mail, autodiscover. */
  readonly hosts: readonly string[];
  readonly servers: readonly Server[];
  readonly users: readonly User[];
  readonly administrators: readonly User[];
  readonly database: string;
  readonly domainSid: string;
  /** Addresses on the internet of people who do not belong here; the first ones are the intruders'. */
  readonly strangers: readonly string[];
  /** Hours that local time is ahead of UTC: people work by local time. */
  readonly zone: number;
  /** Build before and after the fix of March 2021. */
  readonly before: Build;
  readonly after: Build;
}

const USERS = 320;
const LETTERS = /[^a-z]/g;
/** Cumulative updates with the revision they shipped or ran with and that of their fix of March 2021 (Microsoft's build table). */
const BUILDS: readonly (readonly [cu: number, before: number, after: number])[] = [
  [2106, 2, 13],
  [2176, 2, 9],
];

export function buildOf(cu: number, revision: number): Build {
  return {
    text: `15.1.${cu}.${revision}`,
    padded: `15.01.${cu}.${String(revision).padStart(3, '0')}`,
    columns: `15,1,${cu},${revision}`,
  };
}

/**
 * An address on the internet that belongs to nobody: people come from the benchmark range 198.18.0.0/15
 * (RFC 2544) and from 2001:db8::/32 (RFC 3849), strangers from the ranges kept for documentation (RFC 5737).
 */
function homeAddress(random: Random): string {
  if (random.chance(0.08)) {
    return `2001:db8:${random.hex(4)}:${random.hex(2)}::${random.hex(4)}`.replaceAll(/:0+(?=[0-9a-f])/g, ':');
  }
  return `198.${random.between(18, 19)}.${random.below(256)}.${random.between(1, 254)}`;
}

/** Addresses of strangers (RFC 5737), each once. */
function strangerAddresses(random: Random, count: number): string[] {
  const nets = ['192.0.2', '198.51.100', '203.0.113'];
  const all = nets.flatMap((net) => Array.from({ length: 250 }, (_, last) => `${net}.${last + 2}`));
  return random.sample(all, count);
}

/** How many of the strangers are kept for intruders. */
export const INTRUDERS = 40;
const STRANGERS = 240;

function userOf(
  random: Random,
  place: { netbios: string; domain: string; sid: string },
  index: number,
): User {
  const given = random.pick(GIVEN);
  const family = random.pick(FAMILY);
  const name = `${given.charAt(0)}.${family}${index % 7 === 0 ? String(index % 10) : ''}`;
  const office = `10.${20 + (index % 4)}.${random.below(200)}.${random.between(10, 250)}`;
  return {
    account: `${place.netbios}\\${name}`,
    mail: `${name}@${place.domain}`,
    sid: `${place.sid}-${1103 + index * 3}`,
    mailbox: random.guid(),
    addresses: [office, homeAddress(random), homeAddress(random)],
    device: random.text('0123456789ABCDEFGHJKLMNPQRSTUVWXYZ', random.pick([13, 26, 32])),
  };
}

/** Host names by habit of the house; at most 15 characters, as NetBIOS wants. */
function hostName(random: Random, netbios: string, number: number): string {
  const short = netbios.slice(0, 4);
  const forms = [
    `${short}-EX${number}`,
    `EXCH-${short}${number}`,
    `${short}MBX0${number}`,
    `MAIL${short}0${number}`,
    `SRV-${short}-EXC${number}`,
  ];
  return random.pick(forms).slice(0, 15);
}

function serverOf(
  random: Random,
  place: { adDomain: string; net: string },
  host: string,
  last: number,
): Server {
  return {
    host,
    fqdn: `${host.toLowerCase()}.${place.adDomain}`,
    address: `${place.net}.${last}`,
    linkLocal: `fe80::${random.hex(4)}:${random.hex(4)}:${random.hex(4)}:${random.hex(4)}%${random.between(2, 14)}`,
    publicAddress: `198.18.${random.below(256)}.${random.between(1, 254)}`,
    health: Array.from({ length: 4 }, () => `HealthMailbox${random.hex(32)}`),
    balancer: `${place.net}.${200 + (last % 50)}`,
  };
}

function servers(random: Random, place: { adDomain: string; netbios: string }, count: number): Server[] {
  const net = `10.${random.between(1, 19)}.${random.below(256)}`;
  const first = random.between(11, 90);
  const style = createRandomStyle(random, place.netbios);
  return Array.from({ length: count }, (_, index) =>
    serverOf(random, { adDomain: place.adDomain, net }, style(index + 1), first + index),
  );
}

/** One habit for all servers of a house. */
function createRandomStyle(random: Random, netbios: string): (number: number) => string {
  const habit = random.text(ALPHANUMERIC, 8);
  const start = random.below(3);
  return (number) => hostName(createRandom(habit), netbios, start + number);
}

/** Invents the organisation of a seed. */
export function inventWorld(seed: string, serverCount: number): World {
  const random = createRandom(`${seed}/world`);
  const word = random.pick(ORGANISATIONS);
  const domain = `${word}-${random.pick(SECTORS)}.example`;
  const netbios = word.replaceAll(LETTERS, '').slice(0, 10).toUpperCase();
  const adDomain = random.chance(0.5) ? `ad.${domain}` : `corp.${domain}`;
  const domainSid = `S-1-5-21-${random.next()}-${random.next()}-${random.next()}`;
  const place = { netbios, domain, adDomain, sid: domainSid };
  const [cu, before, after] = random.pick(BUILDS);
  return {
    seed,
    netbios,
    domain,
    adDomain,
    controller: `${netbios.slice(0, 4)}-DC${random.between(1, 4)}`,
    hosts: [
      `mail.${domain}`,
      `${random.pick(['webmail', 'owa', 'post', 'outlook'])}.${domain}`,
      `autodiscover.${domain}`,
    ],
    servers: servers(random, place, serverCount),
    users: Array.from({ length: USERS }, (_, index) => userOf(random, place, index)),
    administrators: Array.from({ length: 3 }, (_, index) => {
      const user = userOf(random, place, USERS + index);
      return { ...user, account: `${netbios}\\adm-${user.mail.slice(0, user.mail.indexOf('@'))}` };
    }),
    database: random.guid(),
    domainSid,
    strangers: strangerAddresses(createRandom(`${seed}/strangers`), STRANGERS),
    zone: random.pick([-5, 0, 1, 1, 2, 3, 8]),
    before: buildOf(cu, before),
    after: buildOf(cu, after),
  };
}
