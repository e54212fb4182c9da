import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../../testing/properties.ts';
import { linkRules } from '../link-rules.ts';
import { parseRules } from '../parse-rules.ts';
import { correlationText, fileOf, idOf } from '../testing/correlations.ts';
import { parseTimespan } from './timespan.ts';

/** Severity, code and place of all that is said; of the rules A to D that stand before nothing is. */
function said(...documents: readonly string[]): readonly string[] {
  const parsed = parseRules(fileOf(...documents), 'r.yml');
  const linked = linkRules([parsed]);
  const before = fileOf().split('\n').length;
  return [...parsed.diagnostics, ...linked.diagnostics].map(
    ({ severity, code, line, column }) =>
      `${severity} ${code.slice('POSTERN_SIGMA_'.length)} ${line - before}:${column}`,
  );
}

const sound = 'type: event_count\nrules: [A]\ntimespan: 5m\ncondition:\n  gte: 3';

describe('what is wrong with a correlation is said with its place', () => {
  // The first line of a document is its `---`'s successor: title is 1, correlation 4, its first key 5.
  test.each([
    [sound, []],
    [sound.replace('event_count', 'event_cuont'), ['error CORRELATION 5:9']],
    [sound.replace('rules: [A]', 'rules: []'), ['error CORRELATION 6:10']],
    [sound.replace('timespan: 5m', 'timespan: 5 minutes'), ['error CORRELATION 7:13']],
    [sound.replace('timespan: 5m', 'timespan: 0m'), ['error CORRELATION 7:13']],
    [sound.replace('timespan: 5m\n', ''), ['error CORRELATION 5:3']],
    [sound.replace('  gte: 3', '  gte: many'), ['error CORRELATION 9:10']],
    [sound.replace('  gte: 3', '  atleast: 3'), ['error CORRELATION 9:5']],
    [sound.replace('  gte: 3', '  gte: 3\n  field: u'), ['error CORRELATION 10:12']],
    [sound.replace('condition:\n  gte: 3', 'condition: A'), ['error CORRELATION 8:14']],
    [sound.replace('\ncondition:\n  gte: 3', ''), ['error CORRELATION 5:3']],
    [`${sound}\ngenerate: perhaps`, ['error CORRELATION 10:13']],
    [`${sound}\ngroupby: [u]`, ['warning CORRELATION 10:3']],
    [sound.replace('[A]', '[A, A]'), ['warning CORRELATION 6:10']],
    ['type: value_count\nrules: [A]\ntimespan: 5m\ncondition:\n  gte: 3', ['error CORRELATION 9:5']],
    [
      'type: value_sum\nrules: [A]\ntimespan: 5m\ncondition:\n  gte: 3\n  field: [a, b]',
      ['error CORRELATION 10:12'],
    ],
    [
      'type: value_percentile\nrules: [A]\ntimespan: 5m\ncondition:\n  gte: 3\n  field: a\n  percentile: 101',
      ['error CORRELATION 11:17'],
    ],
    ['type: temporal\nrules: [A, B]\ntimespan: 5m\ncondition: A and Z', ['error UNKNOWN_IDENTIFIER 8:20']],
    [`${sound}\naliases: who`, ['error CORRELATION 10:12']],
    [`${sound}\naliases:\n  who: user`, ['error CORRELATION 11:5']],
    [`${sound}\naliases:\n  who:\n    B: user`, ['warning REFERENCE 12:7']],
    [sound.replace('[A]', '[A, Zed]'), ['error REFERENCE 6:14']],
    [sound.replace('[A]', '[K]'), ['error CYCLE 6:11']],
  ])('%j', (body, expected) => {
    expect(said(correlationText('K', body))).toEqual(expected);
  });

  test('a section that is no map, and a document without a title', () => {
    expect(said('title: K\ncorrelation: many\n')).toEqual(['error CORRELATION 2:1']);
    expect(said(`correlation:\n${sound.replaceAll(/^/gm, '  ')}\n`)).toEqual(['error MISSING 1:1']);
  });

  test('the hint names the nearest rule', () => {
    const parsed = parseRules(fileOf(correlationText('K', sound.replace('[A]', '[AA]'))), 'r.yml');
    const { diagnostics, refused } = linkRules([parsed]);
    expect(diagnostics).toMatchObject([{ hint: 'did you mean "A"?', rule: 'correlation K', file: 'r.yml' }]);
    expect(refused).toMatchObject([
      { title: 'correlation K', reason: expect.stringContaining('"AA"') as unknown },
    ]);
  });
});

