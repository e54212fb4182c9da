// Judgement as a whole: more witness never makes a verdict milder, less coverage never makes it stronger.

import { verdictOrder } from '@postern/core';
import type { CaseFacts, Confidence, Hit, PowerEvent, SourceFacts, Verdict } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import {
  at,
  buildSource,
  caseOf,
  family,
  front,
  fullLogs,
  hit,
  page,
  pageSource,
  requests,
  shellPath,
  shellUrl,
  source,
  verdictOf,
  without,
} from './testing/facts.ts';

const rankOf = (verdict: Verdict): number => verdictOrder.indexOf(verdict);
const confidences: readonly Confidence[] = ['low', 'moderate', 'high'];

const anyDay = (from: number, to: number): fc.Arbitrary<string> =>
  fc
    .integer({ min: from, max: to })
    .map((day) => new Date(Date.UTC(2021, 0, day)).toISOString().slice(0, 10));

/** Holes of hours to weeks, apart from each other, none in the last days of the evidence. */
const anyHoles = fc
  .array(fc.record({ day: fc.integer({ min: 4, max: 60 }), hours: fc.integer({ min: 1, max: 300 }) }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((list) => {
    const holes: (readonly [string, string])[] = [];
    let free = 0;
    for (const { day, hours } of list.toSorted((a, b) => a.day - b.day)) {
      const from = Date.UTC(2021, 0, day, 5);
      const to = Math.min(from + hours * 3_600_000, Date.UTC(2021, 2, 14));
      if (from < free || from >= to) continue;
      holes.push([text(from), text(to)]);
      free = to + 7_200_000;
    }
    return holes;
  });

function text(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

const crash: PowerEvent = { time: at('2021-02-10 09:30:00'), event: 'started-after-crash' };

/** All logs of EX01, the System log with a crash among them, all silent before that crash in some cases. */
function logs(wasDown: boolean): SourceFacts[] {
  const silence = [['2021-02-09 09:00:00', '2021-02-10 09:00:00']] as const;
  const stretches = without(wasDown ? silence : []);
  const system = source('system', {
    kind: 'windows-events-json',
    families: [family('windows:System', ...stretches)],
    power: [crash],
  });
  return [
    ...fullLogs(...(wasDown ? silence : [])).map((one) =>
      one.id === 'events'
        ? { ...one, families: one.families.map(({ family: name }) => family(name, ...stretches)) }
        : one,
    ),
    system,
  ];
}

function cut(
  sources: readonly SourceFacts[],
  ids: readonly string[],
  holes: readonly (readonly [string, string])[],
) {
  const hours = (name: string, had: SourceFacts['families'][number]) => {
    const kept = family(name, ...without(holes));
    const both = new Map([...had.hours].filter(([hour]) => kept.hours.has(hour)));
    return { ...had, hours: both };
  };
  return sources.map((one) =>
    ids.includes(one.id) ? { ...one, families: one.families.map((had) => hours(had.family, had)) } : one,
  );
}

const builds = [
  buildSource(),
  buildSource({ build: '15.1.2106.2', last: at('2021-03-17') }),
  buildSource({ build: '15.1.2106.13', first: at('2021-01-02'), last: at('2021-03-17') }),
];
const anyAttempts = fc.array(
  anyDay(32, 70).map((day) => hit('attempt', `${day} 10:00:00`, { 'c-ip': '203.0.113.7' })),
  { maxLength: 3 },
);
const anyIds = fc.subarray(['httpproxy', 'ecp', 'iis-front', 'iis-back', 'events', 'system'], {
  minLength: 1,
});

describe('less coverage', () => {
  test('never gives a milder verdict, nor more confidence in it', () => {
    fc.assert(
      fc.property(
        anyIds,
        anyHoles,
        anyAttempts,
        fc.tuple(fc.boolean(), fc.constantFrom(...builds)),
        (ids, holes, hits, [wasDown, build]) => {
          const full = logs(wasDown);
          const [before, after] = [full, cut(full, ids, holes)].map((sources) =>
            verdictOf(caseOf({ sources: [...sources, build], hits })),
          );
          if (before === undefined || after === undefined) throw new RangeError('no verdict');
          expect(rankOf(after.verdict)).toBeLessThanOrEqual(rankOf(before.verdict));
          const isSame = before.verdict === after.verdict;
          expect(isSame ? confidences.indexOf(after.confidence) : 0).toBeLessThanOrEqual(
            isSame ? confidences.indexOf(before.confidence) : 0,
          );
        },
      ),
      propertyRuns(),
    );
  });

  test('nor does a family that is missing as a whole', () => {
    fc.assert(
      fc.property(anyIds, anyHoles, anyAttempts, fc.boolean(), (ids, holes, hits, wasDown) => {
        const some = cut(logs(wasDown), ['httpproxy', 'iis-front'], holes);
        // One log keeps the end of the evidence where it was.
        const end = source('end', { families: [family('windows:Setup', ['2021-03-17', '2021-03-18'])] });
        const none = some.map((one) => (ids.includes(one.id) ? { ...one, families: [], power: [] } : one));
        const [before, after] = [some, none].map((sources) =>
          verdictOf(caseOf({ sources: [...sources, end, ...builds.slice(1, 2)], hits })),
        );
        expect(rankOf(after?.verdict ?? 'nothing-found')).toBeLessThanOrEqual(
          rankOf(before?.verdict ?? 'nothing-found'),
        );
      }),
      propertyRuns(),
    );
  });

  test('the same silence in all logs is no better than in one', () => {
    fc.assert(
      fc.property(anyHoles, anyAttempts, (holes, hits) => {
        const full = logs(false);
        const all = cut(
          full,
          full.map(({ id }) => id),
          holes,
        );
        const one = cut(full, ['httpproxy'], holes);
        const rank = (sources: readonly SourceFacts[]) =>
          rankOf(verdictOf(caseOf({ sources, hits })).verdict);
        expect(rank(all)).toBeLessThanOrEqual(rank(one));
      }),
      propertyRuns(),
    );
  });
});

const witnesses: readonly string[] = [
  'session',
  'mail',
  'script',
  'drop',
  'shell',
  'fetched',
  'staged',
  'dumped',
  'attempt',
  'proved',
];
const anyWitness: fc.Arbitrary<Hit> = fc
  .record({
    rule: fc.constantFrom(...witnesses),
    day: anyDay(20, 74),
    recorder: fc.constantFrom('httpproxy-ecp', 'ecp-server', 'iis-front', 'iis-back', 'windows:Security'),
    address: fc.constantFrom('203.0.113.7', '198.51.100.1', '10.0.0.9'),
    process: fc.constantFrom('4711', '4712', ''),
    session: fc.constantFrom('AbCdEf-000001', ''),
    offset: fc.integer({ min: 0, max: 1e6 }),
  })
  .map(({ rule, day, recorder, address, process, session, offset }) =>
    hit(
      rule,
      `${day} 10:00:00`,
      { 'c-ip': address, file: shellPath, ProcessId: process, canary: session },
      { recorder, at: { offset } },
    ),
  );

describe('more witness', () => {
  const anyCase: fc.Arbitrary<CaseFacts> = fc
    .record({
      hits: fc.array(anyWitness, { maxLength: 5 }),
      holes: anyHoles,
      wasDown: fc.boolean(),
      build: fc.constantFrom(...builds),
      isUsed: fc.boolean(),
    })
    .map(({ hits, holes, wasDown, build, isUsed }) => {
      const some = cut(logs(wasDown), ['httpproxy'], holes);
      const used = isUsed
        ? [...some.filter(({ id }) => id !== 'iis-front'), front(requests(shellUrl, [{}]))]
        : some;
      return caseOf({ sources: [...used, build, pageSource], hits });
    });
  const isNoMilder = (before: CaseFacts, after: CaseFacts): void => {
    const [one, other] = [verdictOf(before), verdictOf(after)];
    expect(rankOf(other.verdict)).toBeLessThanOrEqual(rankOf(one.verdict));
  };

  test('one more record of whatever witness or attempt never makes it milder', () => {
    fc.assert(
      fc.property(anyCase, anyWitness, (facts, more) => {
        isNoMilder(facts, { ...facts, hits: [...facts.hits, more] });
      }),
      propertyRuns(),
    );
  });

  test('nor does a page found, or one more that used it', () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom('remote-control', 'suspicious', 'benign'), (facts, verdict) => {
        isNoMilder(facts, { ...facts, files: [...facts.files, page(shellPath, verdict)] });
        const posts = source('more', {
          kind: 'iis',
          families: [family('iis-front', ['2021-03-09', '2021-03-10'])],
          pages: [
            requests(shellUrl, [{ address: '192.0.2.7', first: at('2021-03-09'), last: at('2021-03-09') }]),
          ],
        });
        isNoMilder(facts, { ...facts, sources: [...facts.sources, posts] });
      }),
      propertyRuns(),
    );
  });

  test('nor does a mitigation, a removal or the defenders’ own find soothe it', () => {
    const soothing = fc
      .record({ rule: fc.constantFrom('mitigated', 'unlisted', 'av-removed', 'named'), day: anyDay(20, 74) })
      .map(({ rule, day }) =>
        hit(rule, `${day} 11:00:00`, { file: shellPath }, { recorder: 'windows:System' }),
      );
    const intrusion = anyWitness.filter(({ rule }) => rule !== 'attempt' && rule !== 'proved');
    fc.assert(
      fc.property(anyCase, intrusion, soothing, (facts, witness, more) => {
        const come = { ...facts, hits: [...facts.hits, witness] };
        isNoMilder(come, { ...come, hits: [...come.hits, more] });
      }),
      propertyRuns(),
    );
  });
});
