// The event logs that the authors of SigmaHQ recorded for their rules, read in place: every rule finds its own log, as
// often as they say, and what rules find in the logs of others is written down in testing/regression-matrix.txt. Each
// line of that file that is not on the diagonal has been read against its event and is right.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareText, inputOf, type Batch } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../testing/repository.ts';
import { evtxReader } from '../../evtx/src/index.ts';
import { compileRules } from './compile-rules.ts';
import { openRuleSet, type OpenRuleSet } from './open-rule-set.ts';
import { parseRules } from './parse-rules.ts';
import { hitsOf } from './testing/records.ts';

const sigmahq = join(ROOT, '..', 'shared', 'data', 'sigmahq');
const isHere = existsSync(sigmahq);
if (!isHere) console.log(`skipped: no public rules in ${sigmahq}`);

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith(ending))
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted(compareText);
}

function openAll(): OpenRuleSet {
  const folders = readdirSync(sigmahq).filter((name) => name.startsWith('rules'));
  const files = folders.flatMap((folder) => filesIn(join(sigmahq, folder), '.yml'));
  return openRuleSet(
    compileRules(files.flatMap((file) => parseRules(readFileSync(file, 'utf8'), file).rules)),
  );
}

/** Rule id → number of records of a log that it matches. */
function countHits(ruleSet: OpenRuleSet, path: string): { counts: Map<string, number>; records: number } {
  const counts = new Map<string, number>();
  const onBatch = (batch: Batch): void => {
    for (let record = 0; record < batch.count; record++) {
      const shape = batch.shapes[batch.shapeOf[record] ?? 0];
      for (const rule of shape === undefined ? [] : hitsOf(ruleSet.forShape(shape), batch, record)) {
        const id = ruleSet.rules[rule]?.id ?? '';
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
  };
  const issues: string[] = [];
  const sink = { onBatch, onIssue: ({ code }: { readonly code: string }) => void issues.push(code) };
  const { records } = evtxReader.read(inputOf(readFileSync(path)), { kind: 'evtx', name: path }, sink);
  expect(issues).toEqual([]);
  return { counts, records };
}

/** `match_count` says 1; the logs hold so many events that fit the rule word for word, with record numbers of their own. */
const understated: ReadonlyMap<string, number> = new Map([
  ['0b9ad457-2554-44c1-82c2-d56a99c42377', 3],
  ['8fbf3271-1ef6-4e94-8210-03c2317947f6', 3],
  ['45e112d0-7759-4c2a-aa36-9f8fb79d3393', 3],
  ['c7dcacd0-cc59-4004-b0a4-1d6cdebe6f3e', 2],
]);

interface Pair {
  readonly id: string;
  readonly log: string;
  readonly stated: number | undefined;
}

function pairs(): readonly Pair[] {
  return filesIn(join(sigmahq, 'regression_data'), 'info.yml').flatMap((info) => {
    const text = readFileSync(info, 'utf8');
    const [, id = ''] = /rule_metadata:\s+- id: (\S+)/.exec(text) ?? [];
    const [, count] = /match_count: (\d+)/.exec(text) ?? [];
    const stated = count === undefined ? undefined : Number(count);
    return filesIn(join(info, '..'), '.evtx').map((log) => ({ id, log, stated }));
  });
}

describe.skipIf(!isHere)('the regression logs of SigmaHQ', () => {
  test('each rule finds its own, and others only what is right', async () => {
    const ruleSet = openAll();
    const all = pairs();
    const own = new Set(all.map(({ id }) => id));
    const lines: string[] = [];
    const wrong: string[] = [];
    let records = 0;
    for (const { id, log, stated } of all) {
      const found = countHits(ruleSet, log);
      records += found.records;
      const count = found.counts.get(id) ?? 0;
      const expected = understated.get(id) ?? stated;
      if (count === 0 || (expected !== undefined && count !== expected))
        wrong.push(`${id}: ${count} instead of ${expected ?? 'some'}`);
      for (const [rule, hits] of [...found.counts].toSorted(([a], [b]) => compareText(a, b)))
        if (own.has(rule)) lines.push(`${id} ${rule} ${hits}${rule === id ? '' : ' *'}`);
    }
    console.log(
      `SigmaHQ regression: ${all.length} logs, ${records} records, ${lines.length - all.length} hits off the diagonal`,
    );
    expect(wrong).toEqual([]);
    expect(all).toHaveLength(202);
    await expect(`${lines.toSorted(compareText).join('\n')}\n`).toMatchFileSnapshot(
      'testing/regression-matrix.txt',
    );
  });
});
