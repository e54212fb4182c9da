// Logs made by our own writer, and everything that a reading of one tells.

import {
  inputOf,
  keepRecord,
  shapeOfRecord,
  slotText,
  slotTexts,
  type Batch,
  type Issue,
  type KeptRecord,
  type ReadOptions,
  type ReadSummary,
} from '@postern/core';
import { eventToFlatJson } from '../output/flat-json.ts';
import { eventToJson } from '../output/json.ts';
import { eventToXml } from '../output/xml.ts';
import { evtxReaderWith } from '../reader.ts';
import {
  defineEvent,
  defineTemplate,
  eventBody,
  writeEvtx,
  type EvtxElement,
  type EvtxRecord,
  type EvtxValue,
  type EvtxWriterOptions,
} from '../writer/index.ts';

/** The first record's time: 2021-03-03T04:05:06.789Z. */
export const firstTime: number = Date.UTC(2021, 2, 3, 4, 5, 6, 789);

export const created: ReturnType<typeof defineEvent> = defineEvent({
  provider: 'Microsoft-Windows-Sysmon',
  guid: '5770385f-c22a-43e0-bf4c-06f5698ffbd9',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  id: 11,
  data: {
    form: 'named',
    fields: [
      ['ProcessId', 'uint32'],
      ['Image', 'string'],
      ['TargetFilename', 'string'],
    ],
  },
});

export const cmdlet: ReturnType<typeof defineEvent> = defineEvent({
  provider: 'MSExchange CmdletLogs',
  channel: 'MSExchange Management',
  id: 1,
  qualifiers: 16_384,
  data: { form: 'unnamed' },
});

/** Every second record is of the other kind, one a second. */
export function someRecords(count: number, first = 1): EvtxRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const time = firstTime + 1000 * index;
    const base = { time, record: first + index, computer: 'ex1.corp.example' };
    const values = [4 + index, 'C:\\Windows\\System32\\inetsrv\\w3wp.exe', `C:\\inetpub\\file${index}.aspx`];
    const body =
      index % 2 === 0
        ? eventBody(created, { ...base, values })
        : eventBody(cmdlet, { ...base, values: [['Get-Mailbox', `-Identity "user${index}"`]] });
    return { time, body };
  });
}

export function someLog(count: number, options: EvtxWriterOptions = {}): Uint8Array {
  return writeEvtx(someRecords(count, Number(options.firstRecord ?? 1)), options);
}

const namespace = 'http://schemas.microsoft.com/win/2004/08/events/event';

/** `System` as small as rules need it. */
export const systemElement: EvtxElement = {
  name: 'System',
  children: [
    { name: 'Provider', attributes: [['Name', 'Test-Provider']] },
    { name: 'EventID', children: ['7'] },
    { name: 'Channel', children: ['Test/Operational'] },
    { name: 'Computer', children: ['test.example'] },
  ],
};

/** A log of one record whose event has these elements beside `System`, with these values. */
export function logOf(elements: readonly EvtxElement[], values: readonly EvtxValue[] = []): Uint8Array {
  const root: EvtxElement = {
    name: 'Event',
    attributes: [['xmlns', namespace]],
    children: [systemElement, ...elements],
  };
  return writeEvtx([{ time: firstTime, body: { template: defineTemplate(root), values } }]);
}

export interface ReadRecord extends KeptRecord {
  /** As `hunt` and rules see it: each field as the list of its texts. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly json: unknown;
  readonly flat: unknown;
  readonly xml: string;
  readonly sampled: boolean;
}

export interface WholeLog {
  readonly records: readonly ReadRecord[];
  readonly summary: ReadSummary;
  readonly issues: readonly Issue[];
  /** Codes of the issues without `POSTERN_EVTX_`, with their counts. */
  readonly codes: ReadonlyMap<string, number>;
}

/** Reads a log with a reader of its own and decodes everything in every way. */
export function readWhole(bytes: Uint8Array, options: Partial<ReadOptions> = {}): WholeLog {
  const records: ReadRecord[] = [];
  const issues: Issue[] = [];
  const summary = evtxReaderWith().read(
    inputOf(bytes),
    { kind: 'evtx', name: 'x.evtx', ...options },
    {
      onIssue: (issue) => issues.push(issue),
      onBatch: (batch) => {
        for (let record = 0; record < batch.count; record++) records.push(decoded(batch, record));
      },
    },
  );
  const codes = new Map(issues.map(({ code, count }) => [code.replace('POSTERN_EVTX_', ''), count ?? 1]));
  return { records, summary, issues, codes };
}

function decoded(batch: Batch, record: number): ReadRecord {
  const { fields } = shapeOfRecord(batch, record);
  const texts = fields.flatMap((name, slot) => {
    const found = slotText(batch, record, slot) === undefined ? undefined : slotTexts(batch, record, slot);
    return found === undefined ? [] : [[name, found] as const];
  });
  return {
    ...keepRecord(batch, record),
    texts: new Map(texts),
    json: JSON.parse(eventToJson(batch, record)),
    flat: JSON.parse(eventToFlatJson(batch, record)),
    xml: eventToXml(batch, record),
    sampled: batch.sampled[record] === 1,
  };
}

/** The only record of a log. */
export function onlyRecord(bytes: Uint8Array): ReadRecord {
  const { records } = readWhole(bytes);
  const [only] = records;
  if (only === undefined || records.length > 1)
    throw new TypeError(`${records.length} records instead of one`);
  return only;
}
