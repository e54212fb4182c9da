// Judgement section 8: read, could have been read, left; amounts with bounds and never an invented 0.

import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import { caseOf, fullLogs, hit, options, page, pageSource, shellPath } from './testing/facts.ts';
import { containing } from './testing/matchers.ts';

const archive = 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth\\t.zip';
const url = '/owa/auth/t.zip';
const impactOf = (facts: Parameters<typeof caseOf>[0]) =>
  assess(caseOf({ sources: [...fullLogs(), pageSource], ...facts })).impact;
const fetched = (captures: Record<string, string>, time = '2021-03-05 10:00:00') =>
  hit('fetched', time, { 'c-ip': '203.0.113.7', url, ...captures }, { recorder: 'iis-back' });
const zip = { path: archive, collection: 'case', source: 'page', bytes: 5000 };
const left = (facts: Parameters<typeof caseOf>[0]) =>
  impactOf(facts).find(({ how }) => how === 'left')?.bytes;

describe('amounts', () => {
  test('bytes as logged', () => {
    expect(
      left({
        hits: [
          fetched({ 'sc-status': '200', 'sc-bytes': '4000' }),
          fetched({ 'sc-status': '206', 'sc-bytes': '600' }, '2021-03-05 10:05:00'),
        ],
      }),
    ).toMatchObject({ lower: 4600, upper: 4600 });
  });

  test('else the size of the file times completed requests', () => {
    const hits = [fetched({ 'sc-status': '200' }), fetched({ 'sc-status': '206' }, '2021-03-05 10:05:00')];
    expect(left({ hits, files: [zip] })).toMatchObject({
      lower: 5000,
      upper: 10_000,
      basis: containing('completed requests (1)'),
    });
  });

  test('of a file of which only a part was collected at least that', () => {
    const hits = [fetched({ 'sc-status': '200' })];
    const part = { lower: 5000, upper: null, basis: containing('part that was collected') };
    expect(left({ hits, files: [{ ...zip, isCut: true }] })).toMatchObject(part);
    const listed = { source: 'mft', basis: 'mft', line: 2, bytes: 9000 } as const;
    const { bytes: _, ...named } = zip;
    expect(
      left({
        hits,
        files: [
          { ...zip, isCut: true },
          { ...named, listed },
        ],
      }),
    ).toMatchObject({
      lower: 9000,
      upper: 9000,
    });
  });

  test('a request that was cut off is not completed', () => {
    expect(
      left({ hits: [fetched({ 'sc-status': '200', 'sc-win32-status': '64' })], files: [zip] }),
    ).toMatchObject({ lower: 0, upper: null });
  });

  test('else unknown, never 0', () => {
    expect(left({ hits: [fetched({ 'sc-status': '200' })] })).toMatchObject({ lower: 0, upper: null });
  });

  test('what one operator took away is its bytes out', () => {
    const { operators } = assess(
      caseOf({ sources: [...fullLogs(), pageSource], hits: [fetched({ 'sc-bytes': '4000' })] }),
    );
    expect(operators.list[0]?.bytesOut).toMatchObject({ lower: 4000, upper: 4000 });
  });
});

describe('the three words', () => {
  test('an archive that was staged and fetched left, once', () => {
    const hits = [
      hit('staged', '2021-03-05 09:00:00', { file: archive }, { recorder: 'file-listing' }),
      fetched({ 'sc-status': '200' }),
    ];
    const archives = impactOf({ hits, files: [zip] }).filter(({ kind }) => kind === 'archive');
    expect(archives).toMatchObject([{ how: 'left', what: archive }]);
  });

  test('one that was only staged could have been read', () => {
    expect(
      impactOf({
        hits: [hit('staged', '2021-03-05 09:00:00', { file: archive }, { recorder: 'windows:Security' })],
      }).find(({ kind }) => kind === 'archive'),
    ).toMatchObject({ how: 'could-have-been-read' });
  });

  test('mail that was answered is read, by mailbox', () => {
    expect(
      impactOf({ hits: [hit('mail', '2021-03-05 09:00:00', { mailbox: 'chair@corp.example' })] }),
    ).toMatchObject([{ kind: 'mailbox', how: 'read', what: 'chair@corp.example' }]);
  });

  test('a back door makes mailboxes and credentials reachable, no more', () => {
    const impact = impactOf({ files: [page(shellPath, 'remote-control')] });
    expect(impact.map(({ kind, how }) => [kind, how])).toEqual([
      ['credential', 'could-have-been-read'],
      ['mailbox', 'could-have-been-read'],
    ]);
    expect(impact.every(({ bytes }) => bytes.upper === null)).toBe(true);
  });

  test('leads and attempts have no impact', () => {
    expect(
      impactOf({ hits: [hit('named', '2021-03-05 09:00:00'), hit('attempt', '2021-03-05 09:00:00')] }),
    ).toEqual([]);
  });
});

