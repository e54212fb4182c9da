import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openEntry } from './entry-input.ts';
import { hashInput } from './hash.ts';
import { open } from './testing/evidence.ts';

const data = resolve(import.meta.dirname, '../../../../shared/data');

function available(path: string): boolean {
  const isThere = existsSync(join(data, path));
  if (!isThere) console.log(`skipped: ${path} is not there`);
  return isThere;
}

it.skipIf(!available('otrf/proxylogon_ssrf_rce_poc.zip'))(
  'opens the capture of a compromised server',
  async () => {
    const collection = await open(join(data, 'otrf/proxylogon_ssrf_rce_poc.zip'));
    expect(collection.entries).toMatchObject([
      { path: 'proxylogon_ssrf_rce_poc_2021-03-14T01401970.json', size: 19_346_820, collection: 'evidence' },
    ]);
    expect([...collection.issues, ...collection.skipped]).toEqual([]);
    expect(collection.inputs).toHaveLength(1);
  },
);

it.skipIf(!available('evtx'))(
  'reads every file of a large folder, and says of each what became of it',
  async () => {
    const collection = await open(join(data, 'evtx'));
    expect(collection.entries.length).toBeGreaterThan(100);
    for (const entry of collection.entries.slice(0, 20)) {
      const { input, close } = openEntry(entry);
      expect(hashInput(input, { all: true }).md5).toMatch(/^[0-9a-f]{32}$/);
      close();
    }
  },
);
