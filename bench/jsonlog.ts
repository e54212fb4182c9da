// How fast the readers of events as JSON and as CSV are: bytes and records per second, alone and with every field decoded.
// Run from the root: `node --conditions=@postern/source bench/jsonlog.ts FILE [ROUNDS]` (FILE: one JSON object per line, or
// the CSV of EvtxECmd).

import { readFileSync } from 'node:fs';
import { inputOf, keepRecord, recogniseHeadBytes, type Batch } from '@postern/core';
import { eventCsvReader, jsonlogReader } from '@postern/jsonlog';

const [file, rounds = '8'] = process.argv.slice(2);
if (file === undefined)
  throw new Error('usage: node --conditions=@postern/source bench/jsonlog.ts FILE [ROUNDS]');
const bytes = readFileSync(file);
const csv = eventCsvReader.recognise(bytes.subarray(0, recogniseHeadBytes), file);
const reader = csv === undefined ? jsonlogReader : eventCsvReader;

function readAll(onBatch: (batch: Batch) => void): number {
  const options = { kind: csv ?? 'windows-events-json', name: file ?? '' } as const;
  return reader.read(inputOf(bytes), options, { onBatch, onIssue: () => undefined }).records;
}

function decodeAll(batch: Batch): void {
  for (let record = 0; record < batch.count; record++) keepRecord(batch, record);
}

/** The best of some rounds: the others were disturbed. */
function measure(name: string, run: () => number): void {
  let best = Infinity;
  let records = 0;
  for (let round = 0; round < Number(rounds); round++) {
    const start = performance.now();
    records = run();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  const megabytes = Math.round(bytes.length / 1e6 / best);
  process.stdout.write(`${name}: ${megabytes} MB/s, ${Math.round(records / best)} records/s\n`);
}

measure('reader', () => readAll(() => undefined));
measure('reader and every field decoded', () => readAll(decodeAll));
if (csv === undefined) measure('JSON.parse per line', parseLines);

function parseLines(): number {
  const lines = bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  for (const line of lines) JSON.parse(line);
  return lines.length;
}
