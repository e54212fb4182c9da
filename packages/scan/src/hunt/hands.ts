import type { CollectionEntry } from '@postern/collection';
import { formatTime, shapeOfRecord, type Batch, type RecordLine } from '@postern/core';
import { TextSink, writeFlatJson, writeJson, writeXml } from '@postern/evtx';
import type { OpenRuleSet } from '@postern/sigma';
import { Desk } from '../desk.ts';
import { Matchers } from '../matchers.ts';
import { ExplainRecords } from './explain-records.ts';
import type { HuntedSource, HuntHands, HuntSetup, HuntWork } from './hunt-task.ts';
import { PieceBuilder } from './piece-builder.ts';
import { readSource, type ReadingTools, type RecordWork } from './read-source.ts';
import { recordLine, type Clocks } from './record-line.ts';

/** Makes the hands of one thread: rules opened once, then one source after another. */
export function makeHands(
  { work, clocks, recover, control }: HuntSetup,
  onProgress: (bytes: number) => void,
): HuntHands {
  const flag = new Int32Array(control);
  const stopped = (): boolean => Atomics.load(flag, 0) === 1;
  const tools: ReadingTools = { desk: new Desk(), recover, stopped, onProgress };
  const workOn = workers(work, clocks);
  return (part, onPiece): HuntedSource => {
    const pieces = new PieceBuilder(onPiece);
    const records = workOn(part.entry, pieces);
    const source = readSource(part, records, tools);
    records.atEnd?.();
    pieces.flush();
    return source;
  };
}

type WorkOn = (entry: CollectionEntry, pieces: PieceBuilder) => RecordWork;

function workers(work: HuntWork, clocks: Clocks): WorkOn {
  switch (work.kind) {
    case 'hunt':
      return huntOn(work, clocks);
    case 'events':
      return work.format === 'jsonl' ? eventsOn(clocks) : eventsAs(work.format);
    case 'explain':
      return explainOn(work, clocks);
  }
}

function huntOn({ ruleSet, rules }: Extract<HuntWork, { kind: 'hunt' }>, clocks: Clocks): WorkOn {
  const matchers = new Matchers({ ruleSet, indicators: [], packs: [] });
  return (entry, pieces) => {
    const counts = new Map<number, number>();
    const take = (batch: Batch, record: number): void => {
      const matcher = matchers.forShape(shapeOfRecord(batch, record)).rules;
      let line: RecordLine | undefined;
      matcher?.match(batch, record, (rule) => {
        counts.set(rule, (counts.get(rule) ?? 0) + 1);
        const running = rules[rule];
        if (running === undefined || running.role === 'removed') return;
        line ??= recordLine(entry, { batch, record }, clocks);
        const { correlated } = running;
        const captured = correlated === undefined ? undefined : matcher.captures(batch, record, rule);
        const captures = captured === undefined ? undefined : only(captured, correlated ?? []);
        pieces.match({ rule, record: line, captures });
      });
    };
    return {
      scannerFor: (shape) => matchers.scannerFor(shape),
      onBatch: (batch) => eachRecord(batch, take),
      counts,
      asks: (shape) => matchers.forShape(shape).rules !== undefined,
      wants: (shape) => matchers.forShape(shape).rules !== undefined,
      workSoFar: () => workOf(matchers.ruleSet.account.works()),
    };
  };
}

/** A run of a pattern costs about as much as asking a rule, and then one step in ten characters. */
function workOf(works: ReturnType<OpenRuleSet['account']['works']>): ReadonlyMap<number, number> {
  return new Map(
    works.map(({ rule, asked, patternRuns, patternCharacters }) => [
      rule,
      asked + patternRuns + patternCharacters / 10,
    ]),
  );
}

function eachRecord(batch: Batch, take: (batch: Batch, record: number) => void): void {
  for (let record = 0; record < batch.count; record++) take(batch, record);
}

function only(captures: ReadonlyMap<string, string>, names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    names.flatMap((name) => {
      const value = captures.get(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function eventsOn(clocks: Clocks): WorkOn {
  return (entry, pieces) => ({
    onBatch: (batch) =>
      eachRecord(batch, (_, record) =>
        pieces.line(`${eventJson(recordLine(entry, { batch, record }, clocks))}\n`),
      ),
    counts: new Map(),
    asks: () => true,
  });
}

const writers = { nested: writeJson, flat: writeFlatJson, xml: writeXml } as const;

/** Events as they are, without their place. */
function eventsAs(format: keyof typeof writers): WorkOn {
  const write = writers[format];
  const sink = new TextSink();
  return (_, pieces) => ({
    onBatch: (batch) => {
      sink.clear();
      eachRecord(batch, (__, record) => {
        write(sink, batch, record);
        sink.text('\n');
      });
      pieces.line(sink.toString());
    },
    counts: new Map(),
    asks: () => true,
  });
}

/** One record as JSON: `{time, file, originalPath, offset, line?, record?, host?, channel | family, fields}`. */
function eventJson({ time, file, originalPath, at, host, channel, family, fields }: RecordLine): string {
  return JSON.stringify({
    time: time === undefined ? null : formatTime(time),
    file,
    originalPath,
    ...at,
    ...(host === undefined ? {} : { host }),
    ...(channel === undefined ? { family } : { channel }),
    fields: Object.fromEntries(fields),
  });
}

function explainOn({ ruleSet }: Extract<HuntWork, { kind: 'explain' }>, clocks: Clocks): WorkOn {
  const explain = new ExplainRecords(ruleSet);
  return (entry, pieces) => ({
    onBatch: (batch) =>
      eachRecord(batch, (_, record) =>
        explain.look({ batch, record }, () => recordLine(entry, { batch, record }, clocks)),
      ),
    atEnd: () => explain.take().forEach((part) => pieces.explain(part)),
    counts: new Map(),
    asks: (shape) => explain.isFor(shape),
  });
}
