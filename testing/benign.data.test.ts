// Real logs of servers that nobody broke into: none may come out as an intrusion, not even as a probable one.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verdictOrder, type Assessment } from '@postern/core';
import { ROOT } from './repository.ts';
import { evidenceFolder, freshFolder, scanPaths, shortStory } from './scanning.ts';

const data = resolve(ROOT, '../shared/data');
const iis = join(data, 'iis');
const samples = join(data, 'exchange', 'log-samples.md');
const isThere = existsSync(iis) && existsSync(samples);
if (!isThere) process.stdout.write(`skipped: no real logs in ${data}\n`);

/** Findings that would make a server likely compromised, and servers that are. */
function alarms({ servers, findings, implants }: Assessment): readonly string[] {
  const limit = verdictOrder.indexOf('likely-compromised');
  const bad = servers.flatMap(({ names, campaigns }) =>
    campaigns.flatMap(({ verdict }) =>
      verdictOrder.indexOf(verdict) <= limit ? [`${names.join()} is ${verdict}`] : [],
    ),
  );
  const counted = findings.filter(({ witness, stage }) => witness !== 'lead' && stage !== 'probe');
  return [
    ...bad,
    ...counted.map(({ rule, evidence }) => `${rule.title}: ${evidence[0]?.excerpt ?? ''}`),
    ...implants.map(({ path, url }) => `back door ${path ?? url ?? ''}`),
  ];
}

const logs = isThere
  ? readdirSync(iis, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.log$|logfile_w3c/.test(entry.name))
      .map((entry) => relative(iis, join(entry.parentPath, entry.name)))
      .toSorted()
  : [];

/** The logs in the page of samples, under the names that it gives. Its first is of an intrusion and is left out. */
function logSamples(): ReadonlyMap<string, string> {
  const sample = /Example log filename: `(?<name>[^`]+)`[\s\S]*?```\n(?<text>[\s\S]*?)```/g;
  const found = [...readFileSync(samples, 'utf8').matchAll(sample)];
  return new Map(found.map(({ groups }) => [groups?.['name'] ?? '', groups?.['text'] ?? '']));
}

describe.skipIf(!isThere)('benign logs', () => {
  test('there are some', () => {
    expect(logs.length).toBeGreaterThan(15);
  });

  test.each(logs)('%s', async (path) => {
    const { assessment } = await scanPaths([join(iis, path)]);
    expect(assessment.coverage.sources[0]?.records).toBeGreaterThan(0);
    expect(alarms(assessment)).toEqual([]);
  });

  test('an attack would be an alarm', async () => {
    const { assessment } = await scanPaths([evidenceFolder(shortStory('attack').files)]);
    expect(alarms(assessment).length).toBeGreaterThan(5);
  });

  test('all of them in one folder', async () => {
    const { assessment, files } = await scanPaths([iis]);
    expect(files).toBeGreaterThan(logs.length);
    expect(alarms(assessment)).toEqual([]);
  });

  test('the samples of Exchange’s own logs, as one collection', async () => {
    const folder = join(freshFolder(), 'Logging');
    const texts = logSamples();
    expect(texts.size).toBeGreaterThan(10);
    for (const [name, text] of texts) {
      const file = join(folder, name.replaceAll('\\', '/'));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    const { assessment } = await scanPaths([folder]);
    const { sources, groups } = assessment.coverage;
    const families = new Set([...sources, ...groups].map(({ family }) => family));
    expect([...families]).toEqual(
      expect.arrayContaining(['ecp-server', 'ecp-activity', 'ews', 'httpproxy-ecp']),
    );
    expect(alarms(assessment)).toEqual([]);
  });
});
