// All public rules over all public events: the engine finds what the plain way finds, record for record.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputOf, type Batch, type Shape } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../../testing/repository.ts';
import { jsonlogReader } from '../../../jsonlog/src/index.ts';
import { compileRules } from '../compile-rules.ts';
import { openRuleSet } from '../open-rule-set.ts';
import { parseRules } from '../parse-rules.ts';
import type { RuleSet } from '../rule-set.ts';
import { plainMatcher, type PlainMatcher, type PlainPredicates } from '../testing/plain-matcher.ts';
import { hitsOf } from '../testing/records.ts';

const data = join(ROOT, '..', 'shared', 'data');
const sigmahq = join(data, 'sigmahq');
const isHere = existsSync(sigmahq);
if (!isHere) console.log(`skipped: no public rules in ${data}`);

function filesIn(folder: string, ending: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name }) => name.endsWith(ending))
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}

function publicRules(): RuleSet {
  const folders = readdirSync(sigmahq).filter((name) => name.startsWith('rules'));
  const files = folders.flatMap((folder) => filesIn(join(sigmahq, folder), '.yml'));
  return compileRules(files.flatMap((file) => parseRules(readFileSync(file, 'utf8'), file).rules));
}

describe.skipIf(!isHere)('the engine', () => {
  test('finds in the regression data what the plain way finds', () => {
    const ruleSet = publicRules();
    const open = openRuleSet(ruleSet);
    const plain = new Map<Shape, PlainMatcher>();
    const predicates: PlainPredicates = new Map();
    let [records, hits] = [0, 0];
    const onBatch = (batch: Batch): void => {
      for (let record = 0; record < batch.count; record++) {
        const shape = batch.shapes[batch.shapeOf[record] ?? 0];
        if (shape === undefined) continue;
        const matcher = plain.get(shape) ?? plainMatcher(ruleSet, shape, predicates);
        plain.set(shape, matcher);
        const expected = matcher.match(batch, record);
        expect(hitsOf(open.forShape(shape), batch, record)).toEqual(expected);
        records++;
        hits += expected.length;
      }
    };
    for (const file of filesIn(join(sigmahq, 'regression_data'), '.json')) {
      jsonlogReader.read(
        inputOf(readFileSync(file)),
        { kind: 'windows-events-json', name: 'x.json' },
        { onBatch, onIssue: () => undefined },
      );
    }
    const { account } = open;
    console.log(`engine: ${records} records, ${hits} hits, ${account.asks} rules asked`);
    expect(hits).toBeGreaterThan(250);
    expect(account.asks / records).toBeLessThan(20);
  });
});
