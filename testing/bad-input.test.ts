// Bad input and wrong usage, as a person meets them: a clear message, nothing lost, and what was not read is listed.

import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Assessment } from '@postern/core';
import { writeTar } from '../packages/collection/src/testing/tar-writer.ts';
import { writeZip, type ZipPart } from '../packages/collection/src/testing/zip-writer.ts';
import { postern, posternJson } from './commands.ts';
import { evidenceFolder, freshFolder, scanPaths } from './scanning.ts';

const fields =
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken';
const header = `#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2021-03-03 00:00:00\r\n#Fields: ${fields}\r\n`;
const row = (time: string, request = 'GET /owa/auth/logon.aspx'): string =>
  `2021-03-03 ${time} 10.0.0.5 ${request} - 443 - 198.51.100.7 Mozilla/5.0 - 200 0 0 15\r\n`;
/** Somebody gave an order to a page that is not the product's: an indirect witness of use. */
const use = row('02:00:00', 'POST /aspnet_client/x.aspx');

const log = (name: string, text = header + row('01:00:00')): ZipPart => ({
  name: `C/inetpub/logs/LogFiles/W3SVC1/${name}`,
  data: text,
});

function file(name: string, data: Uint8Array | string): string {
  const path = join(freshFolder(), name);
  writeFileSync(path, data);
  return path;
}

const folderWith = (name: string, data: Uint8Array | string): string =>
  evidenceFolder(new Map([[name, data]]));

function skippedAs({ coverage }: Assessment, reason: string): readonly string[] {
  return coverage.skipped.flatMap((each) =>
    each.reason === reason ? [`${each.path}: ${each.detail ?? ''}`] : [],
  );
}

const issueCodes = ({ coverage }: Assessment): readonly string[] =>
  coverage.sources.flatMap(({ issues }) => issues.map(({ code }) => code));
const recordsOf = ({ coverage }: Assessment): number =>
  [...coverage.sources, ...coverage.groups].reduce((sum, { records }) => sum + records, 0);
const verdictOf = ({ servers }: Assessment): string | undefined => servers[0]?.headline?.verdict;

describe('nothing to read', () => {
  test('an empty folder', async () => {
    const { status, err, out } = await postern(['scan', freshFolder()]);
    expect({ status, out }).toEqual({ status: 3, out: '' });
    expect(err).toMatch(/^error POSTERN_SCAN_NO_EVIDENCE\n {6}there is no file/);
  });

  test('a folder of empty folders', async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    expect((await postern(['scan', folder])).status).toBe(3);
  });

  test('nothing that is evidence: what there is instead is named, and what to do', async () => {
    const files = new Map([
      ['logs.rar', Buffer.from('526172211a070100', 'hex')],
      ['holiday.jpg', Buffer.from('ffd8ffe0', 'hex')],
    ]);
    const { status, out, err } = await postern(['scan', evidenceFolder(files)]);
    expect({ status, out }).toEqual({ status: 3, out: '' });
    expect(err).toMatch(
      /warning POSTERN_COLLECTION_UNSUPPORTED {2}logs\.rar\n {6}a RAR archive, which is not opened\. Unpack it/,
    );
    expect(err).toMatch(
      /error POSTERN_SCAN_NO_EVIDENCE\n {6}no file could be read as evidence \(2 in all\)\n {6}holiday\.jpg: /,
    );
  });

  test('a path that is not there', async () => {
    const path = join(freshFolder(), 'nowhere');
    const { status, err } = await postern(['scan', path]);
    expect(status).toBe(2);
    expect(err).toContain(`error POSTERN_COLLECTION_NOT_FOUND  ${path}`);
    expect(err).toContain('Check the spelling');
  });
});

