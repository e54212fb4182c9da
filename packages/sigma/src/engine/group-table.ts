import { compareText, type Shape } from '@postern/core';
import { foldScanned, foldText, type Folding } from '@postern/match';
import { visitTests } from '../expression.ts';
import type { FieldTest } from '../field-test.ts';
import { requestFields } from '../field-aliases.ts';
import { ruleLimits } from '../rule-limits.ts';
import type { RuleSet } from '../rule-set.ts';
import type { TextTest } from '../value-predicates.ts';
import { GroupRun, type GroupTools } from './group-run.ts';
import { choosingAfter } from './likelihood.ts';
import { LiteralTableCache } from './literal-tables.ts';
import { Predicates } from './predicates.ts';
import type { RuleAccount } from './rule-account.ts';
import { compileGroup, type RuleGroup } from './rule-group.ts';
import { SourceIndex, type ApplyingRule } from './source-index.ts';

export interface RunningGroup {
  readonly group: RuleGroup;
  readonly run: GroupRun;
}

/** Finds the group of rules for a shape, and makes it when one of its shapes is met for the first time. */
export class GroupTable {
  private readonly ruleSet: RuleSet;
  private readonly sources: SourceIndex;
  private readonly groups = new Map<string, RunningGroup | undefined>();
  /** By what {@link acceptsShape} looks at; shapes to which the same rules apply share what is known of them. */
  private readonly applying = new Map<string, Applying>();
  private readonly byRules = new Map<string, Applying>();
  /** For Windows events, and for all other logs. */
  private readonly unicode: GroupTools;
  private readonly scanned: GroupTools;
  private bytes = 0;

  constructor(ruleSet: RuleSet, account: RuleAccount, chooseAfter: readonly number[] = choosingAfter) {
    this.ruleSet = ruleSet;
    this.sources = new SourceIndex(ruleSet);
    this.unicode = { ...toolsOf(foldText, 'unicode'), account, choosingAfter: chooseAfter };
    this.scanned = { ...toolsOf(foldScanned, 'ascii'), account, choosingAfter: chooseAfter };
  }

  /** Undefined if no rule can match records whose constants are these. */
  groupFor(shape: Shape): RunningGroup | undefined {
    const applying = this.applyingTo(shape);
    if (applying.rules.length === 0) return undefined;
    const settled = this.settle(shape, applying);
    const key = `${applying.key} ${settled.key}`;
    if (!this.groups.has(key)) this.groups.set(key, this.make(shape, applying, settled.answers));
    return this.groups.get(key);
  }

  /** Tables that are kept are too many for one that is about to be made; the caller forgets what holds them. */
  isFull(): boolean {
    return this.bytes + this.unicode.tables.bytes + this.scanned.tables.bytes > ruleLimits.tableBytes;
  }

  clear(): void {
    this.groups.clear();
    this.unicode.tables.clear();
    this.scanned.tables.clear();
    this.bytes = 0;
  }

  private make(
    shape: Shape,
    { rules }: Applying,
    answers: ReadonlyMap<number, boolean>,
  ): RunningGroup | undefined {
    const tools = this.toolsFor(shape.family);
    const group = compileGroup(this.ruleSet, rules, {
      fold: tools.fold,
      hasRequests: requestFields(shape.family) !== undefined || shape.family === 'httperr',
      settled: (test) => answers.get(test),
    });
    if (group === undefined) return undefined;
    this.bytes += group.bytes;
    return { group, run: new GroupRun(group, tools) };
  }

  private toolsFor(family: string): GroupTools {
    return family === 'windows-event' ? this.unicode : this.scanned;
  }

  private applyingTo(shape: Shape): Applying {
    const { constants, family } = shape;
    const key = JSON.stringify([family, ...sourceConstants.map((name) => constants.get(name))]);
    let applying = this.applying.get(key);
    if (applying === undefined) {
      applying = this.findApplying(shape);
      if (this.applying.size >= ruleLimits.matchersKept) {
        this.applying.clear();
        this.byRules.clear();
      }
      this.applying.set(key, applying);
    }
    return applying;
  }

