/** Limits on rules, which are strangers' input as much as the evidence is. A rule beyond one is refused and named. */
export const ruleLimits = {
  /** Characters of one rule file. The largest public rule has some 60,000. */
  fileCharacters: 8_388_608,
  /** YAML values in one file, aliases counted each time: without it a few lines of aliases grow into gigabytes. */
  yamlValues: 400_000,
  /** Nesting of YAML values and of brackets in a condition. */
  depth: 64,
  /** Comparisons in one rule after `1 of …` and `all of …` have been written out. The largest public rule has some 2,000. */
  testsPerRule: 20_000,
  /** Layouts whose matchers are kept; one more and all are made anew. */
  matchersKept: 2_048,
  /** Bytes of search tables kept; beyond it all are made anew. All of SigmaHQ's Windows rules take some 100 MB. */
  tableBytes: 402_653_184,
} as const;
