import { describe, expect, test } from 'vitest';
import { compileRules } from './compile-rules.ts';
import { openRuleSet } from './open-rule-set.ts';
import { decodeRuleSet, encodeRuleSet } from './rule-cache.ts';
import { batchOf, hitsOf, ruleText, rulesOf, shapeOf } from './testing/records.ts';

const ruleSet = compileRules(rulesOf(ruleText("a: { F|contains: 'caf\u00e9' }\ncondition: a")));
const refused = [{ source: 'a.yml:1', title: 'a', reason: 'no reason' }];
const bytes = encodeRuleSet('texts 1', { ruleSet, refused });

describe('a cache of compiled rules', () => {
  test('gives back what was put in, and it runs', () => {
    const cached = decodeRuleSet('texts 1', bytes);
    expect(cached).toEqual({ ruleSet, refused });
    const shape = shapeOf('windows-event', ['F']);
    const open = openRuleSet(cached?.ruleSet ?? compileRules([]));
    expect(hitsOf(open.forShape(shape), batchOf(shape, ['un caf\u00e9']))).toEqual([0]);
  });

  test('is not taken for that of other rules', () => {
    expect(decodeRuleSet('texts 2', bytes)).toBeUndefined();
    expect(decodeRuleSet('texts', bytes)).toBeUndefined();
    expect(decodeRuleSet('', bytes)).toBeUndefined();
  });

  test('is of one version', () => {
    const other = bytes.slice();
    other[bytes.indexOf(0x31)] = 0x32;
    expect(decodeRuleSet('texts 1', other)).toBeUndefined();
  });

  test('is not used when a byte of it has changed or is missing', () => {
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] = (bytes[at] ?? 0) ^ 1;
      expect(decodeRuleSet('texts 1', damaged)).toBeUndefined();
      expect(decodeRuleSet('texts 1', bytes.subarray(0, at))).toBeUndefined();
    }
  });

  test('is the same for the same rules', () => {
    expect(encodeRuleSet('texts 1', { ruleSet: structuredClone(ruleSet), refused })).toEqual(bytes);
  });
});
