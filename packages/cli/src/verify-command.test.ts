import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Verification } from '@postern/core';
import { testFolder } from '../../collection/src/testing/evidence.ts';
import { tell } from './testing/console.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** One that stays until all tests are over. */
function lastingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-test-'));
  folders.push(folder);
  return folder;
}

/** One day of a front end's log on a server of this name. */
function evidence(day: string, host = 'ex01'): string {
  const folder = join(lastingFolder(), host);
  mkdirSync(folder);
  const rows = [
    '#Software: Microsoft Internet Information Services 10.0',
    '#Fields: date time s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status',
    `${day} 10:00:00 ${host} 10.0.0.5 GET /owa/auth/logon.aspx - 443 - 198.51.100.7 Mozilla/5.0 200`,
    `${day} 10:00:01 ${host} 10.0.0.5 POST /aspnet_client/x.aspx - 443 - 198.51.100.7 Mozilla/5.0 200`,
    '',
  ];
  writeFileSync(join(folder, 'u_ex.log'), rows.join('\r\n'));
  return folder;
}

async function scanned(day: string, host?: string): Promise<string> {
  const out = join(lastingFolder(), 'out');
  const { status, err } = await tell(['scan', evidence(day, host), '--out', out, '--quiet']);
  expect([status, err]).toEqual([0, '']);
  return out;
}

let before: string;
let after: string;

beforeAll(async () => {
  before = await scanned('2021-03-03');
  after = await scanned('2021-03-13');
});

describe('verify', () => {
  test('takes folders of --out and files alike', async () => {
    const [folders, files] = [
      await tell(['verify', before, after]),
      await tell(['verify', join(before, 'assessment.json'), join(after, 'assessment.json')]),
    ];
    expect(folders).toEqual(files);
    expect([folders.status, folders.err]).toEqual([0, '']);
    expect(folders.out).toContain('0 of 1 back doors closed, 1 still open');
  });

  test('--json and --out give the whole of it', async () => {
    const out = join(testFolder(), 'deep', 'verification.json');
    const { status, out: told } = await tell(['verify', before, after, '--json', '--out', out]);
    expect([status, told]).toEqual([0, '']);
    const verification = JSON.parse(readFileSync(out, 'utf8')) as Verification;
    expect(verification.schema).toBe('postern.verification/1');
    expect(verification.servers.flatMap(({ implants }) => implants.map(({ state }) => state))).toEqual([
      'open',
    ]);
  });

  test.each([[[]], [['one']], [['one', 'two', 'three']], [['one', 'two', '--jsn']]])(
    'is wrong usage with %j',
    async (argv: readonly string[]) => {
      const { status, err } = await tell(['verify', ...argv]);
      expect(status).toBe(2);
      expect(err).toMatch(/^error POSTERN_CLI_USAGE/);
    },
  );

  test.each<readonly [string, string, RegExp]>([
    ['a text of several lines', '# Title\n\ntext', /\n {6}this is no JSON: [^\n]* is not valid JSON\n/],
    ['no JSON', '{"schema":', /POSTERN_CLI_ASSESSMENT {2}.*given\.json\n.*this is no JSON/],
    [
      'another schema',
      '{"schema":"postern.assessment/2"}',
      /POSTERN_CLI_ASSESSMENT .*\n.*no assessment of this/,
    ],
    ['a list', '[]', /POSTERN_CLI_ASSESSMENT/],
  ])('refuses %s, with place and hint', async (_, text, message) => {
    const given = join(testFolder(), 'given.json');
    writeFileSync(given, text);
    const { status, err } = await tell(['verify', before, given]);
    expect(status).toBe(2);
    expect(err).toMatch(message);
    expect(err).toContain('`scan --out DIR`');
  });

  test('says what it could not read', async () => {
    const { status, err } = await tell(['verify', before, join(testFolder(), 'nowhere')]);
    expect(status).toBe(2);
    expect(err).toMatch(/POSTERN_CLI_FILE {2}.*nowhere/);
    expect((await tell(['verify', testFolder(), after])).err).toMatch(
      /POSTERN_CLI_FILE {2}.*assessment\.json/,
    );
  });

  test('refuses another server and the wrong order', async () => {
    const other = await tell(['verify', before, await scanned('2021-03-13', 'ex02')]);
    expect([other.status, other.err]).toEqual([2, expect.stringMatching(/BEFORE has ex01; AFTER has ex02/i)]);
    const turned = await tell(['verify', after, before]);
    expect([turned.status, turned.err]).toEqual([2, expect.stringMatching(/POSTERN_INCIDENT_ORDER/)]);
  });
});
