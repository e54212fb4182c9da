import { compileRegex, foldScanned } from '@postern/match';
import { isPosternError } from '@postern/core';
import { parseCondition } from './condition.ts';
import { didYouMean, withHint, type Report, type SigmaCode } from './diagnostic.ts';
import { allOf, anyOf, constant, negate, visitTests, type Expression } from './expression.ts';
import type { FieldReading, FieldTest, ValueTest } from './field-test.ts';
import { foldAgent } from './fold-request.ts';
import { itemModifiers, testOf, valueModifiers, type Draft, type Placeholders } from './modifiers.ts';
import { mapLiterals, openBoth, parsePattern } from './pattern.ts';
import { ruleLimits } from './rule-limits.ts';
import { entryOf, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from './yaml-node.ts';

/** What the reading of a detection section needs beside the section. */
export interface DetectionContext {
  readonly report: Report;
  readonly placeholders: Placeholders;
  /** The rule has a `postern:` block: its author knows how IIS splits a request. */
  readonly isOwn: boolean;
}

/** Reads the detection section into one expression; `constant(false)` after an error. */
export function parseDetection(section: YamlMap, context: DetectionContext): Expression<FieldTest> {
  const identifiers = new Map<string, Expression<FieldTest>>();
  for (const entry of section.entries) {
    // `timeframe` is what is left of the old aggregations.
    if (entry.key === 'condition' || entry.key === 'timeframe') continue;
    identifiers.set(entry.key, parseSelection(entry.value, context));
  }
  if (identifiers.size === 0)
    fault(context, 'POSTERN_SIGMA_DETECTION', 'the detection has nothing to search for', section.at);
  const expression = parseConditions(entryOf(section, 'condition'), section, identifiers, context);
  let tests = 0;
  visitTests(expression, () => tests++);
  if (tests <= ruleLimits.testsPerRule) return expression;
  fault(
    context,
    'POSTERN_SIGMA_LIMIT',
    `the rule makes ${tests} comparisons, more than ${ruleLimits.testsPerRule}`,
    section.at,
  );
  return constant(false);
}

function parseConditions(
  entry: YamlEntry | undefined,
  section: YamlMap,
  identifiers: ReadonlyMap<string, Expression<FieldTest>>,
  context: DetectionContext,
): Expression<FieldTest> {
  if (entry === undefined) {
    const hint = didYouMean('condition', identifiers.keys());
    fault(context, 'POSTERN_SIGMA_MISSING', 'the detection has no condition', { at: section.at, hint });
    return constant(false);
  }
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return anyOf(
    nodes.map((node) => {
      if (node.kind === 'scalar' && node.value !== null) {
        return parseCondition(node.text, node.at, identifiers, context.report) ?? constant(false);
      }
      fault(context, 'POSTERN_SIGMA_CONDITION', 'the condition is no text', node.at);
      return constant(false);
    }),
  );
}

function fault(context: DetectionContext, code: SigmaCode, message: string, place: number | Hinted): void {
  const { at, hint } = typeof place === 'number' ? { at: place, hint: undefined } : place;
  context.report(withHint({ code, severity: 'error', message, at }, hint));
}

interface Hinted {
  readonly at: number;
  readonly hint: string | undefined;
}

/** A map: all of its items. A list: any of its elements. A scalar: a keyword. */
export function parseSelection(node: YamlNode, context: DetectionContext): Expression<FieldTest> {
  if (node.kind === 'scalar') return parseItem({ field: '', modifiers: [], at: node.at }, [node], context);
  const parts = node.kind === 'map' ? node.entries : node.items;
  if (parts.length === 0) {
    fault(context, 'POSTERN_SIGMA_DETECTION', 'an empty selection', node.at);
    return constant(false);
  }
  if (node.kind === 'map') return allOf(node.entries.map((entry) => parseEntry(entry, context)));
  return anyOf(
    node.items.map((item) => {
      if (item.kind !== 'list') return parseSelection(item, context);
      fault(context, 'POSTERN_SIGMA_DETECTION', 'a list inside a list', item.at);
      return constant(false);
    }),
  );
}

/** `field|modifier|…: value` or a list of values. */
function parseEntry({ key, at, value }: YamlEntry, context: DetectionContext): Expression<FieldTest> {
  const [field = '', ...modifiers] = key.split('|');
  if (value.kind === 'map') {
    fault(context, 'POSTERN_SIGMA_DETECTION', `the value of "${field}" is a map`, value.at);
    return constant(false);
  }
  if (value.kind === 'scalar') return parseItem({ field, modifiers, at }, [value], context);
  const scalars = value.items.filter((item) => item.kind === 'scalar');
  if (scalars.length < value.items.length) {
    fault(context, 'POSTERN_SIGMA_DETECTION', `a value of "${field}" is no scalar`, value.at);
    return constant(false);
  }
  // No value at all is what `null` says.
  const empty: YamlScalar = { kind: 'scalar', value: null, text: '', at: value.at };
  return parseItem({ field, modifiers, at }, scalars.length === 0 ? [empty] : scalars, context);
}

interface Item {
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly at: number;
}

function parseItem(
  item: Item,
  values: readonly YamlScalar[],
  context: DetectionContext,
): Expression<FieldTest> {
  if (!checkModifiers(item, values, context)) return constant(false);
  const tests = values.map((value) => parseValue(item, value, context));
  const joined = item.modifiers.includes('all') ? allOf(tests) : anyOf(tests);
  return item.modifiers.includes('neq') ? negate(joined) : joined;
}

function checkModifiers(
  { field, modifiers, at }: Item,
  values: readonly YamlScalar[],
  context: DetectionContext,
): boolean {
  for (const name of modifiers) {
    if (itemModifiers.has(name) || valueModifiers.has(name)) continue;
    const hint = didYouMean(name, [...valueModifiers.keys(), ...itemModifiers]);
    fault(
      context,
      'POSTERN_SIGMA_UNKNOWN_MODIFIER',
      `${field}|${modifiers.join('|')}: no modifier "${name}"`,
      { at, hint },
    );
    return false;
  }
  const isLoneExists = modifiers.length === 1 && field !== '';
  if (modifiers.includes('exists') && !isLoneExists) {
    fault(context, 'POSTERN_SIGMA_MODIFIER', '"exists" needs a field and stands alone', at);
    return false;
  }
  if (modifiers.includes('all') && values.length === 1) {
    const message = '"all" with one value changes nothing';
    context.report({ code: 'POSTERN_SIGMA_MODIFIER', severity: 'info', message, at });
  }
  return true;
}

/** One value: the tests of which one must hold, made by its modifiers. */
function parseValue(item: Item, value: YamlScalar, context: DetectionContext): Expression<FieldTest> {
  warnOfEscape(item, value, context);
  let drafts: readonly Draft[] = [{ kind: 'scalar', scalar: value }];
  for (const name of inOrder(item.modifiers)) {
    const next = applyModifier(name, drafts, context);
    if ('reason' in next) {
      fault(
        context,
        next.code,
        `${item.field}|${item.modifiers.join('|')}: "${name}": ${next.reason}`,
        value.at,
      );
      return constant(false);
    }
    drafts = next;
  }
  return anyOf(drafts.map((draft) => finishValue(item, draft, value, context)));
}

/** Placeholders are filled in before anything is made of the text they stand in, wherever `expand` is written. */
function inOrder(modifiers: readonly string[]): readonly string[] {
  return modifiers.includes('expand')
    ? ['expand', ...modifiers.filter((name) => name !== 'expand')]
    : modifiers;
}

function applyModifier(name: string, drafts: readonly Draft[], context: DetectionContext): ReturnType<Apply> {
  const apply = valueModifiers.get(name);
  if (apply === undefined) return drafts;
  const results: Draft[] = [];
  for (const draft of drafts) {
    const made = apply(draft, context.placeholders);
    if ('reason' in made) return made;
    results.push(...made);
  }
  return results;
}

type Apply = Exclude<ReturnType<typeof valueModifiers.get>, undefined>;

function finishValue(
  item: Item,
  draft: Draft,
  value: YamlScalar,
  context: DetectionContext,
): Expression<FieldTest> {
  const isCased = item.modifiers.includes('cased');
  const plain = testOf(draft, isCased);
  const reads = readingOf(item.field, plain, context.isOwn);
  const test =
    reads === 'leaves' ? keywordTest(draft, plain, isCased) : reads === 'agent' ? agentTest(plain) : plain;
  if (test === undefined) {
    fault(context, 'POSTERN_SIGMA_VALUE', 'this cannot be searched for as a keyword', value.at);
    return constant(false);
  }
  if (!checkRegex(test, value, context)) return constant(false);
  const expression: Expression<FieldTest> = { op: 'test', test: { field: item.field, reads, value: test } };
  return draft.kind === 'exists' && !draft.wanted ? negate(expression) : expression;
}

const agentFields = new Set(['cs(user-agent)', 'cs-user-agent', 'c-useragent', 'useragent', 'user-agent']);

function readingOf(field: string, test: ValueTest, isOwn: boolean): FieldReading {
  if (field === '') return 'leaves';
  const name = field.toLowerCase();
  if (agentFields.has(name) && test.kind === 'text') return 'agent';
  return name === 'cs-uri-query' && !isOwn ? 'request' : 'value';
}

/** A keyword is looked for anywhere in a value, unless modifiers say where. */
function keywordTest(draft: Draft, plain: ValueTest, cased: boolean): ValueTest | undefined {
  if (draft.kind !== 'scalar') return ['text', 'regex', 'cidr'].includes(plain.kind) ? plain : undefined;
  if (draft.scalar.value === null) return undefined;
  const pattern = openBoth(parsePattern(draft.scalar.text));
  return { kind: 'text', pattern: cased ? pattern : mapLiterals(pattern, foldScanned), cased };
}

function agentTest(test: ValueTest): ValueTest {
  return test.kind === 'text' ? { ...test, pattern: mapLiterals(test.pattern, foldAgent) } : test;
}

function checkRegex(test: ValueTest, value: YamlScalar, context: DetectionContext): boolean {
  if (test.kind !== 'regex') return true;
  try {
    compileRegex(test.pattern, test);
    return true;
  } catch (error) {
    if (!isPosternError(error)) throw error;
    fault(context, 'POSTERN_SIGMA_REGEX', error.message, { at: value.at, hint: error.hint });
    return false;
  }
}

/** `C:\dir\*` means a star behind `dir`, though its author hardly ever does. */
function warnOfEscape({ modifiers }: Item, value: YamlScalar, context: DetectionContext): void {
  if (typeof value.value !== 'string' || modifiers.includes('re')) return;
  const found = /(?<!\\)\\[\w.$ -]+\\([*?])/.exec(value.value);
  if (found === null) return;
  const message = `"\\${found[1]}" is the character ${found[1]} itself, not a backslash and a wildcard`;
  const hint = `write "\\\\${found[1]}" for a backslash and a wildcard`;
  context.report({ code: 'POSTERN_SIGMA_ESCAPE', severity: 'info', message, at: value.at, hint });
}
