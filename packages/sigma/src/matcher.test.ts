import type { Shape } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { compileRules } from './compile-rules.ts';
import { percentEscapeLiterals } from './literals.ts';
import type { Matcher } from './matcher.ts';
import { openRuleSet } from './open-rule-set.ts';
import { ruleLimits } from './rule-limits.ts';
import { batchOf, hitsOf, matcherOf, ruleText, rulesOf, shapeOf, type MadeValue } from './testing/records.ts';

const web = 'category: webserver';
const iis = shapeOf('iis', [
  'cs-method',
  'cs-uri-stem',
  'cs-uri-query',
  'cs-username',
  'cs(User-Agent)',
  'cs(Referer)',
]);
const ecp = shapeOf('ecp-server', ['ServerName', 'CMD']);
const event = shapeOf('windows-event', ['F']);
const ecpLogs = 'product: exchange\nservice: ecp-server';

/** Literals without the escapes that stand for hidden ones. */
function literalsOf(matcher: Matcher | undefined): readonly string[] | undefined {
  return matcher?.literals?.filter((literal) => !literal.startsWith('%'));
}

function webLiterals(detection: string): readonly string[] | undefined {
  return literalsOf(matcherOf(rulesOf(ruleText(detection, web)), iis));
}

describe('literals', () => {
  test.each<readonly [string, readonly string[] | undefined]>([
    ['a: { cs-uri-stem|contains: /owa/auth/Current/ }\ncondition: a', ['current']],
    [
      'a: { cs-uri-stem|contains: [/ecp/main.css, /ECP/default.flt] }\ncondition: a',
      ['default.flt', 'main.css'],
    ],
    [
      'a: { cs-uri-stem|contains|all: [/autodiscover.json, powershell] }\ncondition: a',
      ['autodiscover.json'],
    ],
    ['a: { cs-uri-stem|contains: longest.one, cs-method: POST }\ncondition: a', ['longest.one']],
    ['a: { cs-method: POST }\ncondition: a', ['post']],
    ['a: { cs-method: POST, cs-uri-stem|contains: /ecp/ }\ncondition: a', ['/ecp/']],
    ['a: { cs-uri-stem|contains: /owa/auth/ }\ncondition: a', ['/owa/auth/']],
    ['a: { cs-method: GET }\ncondition: a', undefined],
    ["a: { cs-uri-stem|contains: '/a?b/' }\ncondition: a", undefined],
    ["a: { cs-uri-stem|re: 'sh(x|y)+\\.aspx' }\ncondition: a", ['.aspx']],
    ["a: { cs-uri-stem|re|i: 'desk.top' }\ncondition: a", undefined],
    ["a: { cs-uri-stem: 'page*.aspx' }\ncondition: a", ['.aspx']],
    ["a: { cs-user-agent: 'Mozilla/5.0 (compatible, X11)' }\ncondition: a", ['(compatible']],
    ["a: { cs-username|endswith: 'corp\\admin$' }\ncondition: a", ['corp\\admin$']],
    ["a: ['shell.aspx?cmd=']\ncondition: a", ['shell.aspx']],
    ["a: ['={{']\ncondition: a", ['={{']],
    ["a: ['{{x']\ncondition: a", ['{{x']],
    ["a: ['={x']\ncondition: a", ['={x']],
    ["a: ['={']\ncondition: a", undefined],
    ["a: ['=xx']\ncondition: a", undefined],
    ["a: ['=cmd+/c+', 'select version()']\ncondition: a", ['=cmd', 'select']],
    ['a: { cs-uri-stem: long.one }\nb: { cs-uri-stem: other }\ncondition: a or b', ['long.one', 'other']],
    ['a: { cs-uri-stem: long.one }\nb: { cs-method: GET }\ncondition: a or b', undefined],
    ['a: { cs-uri-stem: long.one }\nb: { cs-method: GET }\ncondition: b and not a', undefined],
    ['a: { cs-uri-stem: long.one }\nb: { cs-method: GET }\ncondition: a and not b', ['long.one']],
    [
      'a: { cs-uri-stem: long.one }\nb: { cs-uri-stem: other }\ncondition: not (not a or not b)',
      ['long.one'],
    ],
    ['a: { cs-uri-stem|neq: long.one }\ncondition: not a', ['long.one']],
    ['a: { cs-uri-stem: long.one }\nb: { nothing: x }\ncondition: a or b', ['long.one']],
    ['a: { cs-uri-stem: [aspnet_client, xaspnet_clientx] }\ncondition: a', ['aspnet_client']],
    ['a: { cs-uri-stem|fieldref: cs-uri-query }\ncondition: a', undefined],
    ['a: { cs-username: null }\ncondition: a', undefined],
    ["a: { cs-uri-stem|contains: 'caf\u00e9.page' }\ncondition: a", ['.page']],
    ["a: { cs-uri-stem|contains: 'KELVIN\u212aPAGE' }\ncondition: a", ['kelvin']],
  ])('of %j are %j', (detection, literals) => {
    expect(webLiterals(detection)).toEqual(literals);
  });

  test('of requests come with the escapes they can hide behind, of other logs without', () => {
    const request = matcherOf(rulesOf(ruleText('a: { cs-uri-stem: long.one }\ncondition: a', web)), iis);
    expect(request?.literals).toEqual(expect.arrayContaining([...percentEscapeLiterals]));
    expect(percentEscapeLiterals).toEqual(expect.arrayContaining(['%2e', '%41', '%61', '%5f', '%30']));
    expect(request?.literals).not.toContain('%2f');
    const path = matcherOf(rulesOf(ruleText('a: { cs-uri-stem: /ecp/ }\ncondition: a', web)), iis);
    expect(path?.literals).toEqual(expect.arrayContaining(['/ecp/', '%2f', '%65']));
    const agent = matcherOf(rulesOf(ruleText('a: { cs-user-agent: antSword/v2.1 }\ncondition: a', web)), iis);
    expect(agent?.literals).toEqual(['antsword/v2.1']);
  });

  test('of quoted logs stop at quotes', () => {
    const rules = rulesOf(
      ruleText(
        `a: { CMD|contains: 'ExternalUrl=''http://f/<script language="JScript" ' }\ncondition: a`,
        ecpLogs,
      ),
    );
    expect(matcherOf(rules, ecp)?.literals).toEqual(['http://f/<script language=']);
  });

  test('are those of all rules; one rule without makes every record a candidate and is named', () => {
    const guarded = rulesOf(ruleText('a: { CMD|contains: Set-OabVirtualDirectory }\ncondition: a', ecpLogs));
    const other = rulesOf(ruleText('a: { CMD|contains: eval( }\ncondition: a', ecpLogs));
    const open = rulesOf(ruleText('a: { CMD|contains: x }\ncondition: a', ecpLogs));
    expect(matcherOf([...guarded, ...other], ecp)).toMatchObject({
      literals: ['eval(', 'set-oabvirtualdirectory'],
      unguarded: [],
    });
    expect(matcherOf([...guarded, ...open], ecp)).toMatchObject({
      literals: undefined,
      unguarded: [open[0]?.info.id],
    });
  });

  // Each value fits its rule by an encoding or a folding that changes the bytes where the literal might have stood.
  test.each<readonly [string, Shape, string, readonly MadeValue[]]>([
    ["{ cs-uri-stem|contains: 'ab%cd.page' }", iis, web, ['GET', '/ab%25cd.page', null, null, null, null]],
    ["{ cs-uri-stem|contains: 'ab cd.page' }", iis, web, ['GET', '/ab%20cd.page', null, null, null, null]],
    ['{ cs-uri-stem|contains: page.aspx }', iis, web, ['GET', '/p%61ge.aspx', null, null, null, null]],
    ['{ cs-uri-stem|contains: /ecp/ }', iis, web, ['GET', '%2Fecp%2F', null, null, null, null]],
    ["{ cs-uri-query|contains: '.json?@evil' }", iis, web, ['GET', '/a.json', '@evil', null, null, null]],
    [
      String.raw`{ cs-uri-query|contains: '.json\?@evil' }`,
      iis,
      web,
      ['GET', '/a.json', '@evil', null, null, null],
    ],
    [
      "{ cs-user-agent: 'some (odd, agent)' }",
      iis,
      web,
      ['GET', '/', null, null, { raw: 'some++(odd,+agent)', type: 'plusText' }, null],
    ],
    [`{ CMD|contains: 'x="abcd"y' }`, ecp, ecpLogs, ['EX01', { raw: 'x=""abcd""y', type: 'ecpText' }]],
    [`{ CMD|contains: "it's told" }`, ecp, ecpLogs, ['EX01', { raw: "it''s told", type: 'ecpText' }]],
    ['{ F|contains: kelvin-page }', event, 'product: windows', ['\u212aELVIN-page']],
    ['{ F|contains: limited-page }', event, 'product: windows', ['L\u0130M\u0130TED-page']],
    ['{ F|re|i: desks-page }', event, 'product: windows', ['de\u017f\u212a\u017f-page']],
    ["{ F|contains: 'a/b.page' }", event, 'product: windows', [{ raw: 'a\\/b.page', type: 'jsonString' }]],
    [
      "{ F|contains: 'x<object>' }",
      event,
      'product: windows',
      [{ raw: 'x\\u003cobject\\u003e', type: 'jsonString' }],
    ],
    ['{ F|contains: object }', event, 'product: windows', [{ raw: 'o\\u0062ject', type: 'jsonString' }]],
  ])('%s: what fits holds one of them in its bytes', (items, shape, logsource, values) => {
    const matcher = matcherOf(rulesOf(ruleText(`a: ${items}\ncondition: a`, logsource)), shape);
    const batch = batchOf(shape, values);
    expect(hitsOf(matcher, batch)).toEqual([0]);
    const bytes = Buffer.from(batch.buffer)
      .toString('latin1')
      .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
    expect(matcher?.literals).toBeDefined();
    expect(matcher?.literals?.filter((literal) => bytes.includes(literal))).not.toEqual([]);
  });

  test('of a rule that always holds are none', () => {
    const rules = rulesOf(ruleText('a: { CMD|neq: x }\nb: { nothing: null }\ncondition: b', ecpLogs));
    expect(matcherOf(rules, ecp)).toMatchObject({ literals: undefined, rules: [0] });
  });
});

