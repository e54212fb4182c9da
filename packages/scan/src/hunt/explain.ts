import { givenText, PosternError, type RecordLine } from '@postern/core';
import { compileRules, explainRule, whyNot, type ExplainedRule, type SigmaRule } from '@postern/sigma';
import { readFileSync } from 'node:fs';
import { parseRuleFile, ruleFiles } from '../knowledge.ts';
import type { ExplainedPart } from './explain-records.ts';
import { runOver, type HuntEvents, type HuntOptions } from './hunt.ts';
import { Tally, type HuntSummary } from './summary.ts';

/** Records that a rule does not fit for one reason, or that it matches (no reason). */
export interface Explanation {
  /** What of the rule does not hold, in the words of its author. */
  readonly reasons: readonly string[];
  readonly count: number;
  /** The first of them. */
  readonly examples: readonly RecordLine[];
}

export interface ExplainedHunt {
  readonly rule: SigmaRule['info'];
  /** Records of the right log source. */
  readonly asked: number;
  /** Matches first, then those that miss by least, then the most frequent. */
  readonly explanations: readonly Explanation[];
  readonly summary: HuntSummary;
}

export interface ExplainOptions extends HuntOptions {
  /** Files or folders of Sigma rules. */
  readonly rules: readonly string[];
  /** Which of them: its id, name, title, or the end of its file's path. */
  readonly rule: string;
}

/** Records that are shown for each reason. */
const examplesShown = 10;

/**
 * Says of one rule, for every record of the right log source, which part of it failed.
 *
 * @throws PosternError `POSTERN_SCAN_NO_SUCH_RULE`; else as {@link hunt}
 */
export async function explain(
  paths: readonly string[],
  options: ExplainOptions,
  events: HuntEvents = {},
): Promise<ExplainedHunt> {
  const explained = findRule(options);
  const parts: ExplainedPart[] = [];
  const tally = new Tally();
  const ruleSet = compileRules(explained.probes);
  const isAborted = await runOver(paths, { kind: 'explain', ruleSet }, options, {
    take: (piece) => parts.push(...piece.explained),
    tally,
    events,
  });
  return {
    rule: explained.rule.info,
    asked: parts.reduce((sum, { count }) => sum + count, 0),
    explanations: explanationsOf(explained, parts),
    summary: tally.summary(undefined, isAborted),
  };
}

function findRule({ rules, rule }: ExplainOptions): ExplainedRule {
  const text = rule.toLowerCase();
  const isWanted = ({ info, details, file }: SigmaRule): boolean =>
    [info.id, info.title, details.name].some((each) => each?.toLowerCase() === text) ||
    file.toLowerCase().endsWith(text);
  for (const file of ruleFiles(rules)) {
    if (!parseRuleFile(file).rules.some(isWanted)) continue;
    const explained = explainRule(givenText(readFileSync(file)), file, isWanted);
    if (explained !== undefined) return explained;
  }
  throw new PosternError({
    code: 'POSTERN_SCAN_NO_SUCH_RULE',
    message: `no rule that searches is called "${rule}"`,
    at: '--explain',
    hint: 'Give the id, name or title of a rule below --rules, or the end of its path.',
  });
}

function explanationsOf(explained: ExplainedRule, parts: readonly ExplainedPart[]): readonly Explanation[] {
  const byReason = new Map<string, { reasons: readonly string[]; count: number; examples: RecordLine[] }>();
  for (const { isMatch, held, count, examples } of parts) {
    const holds = new Set(held);
    const reasons = isMatch ? [] : whyNot(explained, (part) => holds.has(part));
    const key = reasons.join('\n');
    const known = byReason.get(key) ?? { reasons, count: 0, examples: [] };
    byReason.set(key, known);
    known.count += count;
    known.examples.push(...examples.slice(0, examplesShown - known.examples.length));
  }
  return [...byReason.values()].toSorted((a, b) => a.reasons.length - b.reasons.length || b.count - a.count);
}