describe('chains', () => {
  const on = (name: string, rule: string): string => correlationText(name, sound.replace('[A]', `[${rule}]`));

  test('those that need one another are refused, and so is what is made of them; the rest runs', () => {
    const parsed = parseRules(fileOf(on('K', 'L'), on('L', 'K'), on('M', 'K'), on('N', 'A')), 'r.yml');
    const linked = linkRules([parsed]);
    expect(linked.refused.map(({ title }) => title)).toEqual([
      'correlation K',
      'correlation L',
      'correlation M',
    ]);
    expect(linked.correlations.rules.map(({ info }) => info.title)).toEqual(['correlation N']);
    expect(linked.rules).toHaveLength(4);
  });

  test('whatever their order, each stands behind what it is made of', () => {
    const parsed = parseRules(fileOf(on('K', 'L'), on('L', 'M'), on('M', 'A')), 'r.yml');
    const { correlations } = linkRules([parsed]);
    expect(correlations.rules.map(({ info, isSilent }) => [info.title, isSilent])).toEqual([
      ['correlation M', true],
      ['correlation L', true],
      ['correlation K', false],
    ]);
  });

  test('hits of a correlation have the fields it groups by and no others', () => {
    const grouped = correlationText(
      'L',
      sound.replace('[A]', '[K]').replace('condition', 'group-by: [u]\ncondition'),
    );
    expect(said(on('K', 'A'), grouped).filter((text) => text.startsWith('error'))).toHaveLength(1);
  });

  test('a very long chain is refused, not followed to the end of the stack', () => {
    const many = Array.from(
      { length: 3000 },
      (_, i) =>
        `title: c${i}\nname: c${i}\ncorrelation:\n  type: event_count\n  rules: [c${i + 1}]\n  timespan: 5m\n  condition: { gte: 1 }\n`,
    );
    const { refused } = linkRules([parseRules(many.join('---\n'), 'r.yml')]);
    expect(refused).toHaveLength(3000);
  });
});

describe('what correlations want of their rules', () => {
  test('rules keep the fields they are grouped by, by the name of each', () => {
    const text = correlationText(
      'K',
      'type: value_count\nrules: [A, B]\ntimespan: 5m\ngroup-by: [who, host]\naliases:\n  who:\n    A: user\ncondition:\n  field: path\n  gte: 2',
    );
    const { rules } = linkRules([parseRules(fileOf(text), 'r.yml')]);
    expect(rules.map(({ captures }) => captures)).toEqual([
      ['F', 'user', 'host', 'path'],
      ['F', 'who', 'host', 'path'],
      ['F'],
      ['F'],
    ]);
  });

  test('a rule gives hits of its own unless a correlation takes them, or one lets it', () => {
    const silent = correlationText('K', sound);
    const loud = correlationText('L', `${sound}\ngenerate: true`);
    const link = (...documents: readonly string[]): readonly string[] => [
      ...linkRules([parseRules(fileOf(...documents), 'r.yml')]).silent,
    ];
    expect(link(silent)).toEqual([idOf('A')]);
    expect(link(loud)).toEqual([]);
    expect(link(silent, loud)).toEqual([]);
  });

  test('rules are named by id in any case, or by name, in any file', () => {
    const one = parseRules(fileOf(), 'a.yml');
    const other = parseRules(correlationText('K', sound.replace('A', idOf('A').toUpperCase())), 'b.yml');
    expect(linkRules([other, one]).correlations.rules).toHaveLength(1);
  });

  test('a correlation has a level and tags of its own', () => {
    const text = `${correlationText('K', sound)}level: high\ntags: [attack.t1110]\n`;
    const { correlations } = linkRules([parseRules(fileOf(text), 'r.yml')]);
    expect(correlations.rules[0]?.info).toMatchObject({
      kind: 'correlation',
      level: 'high',
      techniques: ['T1110'],
    });
  });
});

