import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testFolder } from '../../collection/src/testing/evidence.ts';
import { tell } from './testing/console.ts';

const log = [
  '#Software: Microsoft Internet Information Services 10.0',
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken',
  '2021-03-03 10:00:00 10.0.0.5 POST /aspnet_client/x.aspx - 443 - 198.51.100.7 Mozilla/5.0 - 200 0 0 15',
  '2021-03-03 10:00:01 10.0.0.5 GET /owa/ - 443 - 198.51.100.7 Mozilla/5.0 - 200 0 0 15',
  '',
].join('\r\n');

const rule = `title: page asked
id: 20000000-0000-4000-8000-000000000001
level: high
logsource:
  category: webserver
detection:
  s:
    cs-uri-stem|endswith: .aspx
  condition: s
`;

const broken = rule.replace('page asked', 'broken').replace('endswith', 'endwith');

function made(): { readonly evidence: string; readonly rules: string; readonly out: string } {
  const folder = testFolder();
  const evidence = join(folder, 'evidence');
  mkdirSync(evidence);
  writeFileSync(join(evidence, 'u_ex210303.log'), log);
  writeFileSync(join(evidence, 'notes.txt'), 'x');
  const rules = join(folder, 'rules.yml');
  writeFileSync(rules, `${rule}---\n${broken}`);
  return { evidence, rules, out: join(folder, 'out', 'hits.csv') };
}

describe('hunt', () => {
  test('prints matches as JSON lines, and the summary beside', async () => {
    const { evidence, rules } = made();
    const { status, out, err } = await tell(['hunt', evidence, '--rules', rules]);
    expect(status).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toMatchObject([
      { time: '2021-03-03T10:00:00Z', rule: { title: 'page asked' }, line: 3, file: 'u_ex210303.log' },
    ]);
    expect(err).toContain('POSTERN_SIGMA_UNKNOWN_MODIFIER');
    expect(err).toContain('2 records in 2 files');
    expect(err).toContain('1 rule ran · 1 refused');
    expect(err).toContain('hits: high 1');
    expect(err).toContain('not read: no reader for it: 1 (notes.txt)');
  });

  test('--out writes a file, --quiet says nothing', async () => {
    const { evidence, rules, out: path } = made();
    const argv = ['hunt', evidence, '--rules', rules, '--format', 'csv', '--out', path, '--quiet'];
    expect(await tell(argv)).toEqual({ status: 0, out: '', err: '' });
    expect(readFileSync(path, 'utf8').split('\r\n')).toHaveLength(3);
  });

  test('where nothing is evidence the status says so; an empty log is evidence', async () => {
    const { evidence, rules } = made();
    rmSync(join(evidence, 'u_ex210303.log'));
    for (const argv of [
      ['hunt', evidence, '--rules', rules],
      ['events', evidence],
    ]) {
      const { status, err } = await tell(argv);
      expect(status).toBe(3);
      expect(err).toContain('error POSTERN_SCAN_NO_EVIDENCE');
    }
    writeFileSync(join(evidence, 'u_ex210303.log'), '#Fields: date time cs-uri-stem\r\n');
    expect((await tell(['events', evidence])).status).toBe(0);
  });

  test('inside of the evidence nothing is made', async () => {
    const { evidence, rules } = made();
    const path = join(evidence, 'hits.jsonl');
    const { status } = await tell(['hunt', evidence, '--rules', rules, '--out', path]);
    expect([status, existsSync(path)]).toEqual([2, false]);
  });

  test('--explain says what failed', async () => {
    const { evidence, rules } = made();
    const { status, out } = await tell(['hunt', evidence, '--rules', rules, '--explain', 'page asked']);
    expect(status).toBe(0);
    expect(out).toContain('2 records are of its log source');
    expect(out).toContain("1 missed\n  s: cs-uri-stem|endswith: '.aspx'");
    const json = await tell([
      'hunt',
      evidence,
      '--rules',
      rules,
      '--explain',
      'page asked',
      '--format',
      'jsonl',
    ]);
    expect(
      json.out
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toMatchObject([
      { matches: true, count: 1 },
      { matches: false, count: 1, reasons: ["s: cs-uri-stem|endswith: '.aspx'"] },
    ]);
  });

  test('without a rule that can be run is wrong usage, and finds nothing', async () => {
    const { evidence } = made();
    const folder = testFolder();
    const none = await tell(['hunt', evidence, '--rules', folder]);
    expect([none.status, none.out]).toEqual([2, '']);
    expect(none.err).toContain('no rule was found here');
    writeFileSync(join(folder, 'bad.yml'), 'no: rule');
    const bad = await tell(['hunt', evidence, '--rules', folder]);
    expect([bad.status, bad.out]).toEqual([2, '']);
    expect(bad.err).toMatch(/error POSTERN_SIGMA_[^]*none of the rules here can be run/);
  });

  test('of nothing is told by its exit status', async () => {
    const { rules } = made();
    const { status, err } = await tell(['hunt', testFolder(), '--rules', rules]);
    expect([status, err.includes('POSTERN_SCAN_NO_EVIDENCE')]).toEqual([3, true]);
  });

  test.each([
    ['no path', ['hunt', '--rules', 'x']],
    ['no rules', ['hunt', '.']],
    ['a format that is none', ['hunt', '.', '--rules', 'x', '--format', 'xml']],
    ['rules that are not there', ['hunt', '.', '--rules', '/nowhere/rules']],
    ['an option that is none', ['hunt', '.', '--rules', 'x', '--pack', 'y']],
    ['threads that are none', ['events', '.', '--jobs', '0']],
    ['events in another format', ['events', '.', '--format', 'csv']],
    ['events of nothing named', ['events']],
  ])('%s is wrong usage', async (_, argv) => {
    const { status, err } = await tell(argv);
    expect(status).toBe(2);
    expect(err).toMatch(/^error POSTERN_/);
  });
});

test('events prints every record', async () => {
  const { evidence } = made();
  const { status, out, err } = await tell(['events', evidence]);
  expect(status).toBe(0);
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  ).toMatchObject([
    { family: 'iis', line: 3, fields: { 'cs-method': 'POST' } },
    { family: 'iis', line: 4, fields: { 'cs-method': 'GET' } },
  ]);
  expect(err).toContain('2 records in 2 files');
});