describe('damaged archives', () => {
  test('a zip that breaks off: what is left is read, the loss is told', async () => {
    const parts = Array.from({ length: 40 }, (_, i) =>
      log(`u_ex2103${String(i + 10)}.log`, header + use.repeat(50)),
    );
    const zip = writeZip(parts);
    const { status, err, assessment } = await posternJson([file('e.zip', zip.subarray(0, zip.length / 2))]);
    expect(status).toBe(0);
    expect(err).toMatch(
      /^error POSTERN_COLLECTION_TRUNCATED {2}e\.zip\n {6}the archive ends at byte [\d,]+ without/m,
    );
    expect(err.split('\n').every((line) => /^(?:error |warning | {6}|found |$)/.test(line))).toBe(true);
    const { sources, groups } = assessment.coverage;
    expect(groups.reduce((sum, group) => sum + group.sources, sources.length)).toBeGreaterThan(15);
    expect(assessment.coverage.issues?.map(({ code }) => code)).toContain('POSTERN_COLLECTION_TRUNCATED');
    expect(verdictOf(assessment)).toBe('likely-compromised');
  });

  test('a zip bomb: the limit is named, the rest is read', async () => {
    const bomb = { name: 'bomb.log', data: Buffer.alloc(70_000_000) };
    const path = file('bomb.zip', writeZip([log('u_ex210303.log', header + use), bomb]));
    const { err, assessment } = await posternJson([path]);
    expect(skippedAs(assessment, 'limit')).toEqual([
      'bomb.log: limit archiveRatio: 200 times its packed size, as files made to fill a disk unpack to; ' +
        'if it is genuine, unpack it and scan the result',
    ]);
    expect(err).toContain(
      'warning POSTERN_SCAN_SKIPPED  bomb.log\n      not read (limit): limit archiveRatio',
    );
    expect(verdictOf(assessment)).toBe('likely-compromised');
  });

  const evil = '../../evil.aspx';

  test.each([
    ['zip', file('dots.zip', writeZip([log('u_ex210303.log'), { name: evil, data: 'x' }]))],
    [
      'tar',
      file(
        'dots.tar',
        writeTar([
          { name: 'u_ex210303.log', data: header },
          { name: evil, data: 'x' },
        ]),
      ),
    ],
  ])('".." in a %s', async (_, path) => {
    const { status, err, assessment } = await posternJson([path]);
    expect(status).toBe(0);
    expect(skippedAs(assessment, 'unsafe-name')).toEqual([
      `${evil}: ".." in the path, which leads out of the folder; it was not unpacked`,
    ]);
    expect(err).toContain(`warning POSTERN_SCAN_SKIPPED  ${evil}`);
    expect(assessment.coverage.sources).toHaveLength(1);
  });
});

