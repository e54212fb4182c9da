import type { Ticks } from '@postern/core';
import { visitTests, type Expression } from '../expression.ts';
import type { Threshold } from './correlation-rule.ts';
import type { CompiledCorrelation } from './correlation-set.ts';
import type { Item } from './item.ts';
import { makeMeasure, type Measure } from './measures.ts';
import { OrderedChains } from './ordered.ts';

/** One window of one group, and whether the condition holds for it. */
export interface Judge {
  add(item: Item): void;
  remove(item: Item): void;
  /** What the window comes to at `now`, and whether that is what the rule wants. */
  judge(now: Ticks): { readonly holds: boolean; readonly value: number };
}

/** Whether a condition can only be judged when a window is complete: more events could make it false. */
export function needsWholeWindow({ condition }: CompiledCorrelation): boolean {
  if (condition.kind === 'seen') return hasNot(condition.expression);
  return condition.thresholds.some(({ op }) => op !== 'gt' && op !== 'gte');
}

function hasNot(expression: Expression<number>): boolean {
  if (expression.op === 'not') return true;
  return (expression.op === 'and' || expression.op === 'or') && expression.of.some(hasNot);
}

/** A judge for one group of a correlation. */
export function makeJudge(rule: CompiledCorrelation, span: Ticks): Judge {
  const { condition } = rule;
  const chains = rule.type === 'temporal_ordered' ? new OrderedChains(rule.sources.length, span) : undefined;
  if (condition.kind === 'seen') return new SeenJudge(condition.expression, rule.sources.length, chains);
  return new MeasureJudge(makeMeasure(rule), condition.thresholds, chains);
}

class MeasureJudge implements Judge {
  private readonly measure: Measure;
  private readonly thresholds: readonly Threshold[];
  private readonly chains: OrderedChains | undefined;

  constructor(measure: Measure, thresholds: readonly Threshold[], chains: OrderedChains | undefined) {
    this.measure = measure;
    this.thresholds = thresholds;
    this.chains = chains;
  }

  add(item: Item): void {
    this.measure.add(item);
    this.chains?.add(item);
  }

  remove(item: Item): void {
    this.measure.remove(item);
  }

  judge(now: Ticks): ReturnType<Judge['judge']> {
    const value = this.chains === undefined ? this.measure.value() : this.chains.longest(now);
    if (value === undefined) return { holds: false, value: 0 };
    return { holds: this.thresholds.every((threshold) => compares(value, threshold)), value };
  }
}

function compares(found: number, { op, value }: Threshold): boolean {
  switch (op) {
    case 'gt':
      return found > value;
    case 'gte':
      return found >= value;
    case 'lt':
      return found < value;
    case 'lte':
      return found <= value;
    case 'eq':
      return found === value;
    case 'neq':
      return found !== value;
  }
}

/** The extended condition of temporal correlations: which rules were seen. Ordered: those it wants, in their order. */
class SeenJudge implements Judge {
  private readonly expression: Expression<number>;
  private readonly counts: number[];
  private readonly wanted = new Set<number>();
  private readonly chains: OrderedChains | undefined;

  constructor(expression: Expression<number>, rules: number, chains: OrderedChains | undefined) {
    this.expression = expression;
    this.counts = Array<number>(rules).fill(0);
    this.chains = chains;
    visitTests(expression, (rule) => this.wanted.add(rule));
  }

  add(item: Item): void {
    this.counts[item.source] = (this.counts[item.source] ?? 0) + 1;
    if (this.wanted.has(item.source)) this.chains?.add(item);
  }

  remove(item: Item): void {
    this.counts[item.source] = (this.counts[item.source] ?? 0) - 1;
  }

  judge(now: Ticks): ReturnType<Judge['judge']> {
    const seen = this.counts.filter((count, rule) => count > 0 && this.wanted.has(rule)).length;
    const inOrder = this.chains === undefined || this.chains.longest(now) >= seen;
    return { holds: seen > 0 && inOrder && this.holds(this.expression), value: seen };
  }

  private holds(expression: Expression<number>): boolean {
    switch (expression.op) {
      case 'test':
        return (this.counts[expression.test] ?? 0) > 0;
      case 'constant':
        return expression.value;
      case 'not':
        return !this.holds(expression.of);
      case 'and':
        return expression.of.every((part) => this.holds(part));
      case 'or':
        return expression.of.some((part) => this.holds(part));
    }
  }
}