describe('a rule set', () => {
  const rules = rulesOf(
    [
      ruleText('a: { cs-uri-stem: x }\ncondition: a', web),
      ruleText('a: { CMD: x }\ncondition: a', ecpLogs),
      ruleText('a: { Channel: Security, EventID: 4625 }\ncondition: a'),
      ruleText('a: { Channel: Security, EventID: 4624 }\nb: { F: x }\ncondition: a and b'),
    ].join('---\n'),
  );

  test('is plain data', () => {
    const ruleSet = compileRules(rules);
    expect(structuredClone(ruleSet)).toEqual(ruleSet);
    expect(JSON.parse(JSON.stringify(ruleSet))).toEqual(ruleSet);
    expect(compileRules(rules)).toEqual(ruleSet);
  });

  test('has each test once', () => {
    const twice = compileRules([...rules, ...rules]);
    expect(twice.tests).toEqual(compileRules(rules).tests);
    expect(twice.rules.length).toBe(8);
  });

  test('asks only the rules that a shape can match', () => {
    const open = openRuleSet(compileRules(rules));
    expect(open.rules.map(({ title }) => title)).toEqual(rules.map(({ info }) => info.title));
    expect(open.forShape(iis)?.rules).toEqual([0]);
    expect(open.forShape(ecp)?.rules).toEqual([1]);
    expect(open.forShape(shapeOf('iis', ['cs-method']))).toBeUndefined();
    expect(open.forShape(shapeOf('unheard-of', ['cs-uri-stem']))).toBeUndefined();
    const security = (EventID: string): readonly number[] | undefined =>
      open.forShape(shapeOf('windows-event', ['F'], { Channel: 'Security', EventID }))?.rules;
    expect([security('4625'), security('4624'), security('1')]).toEqual([[2], [3], undefined]);
  });

  test('makes one matcher for shapes that are alike', () => {
    const open = openRuleSet(compileRules(rules));
    expect(open.forShape(shapeOf('iis', iis.fields))).toBe(open.forShape(iis));
    expect(open.forShape(shapeOf('iis', iis.fields, { x: 'y' }))).not.toBe(open.forShape(iis));
  });

  test('minds header lines only where a rule names one', () => {
    const dated = (date: string): Shape => shapeOf('iis', iis.fields, { '#Date': date });
    const open = openRuleSet(compileRules(rules));
    expect(open.forShape(dated('2021-03-03'))).toBe(open.forShape(dated('2021-03-04')));
    const minding = openRuleSet(
      compileRules(rulesOf(ruleText("a: { '#Date': 2021-03-03 }\ncondition: a", web))),
    );
    expect(minding.forShape(dated('2021-03-03'))).toBeDefined();
    expect(minding.forShape(dated('2021-03-04'))).toBeUndefined();
  });

  test('forgets matchers when a hostile log has too many shapes, and goes on', () => {
    const open = openRuleSet(compileRules(rules));
    const first = open.forShape(shapeOf('iis', iis.fields));
    for (let i = 0; i <= ruleLimits.matchersKept; i++)
      open.forShape(shapeOf('iis', ['cs-uri-stem', `f${i}`]));
    const again = open.forShape(shapeOf('iis', iis.fields));
    expect(again).not.toBe(first);
    expect(again?.rules).toEqual(first?.rules);
  });

  test('matches record after record', () => {
    const matcher = openRuleSet(compileRules(rules)).forShape(ecp);
    const records = ['x', 'y', 'X'].map((text) => batchOf(ecp, ['EX01', text]));
    expect(records.map((batch) => hitsOf(matcher, batch))).toEqual([[0 + 1], [], [1]]);
  });
});
