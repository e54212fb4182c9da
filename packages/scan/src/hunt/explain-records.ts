import { shapeOfRecord, type RecordLine, type Shape } from '@postern/core';
import { explainedProbes, openRuleSet, type OpenRuleSet, type RuleSet } from '@postern/sigma';
import type { RecordPlace } from '../matchers.ts';

/** Records of one source that fit the same parts of a rule. */
export interface ExplainedPart {
  readonly isMatch: boolean;
  /** Parts that held. */
  readonly held: readonly number[];
  readonly count: number;
  /** The first of them. */
  readonly examples: readonly RecordLine[];
}

/** Records shown for each reason and source. */
const examplesKept = 10;
/** Ways in which records of one source can differ; the rest is counted with the last. */
const waysKept = 2_000;

interface Way {
  readonly isMatch: boolean;
  readonly held: readonly number[];
  readonly examples: RecordLine[];
  count: number;
}

/** Asks each record of the right log source for all parts of one rule. */
export class ExplainRecords {
  private readonly ruleSet: OpenRuleSet;
  private ways = new Map<string, Way>();

  constructor(ruleSet: RuleSet) {
    this.ruleSet = openRuleSet(ruleSet);
  }

  isFor(shape: Shape): boolean {
    return this.ruleSet.forShape(shape)?.rules.includes(0) === true;
  }

  look({ batch, record }: RecordPlace, lineOf: () => RecordLine): void {
    const held: number[] = [];
    const matcher = this.ruleSet.forShape(shapeOfRecord(batch, record));
    matcher?.match(batch, record, (rule) => held.push(rule));
    // The first probe is the log source; what it keeps is all that the rule compares.
    if (matcher === undefined || held[0] !== 0) return;
    const way = this.wayOf(held);
    way.count++;
    if (way.examples.length >= examplesKept) return;
    const compared = [...matcher.captures(batch, record, 0)];
    way.examples.push(compared.length === 0 ? lineOf() : { ...lineOf(), fields: compared });
  }

  private wayOf(held: readonly number[]): Way {
    const key = held.join(' ');
    const known = this.ways.get(key);
    if (known !== undefined) return known;
    const last = [...this.ways.values()].at(-1);
    if (last !== undefined && this.ways.size >= waysKept) return last;
    const parts = held.filter((rule) => rule >= explainedProbes).map((rule) => rule - explainedProbes);
    const way = { isMatch: held.includes(1), held: parts, examples: [], count: 0 };
    this.ways.set(key, way);
    return way;
  }

  /** What was seen since the last call. */
  take(): readonly ExplainedPart[] {
    const ways = [...this.ways.values()];
    this.ways = new Map();
    return ways;
  }
}
