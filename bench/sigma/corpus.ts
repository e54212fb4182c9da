import { readFileSync } from 'node:fs';
import { inputOf, shapeOfRecord, type Batch } from '@postern/core';
import { evtxReader } from '@postern/evtx';
import { filesIn } from './rules.ts';

/** A log of the corpus. */
export interface DenseLog {
  readonly path: string;
  readonly bytes: number;
  /** Most of its records are Sysmon, process creations or PowerShell. */
  readonly isHeavy: boolean;
}

/** Logs with at least this many records in a megabyte: the others are mostly empty space. */
const leastDensity = 200;
const mostBytes = 4_000_000;
const leastRecords = 10;

/** The dense ones of the logs below a folder. */
export function denseLogs(folder: string): readonly DenseLog[] {
  return filesIn(folder, '.evtx').flatMap((path) => {
    const { bytes, records, heavy } = countLog(path);
    const isDense = records >= leastRecords && records / bytes >= leastDensity / 1e6;
    return isDense && bytes <= mostBytes ? [{ path, bytes, isHeavy: heavy * 2 > records }] : [];
  });
}

function countLog(path: string): {
  readonly bytes: number;
  readonly records: number;
  readonly heavy: number;
} {
  const bytes = readFileSync(path);
  let [records, heavy] = [0, 0];
  const onBatch = (batch: Batch): void => {
    records += batch.count;
    for (let record = 0; record < batch.count; record++) {
      const { constants } = shapeOfRecord(batch, record);
      const channel = constants.get('Channel') ?? '';
      if (/Sysmon|PowerShell/.test(channel) || constants.get('EventID') === '4688') heavy++;
    }
  };
  evtxReader.read(inputOf(bytes), { kind: 'evtx', name: path }, { onBatch, onIssue: () => undefined });
  return { bytes: bytes.length, records, heavy };
}
