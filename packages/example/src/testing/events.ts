// Event logs of a made collection, read back with the project's own reader.

import { inputOf } from '@postern/core';
import { eventToFlatJson, evtxReaderWith } from '@postern/evtx';
import { pathsWith, textOf, type Made } from './collection.ts';

/** One event: its fields under the names of rules. */
export interface ReadEvent {
  readonly channel: string;
  readonly id: number;
  /** ISO 8601. */
  readonly time: string;
  readonly record: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

const reader = evtxReaderWith();

/** Events of all logs whose path holds `part`, in the order of their files. */
export function eventsOf(made: Made, part = '.evtx'): ReadEvent[] {
  return pathsWith(made, part)
    .filter((path) => path.endsWith('.evtx'))
    .flatMap((path) => readLog(Buffer.from(textOf(made, path), 'latin1'), path));
}

function readLog(bytes: Buffer, path: string): ReadEvent[] {
  const events: ReadEvent[] = [];
  reader.read(
    inputOf(bytes),
    { kind: 'evtx', name: path },
    {
      onIssue: ({ code, message }) => {
        // That somebody cleared a log is no damage.
        if (code !== 'POSTERN_EVTX_CLEARED') throw new Error(`${path}: ${code} ${message}`);
      },
      onBatch: (batch) => {
        for (let record = 0; record < batch.count; record += 1)
          events.push(toEvent(JSON.parse(eventToFlatJson(batch, record)) as Record<string, unknown>));
      },
    },
  );
  return events;
}

function toEvent(fields: Record<string, unknown>): ReadEvent {
  return {
    channel: String(fields['Channel']),
    id: Number(fields['EventID']),
    time: String(fields['TimeCreated_SystemTime']),
    record: Number(fields['EventRecordID']),
    fields,
  };
}
