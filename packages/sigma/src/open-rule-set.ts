import type { RuleInfo, Shape } from '@postern/core';
import { GroupTable } from './engine/group-table.ts';
import { RuleAccount } from './engine/rule-account.ts';
import { makeMatcher, type Matcher } from './matcher.ts';
import { ruleLimits } from './rule-limits.ts';
import type { RuleSet } from './rule-set.ts';

/** Rules ready to run. */
export interface OpenRuleSet {
  /** A rule's index here is what {@link Matcher.match} calls back with. */
  readonly rules: readonly RuleInfo[];
  /** The matcher for records of this shape; undefined if no rule can match them. The same for shapes that are alike. */
  readonly forShape: (shape: Shape) => Matcher | undefined;
  /** What the rules cost so far. */
  readonly account: RuleAccount;
}

export interface OpenOptions {
  /**
   * Records of alike shapes after which is chosen anew, by what they hold, which literals are searched first. It changes
   * what a run costs and never what it finds.
   */
  readonly choosingAfter?: readonly number[];
}

/** Makes a rule set run. Nothing is compiled before a shape is met; what no evidence needs costs nothing. */
export function openRuleSet(ruleSet: RuleSet, options: OpenOptions = {}): OpenRuleSet {
  const account = new RuleAccount(ruleSet.rules.length);
  const groups = new GroupTable(ruleSet, account, options.choosingAfter);
  const keyOf = shapeKeys(ruleSet);
  const made = new Map<string, Matcher | undefined>();
  let known = new WeakMap<Shape, { readonly matcher: Matcher | undefined }>();
  const forget = (): void => {
    made.clear();
    groups.clear();
    known = new WeakMap();
  };
  const forAlike = (shape: Shape): Matcher | undefined => {
    const key = keyOf(shape);
    if (!made.has(key)) {
      if (made.size >= ruleLimits.matchersKept || groups.isFull()) forget();
      const group = groups.groupFor(shape);
      made.set(key, group === undefined ? undefined : makeMatcher(ruleSet, group, shape));
    }
    return made.get(key);
  };
  const forShape = (shape: Shape): Matcher | undefined => {
    let entry = known.get(shape);
    if (entry === undefined) {
      entry = { matcher: forAlike(shape) };
      known.set(shape, entry);
    }
    return entry.matcher;
  };
  return { rules: ruleSet.rules.map(({ info }) => info), forShape, account };
}

/**
 * Says which shapes are alike. Header lines (`#Date`, different in each file of a log) count only if a rule names any
 * of them.
 */
function shapeKeys(ruleSet: RuleSet): (shape: Shape) => string {
  const names = [
    ...ruleSet.tests.map(({ field }) => field),
    ...ruleSet.rules.flatMap(({ captures }) => captures),
  ];
  const readsHeaders = names.some((name) => name.trimStart().startsWith('#'));
  return ({ family, fields, constants }) => {
    const counted = [...constants].filter(([name]) => readsHeaders || !name.startsWith('#'));
    return JSON.stringify([family, fields, counted]);
  };
}