test('per class, as the organisation stated it, "class not stated" included', () => {
  const context = { classes: ['chair@corp.example = personal data'] };
  const hits = [
    hit('mail', '2021-03-05 09:00:00', { mailbox: 'chair@corp.example' }),
    hit('mail', '2021-03-05 09:00:01', { mailbox: 'info@corp.example' }),
  ];
  expect(impactOf({ hits, options: options({ context }) }).map(({ class: named }) => named)).toEqual([
    'personal data',
    'class not stated',
  ]);
});

test('phases list the servers and intruders of their days; probes and leads are no activity', () => {
  const hits = [
    hit('session', '2021-02-03 10:00:00', { 'c-ip': '203.0.113.7' }),
    hit('named', '2021-03-03 10:00:00'),
    hit('probe', '2021-03-04 10:00:00'),
  ];
  const { phases, servers, operators } = assess(caseOf({ sources: fullLogs(), hits }));
  expect(phases.map(({ id, servers: active, operators: present }) => [id, active, present])).toEqual([
    ['test-2021/zero-day', [servers[0]?.id], [operators.list[0]?.id]],
    ['test-2021/rush', [], []],
  ]);
});

describe('what was taken is named by itself', () => {
  const command = (line: string, rule = 'dumped') =>
    hit(
      rule,
      '2021-03-05 09:00:00',
      { file: 'C:\\Windows\\System32\\cmd.exe', CommandLine: line },
      { recorder: 'windows:Security' },
    );
  const whats = (kind: string, ...hits: ReturnType<typeof hit>[]) =>
    impactOf({ hits })
      .filter((impact) => impact.kind === kind)
      .map(({ what }) => what);

  test('not by the tool that took it: by the file in its command line, else by the act', () => {
    expect(whats('credential', command('cmd /c "procdump -ma lsass.exe C:\\Windows\\Temp\\l.dmp"'))).toEqual([
      'C:\\Windows\\Temp\\l.dmp',
    ]);
    expect(
      whats('credential', command('rundll32 C:\\Windows\\comsvcs.dll, MiniDump 644 C:\\t\\l.dmp full')),
    ).toEqual(['C:\\t\\l.dmp']);
    expect(whats('credential', command('rundll32 comsvcs.dll MiniDump 644'))).toEqual(['dumped']);
  });

  test('a command that packs and a request that fetches speak of one archive', () => {
    const packed = command(`7z.exe a ${archive} C:\\mail`, 'staged');
    expect(whats('archive', packed, fetched({ 'sc-status': '200' }))).toHaveLength(2);
    expect(
      impactOf({ hits: [packed, fetched({ 'sc-status': '200' })], files: [zip] })
        .filter(({ kind }) => kind === 'archive')
        .map(({ what, how }) => [what, how]),
    ).toEqual([[archive, 'left']]);
  });

  test('what lies in an archive is the archive', () => {
    const files = ['b.pst', 'a.pst'].map((name) => ({
      path: `${archive}!\\${name}`,
      collection: 'case',
      source: 'page',
      sha256: 'cd'.repeat(32),
      bytes: 10,
    }));
    const opened = { path: archive, collection: 'case', bytes: 5000, sha256: 'ab'.repeat(32) };
    const assessment = assess(caseOf({ sources: [...fullLogs(), pageSource], files: [...files, opened] }));
    const staged = assessment.findings.filter(({ act }) => act === 'archive-staged');
    expect(staged).toMatchObject([{ count: 1, entities: { paths: [archive], hashes: ['ab'.repeat(32)] } }]);
    expect(assessment.impact.find(({ kind }) => kind === 'archive')?.what).toBe(archive);
  });
});

test('a page inside of an archive is run by nobody: a lead', () => {
  const file = page(`${archive}!\\x.aspx`, 'remote-control');
  const { implants, findings } = assess(caseOf({ sources: [...fullLogs(), pageSource], files: [file] }));
  expect(implants).toEqual([]);
  expect(findings.find(({ act }) => act === 'page-elsewhere')?.setAside).toContain('inside of an archive');
});
