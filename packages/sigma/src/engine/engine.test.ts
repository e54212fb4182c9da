// What the engine does, counted: which rules it asks, which patterns it runs. Times are measured in bench/sigma.

import type { Batch, Shape } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { compileRules } from '../compile-rules.ts';
import { openRuleSet, type OpenRuleSet } from '../open-rule-set.ts';
import { batchOf, hitsOf, ruleText, rulesOf, shapeOf, type MadeValue } from '../testing/records.ts';

const shape = shapeOf('windows-event', ['Image', 'CommandLine', 'User'], {
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  EventID: '1',
});
const utf16 = (raw: string): MadeValue => ({ raw, type: 'utf16' });

function openRules(...detections: readonly string[]): OpenRuleSet {
  return openRuleSet(compileRules(rulesOf(detections.map((detection) => ruleText(detection)).join('---\n'))));
}

function event(image: string, commandLine: string, user = 'CORP\\a'): Batch {
  return batchOf(shape, [image, commandLine, user].map(utf16));
}

/** Rules as public ones are: the end of an image, and words of the command line of which all must stand. */
const many = Array.from(
  { length: 200 },
  (_, i) =>
    `a: { Image|endswith: '\\tool${i}.exe', CommandLine|contains|all: [' -run', 'word${i}x'] }\ncondition: a`,
);

describe('rules are asked', () => {
  test('only if something that they need stands in the record', () => {
    const open = openRules(...many);
    const matcher = open.forShape(shape);
    for (let i = 0; i < 50; i++)
      hitsOf(matcher, event('C:\\Windows\\System32\\svchost.exe', `svchost.exe -k ${i}`));
    expect([open.account.records, open.account.asks, open.account.decoded]).toEqual([50, 0, 0]);
    expect(hitsOf(matcher, event('C:\\x\\tool7.exe', 'tool7.exe -run word7x'))).toEqual([7]);
    expect(open.account.asks).toBe(1);
  });

  test('by what turned out to be rare, once it is known', () => {
    const common = "a: { Image|endswith: '\\averylongname.exe', CommandLine|contains: 'qz' }\ncondition: a";
    const open = openRules(common);
    const matcher = open.forShape(shape);
    const usual = event('C:\\averylongname.exe', 'averylongname.exe');
    for (let i = 0; i < 1000; i++) hitsOf(matcher, usual);
    const guessed = open.account.asks;
    for (let i = 0; i < 1000; i++) hitsOf(matcher, usual);
    expect([guessed, open.account.asks]).toEqual([1000, 1000]);
    expect(hitsOf(matcher, event('C:\\averylongname.exe', 'qz'))).toEqual([0]);
  });

  test('about every record where they need nothing', () => {
    const open = openRules('a: { CommandLine|neq: x }\ncondition: a');
    expect(hitsOf(open.forShape(shape), event('a', 'b'))).toEqual([0]);
    expect(open.account.asks).toBe(1);
  });

  test('a record stuffed with literals is only slower: each rule is asked once', () => {
    const open = openRules(...many);
    const matcher = open.forShape(shape);
    const words = Array.from({ length: 200 }, (_, i) => `word${i}x`).join(' ');
    const stuffed = event('C:\\tool0.exe', `${words} -run ${words}`.repeat(20));
    expect(hitsOf(matcher, stuffed)).toEqual([0]);
    expect(open.account.asks).toBeLessThanOrEqual(200);
    expect(open.account.works()[0]?.asked).toBe(1);
  });
});

