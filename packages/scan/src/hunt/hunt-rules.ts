import { readFileSync } from 'node:fs';
import { givenText, PosternError, type HuntRule, type RefusedRule, type RuleInfo } from '@postern/core';
import {
  compileRules,
  linkRules,
  type CorrelationSet,
  type LinkedRules,
  type ParsedRules,
  type RuleSet,
  type SigmaRule,
} from '@postern/sigma';
import { parseRuleText, readBytesOf, refusal, ruleFiles } from '../knowledge.ts';
import { throughStore } from './rule-store.ts';

/** Rules of a hunt, ready for threads: plain data. */
export interface HuntRules {
  readonly ruleSet: RuleSet;
  /** By index in the rule set. */
  readonly rules: readonly RunningRule[];
  readonly correlations: CorrelationSet;
  readonly correlationRules: readonly HuntRule[];
  readonly refused: readonly RefusedRule[];
  /** Rules and correlations that run. */
  readonly loaded: number;
  /** How many rules have a log source that no evidence of ours is of. */
  readonly withoutSource: number;
  readonly filters: number;
}

export interface RunningRule extends HuntRule {
  /** `silent`: only correlations want its hits; `removed`: it counts what a filter took away. */
  readonly role: 'shown' | 'silent' | 'removed';
  /** Captured fields that correlations need; undefined where none is made of this rule. */
  readonly correlated: readonly string[] | undefined;
  /** Of a `removed` rule: title of its filter. */
  readonly filter?: string;
}

export interface HuntRuleOptions {
  /** Files or folders of Sigma rules. */
  readonly rules: readonly string[];
  /** A JSON file with the values of placeholders. */
  readonly placeholders?: string;
  /** Folder in which compiled rules are kept between runs; absent: they are compiled each time. */
  readonly cache?: string;
}

/**
 * Reads rules, correlations and filters. What is refused is listed and never stops the rest.
 *
 * @throws PosternError `POSTERN_SCAN_NO_SUCH_FILE`, `POSTERN_SCAN_PLACEHOLDERS`
 */
export function loadHuntRules(options: HuntRuleOptions): HuntRules {
  const placeholders = readPlaceholders(options.placeholders);
  const texts = ruleFiles(options.rules).map((path) => ({ path, text: readBytesOf(path) }));
  const made = { texts, options: JSON.stringify([...placeholders]) };
  return throughStore(options.cache, made, () =>
    huntRulesOf(texts.map(({ path, text }) => parseRuleText(text, path, { placeholders }))),
  );
}

/** As {@link loadHuntRules}, of rules that are read already. */
export function huntRulesOf(parsed: readonly ParsedRules[]): HuntRules {
  const linked = linkRules(parsed);
  const correlated = correlatedFields(linked.correlations);
  const running = linked.rules.map((rule): readonly [SigmaRule, RunningRule] => {
    const role = linked.silent.has(rule.info.id) ? 'silent' : 'shown';
    return [rule, { ...huntRule(rule), role, correlated: correlated.get(rule.info.id) }];
  });
  const all = [...running, ...removedRules(linked)];
  const correlations = parsed.flatMap((file) => file.correlations);
  const diagnostics = [...parsed.flatMap((file) => file.diagnostics), ...linked.diagnostics];
  return {
    // Two rules of a user may have one id; here each is known by its place.
    ruleSet: compileRules(
      all.map(([rule], index) => ({ ...rule, info: { ...rule.info, id: String(index) } })),
    ),
    rules: all.map(([, rule]) => rule),
    correlations: linked.correlations,
    correlationRules: correlations.map(huntRule),
    refused: diagnostics.flatMap(refusal),
    loaded: linked.rules.length + linked.correlations.rules.length,
    withoutSource: diagnostics.filter(({ code }) => code === 'POSTERN_SIGMA_NO_SOURCE').length,
    filters: new Set(linked.filters.map(({ filter }) => filter.id)).size,
  };
}

function removedRules({ removed, filters }: LinkedRules): readonly (readonly [SigmaRule, RunningRule])[] {
  return removed.map((rule, i) => [
    rule,
    { ...huntRule(rule), role: 'removed', correlated: undefined, filter: filters[i]?.filter.title ?? '' },
  ]);
}

function huntRule({
  info,
  details,
}: {
  readonly info: RuleInfo;
  readonly details: { readonly tags: readonly string[] };
}): HuntRule {
  return { id: info.id, title: info.title, level: info.level, tags: details.tags };
}

function correlatedFields({ rules }: CorrelationSet): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, readonly string[]>();
  for (const { rule, groupFields, valueFields } of rules.flatMap(({ sources }) => sources)) {
    const known = fields.get(rule) ?? [];
    fields.set(rule, [...new Set([...known, ...groupFields, ...valueFields])]);
  }
  return fields;
}

/** `{"Administrators": ["root", "adm-*"], …}` */
function readPlaceholders(path: string | undefined): ReadonlyMap<string, readonly string[]> {
  if (path === undefined) return new Map();
  const value = readJson(path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badPlaceholders(path);
  return new Map(
    Object.entries(value).map(([name, values]: [string, unknown]) => {
      const list: readonly unknown[] = Array.isArray(values) ? values : [values];
      const texts = list.filter((each) => typeof each === 'string');
      if (texts.length === 0 || texts.length < list.length) throw badPlaceholders(`${path}: ${name}`);
      return [name, texts];
    }),
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(givenText(readFileSync(path)));
  } catch (cause) {
    throw badPlaceholders(path, cause);
  }
}

function badPlaceholders(at: string, cause?: unknown): PosternError {
  return new PosternError({
    code: 'POSTERN_SCAN_PLACEHOLDERS',
    message: 'this is no file of placeholders',
    at,
    hint: 'It is a JSON object from names to lists of texts: {"Administrators": ["root", "adm-*"]}.',
    cause,
  });
}
