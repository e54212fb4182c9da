// The campaign's rules over real evidence: a server during the attack, and logs of servers that were not attacked.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../testing/repository.ts';
import { loadFolder, run, start } from './testing/run-case.ts';

const data = join(ROOT, '../shared/data');
const isThere = existsSync(data);
if (!isThere) console.log('skipped: real evidence is not here (../shared/data)');

const running = isThere ? start(loadFolder(join(ROOT, 'packs/exchange-2021'))) : undefined;

function rulesIn(bytes: Uint8Array, path: string): Record<string, number> {
  const counts: Record<string, number> = {};
  if (running === undefined) return counts;
  const evidence = { file: path, path, bytes, fires: new Map(), spares: new Map() };
  for (const name of [...run(running, evidence, false).values()].flat())
    counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The only entry of a zip without a comment: what its directory says, unpacked. */
function unzipOnly(zip: Buffer): Uint8Array {
  const directory = zip.readUInt32LE(zip.length - 22 + 16);
  const packed = zip.readUInt32LE(directory + 20);
  const local = zip.readUInt32LE(directory + 42);
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  return new Uint8Array(inflateRawSync(zip.subarray(from, from + packed)));
}

describe.skipIf(!isThere)('a server during the attack', () => {
  test('every trace on it is found, and each once', () => {
    const events = unzipOnly(readFileSync(join(data, 'otrf/proxylogon_ssrf_rce_poc.zip')));
    expect(rulesIn(events, 'C:\\export\\events.json')).toEqual({
      'mgmt-script': 1,
      'mgmt-vdir-recreated': 2,
      'app-ecp-ssrf-mark': 1,
      'app-ecp-setobject': 2,
      'app-oab-pool-errors': 17,
      'security-share-page-written': 2,
      'security-w3wp-shell': 2,
      'sysmon-page-written': 1,
      'sysmon-page-compiled': 1,
      'sysmon-w3wp-compile': 1,
      'sysmon-w3wp-shell': 2,
    });
  });
});

describe.skipIf(!isThere)('servers that were not attacked', () => {
  // The body of a suite runs even where the suite is skipped.
  const logs = (isThere ? ['beats', 'plaso', 'lnav'] : []).flatMap((folder) =>
    readdirSync(join(data, 'iis', folder))
      .filter((name) => !/LICENSE|json$/.test(name))
      .map((name) => ({ name: `${folder}/${name}` })),
  );

  test.each(logs)('$name gives nothing', ({ name }) => {
    const bytes = new Uint8Array(readFileSync(join(data, 'iis', name)));
    expect(rulesIn(bytes, 'C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log')).toEqual({});
  });

  test('real lines of Exchange logs give nothing', () => {
    const text = readFileSync(join(data, 'exchange/log-samples.md'), 'utf8');
    const blocks = [...text.matchAll(/```\n(#Software[\s\S]*?)```/g)].map((match) => match[1] ?? '');
    expect(blocks.length).toBeGreaterThan(10);
    const found = blocks.map((block) => rulesIn(new TextEncoder().encode(block), 'C:\\logs\\x.LOG'));
    expect(found.filter((rules) => Object.keys(rules).length > 0)).toEqual([]);
  });
});
