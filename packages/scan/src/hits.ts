import { limits, recordText, recordTime, shapeOfRecord, type Hit, type Issue } from '@postern/core';
import type { RecordPlace } from './matchers.ts';

/** Gathers the hits of one source, bounded per rule: one shell may be used a million times. */
export class Hits {
  readonly list: Hit[] = [];
  private readonly perRule = new Map<string, number>();

  add(source: string, rule: string, place: RecordPlace, captures: ReadonlyMap<string, string>): void {
    const count = (this.perRule.get(rule) ?? 0) + 1;
    this.perRule.set(rule, count);
    if (count <= limits.hitsPerRuleAndSource) this.list.push(hitOf({ source, rule, captures }, place));
  }

  /** What the limit left out, said once per rule. */
  issues(): readonly Issue[] {
    const over = [...this.perRule].filter(([, count]) => count > limits.hitsPerRuleAndSource);
    return over.map(([rule, count]) => ({
      code: 'POSTERN_SCAN_HITS_LIMIT',
      severity: 'warning',
      message: `rule ${rule} matched ${count} records of this source; the first ${limits.hitsPerRuleAndSource} are kept, the rest only counted`,
      count: count - limits.hitsPerRuleAndSource,
    }));
  }
}

function hitOf(named: Pick<Hit, 'source' | 'rule' | 'captures'>, { batch, record }: RecordPlace): Hit {
  const shape = shapeOfRecord(batch, record);
  const line = batch.line[record] ?? 0;
  return {
    ...named,
    at: { offset: batch.at[record] ?? 0, ...(line > 0 ? { line } : {}) },
    time: recordTime(batch, record),
    recorder: shape.recorder,
    text: recordText(batch, record, limits.excerptKept),
    ...(shape.excerpt === true ? { excerpt: true } : {}),
  };
}
