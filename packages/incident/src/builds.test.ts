// Judgement section 6: builds and exposure, with its test rows.

import type { BuildObservation } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { fixDay, judgeBuild, placeBuild } from './builds.ts';
import { at, buildSource, caseOf, fullLogs, verdictOf } from './testing/facts.ts';
import { containing } from './testing/matchers.ts';
import { builds } from './testing/pack.ts';

const four = ['CVE-2021-26855', 'CVE-2021-26857', 'CVE-2021-26858', 'CVE-2021-27065'];
const state = (build: string, cve: string, precision: 'cu' | 'su' = 'su') =>
  judgeBuild(builds, build, precision, cve).state;

describe('the rows of section 6', () => {
  test('15.1.2176.4 is open to all four', () => {
    expect(four.map((cve) => state('15.1.2176.4', cve))).toEqual([
      'vulnerable',
      'vulnerable',
      'vulnerable',
      'vulnerable',
    ]);
  });

  test.each(['15.1.2176.9', '15.1.2242.4', '15.2.858.5', '15.2.2562.17', '15.2.2562.99'])(
    '%s is fixed',
    (build) => {
      expect(four.map((cve) => state(build, cve))).toEqual(['fixed', 'fixed', 'fixed', 'fixed']);
    },
  );

  test('15.2.858.5 is open to CVE-2021-34473', () => {
    expect(state('15.2.858.5', 'CVE-2021-34473')).toBe('vulnerable');
    expect(state('15.2.858.10', 'CVE-2021-34473')).toBe('fixed');
  });

  test('15.1.2044.13 is fixed for the four, not for CVE-2021-26412', () => {
    expect(four.map((cve) => state('15.1.2044.13', cve))).toEqual(['fixed', 'fixed', 'fixed', 'fixed']);
    expect(state('15.1.2044.13', 'CVE-2021-26412')).toBe('vulnerable');
  });

  test('14.3.x is not open to CVE-2021-26855, whatever its roll-up', () => {
    expect(judgeBuild(builds, '14.3.496.0', 'su', 'CVE-2021-26855')).toEqual({
      state: 'fixed',
      basis: 'Exchange 2010 is not open to it',
    });
    expect(state('14.3.509.0', 'CVE-2021-26857')).toBe('vulnerable');
    expect(state('14.3.513.0', 'CVE-2021-26857')).toBe('fixed');
  });
});

test('with CU precision never vulnerable', () => {
  expect(judgeBuild(builds, '15.1.2176.2', 'cu', 'CVE-2021-26855')).toEqual({
    state: 'unknown',
    basis: 'CU known (Exchange 2016 CU19 (update not told)), update not',
  });
  expect(state('15.1.2242.4', 'CVE-2021-26855', 'cu')).toBe('fixed');
});

test('a higher build of another CU proves nothing', () => {
  expect(state('15.1.2106.13', 'CVE-2021-26855')).toBe('fixed');
  expect(state('15.1.2176.2', 'CVE-2021-26855')).toBe('vulnerable');
});

test('a build between two updates has what lies below it; one outside the table is unknown', () => {
  expect(state('15.1.2176.10', 'CVE-2021-26855')).toBe('fixed');
  expect(placeBuild(builds, '15.1.2176.10', 'su').name).toBe('Exchange 2016 CU19 Mar21SU or later');
  expect(state('15.3.1.1', 'CVE-2021-26855')).toBe('unknown');
  expect(state('15.1.2176.9', 'CVE-1999-0001')).toBe('unknown');
});

test('lateness is counted from the day a fix existed for that CU', () => {
  expect(fixDay(builds, '15.1.2044.4', four)).toBe('2021-03-11');
  expect(fixDay(builds, '15.1.2106.2', four)).toBe('2021-03-02');
  expect(fixDay(builds, '14.3.509.0', four)).toBe('2021-03-02');
  expect(fixDay([], '15.1.2106.2', four)).toBeUndefined();
});

describe('the door', () => {
  const header = { basis: 'log-header' } as const;
  const door = (...seen: readonly Partial<BuildObservation>[]) =>
    verdictOf(caseOf({ sources: [...fullLogs(), buildSource(...seen)] }));

  test('closed late: open until the fix was first seen', () => {
    const verdict = door(
      { build: '15.1.2106.2', ...header, first: at('2021-02-01'), last: at('2021-03-08 01:00:00') },
      { build: '15.1.2106.13', ...header, first: at('2021-03-08 03:00:00'), last: at('2021-03-17') },
    );
    expect(verdict.door).toMatchObject({
      state: 'closed',
      closedAt: '2021-03-08T03:00:00Z',
      fixExistedSince: '2021-03-02',
      duringCampaign: 'partly-open',
    });
    expect(verdict.exposure.filter(({ cve }) => cve === 'CVE-2021-26855')).toMatchObject([
      { state: 'vulnerable', from: '2021-01-03T00:00:00Z', to: '2021-03-08T03:00:00Z' },
      { state: 'fixed', from: '2021-03-08T03:00:00Z' },
    ]);
  });

  test('a header that names the CU only leaves it unknown', () => {
    const verdict = door({
      build: '15.1.2106.2',
      ...header,
      first: at('2021-02-01'),
      last: at('2021-03-17'),
    });
    expect(verdict.verdict).toBe('nothing-found');
    expect(verdict.exposure[0]).toMatchObject({
      state: 'unknown',
      basis: containing('update not'),
    });
    expect(verdict.door).toMatchObject({
      state: 'not-known',
      duringCampaign: 'not-known',
      fixExistedSince: '2021-03-02',
    });
  });

  test('a header above the CU’s own shows that this server’s headers follow its updates', () => {
    const verdict = door(
      { build: '15.1.2176.2', ...header, first: at('2021-02-01'), last: at('2021-02-10') },
      { build: '15.1.2176.4', ...header, first: at('2021-02-11'), last: at('2021-03-17') },
    );
    expect(verdict.verdict).toBe('exposed');
    expect(verdict.door).toMatchObject({ state: 'open-now', duringCampaign: 'open' });
  });

  test('the file’s version is exact', () => {
    expect(
      door({ build: '15.1.2106.2', basis: 'file-version', first: at('2021-02-01'), last: at('2021-03-17') })
        .door.state,
    ).toBe('open-now');
    expect(
      door({ build: '15.1.2106.13', basis: 'file-version', first: undefined, last: undefined }).door,
    ).toMatchObject({ state: 'closed', duringCampaign: 'not-known' });
  });

  test('fixed when first seen: closed, before that not known', () => {
    const { door: seen } = door({
      build: '15.1.2242.4',
      ...header,
      first: at('2021-03-17'),
      last: at('2021-03-17 10:00:00'),
    });
    expect(seen).toMatchObject({ state: 'closed', duringCampaign: 'not-known' });
    expect(seen.closedAt).toBeUndefined();
  });
});
