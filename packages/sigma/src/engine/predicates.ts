import { predicateOf, type TextTest, type ValuePredicate } from '../value-predicates.ts';

/** Tests of texts, each compiled when it is first needed and kept for all groups of one folding. */
export class Predicates {
  private readonly fold: (text: string) => string;
  private readonly made: (ValuePredicate | undefined)[] = [];

  constructor(fold: (text: string) => string) {
    this.fold = fold;
  }

  /** By the number of the test in the rule set. */
  of(number: number, value: TextTest): ValuePredicate {
    let predicate = this.made[number];
    if (predicate === undefined) {
      predicate = predicateOf(value, this.fold);
      this.made[number] = predicate;
    }
    return predicate;
  }

  /** Whether one text, letter case as it is, passes. */
  holds(number: number, value: TextTest, text: string): boolean {
    const { isFolded, test } = this.of(number, value);
    return test(isFolded ? this.fold(text) : text);
  }
}
