import fc from 'fast-check';
import { stableId } from '@postern/core';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { hashesCsv } from './hashes-csv.ts';
import { readCsv } from './testing/csv.ts';
import { hostile } from './testing/hostile.ts';
import { anyAssessment } from './testing/json-schema.ts';
import { compromised } from './testing/compromised.ts';
import { noServer, twoServers } from './testing/samples.ts';
import { timelineCsv } from './timeline-csv.ts';
import { words } from './words.ts';

function rowsOf(given: Parameters<typeof timelineCsv>[0]): readonly Readonly<Record<string, string>>[] {
  const [header = [], ...rows] = readCsv([...timelineCsv(given)].join(''));
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
}

describe('timelineCsv', () => {
  it('has the columns that Timesketch asks for, and a full time in each row', () => {
    const [header] = readCsv([...timelineCsv(noServer)].join(''));
    expect(header?.slice(0, 3)).toEqual(['message', 'datetime', 'timestamp_desc']);
    const rows = rowsOf(compromised);
    expect(rows).toHaveLength(compromised.timeline.length);
    for (const row of rows)
      expect(row['datetime']).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/);
  });

  it('walks back to the record, and names the server', () => {
    expect(rowsOf(twoServers)[0]).toMatchObject({
      message: 'Administrator session given to a stranger',
      stage: 'success',
      witness: 'direct',
      server: 'ex01',
      addresses: '198.51.100.81',
      line: '10',
      offset: '1200',
      record: '',
      tag: 'T1190',
      tlp: 'AMBER+STRICT',
    });
  });

  it('names the server of a back door and of a build too', () => {
    const [door] = compromised.implants;
    const [host] = compromised.servers;
    const timeline = [door?.id ?? '', host?.id ?? ''].map((ref) => ({
      time: '2021-03-01',
      lane: 'attacker' as const,
      title: 'x',
      ref,
    }));
    expect(rowsOf({ ...compromised, timeline }).map((row) => row['server'])).toEqual(['ex01', 'ex01']);
  });

  it('gives statements neither server nor address nor stage', () => {
    const said = rowsOf(compromised).filter((row) => row['lane'] === 'statement');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({
      server: '',
      addresses: '',
      stage: '',
      timestamp_desc: words.publicStatements,
    });
  });

  it('stays a table and runs nothing, whatever the assessment holds', () => {
    fc.assert(
      fc.property(anyAssessment(hostile), (given) => {
        const rows = readCsv([...timelineCsv(given)].join(''));
        expect(rows).toHaveLength(given.timeline.length + 1);
        for (const row of rows) {
          expect(row).toHaveLength(15);
          expect(row.at(-1)).toBe(row === rows[0] ? 'tlp' : given.tlp);
          for (const cell of row) expect(cell).not.toMatch(/^\s*[=+\-@\t\r\n]/);
        }
      }),
      propertyRuns(0.5),
    );
  });
});

describe('hashesCsv', () => {
  const file = { path: 'a/=b.aspx', originalPath: '=c', bytes: 3, sha256: 'ab', md5: 'cd' };

  it('has a row per file, with the TLP where it is given', () => {
    expect(readCsv([...hashesCsv([file], 'RED')].join(''))).toEqual([
      ['path', 'original_path', 'bytes', 'sha256', 'sha1', 'md5', 'source', 'tlp'],
      ['a/=b.aspx', "'=c", '3', 'ab', '', 'cd', stableId('source', ['=c', 'ab']), 'RED'],
    ]);
    expect(readCsv([...hashesCsv([file])].join(''))[0]).toHaveLength(7);
  });
});
