// The capture of a real Exchange server under attack, as OTRF published it: the host's side only, its clock mislabelled
// by five hours.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Assessment, Evidence, Finding } from '@postern/core';
import { ROOT } from './repository.ts';
import { freshFolder, scanPaths, verdictsOf } from './scanning.ts';

const zip = resolve(ROOT, '../shared/data/otrf/proxylogon_ssrf_rce_poc.zip');
const isThere = existsSync(zip);
if (!isThere) process.stdout.write(`skipped: ${zip} is not there\n`);

/** Lines of the only entry of the zip, told from its central directory. */
function linesOfCapture(): readonly string[] {
  const bytes = readFileSync(zip);
  const directory = bytes.readUInt32LE(bytes.length - 6);
  const packed = bytes.readUInt32LE(directory + 20);
  const local = bytes.readUInt32LE(directory + 42);
  const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  return inflateRawSync(bytes.subarray(data, data + packed))
    .toString('utf8')
    .split('\n');
}

function findingsOf({ findings }: Assessment, act: string): readonly Finding[] {
  return findings.filter((finding) => finding.act === act);
}

function firstEvidence(findings: readonly Finding[]): Evidence {
  const [evidence] = findings.flatMap((finding) => finding.evidence);
  if (evidence === undefined) throw new Error('nothing was found');
  return evidence;
}

describe.skipIf(!isThere)('the OTRF capture', () => {
  let lines: readonly string[] = [];
  let whole: Assessment;

  /** The record a piece of evidence leads to: by its line, and by its offset. */
  function recordAt({ line = 0, offset }: Evidence): Readonly<Record<string, unknown>> {
    const text = lines[line - 1] ?? '';
    const before = lines.slice(0, line - 1).reduce((sum, each) => sum + Buffer.byteLength(each) + 1, 0);
    expect(offset).toBe(before);
    return JSON.parse(text) as Record<string, unknown>;
  }

  beforeAll(async () => {
    lines = linesOfCapture();
    whole = (await scanPaths([zip])).assessment;
  });

  test('is an intrusion, with high confidence', () => {
    expect(verdictsOf(whole)).toEqual(['mxs01.azsentinel.local: compromised']);
    expect(whole.servers[0]?.campaigns[0]?.confidence).toBe('high');
  });

  test('its clock is five hours off, and that is said', () => {
    expect(whole.coverage.sources.map(({ clock }) => clock)).toEqual([
      expect.objectContaining({ basis: 'two-times-in-records', offsetSeconds: 5 * 3600, confidence: 'high' }),
    ]);
  });

  test('Set-OabVirtualDirectory with a script, with file and line', () => {
    const [finding, ...others] = findingsOf(whole, 'script-in-configuration');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ stage: 'success', witness: 'direct', first: '2021-03-14T06:40:12.987Z' });
    const evidence = firstEvidence([finding].flatMap((each) => each ?? []));
    const record = recordAt(evidence);
    expect(record).toMatchObject({ Channel: 'MSExchange Management' });
    expect(JSON.stringify(record)).toMatch(/Set-OabVirtualDirectory[\s\S]*<script/);
    const source = whole.coverage.sources.find(({ id }) => id === evidence.source);
    expect(source?.path).toMatch(/^proxylogon_ssrf_rce_poc_2021-03-14.*\.json$/);
  });

  test('the page written by "System", with file and line', () => {
    const written = findingsOf(whole, 'page-written');
    const records = written.flatMap((finding) => finding.evidence).map(recordAt);
    const drops = records.filter(({ EventID, Image }) => EventID === 11 && Image === 'System');
    expect(drops).toHaveLength(1);
    expect(drops[0]?.['TargetFilename']).toMatch(/\\HttpProxy\\owa\\auth\\\w+\.aspx$/);
    expect(written.map(({ first }) => first)).toEqual(written.map(() => '2021-03-14T06:40:13.660Z'));
  });

  test('w3wp starts cmd, told by Sysmon and by Security, which are one witness', () => {
    const started = findingsOf(whole, 'shell-process');
    expect(started.map(({ recorders }) => recorders.join()).toSorted()).toEqual([
      'windows:Microsoft-Windows-Sysmon/Operational',
      'windows:Security',
    ]);
    for (const finding of started) {
      expect(finding.first?.slice(0, 19)).toBe('2021-03-14T06:40:15');
      expect(JSON.stringify(finding.evidence.map(recordAt))).toMatch(/w3wp\.exe/);
    }
  });

  test('in the right order', () => {
    const order = ['script-in-configuration', 'page-written', 'shell-process'];
    const times = order.map((act) => firstEvidence(findingsOf(whole, act)).time ?? '');
    expect(times).toEqual(times.toSorted());
    const shown = whole.timeline.filter(({ lane }) => lane === 'attacker').map(({ time }) => time);
    expect(shown).toEqual(shown.toSorted());
  });

  test('the page is a back door whose state is not known', () => {
    expect(whole.implants).toHaveLength(1);
    expect(whole.implants[0]).toMatchObject({
      kind: 'web-shell',
      state: 'unknown',
      placedAt: { time: '2021-03-14T06:40:13.660Z' },
    });
    expect(whole.implants[0]?.path).toMatch(/\\owa\\auth\\ohyeah\.aspx$/);
  });

  test('the web logs are said to be missing', () => {
    const absent = whole.coverage.families.filter(({ state }) => state === 'absent');
    expect(absent.map(({ family }) => family)).toEqual(
      expect.arrayContaining(['iis-front', 'iis-back', 'httpproxy-ecp', 'ecp-server']),
    );
    const limits = whole.servers[0]?.campaigns[0]?.limits.map(({ text }) => text) ?? [];
    expect(limits.filter((text) => text.startsWith('IIS front end'))).toHaveLength(1);
  });

  test('without Sysmon the drop is still found', async () => {
    const folder = join(freshFolder(), 'evidence');
    mkdirSync(folder);
    const kept = lines.filter((line) => !line.includes('"Channel":"Microsoft-Windows-Sysmon/Operational"'));
    expect(lines.length - kept.length).toBeGreaterThan(4000);
    writeFileSync(join(folder, 'events.json'), kept.join('\n'));
    const { assessment } = await scanPaths([folder]);
    expect(verdictsOf(assessment)).toEqual(['mxs01.azsentinel.local: compromised']);
    const [drop] = findingsOf(assessment, 'page-written');
    expect(drop).toMatchObject({ recorders: ['windows:Security'] });
    expect(drop?.entities.paths.join()).toMatch(/owa\\auth\\ohyeah\.aspx$/);
    expect(assessment.implants.map(({ path }) => path)).toEqual([expect.stringMatching(/ohyeah\.aspx$/)]);
  });

  test('in a folder, in Velociraptor’s place: the same', async () => {
    const folder = join(freshFolder(), 'evidence', 'results');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'events.json'), lines.join('\n'));
    const { assessment } = await scanPaths([join(folder, '..')]);
    expect(assessment.findings.map(({ id }) => id)).toEqual(whole.findings.map(({ id }) => id));
    expect(assessment.implants.map(({ id }) => id)).toEqual(whole.implants.map(({ id }) => id));
  });
});
