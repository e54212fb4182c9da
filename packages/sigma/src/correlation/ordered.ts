import type { Ticks } from '@postern/core';
import type { Item } from './item.ts';

/** A run of rules in their order: how far back it begins, as late as it can. */
interface Chain {
  readonly start: Ticks;
}

/**
 * The longest run of items within the timespan that come in the order of the rules, each of another rule: a chain in
 * which the end of one is not after the beginning of the next. Only for each rule and length the chain that began last
 * is kept, for it outlasts the others.
 */
export class OrderedChains {
  private readonly span: Ticks;
  private readonly count: number;
  /** Rule × (length − 1) → the best chain that ends with that rule. */
  private readonly best = new Map<number, Chain>();
  /** Chains whose last item has not ended yet. */
  private waiting: { readonly from: Ticks; readonly at: number; readonly chain: Chain }[] = [];

  constructor(count: number, span: Ticks) {
    this.count = count;
    this.span = span;
  }

  /** Items come by their beginning; those of one moment in the order of the rules. */
  add({ first, last, source }: Item): void {
    this.settle(first);
    const oldest = first - this.span;
    this.offer(source, 1, { start: last }, last);
    for (let rule = 0; rule < source; rule++) {
      for (let length = 1; length <= rule + 1; length++) {
        const chain = this.best.get(rule * this.count + length - 1);
        if (chain !== undefined && chain.start >= oldest) this.offer(source, length + 1, chain, last);
      }
    }
  }

  private offer(rule: number, length: number, chain: Chain, from: Ticks): void {
    this.waiting.push({ from, at: rule * this.count + length - 1, chain });
  }

  /** Lets those count that have ended by `now`. */
  private settle(now: Ticks): void {
    const waiting = this.waiting;
    this.waiting = waiting.filter(({ from }) => from > now);
    for (const { from, at, chain } of waiting) {
      if (from > now) continue;
      const known = this.best.get(at);
      if (known === undefined || known.start < chain.start) this.best.set(at, chain);
    }
  }

  /** The longest chain that lies within the timespan before `now`, those not yet ended counted too. */
  longest(now: Ticks): number {
    const oldest = now - this.span;
    let longest = 0;
    const see = (at: number, chain: Chain): void => {
      const length = (at % this.count) + 1;
      if (chain.start >= oldest && length > longest) longest = length;
    };
    for (const [at, chain] of this.best) see(at, chain);
    for (const { at, chain } of this.waiting) see(at, chain);
    return longest;
  }
}
