// An event is the same to rules whether it comes from a log or from the JSON or CSV that was made of one.

import {
  compareText,
  inputOf,
  keepRecord,
  type Batch,
  type KeptRecord,
  type Reader,
  type SourceKind,
} from '@postern/core';
import { eventToJson, evtxReader } from '@postern/evtx';
import { dataTexts, eventCsvReader, jsonlogReader } from '@postern/jsonlog';
import { expect, test } from 'vitest';
import { logOf, someLog } from '../packages/evtx/src/testing/logs.ts';
import { asEvtxecmd } from './as-evtxecmd.ts';

function readAll(
  reader: Reader,
  kind: SourceKind,
  bytes: Uint8Array,
  onBatch?: (batch: Batch) => void,
): KeptRecord[] {
  const records: KeptRecord[] = [];
  const sink = {
    onIssue: () => undefined,
    onBatch: (batch: Batch) => {
      onBatch?.(batch);
      for (let record = 0; record < batch.count; record++) records.push(keepRecord(batch, record));
    },
  };
  reader.read(inputOf(bytes), { kind, name: 'x' }, sink);
  return records;
}

/** JSON has GUIDs without braces, and the schema's name as a value. */
function fieldsOf({ fields }: KeptRecord): readonly (readonly [string, string])[] {
  const kept = [...fields].filter(([name]) => !name.includes('xmlns'));
  return kept
    .map(([name, value]) => [name, value.replaceAll(/[{}]/g, '')] as const)
    .toSorted(([a], [b]) => compareText(a, b));
}

const user = {
  name: 'UserData',
  children: [{ name: 'Outer', children: [{ name: 'Leaf', attributes: [['kind', 'k']], children: ['v'] }] }],
} as const;

test.each([
  ['named and unnamed data', someLog(4)],
  ['data of the user', logOf([user])],
  [
    'values that could pass for the channel',
    logOf([
      { name: 'EventData', children: [{ name: 'Data', attributes: [['Name', 'Channel']], children: ['v'] }] },
    ]),
  ],
] as const)('%s', (_, log) => {
  const lines: string[] = [];
  const fromLog = readAll(evtxReader, 'evtx', log, (batch) => {
    for (let record = 0; record < batch.count; record++) lines.push(eventToJson(batch, record));
  });
  const text = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
  const fromJson = readAll(jsonlogReader, 'windows-events-json', text);
  const withoutTime = (record: KeptRecord) =>
    fieldsOf(record).filter(([name]) => name !== 'TimeCreated_SystemTime');
  expect(fromJson.map(withoutTime)).toEqual(fromLog.map(withoutTime));
  expect(fromJson.map(({ shape }) => shape.recorder)).toEqual(fromLog.map(({ shape }) => shape.recorder));
});

/** What EvtxECmd does not write of an event. */
const lost = /^(?:Provider_Guid|EventID_Qualifiers|Version|Task|Opcode|Correlation_.*)$/;

test('the CSV of EvtxECmd has the fields of the log that it does not lose', () => {
  const log = someLog(6);
  const fromLog = readAll(evtxReader, 'evtx', log);
  const text = new TextEncoder().encode(asEvtxecmd([log]));
  const fromCsv = readAll(eventCsvReader, 'windows-events-csv', text);
  const kept = (record: KeptRecord) =>
    fieldsOf(record)
      .filter(([name]) => !lost.test(name))
      .map(([name, value]) => [name, name === 'Data' ? dataTexts(value).join(', ') : value]);
  expect(fromCsv.map(kept)).toEqual(fromLog.map(kept));
  expect(fromCsv.map(({ time }) => time)).toEqual(fromLog.map(({ time }) => time));
  expect(fromCsv.map(({ shape }) => shape.recorder)).toEqual(fromLog.map(({ shape }) => shape.recorder));
});
