// The running Windows of one server: who runs there, and which processes live since which start.

import { START, DAY } from '../calendar.ts';
import { createRandom } from '../random.ts';
import type { Server, User, World } from '../world.ts';

/** Whom a process runs as. */
export interface Account {
  readonly sid: string;
  /** Name and domain as the Security log's subject has them. */
  readonly name: string;
  readonly domain: string;
  /** As Sysmon shows it. */
  readonly shown: string;
  readonly logonId: number;
  readonly integrity: 'System' | 'High';
}

export interface Process {
  readonly pid: number;
  readonly startedAt: number;
  readonly image: string;
  readonly line: string;
  readonly account: Account;
  /** Sysmon's name for it. */
  readonly guid: string;
}

/** Pools of the web server that the story needs. */
export type Pool =
  | 'DefaultAppPool'
  | 'MSExchangeOWAAppPool'
  | 'MSExchangeECPAppPool'
  | 'MSExchangePowerShellAppPool';

/** Processes that live from one start of Windows to the next. */
export type Resident = 'system' | 'services' | 'lsass' | 'svchost' | 'scheduler' | 'health' | 'sysmon' | Pool;

export interface Machine {
  readonly world: World;
  readonly server: Server;
  readonly system: Account;
  /** Starts of Windows, in order. */
  readonly boots: readonly number[];
  resident(name: Resident, time: number): Process;
  /** A process that somebody starts; `salt` tells two of one moment apart. */
  started(given: Omit<Process, 'pid' | 'guid'>, salt: number): Process;
}

const EXCHANGE_BIN = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Bin';
const POOL_SID = 'S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415';
const SYSTEM32 = 'C:\\Windows\\System32';
const PID_STEP = 4;

function systemAccount(world: World, server: Server): Account {
  return {
    sid: 'S-1-5-18',
    name: `${server.host}$`,
    domain: world.netbios,
    shown: 'NT AUTHORITY\\SYSTEM',
    logonId: 0x3e7,
    integrity: 'System',
  };
}

/** The identity of IIS's own pool, which is no administrator. */
const POOL_ACCOUNT: Account = {
  sid: POOL_SID,
  name: 'DefaultAppPool',
  domain: 'IIS APPPOOL',
  shown: 'IIS APPPOOL\\DefaultAppPool',
  logonId: 0x2_1c4f,
  integrity: 'High',
};

/** An administrator's session. */
export function sessionOf(user: User, logonId: number): Account {
  const [domain = '', name = ''] = user.account.split('\\');
  return { sid: user.sid, name, domain, shown: user.account, logonId, integrity: 'High' };
}

function poolLine(pool: Pool, pipe: string): string {
  const settings = `C:\\inetpub\\temp\\apppools\\${pool}\\${pool}.config`;
  const runtime = `${EXCHANGE_BIN.replace('Bin', 'bin')}\\GenericAppPoolConfigWithGCServerEnabledFalse.config`;
  const own = pool === 'DefaultAppPool' ? '' : ` -c "${runtime}"`;
  return `c:\\windows\\system32\\inetsrv\\w3wp.exe -ap "${pool}" -v "v4.0"${own} -a \\\\.\\pipe\\iisipm${pipe} -h "${settings}" -w "" -m 0`;
}

function programOf(name: Resident, pipe: string): { image: string; line: string } {
  const plain = (image: string, line = image): { image: string; line: string } => ({ image, line });
  switch (name) {
    case 'system':
      return plain('System', '');
    case 'services':
    case 'lsass':
      return plain(`${SYSTEM32}\\${name}.exe`, `C:\\Windows\\system32\\${name}.exe`);
    case 'svchost':
      return plain(`${SYSTEM32}\\svchost.exe`, 'C:\\Windows\\system32\\svchost.exe -k DcomLaunch');
    case 'scheduler':
      return plain(`${SYSTEM32}\\svchost.exe`, 'C:\\Windows\\system32\\svchost.exe -k netsvcs');
    case 'sysmon':
      return plain('C:\\Windows\\Sysmon64.exe');
    case 'health':
      return plain(
        `${EXCHANGE_BIN}\\MSExchangeHMWorker.exe`,
        `"${EXCHANGE_BIN}\\MSExchangeHMWorker.exe" -pipe:3208 -stopkey:Global\\ExchangeStopKey-${pipe} -workerListening`,
      );
    default:
      return plain(`${SYSTEM32}\\inetsrv\\w3wp.exe`, poolLine(name, pipe));
  }
}

/** Sysmon forms its process names from the machine, the second of the start and a number. */
function guidFor(machine: string, startedAt: number, token: number): string {
  const second = Math.floor(startedAt / 1000)
    .toString(16)
    .padStart(8, '0');
  const number = token.toString(16).padStart(16, '0');
  return `${machine}-${second.slice(4)}-${second.slice(0, 4)}-${number.slice(0, 4)}-${number.slice(4)}`;
}

/** Milliseconds between the start of Windows and that of its processes. */
const SETTLING = 9000;

/** Sets up a server's Windows. Deterministic: who asks first makes no difference. */
export function openMachine(world: World, server: Server, restarts: readonly number[]): Machine {
  const seed = `${world.seed}/windows/${server.host}`;
  const machineId = createRandom(`${seed}/id`).hex(8);
  const boots = [START - 11 * DAY, ...restarts];
  const system = systemAccount(world, server);
  const known = new Map<string, Process>();

  const make = (name: Resident, boot: number): Process => {
    const random = createRandom(`${seed}/${boot}/${name}`);
    const startedAt = (boots[boot] ?? START) + random.below(SETTLING);
    const pid = name === 'system' ? PID_STEP : random.between(120, 5200) * PID_STEP;
    const account = name === 'DefaultAppPool' ? POOL_ACCOUNT : system;
    const guid = guidFor(machineId, startedAt, random.below(0xffff_ffff));
    return { pid, startedAt, account, guid, ...programOf(name, random.guid()) };
  };

  return {
    world,
    server,
    system,
    boots,
    resident: (name, time) => {
      const boot = Math.max(
        0,
        boots.findLastIndex((start) => start <= time),
      );
      const found = known.get(`${boot}/${name}`) ?? make(name, boot);
      known.set(`${boot}/${name}`, found);
      return found;
    },
    started: (given, salt) => {
      const random = createRandom(`${seed}/started/${given.startedAt}/${salt}`);
      const pid = random.between(250, 7000) * PID_STEP;
      return { ...given, pid, guid: guidFor(machineId, given.startedAt, random.below(0xffff_ffff)) };
    },
  };
}
