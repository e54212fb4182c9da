import {
  compareText,
  type Batch,
  type BlockScanner,
  type Layout,
  type RuleInfo,
  type Shape,
} from '@postern/core';
import { compileIndicators, type IndicatorMatcher, type IndicatorSet } from '@postern/intel';
import { compileScanner } from '@postern/match';
import { openRuleSet, type Matcher, type OpenRuleSet } from '@postern/sigma';
import type { Knowledge } from './knowledge.ts';

/** What can match records of one shape. */
export interface ShapeMatchers {
  readonly rules: Matcher | undefined;
  readonly indicators: IndicatorMatcher | undefined;
  /** For the lines of the shape; undefined where some rule has no literal, so that every line must be seen. */
  readonly scanner: BlockScanner | undefined;
}

/**
 * The run-time form of the knowledge inside one thread: rules and indicators opened once, matchers per shape and
 * scanners per set of literals kept.
 */
export class Matchers {
  readonly ruleSet: OpenRuleSet;
  readonly indicators: IndicatorSet;
  private readonly endings: readonly string[];
  private readonly byShape = new WeakMap<Shape, ShapeMatchers>();
  /** Thousands of hourly files have the same few layouts: equal shapes share their matchers. */
  private readonly byLayout = new Map<string, ShapeMatchers>();
  private readonly scanners = new Map<string, BlockScanner>();

  constructor(knowledge: Pick<Knowledge, 'ruleSet' | 'indicators' | 'packs'>) {
    this.ruleSet = openRuleSet(knowledge.ruleSet);
    this.indicators = compileIndicators(knowledge.indicators);
    this.endings = [
      ...new Set(knowledge.packs.flatMap((pack): Layout['pageEndings'] => pack.layout.pageEndings)),
    ];
  }

  forShape(shape: Shape): ShapeMatchers {
    const known = this.byShape.get(shape);
    if (known !== undefined) return known;
    const key = layoutKey(shape);
    const made = this.byLayout.get(key) ?? this.make(shape);
    this.byShape.set(shape, made);
    // Hostile logs may change their layout at every line; those are made anew.
    if (this.byLayout.size < layoutsKept) this.byLayout.set(key, made);
    return made;
  }

  scannerFor(shape: Shape): BlockScanner | undefined {
    return this.forShape(shape).scanner;
  }

  private make(shape: Shape): ShapeMatchers {
    const rules = this.ruleSet.forShape(shape);
    const indicators = this.indicators.forShape(shape);
    const sets = [rules, indicators].flatMap((matcher) => (matcher === undefined ? [] : [matcher.literals]));
    if (sets.includes(undefined)) return { rules, indicators, scanner: undefined };
    const pages = shape.family === 'iis' ? this.endings : [];
    return { rules, indicators, scanner: this.scanner([...sets.flatMap((set) => set ?? []), ...pages]) };
  }

  private scanner(literals: readonly string[]): BlockScanner {
    const sorted = [...new Set(literals)].toSorted();
    const key = sorted.join('\n');
    const known = this.scanners.get(key);
    if (known !== undefined) return known;
    const made = compileScanner(sorted);
    this.scanners.set(key, made);
    return made;
  }
}

const layoutsKept = 4096;

function layoutKey(shape: Shape): string {
  const constants = [...shape.constants]
    .filter(([name]) => name !== '#Date')
    .toSorted(([a], [b]) => compareText(a, b));
  return JSON.stringify([shape.family, shape.recorder, shape.excerpt, shape.fields, constants, shape.time]);
}

/** Told of every rule and indicator that a record matches, with its captures. */
export type OnMatch = (rule: string, captures: ReadonlyMap<string, string>) => void;

/** Asks all matchers of a shape about one of its records. `rules` are those of the rule set, by index. */
export function matchRecord(
  { rules: matcher, indicators }: ShapeMatchers,
  rules: readonly RuleInfo[],
  { batch, record }: RecordPlace,
  onMatch: OnMatch,
): void {
  matcher?.match(batch, record, (index) => {
    const rule = rules[index];
    if (rule !== undefined) onMatch(rule.id, matcher.captures(batch, record, index));
  });
  indicators?.match(batch, record, (indicator, captures) => onMatch(indicator.rule, captures));
}

/** One record of a batch. */
export interface RecordPlace {
  readonly batch: Batch;
  readonly record: number;
}
