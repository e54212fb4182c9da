import { foldPath, stableId, type Tlp } from '@postern/core';
import { csvRow } from './harmless.ts';

/** A file of the evidence with its hashes; SHA-1 and MD5 are not made of logs. */
export interface HashRow {
  readonly path: string;
  readonly originalPath: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly sha1?: string;
  readonly md5?: string;
}

/**
 * `hashes.csv`: every file of the evidence, those inside archives too, with the id that evidence names it by
 * (`source`); with a last column `tlp` where it is given.
 */
export function* hashesCsv(rows: Iterable<HashRow>, tlp?: Tlp): Generator<string> {
  const last = tlp === undefined ? [] : [tlp];
  yield csvRow([
    'path',
    'original_path',
    'bytes',
    'sha256',
    'sha1',
    'md5',
    'source',
    ...(tlp === undefined ? [] : ['tlp']),
  ]);
  for (const row of rows) {
    yield csvRow([
      row.path,
      row.originalPath,
      String(row.bytes),
      row.sha256,
      row.sha1 ?? '',
      row.md5 ?? '',
      stableId('source', [foldPath(row.originalPath), row.sha256]),
      ...last,
    ]);
  }
}
