import type { Severity } from '@postern/core';

/** Something to say of a rule file, with its place: plain data for terminals, reports and tests. */
export interface Diagnostic {
  /** `POSTERN_SIGMA_<WHAT>`; all of them are in {@link sigmaCodes}. */
  readonly code: SigmaCode;
  /** `error`: the rule is left out. `warning`: it runs, perhaps not as meant. `info`: worth knowing. */
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** What the author of the rule can do. */
  readonly hint?: string;
  /** Title of the rule, where it has one. */
  readonly rule?: string;
}

/** Every code of this package, with what it says. */
export const sigmaCodes = {
  POSTERN_SIGMA_YAML: 'the file is not well-formed YAML',
  POSTERN_SIGMA_LIMIT: 'a rule file is larger, deeper or more intricate than a limit allows',
  POSTERN_SIGMA_NOT_A_RULE: 'a document is no Sigma rule',
  POSTERN_SIGMA_ACTION: 'an action that Sigma does not know, or a repetition of nothing',
  POSTERN_SIGMA_CORRELATION: 'a correlation is not as Sigma has it',
  POSTERN_SIGMA_AGGREGATION: 'an aggregation of the first Sigma that cannot be kept',
  POSTERN_SIGMA_FILTER: 'a filter is not as Sigma has it',
  POSTERN_SIGMA_REFERENCE: 'a correlation or a filter names what is not there',
  POSTERN_SIGMA_CYCLE: 'correlations that need one another',
  POSTERN_SIGMA_MISSING: 'a mandatory part is missing',
  POSTERN_SIGMA_ATTRIBUTE: 'an attribute of the rule is not as Sigma has it',
  POSTERN_SIGMA_TAXONOMY: 'the rule uses field names of another taxonomy',
  POSTERN_SIGMA_LOGSOURCE: 'the log source is not as Sigma has it',
  POSTERN_SIGMA_NO_SOURCE: 'no kind of evidence that Postern reads is of this log source',
  POSTERN_SIGMA_DETECTION: 'the detection section is not as Sigma has it',
  POSTERN_SIGMA_UNKNOWN_MODIFIER: 'a modifier that is not known',
  POSTERN_SIGMA_MODIFIER: 'a modifier in a place or with a value that it does not take',
  POSTERN_SIGMA_VALUE: 'a value that cannot be compared',
  POSTERN_SIGMA_PLACEHOLDER: 'a placeholder without values',
  POSTERN_SIGMA_REGEX: 'a regular expression that cannot be run in linear time',
  POSTERN_SIGMA_CIDR: 'not a network',
  POSTERN_SIGMA_ESCAPE: 'a backslash that takes away the meaning of a wildcard',
  POSTERN_SIGMA_CONDITION: 'the condition cannot be read',
  POSTERN_SIGMA_UNKNOWN_IDENTIFIER: 'the condition names what the detection does not have',
  POSTERN_SIGMA_EMPTY_PATTERN: 'the condition has a pattern that names nothing',
  POSTERN_SIGMA_UPPER_CASE: 'a word of the condition is written in capitals',
  POSTERN_SIGMA_BLOCK: 'the postern block is not as it should be',
} as const;

/** A code of {@link sigmaCodes}. */
export type SigmaCode = keyof typeof sigmaCodes;

/** A diagnostic whose place is still a character offset in the file. */
export interface Problem {
  readonly code: SigmaCode;
  readonly severity: Severity;
  readonly message: string;
  readonly at: number;
  readonly hint?: string;
}

/** Takes problems as they are met. An `error` means that the rule at hand is left out; reading goes on regardless. */
export type Report = (problem: Problem) => void;

/** ` did you mean "x"?` for the known word nearest to `word`, or undefined if none is near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best === undefined ? undefined : `did you mean "${best}"?`;
}

/** Insertions, deletions, replacements and swaps of neighbours; `limit` if there are that many or more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, (before[j - 2] ?? 0) + 1);
      row.push(value);
    }
    before = last;
    last = row;
  }
  return Math.min(limit, last[b.length] ?? limit);
}

/** Adds a hint only where there is one: absent is not undefined. */
export function withHint(problem: Problem, hint: string | undefined): Problem {
  return hint === undefined ? problem : { ...problem, hint };
}
