import type { RuleInfo, Shape } from '@postern/core';
import { makeMatcher, type Matcher } from './matcher.ts';
import { ruleLimits } from './rule-limits.ts';
import type { RuleSet } from './rule-set.ts';

/** Rules ready to run. */
export interface OpenRuleSet {
  /** A rule's index here is what {@link Matcher.match} calls back with. */
  readonly rules: readonly RuleInfo[];
  /** The matcher for records of this shape; undefined if no rule can match them. The same for shapes that are alike. */
  readonly forShape: (shape: Shape) => Matcher | undefined;
}

/** Makes a rule set run. Nothing is compiled before a shape is met; what no evidence needs costs nothing. */
export function openRuleSet(ruleSet: RuleSet): OpenRuleSet {
  const byFamily = rulesByFamily(ruleSet);
  const made = new Map<string, Matcher | undefined>();
  const known = new WeakMap<Shape, { readonly matcher: Matcher | undefined }>();
  const forAlike = (shape: Shape): Matcher | undefined => {
    const key = JSON.stringify([shape.family, shape.fields, [...shape.constants]]);
    if (!made.has(key)) {
      if (made.size >= ruleLimits.matchersKept) made.clear();
      made.set(key, makeMatcher(ruleSet, shape, byFamily.get(shape.family) ?? []));
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
  return { rules: ruleSet.rules.map(({ info }) => info), forShape };
}

function rulesByFamily(ruleSet: RuleSet): ReadonlyMap<string, readonly number[]> {
  const byFamily = new Map<string, number[]>();
  for (const [index, { sources }] of ruleSet.rules.entries()) {
    for (const family of new Set(sources.map(({ filter }) => filter.family))) {
      const rules = byFamily.get(family) ?? [];
      rules.push(index);
      byFamily.set(family, rules);
    }
  }
  return byFamily;
}