describe('damaged logs', () => {
  test('a line of 300 MB: memory stays bounded, the lines around it count', async () => {
    const folder = join(freshFolder(), 'evidence');
    mkdirSync(folder);
    const fd = openSync(join(folder, 'u_ex210303.log'), 'w');
    writeSync(fd, `${header}${row('01:00:00')}2021-03-03 01:00:01 10.0.0.5 GET /owa/`);
    const piece = Buffer.alloc(3_000_000, 'a');
    for (let i = 0; i < 100; i++) writeSync(fd, piece);
    writeSync(fd, `\r\n${use}`);
    closeSync(fd);
    // Of the whole process: a file as long as this is read by a thread of its own.
    const held = (): number => process.memoryUsage.rss();
    await scanPaths([folderWith('u_ex210303.log', header + use)]);
    const before = held();
    const more: number[] = [];
    const onProgress = (): void => void more.push(held() - before);
    const { assessment } = await scanPaths([folder], {}, { onProgress });
    expect(more.length).toBeGreaterThan(5);
    expect(Math.max(...more)).toBeLessThan(160_000_000);
    expect(recordsOf(assessment)).toBe(3);
    expect(issueCodes(assessment)).toEqual(['POSTERN_WEBLOG_LINE_TOO_LONG']);
    expect(verdictOf(assessment)).toBe('likely-compromised');
  });

  test('zeros by the name of a log', async () => {
    const { status, err, assessment } = await posternJson([folderWith('u_ex210303.log', Buffer.alloc(4096))]);
    expect(status).toBe(0);
    expect(err).toMatch(/^warning POSTERN_WEBLOG_ZEROS {2}u_ex210303\.log:1\n {6}\S/);
    expect(issueCodes(assessment)).toEqual(['POSTERN_WEBLOG_ZEROS']);
    expect(recordsOf(assessment)).toBe(0);
  });

  test('a log that ends inside a UTF-8 character', async () => {
    const text = Buffer.from(`${header}${use}${row('03:00:00', 'GET /owa/é')}`);
    const cut = text.subarray(0, text.indexOf(0xc3) + 1);
    const { assessment } = await posternJson([folderWith('u_ex210303.log', cut)]);
    expect(issueCodes(assessment)).toEqual(['POSTERN_WEBLOG_LINE_TORN']);
    expect(recordsOf(assessment)).toBe(2);
    expect(verdictOf(assessment)).toBe('likely-compromised');
  });

  test('a text by the name of an event log', async () => {
    const { assessment } = await posternJson([
      evidenceFolder(
        new Map([
          ['Security.evtx', 'no event log\n'],
          ['u_ex210303.log', header + use],
        ]),
      ),
    ]);
    expect(skippedAs(assessment, 'damaged')).toEqual([
      'Security.evtx: named like a Windows event log, but its content is none',
    ]);
    expect(verdictOf(assessment)).toBe('likely-compromised');
  });

  test('what is wrong in many logs is said of the first, and counted', async () => {
    const cut = header + row('01:00:00').slice(0, -40);
    const files = Array.from({ length: 9 }, (_, i) => [`u_ex21030${i + 1}.log`, cut] as const);
    const { err } = await posternJson([
      evidenceFolder(new Map(files.map(([name, text], i) => [name, text + i]))),
    ]);
    expect(err.match(/^warning POSTERN_WEBLOG_LINE_TORN/gm)).toHaveLength(4);
    expect(err).toContain('6 more like this; the coverage in the report has them all');
  });

  test('an empty file is listed', async () => {
    const files = new Map([
      ['u_ex210302.log', ''],
      ['u_ex210303.log', header + use],
    ]);
    const { assessment } = await posternJson([evidenceFolder(files)]);
    expect(skippedAs(assessment, 'empty')).toEqual(['u_ex210302.log: ']);
  });
});

