// The block scanner alone on one thread, beside ripgrep with the same literals on the same file in the same run:
//
//   node --conditions=@postern/source bench/match.ts [MB] [REPETITIONS]
//
// Makes its own IIS log in a temporary file, the same on every run: one line in twelve names a path of the noisy
// literal. Both count the lines that hold a literal; the counts must be equal. Every line is made once, so nothing in
// the input repeats but the words that logs repeat. Figures are medians.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { compileScanner, makeWorkMemory } from '@postern/match';

const megabytes = Number(process.argv[2] ?? 512);
const repetitions = Number(process.argv[3] ?? 5);
const blockBytes = 4 * 1024 * 1024;

const quiet = [
  'serverinfo~',
  'proxylogon.ecp',
  'x-beresource',
  'x-anonresource',
  'oabvirtualdirectory',
  'ddiservice.svc',
  'setobject?',
  'resetoab',
  'python-requests',
  'exchangeservicesclient/0.0.0.0',
  'antsword',
  'zgrab',
  'supp0rt.aspx',
  'shellex.aspx',
  'redirsuiteserverproxy',
  'errorew.aspx',
  'httpredirservice',
  'owafonts.aspx',
  'timeoutlogout.aspx',
  'discover.aspx',
  'multiup.aspx',
  'outlooken.aspx',
  'outlookru.aspx',
  'outlookzh.aspx',
  'healthcheck.aspx',
  'iisstart.aspx',
  'load.aspx',
  'bg.aspx',
  'sol.aspx',
  'log.aspx',
  'xclkmcfldfi948398430fdjkfdkj',
  'cmd.exe',
  'whoami',
  'net+user',
  'powershell',
  'autodiscover.json',
  'x-rps-cat',
  '.dmp.zip',
  'lsass',
  'comsvcs',
  'procdump',
  'rundll32',
  'certutil',
  'bitsadmin',
  '/ecp/default.flt',
  '/ecp/main.css',
  '/owa/auth/current/themes/resources/',
  'msexchecpcanary',
  'schema=resetoab',
  'newobject?',
  '/ews/exchange.asmx/',
  'securitytoken=',
  '__viewstate=',
  'mastermailbox',
  'nessus',
  'nmap+scripting',
  'websvc.dll',
  'iiswmi.dll',
  'regeorg',
  'tunnel.aspx',
  'fqrspt',
  'chack\\word',
  'yuuuuu44',
];
const noisy = [...quiet, '/aspnet_client/'];

/** Xorshift: small and the same everywhere. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const agents = [
  'Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/88.0.4324.190+Safari/537.36',
  'Apple-iPhone12C1/1804.52',
  'Microsoft+Office/16.0+(Windows+NT+10.0;+Microsoft+Outlook+16.0.12527;+Pro)',
  'AMProbe/Local/ClientAccess',
];
const requests: readonly string[] = [
  'POST /owa/service.svc action=GetItem&EP=1&ID=-#&AC=1',
  'POST /owa/service.svc action=FindItem&EP=1&ID=-#&AC=1',
  'POST /Microsoft-Server-ActiveSync/default.eas User=user#@corp.example&DeviceId=AB#&Cmd=Ping',
  'POST /mapi/emsmdb/ MailboxId=#',
  'POST /EWS/Exchange.asmx -',
  'GET /owa/auth/logon.aspx replaceCurrent=1&url=https%3a%2f%2fmail.corp.example%2fowa%2f&n=#',
  'POST /mapi/nspi/ MailboxId=#',
  'POST /autodiscover/autodiscover.xml -',
  'GET /owa/prem/15.1.2106/scripts/boot.#.js -',
  'POST /owa/ev.owa2 ns=PendingRequest&ev=FinishNotificationRequest&UA=0&cid=#',
  'GET /ecp/ rfr=owa&p=#',
  'GET /aspnet_client/system_web/#.js -',
];

function line(random: (below: number) => number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const time = `2021-03-${two(1 + random(28))} ${two(random(24))}:${two(random(60))}:${two(random(60))}`;
  const request = (requests[random(requests.length)] ?? '').replaceAll('#', String(random(1e9)));
  const id = `${random(2 ** 31).toString(16)}-${random(65_536).toString(16)}-${random(2 ** 31).toString(16)}`;
  return `${time} 10.0.0.5 ${request}&CorrelationID=<empty>;&cafeReqId=${id}; 443 CORP\\user${random(500)} 198.51.100.${random(255)} ${agents[random(agents.length)]} - 200 0 0 ${random(900)}\r\n`;
}

function makeLog(path: string): void {
  const file = openSync(path, 'w');
  const random = randomFrom(20_210_303);
  for (let written = 0; written < megabytes * 1e6;) {
    let text = '';
    for (let i = 0; i < 20_000; i++) text += line(random);
    written += writeSync(file, text, undefined, 'latin1');
  }
  closeSync(file);
}

/** Memory for one block, and for the scanner's tables: as the threads of a scan have it. */
function makeRoom(): Uint8Array {
  const memory = makeWorkMemory(blockBytes + 1024 * 1024);
  const address = memory?.take(blockBytes);
  if (memory === undefined || address === undefined) throw new Error('no memory for a block');
  return new Uint8Array(memory.buffer, address, blockBytes);
}