describe('patterns', () => {
  const pattern = "a: { CommandLine|re: '(set).*&&\\s?set.*(x|y){3}' }\ncondition: a";

  test('run only where all that they need stands, and in long enough values', () => {
    const open = openRules(pattern);
    const matcher = open.forShape(shape);
    for (const text of ['nothing', 'set a', 'a && b', 'set &&']) hitsOf(matcher, event('a', text));
    expect(open.account.works().map(({ patternRuns }) => patternRuns)).toEqual([0]);
    expect(hitsOf(matcher, event('a', 'set a && set xyx'))).toEqual([0]);
    expect(open.account.works()[0]).toMatchObject({ rule: 0, patternRuns: 1, patternCharacters: 16 });
  });

  test('that are asked for often are named first', () => {
    const open = openRules(
      'a: { User: nobody }\ncondition: a',
      "a: { CommandLine|re: '[ab]{2}.[cd]' }\ncondition: a",
    );
    const matcher = open.forShape(shape);
    for (let i = 0; i < 10; i++) hitsOf(matcher, event('a', 'abababababab'.repeat(100), 'nobody'));
    const [dearest, second] = open.account.works();
    expect(dearest).toEqual({ rule: 1, asked: 10, patternRuns: 10, patternCharacters: 12_000 });
    expect(second).toMatchObject({ rule: 0, asked: 10, patternRuns: 0 });
  });
});

describe('shapes that are alike', () => {
  const rules = [
    'a: { CommandLine|contains: alpha, User: b }\ncondition: a',
    'a: { Image: alpha }\ncondition: a',
  ];

  /** Field → value, in the order of a shape. */
  function record(
    fields: readonly string[],
    values: Readonly<Record<string, string>>,
  ): readonly [Shape, Batch] {
    const own = shapeOf('windows-event', fields, { Channel: 'Security', EventID: '4688' });
    return [
      own,
      batchOf(
        own,
        fields.map((field) => values[field] ?? null),
      ),
    ];
  }

  test('share a group whatever the order of their fields, and lack the rules on fields that they lack', () => {
    const open = openRules(...rules);
    const values = { Image: 'alpha', CommandLine: 'x alpha', User: 'b' };
    const [whole, wholeBatch] = record(['Image', 'CommandLine', 'User'], values);
    const [turned, turnedBatch] = record(['User', 'Other', 'CommandLine', 'Image'], values);
    const [less, lessBatch] = record(['User', 'CommandLine'], values);
    const [none] = record(['Other'], values);
    expect(hitsOf(open.forShape(whole), wholeBatch)).toEqual([0, 1]);
    expect(hitsOf(open.forShape(turned), turnedBatch)).toEqual([0, 1]);
    expect(hitsOf(open.forShape(less), lessBatch)).toEqual([0]);
    expect(open.forShape(less)?.rules).toEqual([0]);
    expect(open.forShape(none)).toBeUndefined();
  });

  test('are asked one after the other without mixing up their records', () => {
    const open = openRules(...rules);
    const [whole, match] = record(['Image', 'CommandLine', 'User'], { CommandLine: 'alpha', User: 'b' });
    const [turned, miss] = record(['CommandLine', 'Image', 'User'], { CommandLine: 'beta', User: 'b' });
    for (let i = 0; i < 3; i++) {
      expect(hitsOf(open.forShape(whole), match)).toEqual([0]);
      expect(hitsOf(open.forShape(turned), miss)).toEqual([]);
    }
  });
});

describe('what constants settle', () => {
  const rules = [
    'a: { EventID: 7045, F|contains: x }\ncondition: a',
    "a: ['mimikatz']\ncondition: a",
    'a: { Provider_Name: Known, F|contains: y }\ncondition: a',
  ];

  test('a rule that cannot match is not in the group, and one whose constants fit needs nothing more', () => {
    const open = openRules(...rules);
    const of = (constants: Readonly<Record<string, string>>): readonly number[] | undefined =>
      open.forShape(shapeOf('windows-event', ['F'], constants))?.rules;
    expect(of({ EventID: '7045', Provider_Name: 'Other' })).toEqual([0, 1]);
    expect(of({ EventID: '1', Provider_Name: 'Known' })).toEqual([1, 2]);
    const named = shapeOf('windows-event', ['F'], { EventID: '1', Provider_Name: 'the Mimikatz one' });
    expect(hitsOf(open.forShape(named), batchOf(named, ['z']))).toEqual([1]);
  });
});
