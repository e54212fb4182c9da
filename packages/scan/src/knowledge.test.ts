import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testFolder, writeTree } from '../../collection/src/testing/evidence.ts';
import { loadKnowledge, readFolder, ruleInfos, type KnowledgeOptions } from './knowledge.ts';

const none: KnowledgeOptions = { packs: [], rules: [], yara: [], indicators: [] };
const packFolder = join(import.meta.dirname, '../../../packs/exchange-2021');

const sigma = (title: string): string =>
  [
    `title: ${title}`,
    'logsource: { category: webserver }',
    'detection: { selection: { cs-uri-stem: /x }, condition: selection }',
  ].join('\n');

describe('what the user brings', () => {
  test('rules of a folder, in the order of names; other files in it are let be', () => {
    const folder = writeTree(
      testFolder(),
      new Map([
        ['b.yaml', sigma('B')],
        ['below/a.yml', sigma('A')],
        ['README.md', 'no rule'],
      ]),
    );
    const knowledge = loadKnowledge({ ...none, rules: [folder] });
    const titles = [...ruleInfos(knowledge, []).values()].map(({ title }) => title);
    expect(titles).toEqual(['B', 'A']);
    expect(knowledge.refused).toEqual([]);
  });

  test('a single file is taken whatever its ending', () => {
    const folder = writeTree(testFolder(), new Map([['rule.txt', sigma('One')]]));
    expect(ruleInfos(loadKnowledge({ ...none, rules: [join(folder, 'rule.txt')] }), []).size).toBe(1);
  });

  test('a folder without a rule is listed, for nobody asks for no rules', () => {
    const folder = testFolder();
    expect(loadKnowledge({ ...none, rules: [folder] }).refused).toMatchObject([
      { source: folder, reason: expect.stringContaining('POSTERN_SCAN_NO_RULES') as string },
    ]);
  });

  test('what cannot be used is refused with its place, and the rest is kept', () => {
    const folder = writeTree(
      testFolder(),
      new Map([
        ['a.yml', sigma('A').replace('condition: selection', 'condition: selektion')],
        ['b.yml', sigma('B')],
        ['broken.yml', 'title: [\n'],
      ]),
    );
    const { refused, ruleSet } = loadKnowledge({ ...none, rules: [folder] });
    expect(ruleInfos({ packs: [], ruleSet, indicators: [], yara: [], refused: [] }, []).size).toBe(1);
    expect(refused.map(({ source }) => source.slice(folder.length + 1))).toEqual([
      expect.stringMatching(/^a\.yml:3:\d+$/),
      expect.stringMatching(/^broken\.yml:\d+:\d+$/),
    ]);
  });

  test.each(['rules', 'yara', 'indicators'] as const)(
    'a wrong path for %s is the user’s mistake',
    (option) => {
      const path = join(testFolder(), 'nowhere');
      expect(() => loadKnowledge({ ...none, [option]: [path] })).toThrow(
        expect.objectContaining({ code: 'POSTERN_SCAN_NO_SUCH_FILE', at: path }),
      );
    },
  );
});

describe('the pack that comes with Postern', () => {
  const knowledge = loadKnowledge({ ...none, packs: [packFolder] });

  test('is whole', () => {
    expect(knowledge.refused).toEqual([]);
    expect(knowledge.packs.map(({ id }) => id)).toEqual(['exchange-2021']);
    expect(knowledge.indicators.length).toBeGreaterThan(100);
    expect(knowledge.yara.every(({ pack }) => pack === 'exchange-2021')).toBe(true);
  });

  test('can go to a thread as it is', () => {
    expect(structuredClone(knowledge)).toEqual(knowledge);
  });

  test('the rules of the judgement know every rule that runs', () => {
    const infos = ruleInfos(knowledge, []);
    for (const { rules } of knowledge.packs)
      for (const { id, witness } of rules) expect(infos.get(id)?.witness).toBe(witness);
  });
});

test('a folder is read by relative paths with slashes', () => {
  const folder = writeTree(
    testFolder(),
    new Map([
      ['a/b.txt', 'x'],
      ['c.txt', 'y'],
    ]),
  );
  expect([...readFolder(folder).keys()]).toEqual(['a/b.txt', 'c.txt']);
});
