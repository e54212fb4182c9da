// How fast logs are read: every line split, and with a scanner that wants few lines. Run with
// `node --conditions=@postern/source bench/weblog.ts [MB] [REPETITIONS]`. Makes its own input in a temporary file,
// the same on every run; reads it with `readSync`, as `scan` does, once to warm up and then as often as asked. Every
// mode has a process of its own, for its memory. The time of the processor is told beside that of the clock: on a
// busy machine it is the steadier one.

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { BlockScanner, ReadSummary, SourceInput } from '@postern/core';
import { compileScanner, makeWorkMemory } from '@postern/match';
import { weblogReader } from '@postern/weblog';

const [megabytes = 256, repetitions = 5] = process.argv.slice(2, 4).map(Number);
/** Given to the processes that measure: the input and the mode. */
const [onlyPath, onlyMode] = process.argv.slice(4);
/** In about one of 10,000 lines. */
const literals = [
  'x-beresource-cookie',
  '/aspnet_client/supp0rt.aspx',
  'proxylogon.ecp',
  'setobject?schema=resetoab',
];

const iisHeader = [
  '#Software: Microsoft Internet Information Services 10.0',
  '#Version: 1.0',
  '#Date: 2021-03-03 00:00:00',
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken',
].join('\r\n');

const proxyColumns =
  'DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,Protocol,UrlHost,UrlStem,ProtocolAction,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,AnchorMailbox,UserAgent,ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,ErrorCode,Method,ProxyAction,TargetServer,TargetServerVersion,RoutingType,RoutingHint,BackEndCookie,ServerLocatorHost,ServerLocatorLatency,RequestBytes,ResponseBytes,GenericInfo,GenericErrors';
const proxyHeader = [
  proxyColumns,
  '#Software: Microsoft Exchange Server',
  '#Version: 15.01.2176.002',
  '#Log-type: HttpProxy Logs',
  '#Date: 2021-03-03T00:00:00.130Z',
  `#Fields: ${proxyColumns}`,
].join('\r\n');

