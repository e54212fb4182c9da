/** What the rules of a set cost so far, in work and not in time, so that it is the same on every machine. */
export interface RuleWork {
  /** Position in the rule set. */
  readonly rule: number;
  /** Records about which it was asked. */
  readonly asked: number;
  /** Runs of regular expressions, and the characters they went through. What rules share counts for the first. */
  readonly patternRuns: number;
  readonly patternCharacters: number;
}

/** Counts work while records are matched. */
export class RuleAccount {
  /** Records that were matched against any rule. */
  records = 0;
  /** Fields that were decoded for them, each at most once per record. */
  decoded = 0;
  private readonly askedOf: Float64Array;
  private readonly runsOf: Float64Array;
  private readonly charactersOf: Float64Array;

  constructor(rules: number) {
    this.askedOf = new Float64Array(rules);
    this.runsOf = new Float64Array(rules);
    this.charactersOf = new Float64Array(rules);
  }

  asked(rule: number): void {
    this.askedOf[rule] = (this.askedOf[rule] ?? 0) + 1;
  }

  ran(rule: number, text: string): void {
    this.runsOf[rule] = (this.runsOf[rule] ?? 0) + 1;
    this.charactersOf[rule] = (this.charactersOf[rule] ?? 0) + text.length;
  }

  /** Rules asked, over all records. */
  get asks(): number {
    return this.askedOf.reduce((sum, count) => sum + count, 0);
  }

  /** All rules that were asked, those that cost most first. */
  works(): readonly RuleWork[] {
    const works = Array.from(this.askedOf, (asked, rule): RuleWork => ({
      rule,
      asked,
      patternRuns: this.runsOf[rule] ?? 0,
      patternCharacters: this.charactersOf[rule] ?? 0,
    }));
    return works
      .filter(({ asked }) => asked > 0)
      .toSorted((a, b) => workOf(b) - workOf(a) || a.rule - b.rule);
  }
}

/** A run of a pattern costs about as much as asking a rule, and then one step in ten characters. */
function workOf({ asked, patternRuns, patternCharacters }: RuleWork): number {
  return asked + patternRuns + patternCharacters / 10;
}
