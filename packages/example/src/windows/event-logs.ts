import { createEvtxWriter, eventBody, type EvtxWriter } from '@postern/evtx';
import { isoTime } from '../calendar.ts';
import type { BinaryWriter, FileSink } from '../file-sink.ts';
import { createRandom } from '../random.ts';
import type { TrueEventLog } from '../truth.ts';
import type { Machine } from './machine.ts';
import type { WindowsEvent } from './windows-event.ts';

const FOLDER = 'C/Windows/System32/winevt/Logs';
/** Bytes before the first chunk of a log. */
const HEADER_BYTES = 4096;

interface OpenLog {
  readonly path: string;
  readonly file: BinaryWriter;
  readonly writer: EvtxWriter;
  readonly first: number;
  last: number;
  records: number;
  /** The last event's hundreds of nanoseconds within its millisecond, as a fraction. */
  fraction: number;
}

export interface EventLogsOptions {
  readonly sink: FileSink;
  /** As in `LogPlace`. */
  readonly root: string;
  readonly machine: Machine;
  /** Whether this event is in the log that was collected. */
  readonly isKept: (channel: string, time: number) => boolean;
}

/** All event logs of one server; a file appears with its first record. */
export interface EventLogs {
  /** Takes events in the order of time. */
  write(event: WindowsEvent): void;
  /** What was written. */
  close(): readonly Omit<TrueEventLog, 'clearedAt'>[];
}

/** `Microsoft-Windows-Sysmon/Operational` is the file `Microsoft-Windows-Sysmon%4Operational.evtx`. */
function pathOf(root: string, channel: string): string {
  return `${root}${FOLDER}/${channel.replaceAll('/', '%4')}.evtx`;
}

function openLog(options: EventLogsOptions, channel: string, first: number, skipped: number): OpenLog {
  const { world, server } = options.machine;
  const path = pathOf(options.root, channel);
  const file = options.sink.openBinary(path);
  file.write(new Uint8Array(HEADER_BYTES));
  // The server has been running for years: its records are far from number one.
  const before = createRandom(`${world.seed}/records/${server.host}/${channel}`).between(900, 400_000);
  const firstRecord = before + skipped;
  const writer = createEvtxWriter({ firstRecord, onChunk: (chunk) => file.write(chunk) });
  return { path, file, writer, first, last: first, records: 0, fraction: 0 };
}

/** A value too many or too few would shift all that follow: better no example than a wrong one. */
function checkFit({ kind, values }: WindowsEvent): void {
  const { id, channel, data } = kind.spec;
  const wanted = 'fields' in data ? data.fields.length : values.length;
  if (values.length !== wanted) {
    throw new Error(`example: ${channel} ${id} has ${values.length} values for ${wanted} fields`);
  }
}

const SYSMON = 'Microsoft-Windows-Sysmon';

/** Clocks are finer than the story: a fraction of a millisecond that never runs backwards. */
function refined(log: OpenLog, time: number): number {
  const isSame = log.records > 0 && Math.floor(log.last) === Math.floor(time);
  const free = (Math.imul(log.records + 1, 2_654_435_761) >>> 0) % 9000;
  log.fraction = isSame ? Math.min(log.fraction + 0.0131, 0.9998) : free / 10_000;
  return Math.floor(time) + log.fraction;
}

function addTo(log: OpenLog, event: WindowsEvent, machine: Machine): void {
  checkFit(event);
  const { kind, values, thread, user } = event;
  const time = refined(log, event.time);
  // Sysmon's service writes what its driver sees.
  const isSysmon = kind.spec.provider === SYSMON;
  const process = isSysmon ? machine.resident('sysmon', time).pid : event.process;
  const body = eventBody(kind, {
    time,
    record: log.writer.nextRecord,
    computer: machine.server.fqdn,
    values,
    ...(process !== undefined && { process, thread: thread ?? process + 8 }),
    ...(user !== undefined && { user }),
  });
  log.writer.add({ time, body });
  log.last = time;
  log.records += 1;
}

export function openEventLogs(options: EventLogsOptions): EventLogs {
  const logs = new Map<string, OpenLog>();
  const skipped = new Map<string, number>();
  const { host } = options.machine.server;
  return {
    write: (event) => {
      const { channel } = event.kind.spec;
      if (!options.isKept(channel, event.time)) {
        skipped.set(channel, (skipped.get(channel) ?? 0) + 1);
        return;
      }
      const log = logs.get(channel) ?? openLog(options, channel, event.time, skipped.get(channel) ?? 0);
      logs.set(channel, log);
      addTo(log, event, options.machine);
    },
    close: () =>
      [...logs].map(([channel, log]) => {
        log.file.finish(log.writer.finish());
        const { path, records, first, last } = log;
        return {
          host,
          file: path,
          channel,
          records,
          first: isoTime(Math.floor(first)),
          last: isoTime(Math.floor(last)),
        };
      }),
  };
}