const stems = [
  '/owa/',
  '/EWS/Exchange.asmx',
  '/Microsoft-Server-ActiveSync/default.eas',
  '/mapi/emsmdb/',
  '/owa/service.svc',
];
const agents = [
  'Microsoft+Office/16.0+(Windows+NT+10.0;+Microsoft+Outlook+16.0.13628;+Pro)',
  'Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/88.0.4324.190+Safari/537.36',
  'Apple-iPhone12C1/1804.52',
];

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (second: number): string =>
  `${two(Math.floor(second / 3600) % 24)}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
const guid = (i: number): string =>
  `${((i * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0')}-38e5-44d5-b89b-0b5a1c1c8a4f`;

function iisLine(i: number): string {
  const stem = i % 10_000 === 77 ? '/ecp/y.js' : (stems[i % stems.length] ?? '/');
  const query = i % 10_000 === 77 ? 'X-BEResource-Cookie' : `&CorrelationID=<empty>;&cafeReqId=${guid(i)};`;
  return `2021-03-03 ${clock(Math.floor(i / 50))} 10.0.0.4 POST ${stem} ${query} 443 CORP\\user${i % 997} 10.1.${i % 200}.${i % 251} ${agents[i % agents.length] ?? ''} - 200 0 0 ${i % 900}\r\n`;
}

function proxyLine(i: number): string {
  const anchor =
    i % 10_000 === 77
      ? 'ServerInfo~a]@mx01:444/ecp/proxyLogon.ecp?#'
      : `Sid~S-1-5-21-1004336348-1177238915-682003330-${i % 4000}`;
  const info = `BeginRequest=2021-03-03T${clock(Math.floor(i / 50))}.116Z;CorrelationID=<empty>;ProxyState-Run=None;FEAuth=BEVersion-1941996672;BeginGetResponse=2021-03-03T${clock(Math.floor(i / 50))}.118Z;OnResponseReady=x;EndGetResponse=y;ProxyState-Complete=ProxyResponseData;SharedCacheGuard=0;EndRequest=z;`;
  return `2021-03-03T${clock(Math.floor(i / 50))}.130Z,${guid(i)},15,1,2176,2,,Ews,mail.example.org,${stems[i % stems.length] ?? ''},,NTLM,true,CORP\\user${i % 997},,${anchor},${(agents[i % agents.length] ?? '').replaceAll(',', ' ')},10.1.${i % 200}.${i % 251},MX01,200,200,,POST,Proxy,mx01.corp.example.org,15.01.2176.000,IntraForest,WindowsIdentity,Database~fb7adba2-51f4-47e3-b170-fd39f85aaf35,,,336,${i % 5000},${info},\r\n`;
}

function makeInput(path: string, header: string, line: (i: number) => string): void {
  const file = openSync(path, 'w');
  writeSync(file, `${header}\r\n`);
  for (let i = 0, bytes = 0; bytes < megabytes * 1_000_000;) {
    const lines = Array.from({ length: 5000 }, (_, k) => line(i + k)).join('');
    i += 5000;
    bytes += writeSync(file, lines);
  }
  closeSync(file);
}

interface Run {
  readonly seconds: number;
  readonly processor: number;
  readonly handedOver: number;
  readonly summary: ReadSummary;
}

/** Memory as the threads of a scan have it: for a block and a long line, and for tables and queues. */
function makeRoom(): Uint8Array {
  const bytes = 5_251_072;
  const memory = makeWorkMemory(bytes + 4 * 1024 * 1024);
  const address = memory?.take(bytes);
  if (memory === undefined || address === undefined) throw new Error('no memory for a block');
  return new Uint8Array(memory.buffer, address, bytes);
}

const room = makeRoom();

function readOnce(path: string, scanner: BlockScanner | undefined): Run {
  const file = openSync(path, 'r');
  const input: SourceInput = {
    size: statSync(path).size,
    readAt: (target, offset) => readSync(file, target, 0, target.length, offset),
  };
  const kind = path.endsWith('iis.log') ? 'iis' : 'exchange-log';
  let handedOver = 0;
  const started = performance.now();
  const before = process.cpuUsage();
  const summary = weblogReader.read(
    input,
    { kind, name: path, room, scannerFor: () => scanner },
    { onBatch: (batch) => (handedOver += batch.count), onIssue: (issue) => console.log(issue) },
  );
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  closeSync(file);
  return { seconds, processor: (user + system) / 1e6, handedOver, summary };
}

const nothing: BlockScanner = { sorts: 0, scan: () => undefined };
const modes: readonly (readonly [string, BlockScanner | undefined])[] = [
  ['every line split', undefined],
  ['lines counted, none wanted', nothing],
  ['candidates of 4 literals', compileScanner(literals)],
];

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function measure(path: string, mode: string): void {
  const scanner = modes.find(([name]) => name === mode)?.[1];
  const { handedOver, summary } = readOnce(path, scanner);
  const runs = Array.from({ length: repetitions }, () => readOnce(path, scanner));
  const rate = (seconds: number): string =>
    `${Math.round(statSync(path).size / seconds / 1e6)} MB/s, ${Math.round(summary.records / seconds / 1000)} k records/s`;
  console.log(`  ${mode}: ${rate(median(runs.map(({ seconds }) => seconds)))}`);
  console.log(`    by the processor's time ${rate(median(runs.map(({ processor }) => processor)))}`);
  const peak = Math.round(process.resourceUsage().maxRSS / 1000);
  console.log(
    `    ${handedOver} of ${summary.records} handed over, ${summary.damaged} damaged; peak RSS ${peak} MB`,
  );
}

function measureApart(path: string, mode: string): void {
  const script = [
    ...process.execArgv,
    import.meta.filename,
    String(megabytes),
    String(repetitions),
    path,
    mode,
  ];
  spawnSync(process.execPath, script, { stdio: 'inherit' });
}

function bench(): void {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  try {
    for (const [name, header, line] of [
      ['iis.log', iisHeader, iisLine],
      ['HttpProxy_2021030300-1.LOG', proxyHeader, proxyLine],
    ] as const) {
      const path = join(folder, name);
      makeInput(path, header, line);
      const size = Math.round(statSync(path).size / 1e6);
      console.log(`${name}, ${size} MB, median of ${repetitions} after one to warm up`);
      for (const [mode] of modes) measureApart(path, mode);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (onlyPath === undefined || onlyMode === undefined) bench();
else measure(onlyPath, onlyMode);
