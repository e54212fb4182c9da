// Judgement section 9: what to do, in order, with reasons; preserving comes first.

import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import {
  at,
  buildSource,
  caseOf,
  family,
  fullLogs,
  hit,
  options,
  page,
  pageSource,
  shellPath,
  source,
} from './testing/facts.ts';
import { testPack } from './testing/pack.ts';

const adviceOf = (facts: Parameters<typeof caseOf>[0]) =>
  assess(caseOf({ sources: fullLogs(), ...facts })).advice;

const ews = [family('ews', ['2021-01-03', '2021-03-18'])];

describe('the first item', () => {
  test('is to preserve, naming the day on which retention eats which log', () => {
    const [first] = adviceOf({ hits: [hit('session', '2021-03-03 10:00:00')] });
    expect(first).toMatchObject({ id: 'preserve', order: 1 });
    expect(first?.steps.map(({ text }) => text)).toContain(
      'The HttpProxy (ECP) log of 2021-03-03 on EX01.corp.example will be trimmed on 2021-04-02.',
    );
  });

  test('says so where the log may be gone already', () => {
    const [first] = adviceOf({ hits: [hit('session', '2021-02-03 10:00:00')] });
    expect(first?.steps.map(({ text }) => text).join()).toContain('is kept until 2021-03-05 only');
  });

  test('is the pack’s own where it has one', () => {
    const pack = testPack();
    const own = { ...pack.advice[0]!, id: 'preserve-all', order: 99, when: { all: ['always'] } };
    expect(adviceOf({ packs: [{ ...pack, advice: [...pack.advice, own] }] }).map(({ id }) => id)[0]).toBe(
      'preserve-all',
    );
  });
});

describe('conditions', () => {
  const ids = (facts: Parameters<typeof caseOf>[0]) => adviceOf(facts).map(({ id }) => id);

  test('all: kinds and states of back doors, with the reasons', () => {
    const advice = adviceOf({
      sources: [...fullLogs(), pageSource],
      files: [page(shellPath, 'remote-control')],
    });
    const remove = advice.find(({ id }) => id === 'remove');
    expect(remove?.why.map((id) => id.split('-')[0])).toEqual(['finding', 'implant']);
    expect(remove?.steps[0]).toMatchObject({ command: 'Do-remove', destroys: 'what was there' });
  });

  test('any and none: exposure and door', () => {
    const seen = (build: string) => buildSource({ build, first: at('2021-02-01'), last: at('2021-03-17') });
    expect(ids({ sources: [...fullLogs(), seen('15.1.2106.2')] })).toContain('patch');
    expect(ids({ sources: [...fullLogs(), seen('15.1.2242.4')] })).not.toContain('patch');
  });

  test('coverage that is missing', () => {
    expect(ids({})).not.toContain('logs');
    expect(ids({ sources: fullLogs(['2021-02-01', '2021-02-05']) })).toContain('logs');
  });

  test('always, in the pack’s order', () => {
    expect(ids({})).toEqual(['preserve', 'watch']);
    expect(
      ids({
        sources: [...fullLogs(['2021-02-01', '2021-02-05']), pageSource],
        files: [page(shellPath, 'remote-control')],
      }),
    ).toEqual(['preserve', 'remove', 'logs', 'watch']);
  });
});

test('in the wanted language, else in English', () => {
  const pack = testPack();
  const german = { ...pack.advice[3]!, language: 'de', title: 'beobachten' };
  const titles = (lang: string) =>
    adviceOf({
      packs: [{ ...pack, advice: [...pack.advice, german] }],
      options: options({ shown: { lang } }),
    }).map(({ title }) => title);
  expect(titles('de')).toContain('beobachten');
  expect(titles('fr')).toContain('watch');
});

test('none for a host that is no server of the campaign', () => {
  expect(assess(caseOf()).advice).toEqual([]);
});

describe('several servers', () => {
  const two = [...fullLogs(), source('other', { hosts: new Map([['EX02', 9]]), families: ews })];
  const idOf = (assessment: ReturnType<typeof assess>, name: string) =>
    assessment.servers.find(({ names }) => names[0] === name)?.id;

  test('each item says on which of them', () => {
    const seen = buildSource({ build: '15.1.2106.2', first: at('2021-02-01'), last: at('2021-03-17') });
    const assessment = assess(caseOf({ sources: [...two, seen] }));
    const patch = assessment.advice.find(({ id }) => id === 'patch');
    expect(patch?.servers).toEqual([idOf(assessment, 'EX01.corp.example')]);
    const [first] = assessment.advice;
    expect(first?.servers.toSorted()).toEqual(assessment.servers.map(({ id }) => id).toSorted());
  });
});
