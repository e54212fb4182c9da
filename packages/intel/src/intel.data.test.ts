// Real lists: what can be read is read, and of the rest it is said why not.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../testing/repository.ts';
import { parseIndicators } from './index.ts';

const folder = join(ROOT, '../shared/data/intel');
const isThere = existsSync(folder);
if (!isThere) console.log('skipped: real indicator lists are not here (../shared/data/intel)');

const read = (name: string): ReturnType<typeof parseIndicators> =>
  parseIndicators(new Uint8Array(readFileSync(join(folder, name))), name);

function countTypes(name: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of read(name).indicators) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

describe.skipIf(!isThere)('real lists', () => {
  test.each([
    ['volexity-exchange-marauder.csv', { ip: 13 }],
    ['eset-exchange.sha256', { sha256: 23 }],
    ['Indicator_Release_Hashes.csv', { sha256: 11, sha1: 11, md5: 11 }],
    ['sunburst-hostnames.txt', { domain: 1722 }],
  ])('%s', (name, expected) => {
    expect(countTypes(name)).toEqual(expected);
  });

  test('a wide table with defanged hosts', () => {
    const { indicators } = read('Indicator_Release_NBIs.csv');
    expect(indicators.some(({ value }) => value === 'deftsecurity.com')).toBe(true);
    expect(indicators.every(({ value }) => !value.includes('['))).toBe(true);
  });

  test('every file is read or refused with a reason', () => {
    const silent = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('LICENSE'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => {
        const { indicators, issues } = parseIndicators(new Uint8Array(readFileSync(path)), path);
        return indicators.length === 0 && !issues.some(({ code }) => code === 'POSTERN_INTEL_FORMAT');
      });
    expect(silent).toEqual([]);
  });
});