describe('wrong usage', () => {
  test.each([
    [['scan'], 'scan wants at least one PATH'],
    [['scna'], 'there is no command "scna"'],
    [['scan', '.', '--verdikt'], 'there is no option --verdikt'],
    [['scan', '.', '--jobs', '0'], '"0" is no number of threads'],
    [['scan', '.', '--jobs', 'two'], '"two" is no number of threads'],
    [['scan', '.', '--fail-on', 'bad'], '"bad" is no verdict'],
    [['scan', '.', '--tlp', 'PINK'], '"PINK" is no TLP level'],
    [['scan', '.', '--clock', 'ex01'], '"ex01" is no clock'],
    [['scan', '.', '--server', 'ex01'], '"ex01" names no server'],
    [['scan', '.', '--pack', 'nothing'], 'there is no pack "nothing"'],
    [['scan', '.', '--rules', 'no/such/folder'], 'this file or folder cannot be read'],
    [['scan', '.', '--context', 'no-such-file.json'], 'this file cannot be read'],
  ])('%j', async (argv, message) => {
    const { status, out, err } = await postern(argv);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^error POSTERN_(?:CLI|PACK|SCAN)_[A-Z_]+/);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test.each([['out'], [''], ['a/b/c']])('output in the evidence folder: "%s"', async (below) => {
    const folder = folderWith('u_ex210303.log', header);
    const { status, err } = await postern(['scan', folder, '--out', join(folder, below)]);
    expect(status).toBe(2);
    expect(err).toContain('error POSTERN_COLLECTION_OUTPUT_INSIDE  --out');
  });

  test('output where nothing can be written', async () => {
    const { status, err } = await postern([
      'scan',
      folderWith('u_ex210303.log', header + use),
      '--out',
      join(file('taken', 'x'), 'out'),
    ]);
    expect(status).toBe(2);
    expect(err).toContain('error POSTERN_CLI_OUTPUT');
  });
});

describe('what the user brings', () => {
  const rule = (id: string, title: string, field: string): string =>
    [
      `title: ${title}`,
      `id: ${id}`,
      'logsource: { category: webserver }',
      'detection:',
      '  selection:',
      `    ${field}: /aspnet_client`,
      '  condition: selection',
    ].join('\n');

  test('a rule with a typo is listed with its place; the others run', async () => {
    const rules = freshFolder();
    writeFileSync(
      join(rules, 'a.yml'),
      rule('1f0c8d62-7f57-4f3e-9a51-3b1f3f1d0a01', 'Typo', 'cs-uri-stem|containz'),
    );
    writeFileSync(
      join(rules, 'b.yml'),
      rule('1f0c8d62-7f57-4f3e-9a51-3b1f3f1d0a02', 'Right', 'cs-uri-stem|contains'),
    );
    const path = folderWith('u_ex210303.log', header + use);
    const { err, assessment } = await posternJson([path, '--rules', rules]);
    const [refused, ...others] = assessment.rules.refused;
    expect(others).toEqual([]);
    expect(refused?.title).toBe('Typo');
    expect(refused?.source).toMatch(/\/a\.yml:6:5$/);
    expect(refused?.reason).toMatch(/^POSTERN_SIGMA_UNKNOWN_MODIFIER: .*did you mean "contains"\?$/);
    expect(err).toMatch(/^error POSTERN_SIGMA_UNKNOWN_MODIFIER {2}\S+a\.yml:6:5\n {6}Typo: /);
    expect(assessment.findings.map(({ rule: { title }, witness }) => [title, witness])).toContainEqual([
      'Right',
      'lead',
    ]);
  });

  test('a YARA rule that does not compile, and an indicator that is none', async () => {
    const yara = file('x.yar', 'rule fine { condition: false }\nrule broken { condition: nowhere }\n');
    const indicators = file('list.csv', 'type,value\nip,198.51.100.7\nip,not-an-address\n');
    const path = folderWith('u_ex210303.log', header + use);
    const { assessment } = await posternJson([path, '--yara', yara, '--indicators', indicators]);
    const { refused } = assessment.rules;
    expect(refused.map(({ source, title }) => `${source} ${title}`)).toEqual([
      `${yara}:2 broken`,
      `${indicators}:3 `,
    ]);
    expect(refused[0]?.reason).toContain('nowhere');
    expect(refused[1]?.reason).toContain('not-an-address');
    expect(assessment.findings.some(({ rule: { kind } }) => kind === 'indicator')).toBe(true);
  });

  test('--fail-on: 1 if it is reached, and only then', async () => {
    const path = folderWith('u_ex210303.log', header + use);
    const status = async (verdict: string): Promise<number> =>
      (await postern(['scan', path, '--quiet', '--fail-on', verdict])).status;
    expect(await status('compromised')).toBe(0);
    expect(await status('likely-compromised')).toBe(1);
    expect(await status('attacked')).toBe(1);
  });

  test('--json prints the assessment and nothing else; --quiet prints nothing', async () => {
    const path = folderWith('u_ex210303.log', header + use);
    const { out, assessment } = await posternJson([path]);
    expect(assessment.schema).toBe('postern.assessment/1');
    expect(out.endsWith('}\n')).toBe(true);
    expect(await postern(['scan', path, '--quiet'])).toEqual({ status: 0, out: '', err: '' });
  });
});
