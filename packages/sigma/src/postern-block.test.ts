import { describe, expect, test } from 'vitest';
import { parseRules } from './parse-rules.ts';

function ruleWith(block: string): string {
  const indented = block.replaceAll(/^(?=.)/gm, '  ');
  return `title: x\nlogsource: { category: webserver }\nfields: [c-ip]\ndetection: { a: { cs-method: POST }, condition: a }\npostern:\n${indented}\n`;
}

const full = `stage: success
witness: direct
act: page-written
meaning: A page was written where the server runs it.
cves: [CVE-2021-27065]
flawProved: true
entities:
  address: [c-ip, X-Forwarded-For]
  url: url
implant: { kind: web-shell, field: cs-uri-stem, is: url, event: used }
joins: [cafeReqId]`;

describe('a postern block', () => {
  test('becomes the part of the rule that the judgement reads', () => {
    const { rules, diagnostics } = parseRules(ruleWith(full), 'r.yml');
    expect(diagnostics).toEqual([]);
    expect(rules[0]?.info).toMatchObject({
      stage: 'success',
      witness: 'direct',
      act: 'page-written',
      meaning: 'A page was written where the server runs it.',
      cves: ['CVE-2021-27065'],
      flawProved: true,
      entities: { address: ['c-ip', 'X-Forwarded-For'], url: ['url'] },
      implant: { kind: 'web-shell', field: 'cs-uri-stem', is: 'url', event: 'used' },
      joins: ['cafeReqId'],
    });
    expect(rules[0]?.captures).toEqual(['c-ip', 'X-Forwarded-For', 'url', 'cafeReqId', 'cs-uri-stem']);
  });

  test('needs no more than its four words', () => {
    const { rules } = parseRules(
      ruleWith('stage: probe\nwitness: lead\nact: look\nmeaning: Someone looked.'),
      'r.yml',
    );
    expect(rules[0]?.info).toMatchObject({ flawProved: false, entities: {}, joins: [], cves: [] });
    expect(rules[0]?.info).not.toHaveProperty('implant');
  });

  test.each([
    ['stage: success', 'stage: sucess', '"sucess" is no stage', 'did you mean "success"?'],
    ['witness: direct', 'witness: maybe', '"maybe" is no witness', 'one of direct, indirect, lead'],
    ['act: page-written', 'act:', 'the postern block needs "act"', undefined],
    [
      'meaning: A page was written where the server runs it.',
      '',
      'the postern block needs "meaning"',
      undefined,
    ],
    ['flawProved: true', 'flawProved: 1', '"flawProved" is true or false', undefined],
    [
      'flawProved: true',
      'flawproved: true',
      'the postern block has no "flawproved"',
      'did you mean "flawProved"?',
    ],
    ['CVE-2021-27065', 'CVE-21-1', '"CVE-21-1" is no CVE', 'write CVE-2021-26855'],
    ['address:', 'adress:', 'the postern block has no "adress"', 'did you mean "address"?'],
    ['url: url', 'url: [{}]', '"url" is a list of texts', undefined],
    ['kind: web-shell', 'kind: webshell', '"webshell" is no kind', 'did you mean "web-shell"?'],
    ['event: used', 'event: usd', '"usd" is no event', 'did you mean "used"?'],
    ['is: url, ', '', 'the postern block needs "is"', undefined],
    ['joins: [cafeReqId]', 'joins: { a: b }', '"joins" is a list of texts', undefined],
  ])('%s instead of %s is refused', (right, wrong, message, hint) => {
    const { rules, diagnostics } = parseRules(ruleWith(full.replace(right, wrong)), 'r.yml');
    expect(rules).toEqual([]);
    const [said] = diagnostics;
    expect(said).toMatchObject({ code: 'POSTERN_SIGMA_BLOCK', severity: 'error', message });
    expect(said?.hint).toBe(hint);
  });

  test('that is no map is refused', () => {
    expect(parseRules(ruleWith('- a'), 'r.yml').refused[0]?.reason).toBe('the postern block is no map');
  });
});
