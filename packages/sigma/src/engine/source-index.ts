import type { Shape } from '@postern/core';
import { foldText } from '@postern/match';
import { acceptsShape } from '../logsource.ts';
import type { CompiledSource, RuleSet } from '../rule-set.ts';

/** A rule of the set, and the sources by which it applies to a shape. */
export interface ApplyingRule {
  readonly index: number;
  readonly sources: readonly CompiledSource[];
}

/** Finds the rules for a shape without asking each: most rules are for one channel of many. */
export class SourceIndex {
  private readonly ruleSet: RuleSet;
  /** Family and folded channel → positions of rules that name it, or (without a channel) of those that name none. */
  private readonly byChannel = new Map<string, Set<number>>();
  private readonly byFamily = new Map<string, Set<number>>();

  constructor(ruleSet: RuleSet) {
    this.ruleSet = ruleSet;
    for (const [index, { sources }] of ruleSet.rules.entries()) {
      for (const { filter } of sources) {
        note(this.byFamily, filter.family, index);
        for (const channel of filter.channels ?? [''])
          note(this.byChannel, `${filter.family} ${channel}`, index);
      }
    }
  }

  /** In the order of the rule set. */
  rulesFor(shape: Shape): readonly ApplyingRule[] {
    return this.candidates(shape).flatMap((index): ApplyingRule[] => {
      const sources = this.ruleSet.rules[index]?.sources.filter(({ filter }) => acceptsShape(filter, shape));
      return sources === undefined || sources.length === 0 ? [] : [{ index, sources }];
    });
  }

  private candidates({ family, constants }: Shape): readonly number[] {
    const channel = constants.get('Channel');
    // Without a channel, providers decide.
    if (channel === undefined || channel === '') return [...(this.byFamily.get(family) ?? [])];
    const named = this.byChannel.get(`${family} ${foldText(channel)}`) ?? [];
    const unnamed = this.byChannel.get(`${family} `) ?? [];
    return [...new Set([...named, ...unnamed])].toSorted((a, b) => a - b);
  }
}

function note(index: Map<string, Set<number>>, key: string, rule: number): void {
  const rules = index.get(key) ?? new Set();
  index.set(key, rules.add(rule));
}
