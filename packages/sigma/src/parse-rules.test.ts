import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { sigmaCodes } from './diagnostic.ts';
import { parseRules } from './parse-rules.ts';
import { ruleText } from './testing/records.ts';

const simple = ruleText('selection:\n  F: x\ncondition: selection');

/** What was said of a text, in short. */
function saidOf(text: string): string[] {
  const { diagnostics } = parseRules(text, 'r.yml');
  return diagnostics.map(
    ({ code, severity, line, column }) =>
      `${severity} ${code.slice('POSTERN_SIGMA_'.length)} ${line}:${column}`,
  );
}

function detectionSaid(detection: string): string[] {
  return parseRules(ruleText(detection), 'r.yml').diagnostics.map(({ message, hint }) =>
    hint === undefined ? message : `${message} (${hint})`,
  );
}

describe('a whole rule', () => {
  const text = `title: A rule
id: 0a0a0a0a-0000-4000-8000-000000000001
status: test
description: Finds a thing. And says more of it.
references: [https://example.org/a]
author: Someone
date: 2021-03-03
modified: 2021/03/04
tags: [attack.t1505.003, attack.persistence, cve.2021-26855, cve.2021.26857]
related: [{ id: 0a0a0a0a-0000-4000-8000-000000000002, type: similar }]
logsource: { category: Process_Creation, product: windows, definition: whatever }
detection:
  selection: { F: x }
  timeframe: 5m
  condition: all of them
fields: [Image, User]
falsepositives: [none]
level: high
simulation: { kind: [a, 1] }
`;
  const { rules, refused, diagnostics } = parseRules(text, 'r.yml');

  test('is read with nothing to say', () => {
    expect(diagnostics).toEqual([]);
    expect(refused).toEqual([]);
    expect(rules[0]).toMatchObject({
      file: 'r.yml',
      line: 1,
      logsource: { category: 'process_creation', product: 'windows' },
      captures: ['Image', 'User'],
    });
    expect(rules[0]?.details).toMatchObject({
      status: 'test',
      author: 'Someone',
      date: '2021-03-03',
      custom: [{ key: 'simulation' }],
    });
    expect(rules[0]?.details.related).toEqual([
      { id: '0a0a0a0a-0000-4000-8000-000000000002', type: 'similar' },
    ]);
  });

  test('without a postern block is a lead', () => {
    expect(rules[0]?.info).toEqual({
      id: '0a0a0a0a-0000-4000-8000-000000000001',
      title: 'A rule',
      kind: 'sigma',
      level: 'high',
      meaning: 'Finds a thing.',
      stage: 'probe',
      witness: 'lead',
      act: 'lead',
      cves: ['CVE-2021-26855', 'CVE-2021-26857'],
      flawProved: false,
      techniques: ['T1505.003'],
      falsePositives: ['none'],
      entities: {},
      joins: [],
      references: ['https://example.org/a'],
    });
  });

  test('is plain data', () => {
    expect(JSON.parse(JSON.stringify(rules))).toEqual(rules);
  });

  test('without an id gets one that follows from its content', () => {
    const [first] = parseRules(simple, 'a.yml').rules;
    const [same] = parseRules(simple, 'b.yml').rules;
    const [other] = parseRules(simple.replace('F: x', 'F: y'), 'a.yml').rules;
    expect(first?.info.id).toMatch(/^sigma-[0-9a-f]{16}$/);
    expect(same?.info.id).toBe(first?.info.id);
    expect(other?.info.id).not.toBe(first?.info.id);
  });

  test('keeps what it compares where it asks for no fields', () => {
    expect(
      parseRules(ruleText('a: { F: x, G|neq: y }\nb: [word]\ncondition: a or not b'), 'r.yml').rules[0]
        ?.captures,
    ).toEqual(['F', 'G']);
  });

  test('gives the title for a meaning where nothing else is said', () => {
    expect(parseRules(simple, 'r.yml').rules[0]?.info).toMatchObject({
      meaning: 'made for a test',
      level: 'informational',
    });
  });
});