test.each([
  ['30s', 30],
  ['5m', 300],
  ['2h', 7200],
  ['1d', 86_400],
  ['1w', 604_800],
  ['1M', 2_629_746],
  ['1y', 31_556_952],
  ['5', undefined],
  ['m', undefined],
  ['-5m', undefined],
  ['5.5m', undefined],
  ['5 m', undefined],
])('the timespan %s is %s seconds', (text, seconds) => {
  expect(parseTimespan(text)).toBe(seconds);
});

describe('rules of the first Sigma that count', () => {
  const old = (condition: string, timeframe = 'timeframe: 5m'): string =>
    `title: old\nid: ${idOf('O')}\nlevel: high\nlogsource:\n  product: windows\ndetection:\n  s:\n    F: a\n  ${timeframe}\n  condition: ${condition}\n`;

  test.each([
    ['s | count() > 5', { type: 'event_count', op: 'gt', groupBy: [], valueFields: [] }],
    ['s | count() by User >= 5', { type: 'event_count', op: 'gte', groupBy: ['User'], valueFields: [] }],
    [
      's | count(Ip) by User, Host < 5',
      { type: 'value_count', op: 'lt', groupBy: ['User', 'Host'], valueFields: ['Ip'] },
    ],
    ['s | sum(Bytes) by Ip > 5', { type: 'value_sum', op: 'gt', groupBy: ['Ip'], valueFields: ['Bytes'] }],
    ['s | avg(Bytes) = 5', { type: 'value_avg', op: 'eq', groupBy: [], valueFields: ['Bytes'] }],
  ])('%s lives on as %j', (condition, { type, op, groupBy, valueFields }) => {
    const { rules, correlations, refused } = parseRules(old(condition), 'r.yml');
    expect(refused).toEqual([]);
    expect(correlations).toMatchObject([
      {
        info: { id: idOf('O'), title: 'old', level: 'high', kind: 'correlation' },
        type,
        timespanSeconds: 300,
        condition: { kind: 'thresholds', thresholds: [{ op, value: 5 }] },
        groupBy: groupBy.map((text) => ({ text })),
        valueFields,
      },
    ]);
    const linked = linkRules([{ rules, correlations, filters: [] }]);
    expect([...linked.silent]).toEqual([`${idOf('O')}#searched`]);
  });

  test.each([
    [old('s | near a and b'), 'no correlation can take the place of'],
    [old('s | min(Bytes) > 5'), 'no correlation can take the place of'],
    [old('s | count() by User'), 'no correlation can take the place of'],
    [old('s | count() > 5', 'status: x'), 'no timeframe'],
    [old('s | count() > 5', 'timeframe: soon'), 'no timeframe'],
    [old('s and | count() > 5'), 'the condition ends'],
  ])('%j is refused', (text, reason) => {
    const { rules, correlations, refused } = parseRules(text, 'r.yml');
    expect([rules, correlations]).toEqual([[], []]);
    expect(refused).toMatchObject([{ title: 'old', reason: expect.stringContaining(reason) as unknown }]);
  });
});

test('any text in a correlation is read or refused, never worse', () => {
  const value = fc.oneof(
    fc.constantFrom(
      '[A]',
      '[K]',
      '5m',
      'A and B',
      '{ gte: 1 }',
      '{ field: x, gte: 1 }',
      'true',
      '~',
      '[[]]',
      '{}',
    ),
    fc.string({ maxLength: 8 }).map((text) => JSON.stringify(text)),
  );
  const keys = ['type', 'rules', 'group-by', 'timespan', 'aliases', 'condition', 'generate'];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 8 }),
      fc.constantFrom('event_count', 'temporal', 'value_count', 'temporal_ordered'),
      (entries, type) => {
        const body = [`type: ${type}`, ...entries.map(([key, text]) => `${key}: ${text}`)].join('\n');
        const parsed = parseRules(fileOf(correlationText('K', body)), 'r.yml');
        const linked = linkRules([parsed]);
        const told = parsed.refused.length + linked.refused.length + linked.correlations.rules.length;
        expect(told).toBe(1);
      },
    ),
    propertyRuns(4),
  );
});
