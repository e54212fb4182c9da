// All public rules over all public events: the engine finds what the plain way finds, record for record.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputOf, type Batch, type Reader, type Shape, type SourceKind } from '@postern/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../../../testing/repository.ts';
import { evtxReader } from '../../../evtx/src/index.ts';
import { jsonlogReader } from '../../../jsonlog/src/index.ts';
import { compileRules } from '../compile-rules.ts';
import { openRuleSet, type OpenRuleSet } from '../open-rule-set.ts';
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

/** Compares record by record, and counts what was compared. */
class Comparison {
  records = 0;
  hits = 0;
  readonly differences: unknown[] = [];
  readonly open: OpenRuleSet;
  private seen = 0;
  private readonly every: number;
  private readonly ruleSet: RuleSet;
  private readonly plain = new Map<string, PlainMatcher>();
  private readonly predicates: PlainPredicates = new Map();

  /** @param every how many records the slow, plain way is asked about one */
  constructor(ruleSet: RuleSet, every = 1) {
    this.every = every;
    this.ruleSet = ruleSet;
    this.open = openRuleSet(ruleSet);
  }

  read(reader: Reader, kind: SourceKind, file: string): void {
    const sink = { onBatch: (batch: Batch) => this.take(batch, file), onIssue: () => undefined };
    reader.read(inputOf(readFileSync(file)), { kind, name: file }, sink);
  }

  private take(batch: Batch, file: string): void {
    for (let record = 0; record < batch.count; record++) {
      const shape = batch.shapes[batch.shapeOf[record] ?? 0];
      if (shape === undefined) continue;
      const hits = hitsOf(this.open.forShape(shape), batch, record);
      if (this.seen++ % this.every !== 0) continue;
      const expected = this.plainFor(shape).match(batch, record);
      if (hits.join() !== expected.join()) this.differences.push({ file, record, hits, expected });
      this.records++;
      this.hits += expected.length;
    }
  }

  private plainFor(shape: Shape): PlainMatcher {
    const key = JSON.stringify([shape.family, shape.fields, [...shape.constants]]);
    const matcher = this.plain.get(key) ?? plainMatcher(this.ruleSet, shape, this.predicates);
    this.plain.set(key, matcher);
    return matcher;
  }
}

describe.skipIf(!isHere)('the engine finds what the plain way finds', () => {
  let ruleSet: RuleSet = compileRules([]);

  beforeAll(() => {
    ruleSet = publicRules();
  });

  test('in the regression data as JSON', () => {
    const comparison = new Comparison(ruleSet);
    for (const file of filesIn(join(sigmahq, 'regression_data'), '.json'))
      comparison.read(jsonlogReader, 'windows-events-json', file);
    report('regression data, JSON', comparison);
    expect(comparison.differences).toEqual([]);
    expect(comparison.hits).toBeGreaterThan(250);
  });

  test('in the regression data as event logs', () => {
    const comparison = new Comparison(ruleSet);
    for (const file of filesIn(join(sigmahq, 'regression_data'), '.evtx'))
      comparison.read(evtxReader, 'evtx', file);
    report('regression data, EVTX', comparison);
    expect(comparison.differences).toEqual([]);
    expect(comparison.hits).toBeGreaterThan(250);
  });

  test('in other public event logs, and asks few rules about each record', () => {
    const comparison = new Comparison(ruleSet, 4);
    for (const file of filesIn(join(data, 'evtx'), '.evtx')) comparison.read(evtxReader, 'evtx', file);
    const { account } = comparison.open;
    report('public event logs', comparison);
    expect(comparison.differences).toEqual([]);
    expect(comparison.hits).toBeGreaterThan(400);
    expect(account.asks / account.records).toBeLessThan(2);
  });
});

function report(what: string, { open: { account }, records, hits }: Comparison): void {
  const asked = (account.asks / account.records).toFixed(2);
  console.log(`${what}: ${records} records, ${hits} hits, ${asked} rules asked of each record`);
}