  private findApplying(shape: Shape): Applying {
    const rules = this.sources.rulesFor(shape);
    const key = keyOf(shape.family, rules);
    let applying = this.byRules.get(key);
    if (applying === undefined) {
      applying = { rules, ...this.testsOf(rules), key };
      this.byRules.set(key, applying);
    }
    return applying;
  }

  private testsOf(rules: readonly ApplyingRule[]): Pick<Applying, 'byField' | 'keywords'> {
    const byField = new Map<string, Set<number>>();
    const keywords = new Set<number>();
    const note = (number: number): void => {
      const test = this.ruleSet.tests[number];
      if (test?.reads === 'leaves') keywords.add(number);
      else if (test !== undefined) {
        const tests = byField.get(test.field) ?? new Set();
        byField.set(test.field, tests.add(number));
      }
    };
    for (const { index, sources } of rules) {
      for (const { where } of sources) if (where !== undefined) visitTests(where, note);
      const condition = this.ruleSet.rules[index]?.condition;
      if (condition !== undefined) visitTests(condition, note);
    }
    return { byField, keywords: [...keywords] };
  }

  /**
   * What the constants of a shape settle. Shapes for which the answers are the same share a group: a hostile log may
   * invent a provider for every record, and gets no table of its own for it.
   */
  private settle(
    { constants, family }: Shape,
    { byField, keywords }: Applying,
  ): { readonly key: string; readonly answers: ReadonlyMap<number, boolean> } {
    const { predicates } = this.toolsFor(family);
    const answers = new Map<number, boolean>();
    const holds = (number: number, text: string): boolean => {
      const test = this.ruleSet.tests[number];
      return test !== undefined && constantHolds(predicates, number, test, text);
    };
    for (const [name, text] of [...constants].toSorted(([a], [b]) => compareText(a, b))) {
      for (const number of byField.get(name) ?? []) {
        if (!isOpen(this.ruleSet.tests[number])) answers.set(number, holds(number, text));
      }
    }
    const texts = [...constants].flatMap(([name, text]) => (isPartOfRecord(name) ? [text] : []));
    for (const number of keywords) if (texts.some((text) => holds(number, text))) answers.set(number, true);
    return { key: [...answers].map(([number, isTrue]) => (isTrue ? number : ~number)).join(), answers };
  }
}

function toolsOf(
  fold: (text: string) => string,
  folding: Folding,
): Pick<GroupTools, 'fold' | 'predicates' | 'tables'> {
  return { fold, predicates: new Predicates(fold), tables: new LiteralTableCache(folding) };
}

/** The rules whose log source a shape is of, and their tests by what they look at. */
interface Applying {
  readonly key: string;
  readonly rules: readonly ApplyingRule[];
  readonly byField: ReadonlyMap<string, ReadonlySet<number>>;
  readonly keywords: readonly number[];
}

/** Constants that {@link acceptsShape} looks at. */
const sourceConstants = ['Channel', 'EventID', 'Provider_Name'] as const;

/** Which rules apply, and by which of their sources. */
function keyOf(family: string, rules: readonly ApplyingRule[]): string {
  return JSON.stringify([
    family,
    rules.map(({ index, sources }) => [index, sources.map(({ where }) => where)]),
  ]);
}

/** References look at the record, and so do those that see the whole request where there is one. */
function isOpen(test: FieldTest | undefined): boolean {
  return test === undefined || test.value.kind === 'field' || test.reads === 'request';
}

// oxlint-disable-next-line max-params -- a test and its number
function constantHolds(predicates: Predicates, number: number, { value }: FieldTest, text: string): boolean {
  if (value.kind === 'null' || value.kind === 'field') return false;
  return value.kind === 'exists' || predicates.holds(number, value satisfies TextTest, text);
}

/** Header lines and our own marks are no values of the record. */
function isPartOfRecord(constantName: string): boolean {
  return !constantName.startsWith('#') && constantName !== 'malformed';
}