/** Counts the lines with a literal, block by block from the disk cache, as a reader does. */
function scanFile(path: string, literals: readonly string[]): number {
  const scanner = compileScanner(literals);
  const buffer = makeRoom();
  const file = openSync(path, 'r');
  let lines = 0;
  let kept = 0;
  for (;;) {
    const got = readSync(file, buffer, kept, blockBytes - kept, null);
    const filled = kept + got;
    const end = got === 0 ? filled : buffer.lastIndexOf(10, filled - 1) + 1;
    scanner.scan(buffer.subarray(0, filled), 0, end, (at) => {
      lines++;
      const next = buffer.indexOf(10, at);
      return next < 0 ? end : next + 1;
    });
    if (got === 0) break;
    buffer.copyWithin(0, end, filled);
    kept = filled - end;
  }
  closeSync(file);
  return lines;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function timed(run: () => number): readonly [seconds: number, result: number] {
  const times: number[] = [];
  let result = 0;
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    result = run();
    times.push((performance.now() - start) / 1000);
  }
  return [median(times), result];
}

function ripgrep(path: string, literalFile: string): number {
  try {
    return Number(
      execFileSync('rg', ['-c', '-a', '-i', '-F', '-j1', '-f', literalFile, path], { encoding: 'utf8' }),
    );
  } catch {
    return 0;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
try {
  const log = join(folder, 'u_ex210303.log');
  makeLog(log);
  const { size } = statSync(log);
  const hasRipgrep = spawnSync('rg', ['--version']).status === 0;
  process.stdout.write(`${(size / 1e6).toFixed(0)} MB IIS W3C, ${repetitions} repetitions, one thread\n`);
  for (const [name, literals] of [
    ['few lines hold a literal', quiet],
    ['many lines hold a literal', noisy],
  ] as const) {
    const list = join(folder, 'literals.txt');
    writeFileSync(list, `${literals.join('\n')}\n`);
    const [ours, lines] = timed(() => scanFile(log, literals));
    process.stdout.write(
      `${name} (${literals.length} literals, ${lines} lines): ${(size / 1e6 / ours).toFixed(0)} MB/s`,
    );
    if (!hasRipgrep) process.stdout.write('; ripgrep is not installed\n');
    else {
      const [theirs, count] = timed(() => ripgrep(log, list));
      const same = count === lines ? 'same lines' : `DIFFERENT: ripgrep found ${count} lines`;
      process.stdout.write(
        `; ripgrep ${(size / 1e6 / theirs).toFixed(0)} MB/s; ratio ${(theirs / ours).toFixed(2)} (${same})\n`,
      );
    }
  }
  process.stdout.write(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
