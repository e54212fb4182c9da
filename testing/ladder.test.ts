// The ladder of verdicts, one variant of the example at a time.

import { describe, expect, test } from 'vitest';
import type { Assessment } from '@postern/core';
import { VARIANTS, type Truth, type Variant } from '@postern/example';
import { mistakes } from './against-truth.ts';
import { evidenceTar, exampleOf, scanPaths } from './scanning.ts';

interface Judged {
  readonly assessment: Assessment;
  readonly truth: Truth;
}

async function judge(variant: Variant, seed: string): Promise<Judged> {
  const { files, truth } = exampleOf(variant, seed);
  const { assessment } = await scanPaths([evidenceTar(files)]);
  return { assessment, truth };
}

/** What a variant must show beside the truth that all are held against. */
const MORE: Readonly<Record<Variant, (judged: Judged) => void>> = {
  attack: ({ assessment }) => {
    expect(campaignOf(assessment).confidence).toBe('high');
    expect(assessment.advice.length).toBeGreaterThan(5);
    // The two pages of the story, and the four doors that are easily overlooked: one is a directory with a page in it.
    expect(assessment.implants.map(({ kind }) => kind).toSorted()).toEqual([
      'virtual-directory',
      ...Array.from({ length: 6 }, () => 'web-shell'),
    ]);
  },
  'failed-only': ({ assessment }) => {
    expect(assessment.implants).toEqual([]);
    expect(stagesOf(assessment)).toContain('attempt');
    expect(stagesOf(assessment)).not.toContain('success');
  },
  scanner: ({ assessment }) => {
    expect(assessment.findings.some(({ flawProved }) => flawProved === true)).toBe(true);
    expect(assessment.implants).toEqual([]);
    expect(campaignOf(assessment).exposure.some(({ state }) => state === 'vulnerable')).toBe(true);
  },
  quiet: ({ assessment }) => {
    const { window, atLeast } = campaignOf(assessment);
    expect(window?.from).toMatch(/^2021-02-01T/);
    expect(window?.to).toMatch(/^2021-03-17T/);
    expect(atLeast).toBeUndefined();
  },
  'logs-gone': ({ assessment }) => {
    const { atLeast, wouldChange } = campaignOf(assessment);
    expect(atLeast).toBeDefined();
    expect(wouldChange.length).toBeGreaterThanOrEqual(1);
    expect(wouldChange.length).toBeLessThanOrEqual(3);
  },
  'front-only': ({ assessment }) => {
    expect(assessment.servers[0]?.names).toEqual(['evidence']);
    const families = assessment.coverage.families.filter(({ state }) => state !== 'absent');
    expect(families.map(({ family }) => family)).toEqual(['iis-front']);
    // Pages that only a log shows may lie there still.
    expect(assessment.advice.map(({ id }) => id)).toContain('remove-shell');
  },
  'tools-lying-around': ({ assessment }) => {
    expect(assessment.findings.length).toBeGreaterThan(0);
    expect(assessment.findings.filter(({ witness }) => witness !== 'lead')).toEqual([]);
    expect(assessment.implants).toEqual([]);
  },
  'two-servers': ({ assessment, truth }) => {
    const [front = '', target = ''] = truth.servers.map(({ host }) => host.toLowerCase());
    const idOf = (host: string): string | undefined =>
      assessment.servers.find(({ names }) => names.includes(host))?.id;
    const across = assessment.findings.filter(
      ({ recordedOn, targets }) => recordedOn === idOf(front) && targets.includes(idOf(target) ?? ''),
    );
    expect(across.length).toBeGreaterThan(0);
    expect(assessment.implants.map(({ server }) => server)).toEqual([idOf(target), idOf(target)]);
  },
  'no-sysmon': ({ truth }) => {
    expect(truth.eventLogs.map(({ channel }) => channel)).not.toContain(SYSMON);
  },
  'security-cleared': ({ truth }) => {
    const { clearedAt, first } = truth.eventLogs.find(({ channel }) => channel === 'Security') ?? {};
    expect([first, truth.eventLogs.some(({ channel }) => channel === SYSMON)]).toEqual([clearedAt, true]);
  },
};

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';

function campaignOf(assessment: Assessment): Assessment['servers'][number]['campaigns'][number] {
  const campaign = assessment.servers[0]?.campaigns[0];
  if (campaign === undefined) throw new Error('no campaign was judged');
  return campaign;
}

function stagesOf({ findings }: Assessment): readonly string[] {
  return findings.map(({ stage }) => stage);
}

/** Two servers take as long as three others, and two variants are the attack with fewer event logs: once is enough. */
const ONCE: ReadonlySet<Variant> = new Set(['two-servers', 'no-sysmon', 'security-cleared']);
const SEEDS: readonly (readonly [seed: string, variants: readonly Variant[]])[] = [
  ['1', VARIANTS],
  ['2', VARIANTS.filter((variant) => !ONCE.has(variant))],
];

describe.each(SEEDS)('seed %s', (seed, variants) => {
  test.each(variants)('%s', async (variant) => {
    const judged = await judge(variant, seed);
    expect(mistakes(judged.assessment, judged.truth)).toEqual([]);
    MORE[variant](judged);
  });
});
