// Judgement section 4: measured zones, applied to all records of one host and exporter, and said.

import type { SourceFacts, SourceKind } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import { formatOffset } from './clocks.ts';
import { caseOf, family, findings, fullLogs, hit, options, shellPath, source } from './testing/facts.ts';

const fiveHours = new Map([
  [18_000, 4600],
  [17_999, 70],
  [18_001, 9],
]);
const exported = (more: Parameters<typeof source>[1] = {}) =>
  source('events', {
    kind: 'windows-events-json',
    families: [family('windows:Security', ['2021-03-14 01:00:00', '2021-03-14 03:00:00'])],
    ...more,
  });
const script = hit('script', '2021-03-14 01:40:12.987', {}, { recorder: 'windows:MSExchange Management' });
const drop = hit(
  'drop',
  '2021-03-14 01:40:13.659',
  { file: shellPath },
  { recorder: 'windows:Microsoft-Windows-Sysmon/Operational' },
);
const whoami = hit('shell', '2021-03-14 01:40:15', {}, { recorder: 'windows:Security' });

const clockOf = (assessment: ReturnType<typeof assess>, id = 'events') =>
  assessment.coverage.sources.find((one) => one.id === id)?.clock;

test('a median near a multiple of fifteen minutes is a mislabelled zone, for every record of that export', () => {
  const assessment = assess(
    caseOf({ sources: [exported({ clockDifferences: fiveHours })], hits: [whoami, drop, script] }),
  );
  expect(assessment.findings.map(({ rule, first }) => [rule.id, first])).toEqual([
    ['script', '2021-03-14T06:40:12.987Z'],
    ['drop', '2021-03-14T06:40:13.659Z'],
    ['shell', '2021-03-14T06:40:15Z'],
  ]);
  expect(clockOf(assessment)).toMatchObject({
    basis: 'two-times-in-records',
    offsetSeconds: 18_000,
    confidence: 'high',
  });
  expect(clockOf(assessment)?.evidence).toContain('4679 records');
  expect(assessment.coverage.families[0]?.first).toBe('2021-03-14T06:00:00Z');
});

test('the drop is found and timed without the records that have two times, if another source of the export has them', () => {
  const sysmon = source('sysmon', { kind: 'windows-events-json', clockDifferences: fiveHours });
  const assessment = assess(caseOf({ sources: [exported(), sysmon], hits: [script] }));
  expect(findings(assessment, 'script')[0]?.first).toBe('2021-03-14T06:40:12.987Z');
});

test('another host, and a format that is UTC, are left alone', () => {
  const other = source('other', { kind: 'windows-events-json', hosts: new Map([['DC01.corp.example', 5]]) });
  const families = [family('ecp-server', ['2021-03-14', '2021-03-15'])];
  const log = source('log', { kind: 'exchange-log', families });
  const assessment = assess(caseOf({ sources: [exported({ clockDifferences: fiveHours }), other, log] }));
  expect(clockOf(assessment, 'other')).toMatchObject({ basis: 'assumed-utc', offsetSeconds: 0 });
  expect(clockOf(assessment, 'log')).toMatchObject({ basis: 'utc-by-format', offsetSeconds: 0 });
});

describe('no zone', () => {
  test('times that agree', () => {
    expect(
      clockOf(
        assess(
          caseOf({
            sources: [
              exported({
                clockDifferences: new Map([
                  [0, 50],
                  [1, 3],
                ]),
              }),
            ],
          }),
        ),
      ),
    ).toMatchObject({ basis: 'two-times-in-records', offsetSeconds: 0 });
  });

  test('a difference that is no multiple of fifteen minutes is said and not applied', () => {
    const clock = clockOf(
      assess(caseOf({ sources: [exported({ clockDifferences: new Map([[500, 50]]) })] })),
    );
    expect(clock).toMatchObject({ offsetSeconds: 0 });
    expect(clock?.evidence).toContain('+00:08:20');
  });
});

test('--clock overrides, by any name of the host', () => {
  const clocks = new Map([['ex01', -3600]]);
  const assessment = assess(
    caseOf({ sources: [exported({ clockDifferences: fiveHours })], options: options({ clocks }) }),
  );
  expect(clockOf(assessment)).toMatchObject({ basis: 'stated', offsetSeconds: -3600 });
});

test('a log whose lines fit no known layout has no clock: IIS’s other formats are local time', () => {
  const clock = (more: Partial<SourceFacts>) =>
    assess(
      caseOf({ sources: [...fullLogs(), source('nc', { kind: 'iis', ...more })] }),
    ).coverage.sources.find(({ id }) => id === 'nc')?.clock.basis;
  expect(clock({ records: 9, families: [] })).toBe('unknown');
  expect(clock({ records: 9, families: [family('iis', ['2021-03-01', '2021-03-02'])] })).toBe(
    'utc-by-format',
  );
});

test('the CSV of EvtxECmd is UTC, where JSON lines are taken as such', () => {
  const basis = (kind: SourceKind) =>
    clockOf(assess(caseOf({ sources: [...fullLogs(), exported({ kind })] })))?.basis;
  expect(basis('windows-events-csv')).toBe('utc-by-format');
  expect(basis('windows-events-json')).toBe('assumed-utc');
});

test('an unknown clock is said, and its limit too', () => {
  const text = source('text', { kind: 'text' });
  const assessment = assess(
    caseOf({
      sources: [
        exported({ families: [family('windows:MSExchange Management', ['2021-03-14', '2021-03-15'])] }),
        text,
      ],
    }),
  );
  expect(clockOf(assessment, 'text')).toMatchObject({ basis: 'unknown', confidence: 'low' });
  expect(assessment.servers[0]?.campaigns[0]?.limits.map(({ coverageRef }) => coverageRef)).toContain(
    'clocks',
  );
});

test('offsets are written with their sign', () => {
  expect([18_000, -19_800, 0].map(formatOffset)).toEqual(['+05:00:00', '-05:30:00', '+00:00:00']);
});
