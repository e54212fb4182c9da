// An event log as EvtxECmd would write it, with what the tool loses: the borders of unnamed data and line breaks.

import { inputOf } from '@postern/core';
import { eventToJson, evtxReader } from '@postern/evtx';
import {
  evtxecmdFile,
  evtxecmdRow,
  payloadOf,
  plainCells,
  xmlText,
} from '../packages/jsonlog/src/testing/evtxecmd.ts';

/** The events of a log, each as a line of JSON. */
export function jsonLinesOf(log: Uint8Array): readonly string[] {
  const lines: string[] = [];
  evtxReader.read(
    inputOf(log),
    { kind: 'evtx', name: 'x.evtx' },
    {
      onIssue: () => undefined,
      onBatch: (batch) => {
        for (let record = 0; record < batch.count; record++) lines.push(eventToJson(batch, record));
      },
    },
  );
  return lines;
}

/** The file that EvtxECmd would make of some logs. */
export function asEvtxecmd(logs: readonly Uint8Array[]): string {
  return evtxecmdFile(logs.flatMap(jsonLinesOf).map(rowOf));
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const levels = ['LogAlways', 'Critical', 'Error', 'Warning', 'Info', 'Verbose'];
const words: Readonly<Record<string, string>> = {
  '0x8010000000000000': 'Audit failure',
  '0x8020000000000000': 'Audit success',
  '0x8000000000000000': 'Classic',
};

function rowOf(line: string): string {
  const record = JSON.parse(line) as Json;
  const event = inside(record, 'Event');
  const system = (...names: readonly string[]): string => textOf(inside(inside(event, 'System'), ...names));
  return evtxecmdRow({
    ...plainCells,
    RecordNumber: system('EventRecordID'),
    EventRecordId: system('EventRecordID'),
    TimeCreated: system('TimeCreated', '#attributes', 'SystemTime').replace('T', ' ').replace('Z', ''),
    EventId: system('EventID') || system('EventID', '#text'),
    Level: levels[Number(system('Level'))] ?? system('Level'),
    Keywords: words[system('Keywords')] ?? system('Keywords'),
    Provider: system('Provider', '#attributes', 'Name'),
    Channel: system('Channel'),
    Computer: system('Computer'),
    ProcessId: system('Execution', '#attributes', 'ProcessID'),
    ThreadId: system('Execution', '#attributes', 'ThreadID'),
    UserId: system('Security', '#attributes', 'UserID'),
    Payload: payload(event),
  });
}

function payload(event: Json): string {
  const user = inside(event, 'UserData');
  if (user !== null) return JSON.stringify({ UserData: user });
  const data = inside(event, 'EventData');
  const unnamed = inside(data, 'Data');
  if (unnamed !== null) {
    const texts = (Array.isArray(unnamed) ? unnamed : [unnamed]).map(textOf).filter((text) => text !== '');
    return JSON.stringify({ EventData: { Data: xmlText(texts.join(', ')).replaceAll('\r\n', '\n') } });
  }
  if (data === null) return '{"EventData":null}';
  const values = Object.entries(isObject(data) ? data : {}).filter(([name]) => name !== '#attributes');
  return payloadOf(values.map(([name, value]) => [name, asTool(textOf(value))]));
}

/** GUIDs without braces and in small letters, hexadecimal numbers in capitals, no control characters. */
function asTool(text: string): string {
  if (/^\{?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}?$/i.test(text))
    return text.replaceAll(/[{}]/g, '').toLowerCase();
  if (/^0x[\da-f]+$/.test(text)) return `0x${text.slice(2).toUpperCase()}`;
  return text.replaceAll(/\p{C}+/gu, ', ');
}

function inside(value: Json, ...names: readonly string[]): Json {
  let at: Json = value;
  for (const name of names) at = isObject(at) ? (at[name] ?? null) : null;
  return at;
}

function isObject(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a value that is no list or object; of those the empty one. */
function textOf(value: Json): string {
  return value === null || typeof value === 'object' ? '' : String(value);
}
