import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verdictOrder, type Assessment, type Server } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { testFolder } from '../../collection/src/testing/evidence.ts';
import { reached } from './scan-command.ts';
import { tell, type Told } from './testing/console.ts';

const rows = [
  '#Software: Microsoft Internet Information Services 10.0',
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken',
  '2021-03-03 10:00:00 10.0.0.5 POST /aspnet_client/x.aspx - 443 - 198.51.100.7 Mozilla/5.0 - 200 0 0 15',
  '',
].join('\r\n');

function evidence(): string {
  const folder = join(testFolder(), 'evidence');
  mkdirSync(folder);
  writeFileSync(join(folder, 'u_ex210303.log'), rows);
  return folder;
}

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

interface RunRecord {
  readonly outputs: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

describe('--out', () => {
  test('writes everything, and run.json knows the hash of each', async () => {
    const out = join(testFolder(), 'deep', 'out');
    const argv = ['scan', evidence(), '--out', out, '--case', 'C-1', '--examiner', 'eve'];
    const { status } = await tell(argv);
    expect(status).toBe(0);
    const names = ['report.html', 'timeline.csv', 'findings.jsonl', 'assessment.json', 'hashes.csv'];
    expect(readdirSync(out).toSorted()).toEqual([...names, 'run.json'].toSorted());
    const run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunRecord;
    expect(run.outputs).toEqual(
      names.map((name) => {
        const path = join(out, name);
        return { name, bytes: readFileSync(path).length, sha256: sha256(path) };
      }),
    );
    expect(run).toMatchObject({
      tlp: 'AMBER+STRICT',
      command: 'scan',
      folder: process.cwd(),
      given: [],
      case: 'C-1',
      examiner: 'eve',
      arguments: argv.slice(1),
      complete: true,
      files: 1,
    });
  });

  test('the run is told of in run.json alone: all else is the same each time', async () => {
    const folder = evidence();
    const outs = [join(testFolder(), 'a'), join(testFolder(), 'b')];
    for (const out of outs) await tell(['scan', folder, '--out', out]);
    const [first = '', second = ''] = outs;
    for (const name of readdirSync(first).filter((each) => each !== 'run.json'))
      expect(sha256(join(first, name))).toBe(sha256(join(second, name)));
  });

  test('what the user gave beside the evidence is in the record with its hash', async () => {
    const [rules, out] = [join(testFolder(), 'rules'), join(testFolder(), 'out')];
    mkdirSync(rules);
    writeFileSync(join(rules, 'b.yml'), 'title: b\n');
    writeFileSync(join(rules, 'a.yml'), 'title: a\n');
    const context = join(testFolder(), 'context.json');
    writeFileSync(context, '{"organisation":"O"}');
    await tell(['scan', evidence(), '--out', out, '--rules', rules, '--context', context]);
    const list = ['a.yml', 'b.yml'].map((name) => `${sha256(join(rules, name))}  ${name}\n`).join('');
    const { given } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as { given: unknown };
    expect(given).toEqual([
      {
        option: 'rules',
        path: rules,
        files: 2,
        bytes: 18,
        sha256: createHash('sha256').update(list).digest('hex'),
      },
      { option: 'context', path: context, files: 1, bytes: 20, sha256: sha256(context) },
    ]);
  });

  test('inside the evidence nothing is made', async () => {
    const folder = evidence();
    const { status } = await tell(['scan', folder, '--out', join(folder, 'out')]);
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  test('a folder that cannot be is found out before anything is read', async () => {
    const file = join(testFolder(), 'file');
    writeFileSync(file, '');
    const { status, err } = await tell(['scan', evidence(), '--out', join(file, 'out')]);
    expect(status).toBe(2);
    expect(err).toContain('error POSTERN_CLI_OUTPUT');
  });
});

test('a clock that moves nothing is said to, with the reason', async () => {
  const { status, err } = await tell(['scan', evidence(), '--clock', 'nohost=+01:00']);
  expect(status).toBe(0);
  expect(err).toContain('warning POSTERN_CLI_CLOCK  --clock nohost\n      no host of this run is called so');
});

test('a ruling on something that was not found is said to do nothing', async () => {
  const review = join(testFolder(), 'review.json');
  const ruling = {
    id: 'finding-none',
    disposition: 'own-test',
    author: 'E',
    date: '2021-03-20',
    reason: 'r',
  };
  writeFileSync(review, JSON.stringify([ruling]));
  const { status, err } = await tell(['scan', evidence(), '--review', review]);
  expect(status).toBe(0);
  expect(err).toContain(`warning POSTERN_CLI_REVIEW  ${review}\n      one of its rulings names no finding`);
});

test('a server of which something is stated and that is not there is said to be none', async () => {
  const { status, err } = await tell(['scan', evidence(), '--in-service', 'ex09=2023-05-01']);
  expect(status).toBe(0);
  expect(err).toContain(
    'warning POSTERN_CLI_IN_SERVICE  --in-service ex09\n      no server of this run is called so',
  );
});

test('without options the summary is printed', async () => {
  const { status, out } = await tell(['scan', evidence()]);
  expect(status).toBe(0);
  expect(out).toContain('LIKELY COMPROMISED');
  expect(out.endsWith('\n')).toBe(true);
});

test.each([
  ['tlp', ['--tlp', 'red'], (assessment: Assessment) => assessment.tlp, 'RED'],
  [
    'clock',
    ['--clock', 'ex01=+01:00'],
    (assessment: Assessment) => assessment.options,
    { clock: ['ex01=3600'] },
  ],
  [
    'proxies',
    ['--trusted-proxy', '10.0.0.9'],
    (assessment: Assessment) => assessment.options,
    { 'trusted-proxy': ['10.0.0.9'] },
  ],
])('options that change the result are in it: %s', async (_, argv, of, expected) => {
  const { out } = await tell(['scan', evidence(), '--json', ...argv]);
  expect(of(JSON.parse(out) as Assessment)).toEqual(expected);
});

describe('--fail-on', () => {
  const withVerdict = (verdict: Server['headline']): Assessment =>
    ({ servers: [{ headline: verdict }] }) as unknown as Assessment;

  test.each(verdictOrder.map((verdict, i) => [verdict, i] as const))('%s', (verdict, i) => {
    const found = withVerdict({ pack: 'p', verdict });
    for (const [k, limit] of verdictOrder.entries()) expect(reached(found, limit)).toBe(i <= k);
    expect(reached(found, undefined)).toBe(false);
  });

  test('a host without a verdict reaches nothing', () => {
    expect(reached(withVerdict(undefined), 'nothing-found')).toBe(false);
  });
});

describe('the other commands', () => {
  const run = async (...argv: string[]): Promise<Told> => tell(argv);

  test('help is the answer to no command, and then it is wrong usage', async () => {
    const asked = await run('help');
    expect(asked.status).toBe(0);
    expect(asked.out).toContain('postern scan PATH');
    expect(await run()).toEqual({ ...asked, status: 2 });
  });

  test('help names every option and fits a terminal', async () => {
    const { out } = await run('help');
    expect(out.split('\n').filter((line) => Array.from(line).length > 100)).toEqual([]);
    const { err } = await run('scan', 'x', '--no-such-option');
    expect(err).toContain('there is no option --no-such-option');
    for (const option of ['--since', '--yara', '--explain', '--placeholders', '--temp', '--tlp', '--lang'])
      expect(out).toContain(`  ${option} `);
  });

  test('each command has help', async () => {
    for (const [command, option, other] of [
      ['scan', '--fail-on', '--explain'],
      ['hunt', '--explain', '--tlp'],
      ['events', '--recover', '--explain'],
      ['verify', 'BEFORE', '--tlp'],
      ['pack', 'postern pack check DIR', '--out'],
    ] as const) {
      const own = await run(command, '--help');
      expect(own).toEqual(await run('help', command));
      expect(own.status).toBe(0);
      expect(own.out).toContain(`postern ${command} `);
      expect(own.out).toContain(option);
      expect(own.out).not.toContain(other);
      expect(own.out).toContain('Exit status');
    }
    expect((await run('scan', '--', '--help')).status).toBe(2);
  });

  test.each([
    [['scna'], 'there is no command "scna"', 'did you mean "scan"?'],
    [['scan', 'x', '--ruels', 'y'], 'there is no option --ruels', 'did you mean "--rules"?'],
    [['scan', 'x', '--outt=y'], 'there is no option --outt', 'did you mean "--out"?'],
    [['scan', 'x', '--out'], 'error POSTERN_CLI_USAGE  --out', 'wants a value'],
    [['events', 'x', '--quiet=1'], "'--quiet' does not take", 'postern help'],
    [['pack', 'check', 'nowhere'], 'error POSTERN_PACK_UNKNOWN  nowhere', 'pack.yaml'],
    [['scan', '.', '--context', 'no.json'], 'error POSTERN_CLI_FILE  no.json', 'cannot be read'],
  ])('%j is answered with what to do', async (argv, what, hint) => {
    const { status, err } = await run(...argv);
    expect(status).toBe(2);
    expect(err).toContain(what);
    expect(err).toContain(hint);
  });

  test('version', async () => {
    expect(await run('version')).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^postern \d+\.\d+\.\d+\n$/) as unknown,
    });
  });

  test('pack list', async () => {
    const { status, out } = await run('pack', 'list');
    expect(status).toBe(0);
    expect(out).toMatch(/^exchange-2021 \d/m);
  });

  test('pack check of what comes with it finds no error', async () => {
    const { status, out } = await run('pack', 'check', 'exchange-2021');
    expect(out).toMatch(/: \d+ rules, 0 errors/);
    expect(status).toBe(0);
  });

  test.each([[['pack']], [['pack', 'chekc']], [['pack', 'check']], [['pack', 'check', 'nowhere']]])(
    '%j',
    async (argv) => {
      const { status, err } = await tell(argv);
      expect(status).toBe(2);
      expect(err).toMatch(/^error POSTERN_/);
    },
  );
});
