import { DAY, HOUR, longDay, longHour, shortDay } from './calendar.ts';
import { ecpActivityRow, ecpHeader, ecpServerRow, type EcpPlace } from './ecp-log.ts';
import type { FileSink } from './file-sink.ts';
import { httpProxyHeader, httpProxyRow } from './http-proxy-log.ts';
import { backRow, frontRow, iisHeader } from './iis-log.ts';
import { createRandom } from './random.ts';
import { PROTOCOLS, type ControlRow, type Protocol, type WebRequest } from './request.ts';
import { openRollingLog, type RollingLog } from './rolling-log.ts';
import type { Build, Server, World } from './world.ts';

/** Who writes a log: the words in which `missing` speaks of it. */
export type Recorder =
  | 'iis-front'
  | 'iis-back'
  | 'ecp-server'
  | 'ecp-activity'
  | `httpproxy-${Lowercase<Protocol>}`;

/** The proxy module's recorders. */
export const PROXY_RECORDERS: readonly Recorder[] = [
  'httpproxy-autodiscover',
  'httpproxy-eas',
  'httpproxy-ecp',
  'httpproxy-ews',
  'httpproxy-mapi',
  'httpproxy-owa',
  'httpproxy-powershell',
];

/** Where Exchange lives on these servers. */
export const INSTALL_FOLDER = 'Program Files/Microsoft/Exchange Server/V15';

export interface LogPlace {
  readonly sink: FileSink;
  /** Folder of the server, relative to the collection, that holds `C`: empty, or ending in `/`. */
  readonly root: string;
  readonly world: World;
  readonly server: Server;
  readonly buildAt: (time: number) => Build;
  readonly isKept: (recorder: Recorder, time: number) => boolean;
  /** Told of each command of the control panel, kept or not: other logs have it too. */
  readonly onCommand?: (time: number, row: ControlRow) => void;
}

/** All logs of one server. Requests come in the order of their ends. */
export interface ServerLogs {
  write(request: WebRequest): void;
  /** The services were stopped and started: the next rows say so. */
  restart(): void;
  close(): void;
}

function recorderOf(protocol: Protocol): Recorder {
  const name = `httpproxy-${protocol.toLowerCase()}`;
  return PROXY_RECORDERS.find((recorder) => recorder === name) ?? 'httpproxy-owa';
}

function iisLog(place: LogPlace, recorder: Recorder, folder: string): RollingLog {
  return openRollingLog({
    sink: place.sink,
    period: DAY,
    path: (time) => `${place.root}C/inetpub/logs/LogFiles/${folder}/u_ex${shortDay(time)}.log`,
    header: iisHeader,
    onRestart: 'header',
    isKept: (time) => place.isKept(recorder, time),
  });
}

function proxyLog(place: LogPlace, protocol: Protocol): RollingLog {
  const folder = `${place.root}C/${INSTALL_FOLDER}/Logging/HttpProxy/${protocol}`;
  const recorder = recorderOf(protocol);
  return openRollingLog({
    sink: place.sink,
    period: HOUR,
    path: (time, part) => `${folder}/HttpProxy_${longHour(time)}-${part}.LOG`,
    header: (time) => httpProxyHeader(time, place.buildAt(time)),
    onRestart: 'file',
    isKept: (time) => place.isKept(recorder, time),
  });
}

/** The process of the control panel gets a new number with each start. */
function processIds(seed: string): () => number {
  const random = createRandom(`${seed}/pid`);
  let pid = random.between(1000, 19_000) & ~3;
  return () => {
    pid = random.between(1000, 19_000) & ~3;
    return pid;
  };
}

function ecpLog(place: LogPlace, recorder: 'ecp-server' | 'ecp-activity'): RollingLog {
  const folder = `${place.root}C/${INSTALL_FOLDER}/Logging/ECP`;
  const nextPid = processIds(place.world.seed + place.server.host);
  const isServer = recorder === 'ecp-server';
  return openRollingLog({
    sink: place.sink,
    period: DAY,
    path: (time, part) =>
      isServer
        ? `${folder}/Server/ECPServer${longDay(time)}-${part}.LOG`
        : `${folder}/Activity/ECPActivity_${nextPid()}_${longDay(time)}-1.LOG`,
    header: (time) => ecpHeader(isServer ? 'ECP Server Log' : 'ECP Activity Context Log', time),
    onRestart: 'file',
    isKept: (time) => place.isKept(recorder, time),
  });
}

/** Opens the logs of one server; files appear with their first row. */
export function openServerLogs(place: LogPlace): ServerLogs {
  const front = iisLog(place, 'iis-front', 'W3SVC1');
  const back = iisLog(place, 'iis-back', 'W3SVC2');
  const proxies = new Map(PROTOCOLS.map((protocol) => [protocol, proxyLog(place, protocol)]));
  const server = ecpLog(place, 'ecp-server');
  const activity = ecpLog(place, 'ecp-activity');
  const all = [front, back, ...proxies.values(), server, activity];

  // The control panel counts sessions and activities by itself: only the canary in the URL leads from one log to the other.
  const ids = createRandom(`${place.world.seed}/panel/${place.server.host}`);

  const writeControl = (request: WebRequest, row: ControlRow): void => {
    const time = request.end - row.before;
    const where: EcpPlace = {
      time,
      host: place.server.host,
      build: place.buildAt(time),
      session: ids.guid(),
      activity: ids.guid(),
    };
    place.onCommand?.(time, row);
    server.write(time, ecpServerRow(row, where));
    activity.write(time, ecpActivityRow(row, where));
  };

  return {
    write: (request) => {
      for (const row of request.control ?? []) writeControl(request, row);
      if (request.backEnd) back.write(request.end - 1, backRow(request, request.backEnd, place.server));
      const proxy = request.proxy;
      if (request.front && proxy) {
        const where = { world: place.world, server: place.server, build: place.buildAt(request.end) };
        proxies.get(proxy.protocol)?.write(request.end, httpProxyRow(request, proxy, where));
      }
      if (request.front) front.write(request.end, frontRow(request, place.server));
    },
    restart: () => {
      for (const log of all) log.restart();
    },
    close: () => {
      for (const log of all) log.close();
    },
  };
}
