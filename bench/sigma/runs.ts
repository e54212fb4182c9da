import { crc32 } from 'node:zlib';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { shapeOfRecord, type Batch, type SourceInput } from '@postern/core';
import { evtxReaderWith } from '@postern/evtx';
import { openRuleSet } from '@postern/sigma';
import {
  plainMatcher,
  type PlainMatcher,
  type PlainPredicates,
} from '../../packages/sigma/src/testing/plain-matcher.ts';
import { ruleSetIn } from './rules.ts';

/** As the program reads. */
const reader = evtxReaderWith({ checksum: crc32 });

interface Corpus {
  /** The first so many files are one copy of each log. */
  readonly once: readonly string[];
  readonly all: readonly string[];
}

export function corpusIn(list: string): Corpus {
  const [count = '0', ...all] = readFileSync(list, 'utf8').split('\n');
  return { once: all.slice(0, Number(count)), all };
}

/** What was read. */
export interface Counted {
  readonly records: number;
  readonly bytes: number;
}

export interface Pass extends Counted {
  readonly seconds: number;
  readonly cpu: number;
}

type OnRecord = (batch: Batch, record: number) => void;

/** Reads all files, as they lie on the disk, past `onRecord`. */
export function passOver(paths: Iterable<string>, onRecord: OnRecord | undefined): Counted {
  let [records, bytes] = [0, 0];
  const onBatch = (batch: Batch): void => {
    records += batch.count;
    if (onRecord !== undefined) for (let record = 0; record < batch.count; record++) onRecord(batch, record);
  };
  for (const path of paths) {
    const file = openSync(path, 'r');
    const input = inputOfFile(file);
    bytes += input.size;
    reader.read(input, { kind: 'evtx', name: path }, { onBatch, onIssue: () => undefined });
    closeSync(file);
  }
  return { records, bytes };
}

function pass(paths: readonly string[], onRecord: OnRecord | undefined): Pass {
  const start = performance.now();
  const before = process.cpuUsage();
  const counted = passOver(paths, onRecord);
  const { user, system } = process.cpuUsage(before);
  return { ...counted, seconds: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

function inputOfFile(file: number): SourceInput {
  return {
    size: fstatSync(file).size,
    readAt: (target, offset) => readSync(file, target, 0, target.length, offset),
  };
}

export function tell(what: string, { records, bytes, seconds, cpu }: Pass, more = ''): void {
  const perSecond = (amount: number, time: number): string => Math.round(amount / time).toLocaleString('en');
  process.stdout.write(
    `  ${what}: ${seconds.toFixed(2)} s, ${cpu.toFixed(2)} s of CPU: ${perSecond(records, seconds)} records/s ` +
      `(${perSecond(records, cpu)} by CPU), ${perSecond(bytes / 1e6, seconds)} MB/s${more}\n`,
  );
}

export function median(passes: readonly Pass[]): Pass {
  const sorted = passes.toSorted((a, b) => a.seconds - b.seconds);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no rounds');
  return middle;
}

export function runEngine(cache: string, list: string, rounds: number): void {
  const { all, once } = corpusIn(list);
  const open = openRuleSet(ruleSetIn(cache));
  let hits = 0;
  const match = (batch: Batch, record: number): void => {
    open.forShape(shapeOfRecord(batch, record))?.match(batch, record, () => hits++);
  };
  tell('first round', pass(all, match));
  const before = { asks: open.account.asks, records: open.account.records };
  hits = 0;
  const passes = Array.from({ length: rounds }, () => pass(all, match));
  const asked = (open.account.asks - before.asks) / (open.account.records - before.records);
  tell('engine, median', median(passes), `; ${asked.toFixed(2)} rules asked of each record`);
  tell('reading alone, median', median(Array.from({ length: rounds }, () => pass(all, undefined))));
  hits = 0;
  pass(once, match);
  process.stdout.write(`  hits in one copy of each log: ${hits}\n`);
  for (const { rule, asked: times, patternRuns } of open.account.works().slice(0, 3))
    process.stdout.write(
      `    dearest: ${open.rules[rule]?.title} (asked ${times}, patterns run ${patternRuns})\n`,
    );
  process.stdout.write(`  peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
}

export function runPlain(cache: string, list: string): void {
  const { once } = corpusIn(list);
  const ruleSet = ruleSetIn(cache);
  const predicates: PlainPredicates = new Map();
  const matchers = new Map<string, PlainMatcher>();
  let hits = 0;
  const match = (batch: Batch, record: number): void => {
    const shape = shapeOfRecord(batch, record);
    const key = JSON.stringify([shape.fields, [...shape.constants]]);
    const matcher = matchers.get(key) ?? plainMatcher(ruleSet, shape, predicates);
    matchers.set(key, matcher);
    hits += matcher.match(batch, record).length;
  };
  // Compiling is not what is measured: the second time all closures are there.
  pass(once, match);
  hits = 0;
  tell('plain loop, one copy of each log', pass(once, match), `; hits ${hits}`);
}
