import { parseTime } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { parseScanArguments } from './arguments.ts';

describe('postern scan', () => {
  test('a path alone is enough', () => {
    expect(parseScanArguments(['a', 'b'])).toEqual({
      paths: ['a', 'b'],
      out: undefined,
      packs: [],
      rules: [],
      yara: [],
      baseline: [],
      indicators: [],
      asked: undefined,
      lang: 'en',
      jobs: undefined,
      json: false,
      quiet: false,
      debug: false,
      failOn: undefined,
      caseId: undefined,
      examiner: undefined,
      tlp: 'AMBER+STRICT',
      context: undefined,
      review: undefined,
      temp: undefined,
      inService: new Map(),
      clocks: new Map(),
      servers: new Map(),
      trustedProxies: [],
    });
  });

  test('lists are given by repeating the option', () => {
    const args = parseScanArguments([
      '.',
      '--rules',
      'a',
      '--rules',
      'b',
      '--pack',
      'p',
      '--yara',
      'y',
      '--indicators',
      'i',
    ]);
    expect(args).toMatchObject({ rules: ['a', 'b'], packs: ['p'], yara: ['y'], indicators: ['i'] });
  });

  test('trusted proxies do not depend on their order', () => {
    const args = parseScanArguments(['.', '--trusted-proxy', '10.0.0.9', '--trusted-proxy', '10.0.0.0/24']);
    expect(args.trustedProxies).toEqual(['10.0.0.0/24', '10.0.0.9']);
  });

  test('--in-service: a name and the day on which the server began its work', () => {
    const { inService } = parseScanArguments(['x', '--in-service', 'EX01.Corp.Example=2023-05-01']);
    expect([...inService]).toEqual([['ex01.corp.example', parseTime('2023-05-01')]]);
    expect(() => parseScanArguments(['x', '--in-service', '2023-05-01'])).toThrow('names no server');
    expect(() => parseScanArguments(['x', '--in-service', 'ex01=May'])).toThrow('"May" is no time');
  });

  test('--since and --until: a day as the end counts whole, a time as it stands', () => {
    const asked = (...args: string[]) => parseScanArguments(['.', ...args]).asked;
    expect(asked('--since', '2021-03-03')).toEqual({ from: parseTime('2021-03-03') });
    expect(asked('--until', '2021-03-03')).toEqual({ to: parseTime('2021-03-04') });
    expect(asked('--since', '2021-03-03', '--until', '2021-03-03')).toEqual({
      from: parseTime('2021-03-03'),
      to: parseTime('2021-03-04'),
    });
    expect(asked('--until', '2021-03-03T10:00:00+01:00')).toEqual({ to: parseTime('2021-03-03 09:00:00') });
  });

  test.each([
    [['--since', 'yesterday'], '"yesterday" is no time'],
    [['--until', '2021-02-30'], '"2021-02-30" is no time'],
    [['--since', '2021-03-04', '--until', '2021-03-03'], 'nothing lies between'],
    [['--lang', 'german'], '"german" is no language'],
    [['--trusted-proxy', 'lb01'], '"lb01" is no address or network'],
    [['--trusted-proxy', '10.0.0.0/33'], '"10.0.0.0/33" is no address'],
  ])('%j is refused', (args, message) => {
    expect(() => parseScanArguments(['.', ...args])).toThrow(
      expect.objectContaining({
        code: 'POSTERN_CLI_USAGE',
        message: expect.stringContaining(message) as unknown,
      }),
    );
  });

  test('a path that begins with a dash stands behind "--"', () => {
    expect(parseScanArguments(['--json', '--', '-evidence']).paths).toEqual(['-evidence']);
  });

  test.each([
    ['ex01=+05:00', 'ex01', 18_000],
    ['EX01=-03:30', 'ex01', -12_600],
    ['ex01=5:00', 'ex01', 18_000],
    ['ex01=-3600', 'ex01', -3600],
    ['ex01.corp.example=0', 'ex01.corp.example', 0],
  ])('--clock %s', (text, host, seconds) => {
    expect([...parseScanArguments(['.', '--clock', text]).clocks]).toEqual([[host, seconds]]);
  });

  test('--server gathers the paths of one name; a path may hold "="', () => {
    const { servers } = parseScanArguments([
      '.',
      '--server',
      'ex01=a',
      '--server',
      'ex01=b=c',
      '--server',
      'ex02=d',
    ]);
    expect([...servers]).toEqual([
      ['ex01', ['a', 'b=c']],
      ['ex02', ['d']],
    ]);
  });

  test.each([
    ['green', 'GREEN'],
    ['TLP:amber+strict', 'AMBER+STRICT'],
    ['RED', 'RED'],
  ])('--tlp %s', (text, tlp) => {
    expect(parseScanArguments(['.', '--tlp', text]).tlp).toBe(tlp);
  });

  test.each([
    [['--jobs', '0'], '--jobs'],
    [['--jobs', '257'], '--jobs'],
    [['--jobs', '1.5'], '--jobs'],
    [['--jobs', ''], '--jobs'],
    [['--fail-on', 'clean'], '--fail-on'],
    [['--tlp', 'WHITE'], '--tlp'],
    [['--clock', '=5'], '--clock'],
    [['--clock', 'ex01=noon'], '--clock'],
    [['--server', '=a'], '--server'],
  ])('%j is refused, with the option that is wrong', (argv, at) => {
    expect(() => parseScanArguments(['.', ...argv])).toThrow(
      expect.objectContaining({ code: 'POSTERN_CLI_USAGE', at }),
    );
  });

  test.each([[[]], [['--json']], [['.', '--nothing']], [['.', '--out']], [['.', '--json=yes']]])(
    '%j is refused',
    (argv) => {
      expect(() => parseScanArguments(argv)).toThrow(expect.objectContaining({ code: 'POSTERN_CLI_USAGE' }));
    },
  );
});
