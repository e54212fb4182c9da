import { describe, expect, test } from 'vitest';
import { compileRules } from '../compile-rules.ts';
import { linkRules } from '../link-rules.ts';
import { openRuleSet } from '../open-rule-set.ts';
import { parseRules } from '../parse-rules.ts';
import { batchOf, hitsOf, shapeOf } from '../testing/records.ts';

const id = '00000000-0000-4000-8000-00000000000a';
const rule = `title: R\nid: ${id}\nname: named\nlogsource:\n  product: windows\n  service: security\ndetection:\n  sel_a:\n    F|contains: a\n  sel_b:\n    F|contains: b\n  condition: 1 of sel_*\n`;

function filter(rules: string, condition: string, logsource = 'product: windows'): string {
  return `title: X\nlogsource:\n  ${logsource}\nfilter:\n  rules: ${rules}\n  selection:\n    User: admin\n  sel_c:\n    F: abc\n  condition: ${condition}\n`;
}

/** Which of the values `F` a rule finds, for the user admin and for eve. */
function found(...documents: readonly string[]): readonly string[] {
  const linked = linkRules([parseRules([rule, ...documents].join('---\n'), 'r.yml')]);
  const shape = shapeOf('windows-event', ['F', 'User'], { Channel: 'Security' });
  const matcher = openRuleSet(compileRules(linked.rules)).forShape(shape);
  const values = ['a', 'abc', 'x'].flatMap((f) => ['admin', 'eve'].map((user) => [f, user] as const));
  return values
    .filter((value) => hitsOf(matcher, batchOf(shape, value)).length > 0)
    .map((value) => value.join(' '));
}

const all = ['a admin', 'a eve', 'abc admin', 'abc eve'];

describe('a filter says what is kept', () => {
  test.each([
    [`[${id}]`, 'not selection', ['a eve', 'abc eve']],
    [`[${id.toUpperCase()}]`, 'not selection', ['a eve', 'abc eve']],
    ['[named]', 'not selection', ['a eve', 'abc eve']],
    ['any', 'not selection', ['a eve', 'abc eve']],
    ['[]', 'not selection', ['a eve', 'abc eve']],
    ['[other]', 'not selection', all],
    ['any', 'selection', ['a admin', 'abc admin']],
    ['any', 'not 1 of sel*', ['a eve']],
  ])('rules: %s, condition: %s', (rules, condition, expected) => {
    expect(found(filter(rules, condition))).toEqual(expected);
  });

  test('its identifiers are its own: the patterns of the rule do not catch them', () => {
    expect(found(filter('any', 'not selection'))).not.toContain('x eve');
  });

  test('only rules whose log source has what the filter’s has', () => {
    expect(found(filter('any', 'not selection', 'service: security'))).toHaveLength(2);
    expect(found(filter('any', 'not selection', 'service: sysmon'))).toEqual(all);
    expect(found(filter(`[${id}]`, 'not selection', 'service: sysmon'))).toEqual(all);
    expect(found(filter('any', 'not selection', 'category: process_creation'))).toEqual(all);
  });

  test('several filters hold together', () => {
    expect(found(filter('any', 'not selection'), filter('any', 'not sel_c'))).toEqual(['a eve']);
  });
});

test('what each filter takes away can be counted', () => {
  const text = [rule, filter('any', 'not selection'), filter('any', 'not sel_c')].join('---\n');
  const { removed, filters } = linkRules([parseRules(text, 'r.yml')]);
  expect(filters.map(({ rule: { title }, filter: { title: by } }) => `${by} on ${title}`)).toEqual([
    'X on R',
    'X on R',
  ]);
  const shape = shapeOf('windows-event', ['F', 'User'], { Channel: 'Security' });
  const matcher = openRuleSet(compileRules(removed)).forShape(shape);
  const hits = (f: string, user: string): number[] => hitsOf(matcher, batchOf(shape, [f, user]));
  expect(hits('a', 'admin')).toEqual([0]);
  // The second takes only what the first has left.
  expect(hits('abc', 'admin')).toEqual([0]);
  expect(hits('abc', 'eve')).toEqual([1]);
  expect(hits('a', 'eve')).toEqual([]);
});

describe('what is wrong is said', () => {
  const said = (...documents: readonly string[]): readonly string[] => {
    const parsed = parseRules([rule, ...documents].join('---\n'), 'r.yml');
    return [...parsed.diagnostics, ...linkRules([parsed]).diagnostics].map(
      ({ severity, code, message }) => `${severity} ${code.slice('POSTERN_SIGMA_'.length)} ${message}`,
    );
  };

  test.each([
    [filter('any', 'selection'), /^warning FILTER "selection" keeps only what is selected/],
    [filter('[other]', 'not selection'), /^warning REFERENCE the filter names "other", and no such rule/],
    [
      filter(`[${id}]`, 'not selection', 'service: sysmon'),
      /^warning REFERENCE .* whose log source is another/,
    ],
    [filter('any', 'not selection', 'service: sysmon'), /^warning REFERENCE no rule has the log source/],
    [filter('any', 'not other'), /^error UNKNOWN_IDENTIFIER/],
    ['title: X\nlogsource:\n  product: windows\nfilter: x\n', /^error FILTER the filter section is no map/],
    [filter('any', 'not selection').replace('  rules: any\n', ''), /^error FILTER .* for which rules/],
    [filter('{ a: b }', 'not selection'), /^error FILTER "rules" is a list of texts/],
    [filter('any', 'not selection').replace('logsource', 'source'), /^error LOGSOURCE/],
  ])('%j', (text, expected) => {
    expect(said(text).some((line) => expected.test(line))).toBe(true);
  });

  test('a filter that is right says nothing', () => {
    expect(said(filter(`[${id}]`, 'not selection'))).toEqual([]);
  });
});
