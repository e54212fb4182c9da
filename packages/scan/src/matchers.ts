import {
  anyLiteral,
  compareText,
  shapeOfRecord,
  type Batch,
  type BlockScanner,
  type Shape,
} from '@postern/core';
import {
  compileIndicators,
  type IndicatorMatcher,
  type IndicatorSet,
  type OnIndicator,
} from '@postern/intel';
import { compileScanner } from '@postern/match';
import { openRuleSet, type Matcher, type OpenRuleSet } from '@postern/sigma';
import type { Knowledge } from './knowledge.ts';

/** What can match records of one shape. */
export interface ShapeMatchers {
  readonly rules: Matcher | undefined;
  readonly indicators: IndicatorMatcher | undefined;
  /**
   * The literals of each alone, for one record of which the reader does not know what it holds: to look at its bytes
   * once more is far cheaper than to ask matchers that cannot say yes. Undefined where that tells nothing.
   */
  readonly own: Readonly<Record<'rules' | 'indicators', BlockScanner | undefined>>;
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
      ...new Set(knowledge.packs.flatMap(({ layout }) => layout.pageEndings.flatMap(endingLiterals))),
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

  /** Whether any rule or indicator can match records of the shape. */
  wants(shape: Shape): boolean {
    const { rules, indicators } = this.forShape(shape);
    return rules !== undefined || indicators !== undefined;
  }

  private make(shape: Shape): ShapeMatchers {
    const rules = this.ruleSet.forShape(shape);
    const indicators = this.indicators.forShape(shape);
    const own = {
      rules: this.ownScanner(shape, rules?.literals),
      indicators: this.ownScanner(shape, indicators?.literals),
    };
    const literals = {
      rules: rules === undefined ? [] : rules.literals,
      indicators: indicators === undefined ? [] : indicators.literals,
      pages: shape.family === 'iis' ? this.endings : [],
    };
    const sets = askers.map((asker) => [asker, literals[asker]] as const);
    const known = sets.flatMap(([asker, set]) => (set === undefined ? [] : [[asker, set] as const]));
    if (known.length < sets.length) return { rules, indicators, own, scanner: undefined };
    return { rules, indicators, own, scanner: this.scanner(sortsOf(known)) };
  }

  private ownScanner(shape: Shape, literals: readonly string[] | undefined): BlockScanner | undefined {
    // Event logs hold text of two bytes a character, in which a literal of one does not stand.
    return literals === undefined || !isTextLog(shape)
      ? undefined
      : this.scanner(new Map(literals.map((literal) => [literal, 1])));
  }

  private scanner(literals: ReadonlyMap<string, number>): BlockScanner {
    const sorted = [...literals].toSorted(([a], [b]) => compareText(a, b));
    const key = JSON.stringify(sorted);
    const known = this.scanners.get(key);
    if (known !== undefined) return known;
    const made = compileScanner(new Map(sorted));
    this.scanners.set(key, made);
    return made;
  }
}

/** Who looks for literals, each with the bit of its sort of them. */
const sorts = { rules: 1, indicators: 2, pages: 4 } as const;
const askers = ['rules', 'indicators', 'pages'] as const;

/** Each literal with the sorts of all who look for it. */
function sortsOf(
  sets: readonly (readonly [keyof typeof sorts, readonly string[]])[],
): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const [asker, set] of sets)
    for (const literal of set) all.set(literal, (all.get(literal) ?? 0) | sorts[asker]);
  return all;
}

/**
 * An ending as it stands in a line. One of four bytes (`.asp`) would have to be looked for at every place; with what
 * can follow it, the end of the value or a path behind the page, it is found at twice the speed.
 */
function endingLiterals(ending: string): readonly string[] {
  return ending.length > 4 ? [ending] : ['/', ' ', ',', '"', '\t', '\r', '\n'].map((next) => ending + next);
}

function isTextLog({ family }: Shape): boolean {
  return family !== 'windows-event' && family !== 'file-listing' && family !== 'msert';
}

const layoutsKept = 4096;

function layoutKey(shape: Shape): string {
  const constants = [...shape.constants]
    .filter(([name]) => name !== '#Date')
    .toSorted(([a], [b]) => compareText(a, b));
  return JSON.stringify([shape.family, shape.recorder, shape.excerpt, shape.fields, constants, shape.time]);
}

/** Told of every rule and indicator that a record matches, with its captures. */
export type OnMatch = (place: RecordPlace, rule: string, captures: ReadonlyMap<string, string>) => void;

/** Asks the matchers of their shapes about records, one after the other; for most of them nothing is made. */
export class MatchRun {
  private readonly matchers: Matchers;
  private readonly onMatch: OnMatch;
  private place: RecordPlace | undefined;
  private matcher: Matcher | undefined;

  constructor(matchers: Matchers, onMatch: OnMatch) {
    this.matchers = matchers;
    this.onMatch = onMatch;
  }

  ask(batch: Batch, record: number): void {
    const { rules, indicators, own } = this.matchers.forShape(shapeOfRecord(batch, record));
    const mayRule = rules !== undefined && mayHold(batch, record, sorts.rules, own.rules);
    const mayIndicate = indicators !== undefined && mayHold(batch, record, sorts.indicators, own.indicators);
    if (!mayRule && !mayIndicate) return;
    this.place = { batch, record };
    this.matcher = rules;
    if (mayRule) rules.match(batch, record, this.onRule);
    if (mayIndicate) indicators.match(batch, record, this.onIndicator);
  }

  private readonly onRule = (index: number): void => {
    const { matchers, matcher, place } = this;
    const rule = matchers.ruleSet.rules[index];
    if (rule === undefined || matcher === undefined || place === undefined) return;
    this.onMatch(place, rule.id, matcher.captures(place.batch, place.record, index));
  };

  private readonly onIndicator: OnIndicator = (indicator, captures) => {
    if (this.place !== undefined) this.onMatch(this.place, indicator.rule, captures);
  };
}

/** Most records were handed over for one of many reasons. */
// oxlint-disable-next-line max-params -- called for every record
function mayHold(batch: Batch, record: number, sort: number, scanner: BlockScanner | undefined): boolean {
  const held = batch.held?.[record] ?? anyLiteral;
  if (held !== anyLiteral) return (held & sort) !== 0;
  return scanner === undefined || holds(scanner, batch, record);
}

function holds(scanner: BlockScanner, { buffer, start, end }: Batch, record: number): boolean {
  const to = end[record] ?? 0;
  let found = false;
  scanner.scan(buffer, start[record] ?? 0, to, () => {
    found = true;
    return to;
  });
  return found;
}

/** One record of a batch. */
export interface RecordPlace {
  readonly batch: Batch;
  readonly record: number;
}
