import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder, writeTree } from '../../collection/src/testing/evidence.ts';
import { loadKnowledge } from './knowledge.ts';
import { scan } from './scan.ts';
import { iisLog } from './testing/records.ts';

const rules = 'rule Marked { strings: $a = "a marked word" condition: $a }';

async function hitsWith(jobs: number): Promise<readonly string[]> {
  const base = testFolder();
  writeTree(
    base,
    new Map<string, string | Uint8Array>([
      ['rules/r.yar', rules],
      ['evidence/C/inetpub/wwwroot/aspnet_client/a.aspx', 'a marked word'],
      ['evidence/C/Temp/tool.bin', 'MZ a marked word'],
      ['evidence/u_ex210303.log', iisLog([{ url: '/a marked word' }])],
    ]),
  );
  const knowledge = loadKnowledge({ packs: [], rules: [], yara: [join(base, 'rules')], indicators: [] });
  const { assessment } = await scan([join(base, 'evidence')], {
    knowledge,
    jobs,
    case: {
      tlp: 'AMBER',
      context: {},
      reviews: new Map(),
      clocks: new Map(),
      trustedProxies: [],
      servers: new Map(),
      shown: {},
    },
  });
  return assessment.findings
    .filter(({ rule }) => rule.id === 'Marked')
    .flatMap(({ entities }) => entities.paths);
}

describe('rules of the user', () => {
  it.each([1, 2])('are asked about all that is no log, on %i threads', async (jobs) => {
    const paths = await hitsWith(jobs);
    expect(paths.toSorted()).toEqual(['C:\\Temp\\tool.bin', 'C:\\inetpub\\wwwroot\\aspnet_client\\a.aspx']);
  });
});
