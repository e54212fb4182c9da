import { expect, test } from 'vitest';
import { compileRules } from '../compile-rules.ts';
import { openRuleSet } from '../open-rule-set.ts';
import { batchOf, hitsOf, shapeOf, type MadeValue } from '../testing/records.ts';
import { explainedProbes, explainRule } from './explain-rule.ts';
import { whyNot } from './why-not.ts';

const text = String.raw`title: other
logsource:
  product: windows
detection:
  s:
    F: x
  condition: s
---
title: wanted
logsource:
  product: windows
  service: security
detection:
  selection_img:
    - Image|endswith: '\cmd.exe'
    - Name: cmd
  selection_cli:
    Line|contains|all: [a, b]
    User: eve
  keywords:
    - evil
    - worse
  filter:
    Parent: good
  condition: all of selection_* and (keywords or 1 of other*) and not filter
`;

/** Why a record does not fit; `not asked` if it is of another log source. */
function why(values: Readonly<Record<string, MadeValue>>, channel = 'Security'): readonly string[] {
  const explained = explainRule(text, 'r.yml', ({ info }) => info.title === 'wanted');
  if (explained === undefined) throw new Error('the rule is not found');
  const shape = shapeOf('windows-event', Object.keys(values), { Channel: channel });
  const matcher = openRuleSet(compileRules(explained.probes)).forShape(shape);
  const held = hitsOf(matcher, batchOf(shape, Object.values(values)));
  if (held[0] !== 0) return ['not asked'];
  const reasons = whyNot(explained, (part) => held.includes(part + explainedProbes));
  // The whole rule is asked as well: the explanation agrees with it.
  expect(reasons.length === 0).toBe(held.includes(1));
  return reasons;
}

const fitting = { Image: 'C:\\cmd.exe', Line: 'ab', User: 'eve', Message: 'evil', Parent: 'bad' };

test.each([
  [{}, []],
  [{ Line: 'a' }, ["selection_cli: Line|contains|all: ['a', 'b']"]],
  [
    { Line: 'a', User: 'bob' },
    ["selection_cli: Line|contains|all: ['a', 'b']", "selection_cli: User: 'eve'"],
  ],
  [{ Image: 'x' }, ["selection_img: Image|endswith: '\\cmd.exe', nor Name: 'cmd'"]],
  [{ Image: 'x', Name: 'CMD' }, []],
  [{ Parent: 'Good' }, ["filter, which must not hold, does: Parent: 'good'"]],
  [{ Message: 'fine' }, ["keywords: ['evil', 'worse']"]],
])('a record with %j', (changes, reasons) => {
  expect(why({ ...fitting, ...changes })).toEqual(reasons);
});

test('records of other log sources are not asked', () => {
  expect(why(fitting, 'System')).toEqual(['not asked']);
});

test('many alternatives are counted and one is named', () => {
  const many =
    'title: t\nlogsource:\n  product: windows\ndetection:\n  s:\n    - A: 1\n    - B: 2\n    - C: 3\n    - D: 4\n  condition: s\n';
  const explained = explainRule(many, 'r.yml', () => true);
  expect(explained === undefined ? [] : whyNot(explained, () => false)).toEqual([
    's: none of 4 alternatives, such as A: 1',
  ]);
});

test('a rule that is refused, or is not there, is not explained', () => {
  expect(explainRule(text, 'r.yml', ({ info }) => info.title === 'none')).toBeUndefined();
  expect(
    explainRule(text.replaceAll('|endswith', '|endwith'), 'r.yml', ({ info }) => info.title === 'wanted'),
  ).toBeUndefined();
});
