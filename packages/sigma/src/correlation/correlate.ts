import { compareText, type Issue, type Ticks } from '@postern/core';
import type { CompiledCorrelation, CorrelationSet } from './correlation-set.ts';
import { Groups, type Input } from './groups.ts';
import type { CorrelationEvent, CorrelationHit } from './item.ts';

/** What correlations found, and what could not take part. */
export interface Correlated {
  /** By first time, last time, rule, group. Those that only other correlations want are left out. */
  readonly hits: readonly CorrelationHit[];
  readonly issues: readonly Issue[];
}

/**
 * Runs correlations over hits. The order of the hits does not matter: they are sorted by time, host, channel, source and
 * record. Windows slide: two events belong together if they are at most the timespan apart, that included. One hit is
 * one burst: it begins when the condition holds, goes on as long as it holds at each further event of the group within
 * the timespan, and ends otherwise. Conditions that more events could make false (`lt`, `lte`, `eq`, `neq`, `not`) are
 * judged for windows that have all they will ever have.
 *
 * Left out and said: hits without a time; those without a field that is grouped by; what is beyond
 * {@link limits.correlationItems}.
 */
export function correlate(set: CorrelationSet, hits: readonly CorrelationEvent[]): Correlated {
  const issues: Issue[] = [];
  const wanted = new Set(set.rules.flatMap(({ sources }) => sources.map(({ rule }) => rule)));
  const timed: Timed[] = [];
  let timeless = 0;
  for (const [index, hit] of hits.entries()) {
    if (!wanted.has(hit.rule)) continue;
    if (hit.time === undefined) timeless++;
    else timed.push({ hit, index, time: hit.time });
  }
  if (timeless > 0) issues.push(noTime(timeless));
  const inputs = new Map<string, Input[]>();
  const rank = new Int32Array(hits.length);
  for (const [at, event] of timed.toSorted(byTime).entries()) {
    rank[event.index] = at;
    push(inputs, event.hit.rule, eventInput(event));
  }
  const found: CorrelationHit[] = [];
  for (const rule of set.rules) {
    const made = runOne(rule, inputs, issues).map((hit) => inTime(hit, rank));
    for (const hit of made) push(inputs, hit.rule, hitInput(hit));
    if (!rule.isSilent) found.push(...made);
  }
  return { hits: found.toSorted(byBurst), issues };
}

function inTime(hit: CorrelationHit, rank: Int32Array): CorrelationHit {
  return { ...hit, events: hit.events.toSorted((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0)) };
}

interface Timed {
  readonly hit: CorrelationEvent;
  readonly index: number;
  readonly time: Ticks;
}

function byTime(a: Timed, b: Timed): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  return (
    compareText(a.hit.host, b.hit.host) ||
    compareText(a.hit.channel, b.hit.channel) ||
    compareText(a.hit.source, b.hit.source) ||
    a.hit.record - b.hit.record ||
    compareText(a.hit.rule, b.hit.rule) ||
    a.index - b.index
  );
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function eventInput({ hit, index, time }: Timed): Input {
  const record = JSON.stringify([hit.source, hit.record]);
  return { first: time, last: time, fields: hit.captures, events: [index], total: 1, record };
}

function hitInput({ first, last, group, events, total }: CorrelationHit): Input {
  return { first, last, fields: group, events, total, record: undefined };
}

/** Inputs of all sources by their beginning, those of one moment in the order of the sources. */
function* inOrder(
  { sources }: CompiledCorrelation,
  inputs: ReadonlyMap<string, readonly Input[]>,
): Generator<{ readonly input: Input; readonly source: number }> {
  const lists = sources.map(({ rule }) =>
    (inputs.get(rule) ?? []).toSorted((a, b) => compareTicks(a.first, b.first)),
  );
  const next = lists.map(() => 0);
  for (;;) {
    let least: { readonly input: Input; readonly source: number } | undefined;
    for (const [source, list] of lists.entries()) {
      const input = list[next[source] ?? 0];
      if (input !== undefined && (least === undefined || input.first < least.input.first))
        least = { input, source };
    }
    if (least === undefined) return;
    next[least.source] = (next[least.source] ?? 0) + 1;
    yield least;
  }
}

function compareTicks(a: Ticks, b: Ticks): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function runOne(
  rule: CompiledCorrelation,
  inputs: ReadonlyMap<string, readonly Input[]>,
  issues: Issue[],
): readonly CorrelationHit[] {
  const hits: CorrelationHit[] = [];
  const groups = new Groups(rule, (hit) => hits.push(hit));
  for (const { input, source } of inOrder(rule, inputs)) groups.add(input, source);
  groups.end();
  issues.push(...groups.issues());
  return hits.toSorted(byBurst);
}

function byBurst(a: CorrelationHit, b: CorrelationHit): number {
  return (
    compareTicks(a.first, b.first) ||
    compareTicks(a.last, b.last) ||
    compareText(a.rule, b.rule) ||
    compareText(JSON.stringify([...a.group]), JSON.stringify([...b.group])) ||
    (a.events[0] ?? 0) - (b.events[0] ?? 0)
  );
}

function noTime(count: number): Issue {
  const message = `${count} hits have no time and take no part in correlations`;
  return { code: 'POSTERN_SIGMA_CORRELATION_NO_TIME', severity: 'warning', message, count };
}
