// The engine beside the plain loop over rules, on all evidence of a folder, record by record: not how fast, but whether
// they agree.
//
//   node tools/start.mjs bench/sigma-equal.ts [DATA]
//
// DATA (../shared/data) holds sigmahq/rules* and evidence of any kind that a reader takes, archives too. Reported:
// sources, records and hits that were compared, and each difference. Takes minutes; whoever changes the engine runs it.

import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { openCollection, openEntry } from '@postern/collection';
import { readBytes, recogniseHeadBytes, shapeOfRecord, type Batch, type Shape } from '@postern/core';
import { compileRules, openRuleSet, parseRules, type RuleSet } from '@postern/sigma';
import { classify, readerOf } from '../packages/scan/src/readers.ts';
import {
  plainMatcher,
  type PlainMatcher,
  type PlainPredicates,
} from '../packages/sigma/src/testing/plain-matcher.ts';
import { filesIn } from './sigma/rules.ts';

const data = resolve(process.argv[2] ?? fileURLToPath(new URL('../../shared/data', import.meta.url)));

function rulesIn(folder: string): RuleSet {
  const folders = readdirSync(folder).filter((name) => name.startsWith('rules'));
  const paths = folders.flatMap((name) => filesIn(join(folder, name), '.yml'));
  return compileRules(paths.flatMap((path) => parseRules(readFileSync(path, 'utf8'), path).rules));
}

const ruleSet = rulesIn(join(data, 'sigmahq'));
const open = openRuleSet(ruleSet);
const predicates: PlainPredicates = new Map();
const matchers = new Map<string, PlainMatcher>();
const told = { sources: 0, records: 0, hits: 0, differences: 0 };

function plainFor(shape: Shape): PlainMatcher {
  const key = JSON.stringify([shape.family, shape.fields, [...shape.constants]]);
  const matcher = matchers.get(key) ?? plainMatcher(ruleSet, shape, predicates);
  matchers.set(key, matcher);
  return matcher;
}

function compare(batch: Batch, file: string): void {
  for (let record = 0; record < batch.count; record++) {
    const shape = shapeOfRecord(batch, record);
    const hits: number[] = [];
    open.forShape(shape)?.match(batch, record, (rule) => hits.push(rule));
    const expected = plainFor(shape).match(batch, record);
    told.records++;
    told.hits += expected.length;
    if (hits.join() === expected.join()) continue;
    told.differences++;
    process.stdout.write(
      `  ${file}, record ${batch.at[record]}: ${hits.join()} instead of ${expected.join()}\n`,
    );
  }
}

const temp = mkdtempSync(join(tmpdir(), 'postern-bench-'));
const collection = await openCollection([data], { temp });
try {
  for (const entry of collection.entries) {
    const opened = openEntry(entry);
    const kind = classify(readBytes(opened.input, 0, recogniseHeadBytes), entry.originalPath);
    const reader = readerOf(kind);
    if (reader !== undefined) {
      const sink = { onBatch: (batch: Batch) => compare(batch, entry.path), onIssue: () => undefined };
      reader.read(opened.input, { kind, name: entry.originalPath }, sink);
      told.sources++;
    }
    opened.close();
    // Shapes of one source are hardly those of another, and closures over all rules are large.
    if (matchers.size > 256) matchers.clear();
  }
} finally {
  collection.close();
  rmSync(temp, { recursive: true, force: true });
}
process.stdout.write(
  `${told.sources} sources, ${told.records} records, ${told.hits} hits, ${told.differences} differences\n`,
);