describe('what is wrong is said with its place', () => {
  test.each([
    ['title: x\nlogsource: { product: windows }\n', 'error MISSING 1:1'],
    [
      'title: x\nlogsource: { product: windows }\ndetecton: { a: { F: x }, condition: a }\n',
      'error MISSING 3:1',
    ],
    ['logsource: { product: windows }\ndetection: { a: { F: x }, condition: a }\n', 'error MISSING 1:1'],
    ['title: x\ndetection: { a: { F: x }, condition: a }\n', 'error LOGSOURCE 1:1'],
    ['title: x\nlogsource: {}\ndetection: { a: { F: x }, condition: a }\n', 'error LOGSOURCE 2:12'],
    [
      'title: x\nlogsource: { product: [a] }\ndetection: { a: { F: x }, condition: a }\n',
      'error LOGSOURCE 2:23',
    ],
    ['title: x\nlogsource: { product: windows }\ndetection: { a: { F: x } }\n', 'error MISSING 3:12'],
    ['title: x\nlogsource: { product: windows }\ndetection: { condition: a }\n', 'error DETECTION 3:12'],
    [
      'title: x\ntaxonomy: mine\nlogsource: { product: windows }\ndetection: { a: { F: x }, condition: a }\n',
      'error TAXONOMY 2:11',
    ],
    [
      'title: x\nlogsource: { product: aws }\ndetection: { a: { F: x }, condition: a }\n',
      'info NO_SOURCE 2:1',
    ],
    ['title: x\ntitle: y\n', 'error YAML 2:1'],
    ['title: [\n', 'error YAML 2:1'],
    ['- a\n', 'error NOT_A_RULE 1:1'],
    ['just text\n', 'error NOT_A_RULE 1:1'],
    ['title: x\ncorrelation: { type: event_count }\n', 'error CORRELATION 2:14'],
    ['title: x\nlogsource: { product: windows }\nfilter: { rules: any }\n', 'error DETECTION 3:9'],
    [`level: hihg\n${simple}`, 'warning ATTRIBUTE 1:8'],
    [`status: tset\n${simple}`, 'warning ATTRIBUTE 1:9'],
    [`id: abc\n${simple}`, 'warning ATTRIBUTE 1:5'],
    [`date: today\n${simple}`, 'warning ATTRIBUTE 1:7'],
    [`tags: [nodot]\n${simple}`, 'warning ATTRIBUTE 1:1'],
  ])('%j', (text, said) => {
    expect(saidOf(text)).toContain(said);
  });

  test('in the words of a terminal', () => {
    const text = ruleText('selection:\n  CommandLine|containz: x\ncondition: selection');
    expect(parseRules(text, 'rules/shell.yml').diagnostics).toEqual([
      {
        code: 'POSTERN_SIGMA_UNKNOWN_MODIFIER',
        severity: 'error',
        message: 'CommandLine|containz: no modifier "containz"',
        hint: 'did you mean "contains"?',
        file: 'rules/shell.yml',
        line: 6,
        column: 5,
        rule: 'made for a test',
      },
    ]);
  });

  test.each([
    ['a: {}\ncondition: a', 'an empty selection'],
    ['a: []\ncondition: a', 'an empty selection'],
    ['a: { F: { G: x } }\ncondition: a', 'the value of "F" is a map'],
    ['a: { F: [[x]] }\ncondition: a', 'a value of "F" is no scalar'],
    ['a: [[x]]\ncondition: a', 'a list inside a list'],
    ['a: { F: x }\ncondition: { b: c }', 'the condition is no text'],
    ["a: { '|exists': true }\ncondition: a", '"exists" needs a field and stands alone'],
    ['a: { F|exists|neq: true }\ncondition: a', '"exists" needs a field and stands alone'],
    ["a: { F|exists: 'x' }\ncondition: a", 'F|exists: "exists": it takes true or false'],
    ['a: { F|contains|re: x }\ncondition: a', 'F|contains|re: "re": it must be the first modifier'],
    ['a: { F|i: x }\ncondition: a', 'F|i: "i": it follows "re" and nothing else'],
    ['a: { F|gt: x }\ncondition: a', 'F|gt: "gt": it takes a number'],
    ['a: { F|contains: null }\ncondition: a', 'F|contains: "contains": it takes a text'],
    ["a: { F|base64: 'a*' }\ncondition: a", 'F|base64: "base64": it takes a text without wildcards'],
    [
      'a: { F|contains|cidr: 10.0.0.0/8 }\ncondition: a',
      'F|contains|cidr: "cidr": it takes a value that no other modifier has changed',
    ],
    [
      'a: { F|cidr: 10.0.0.1/8 }\ncondition: a',
      'F|cidr: "cidr": "10.0.0.1/8" has bits set behind its prefix',
    ],
    [
      "a: { F|contains|expand: '%Admins%' }\ncondition: a",
      'F|contains|expand: "expand": nothing is known of %Admins%',
    ],
    ['a: [null]\ncondition: a', 'this cannot be searched for as a keyword'],
    ["a: { '|gt': 5 }\ncondition: a", 'this cannot be searched for as a keyword'],
  ])('%j is refused: %s', (detection, message) => {
    const { rules, refused } = parseRules(ruleText(detection), 'r.yml');
    expect(rules).toEqual([]);
    expect(refused).toEqual([
      { source: 'r.yml:1', title: 'made for a test', reason: expect.stringContaining(message) as string },
    ]);
  });

  test('a pattern that cannot be run in linear time is refused with the reason', () => {
    const [said] = detectionSaid("a: { F|re: '(?=x)y' }\ncondition: a");
    expect(said).toMatch(/the regular expression "\(\?=x\)y" cannot be run: .*\(\?=.*linear time/);
  });

  test('a backslash that takes a wildcard away is worth a word', () => {
    expect(detectionSaid(String.raw`a: { F: 'C:\dir\*' }` + '\ncondition: a')[0]).toContain(
      'is the character * itself',
    );
    expect(detectionSaid(String.raw`a: { F: 'C:\dir\\*' }` + '\ncondition: a')).toEqual([]);
    expect(detectionSaid(String.raw`a: { F: '\*' }` + '\ncondition: a')).toEqual([]);
  });

  test('"all" with one value is worth a word', () => {
    expect(detectionSaid('a: { F|all: x }\ncondition: a')).toEqual(['"all" with one value changes nothing']);
  });
});

describe('placeholders', () => {
  const text = ruleText(
    "a: { F|expand: ['x-%A%-%B%', '100\\%'] }\nb: { G: '%A%' }\nc: { H|re|expand: '^%A%$' }\ncondition: 1 of them",
  );

  test('known ones become alternatives', () => {
    const { rules, refused } = parseRules(text, 'r.yml', {
      placeholders: new Map([
        ['A', ['1', '2']],
        ['B', ['z']],
      ]),
    });
    expect(refused).toEqual([]);
    const written = JSON.stringify(rules[0]?.condition);
    for (const value of ['x-1-z', 'x-2-z', '100%', '%a%', '^1$', '^2$'])
      expect(written).toContain(`"${value}"`);
  });
});

describe('several documents', () => {
  const body = (title: string, value: string): string =>
    `title: ${title}\ndetection: { s: { F: ${value} }, condition: s }\n`;
  const source = 'logsource: { product: windows }\n';

  test('one bad rule does not sink the rest', () => {
    const { rules, refused } = parseRules(
      [simple, 'title: bad\n', `${body('good', 'y')}${source}`].join('---\n'),
      'r.yml',
    );
    expect(rules.map(({ info, line }) => [info.title, line])).toEqual([
      ['made for a test', 1],
      ['good', 11],
    ]);
    expect(refused.map(({ title }) => title)).toEqual(['bad']);
  });

  test('broken YAML in one document does not sink the others', () => {
    const { rules, refused } = parseRules([simple, 'title: bad\nlevel: [\n', simple].join('---\n'), 'r.yml');
    expect(rules.length).toBe(2);
    expect(refused.map(({ title }) => title)).toEqual(['bad']);
  });

  test('global is a template until reset, and wins', () => {
    const documents = [
      `action: global\n${source}level: low\n`,
      `${body('one', 'a')}level: high\n`,
      body('two', 'b'),
      'action: reset\n',
      body('three', 'c'),
    ];
    const { rules, refused } = parseRules(documents.join('---\n'), 'r.yml');
    expect(rules.map(({ info }) => [info.title, info.level])).toEqual([
      ['one', 'low'],
      ['two', 'low'],
    ]);
    expect(refused.map(({ title, reason }) => [title, reason])).toEqual([
      ['three', 'the rule has no log source'],
    ]);
  });

  test('repeat is the rule before with changes', () => {
    const documents = [
      `${body('one', 'a')}${source}level: low\n`,
      'action: repeat\ntitle: two\ndetection: { s: { F: b, G: c } }\n',
      'action: repeat\nlevel: high\n',
    ];
    const { rules } = parseRules(documents.join('---\n'), 'r.yml');
    expect(rules.map(({ info }) => [info.title, info.level])).toEqual([
      ['one', 'low'],
      ['two', 'low'],
      ['two', 'high'],
    ]);
    expect(JSON.stringify(rules[2]?.condition)).toContain('"G"');
  });

  test('other actions are refused', () => {
    expect(parseRules('action: repaet\ntitle: x\n', 'r.yml').diagnostics[0]).toMatchObject({
      code: 'POSTERN_SIGMA_ACTION',
      hint: 'did you mean "repeat"?',
    });
    expect(parseRules('action: repeat\ntitle: x\n', 'r.yml').refused[0]?.reason).toBe(
      'there is no rule before to repeat',
    );
  });

  test('documents of nothing are no rules', () => {
    expect(parseRules('', 'r.yml')).toEqual({
      rules: [],
      correlations: [],
      filters: [],
      refused: [],
      diagnostics: [],
    });
    expect(parseRules(`---\n# nothing\n---\n${simple}---\n`, 'r.yml')).toMatchObject({
      refused: [],
      diagnostics: [],
    });
  });
});

describe('hostile files', () => {
  test.each([
    ['deep brackets', '['.repeat(20_000)],
    ['deep maps', Array.from({ length: 200 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['an alias of itself', 'title: &a [*a]\n'],
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${Array.from('bcdefghij', (name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[i]}`).join(',')}]`).join('\n')}\n`,
    ],
    ['a deep condition', ruleText(`a: { F: x }\ncondition: ${'('.repeat(5000)}a${')'.repeat(5000)}`)],
    [
      'a condition that multiplies',
      ruleText(
        `${Array.from({ length: 300 }, (_, i) => `s${i}: { F: ${i} }`).join('\n')}\ncondition: ${Array(100).fill('1 of them').join(' and ')}`,
      ),
    ],
    ['a prototype', 'title: x\n__proto__: { a: b }\nconstructor: x\nlogsource: { __proto__: x }\n'],
  ])('%s: refused with a reason', (_, text) => {
    const { rules, refused, diagnostics } = parseRules(text, 'r.yml');
    expect(rules).toEqual([]);
    expect(refused.length).toBeGreaterThan(0);
    expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
  });

  const piece = fc.constantFrom(
    'title: x\n',
    'detection:\n',
    '  a:\n',
    '    F|re: (\n',
    '    F|contains: y\n',
    '  condition: a\n',
    '  condition: 1 of\n',
    'logsource:\n',
    '  product: windows\n',
    '---\n',
    'action: global\n',
    '- x\n',
    '"',
    '&a ',
    '*a\n',
    '{',
    ']',
    '\t',
    '!!int x\n',
    '<<: *a\n',
    '? \n',
    '%YAML 1.1\n',
    '|',
    '\0',
    '\ud800',
  );

  test('never throw, and every document is accounted for', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { refused, diagnostics } = parseRules(pieces.join(''), 'r.yml');
        expect(
          diagnostics.every(({ code, line, column }) => code in sigmaCodes && line >= 1 && column >= 1),
        ).toBe(true);
        expect(refused.every(({ reason }) => reason !== '')).toBe(true);
      }),
      propertyRuns(20),
    );
  });
});
