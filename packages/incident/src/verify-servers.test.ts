// Judgement section 9: flaws, new things and advice are told as far as evidence goes; both must be the same server.

import type { Assessment, SourceFacts } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import { at, buildSource, caseOf, hit, page, shellPath } from './testing/facts.ts';
import {
  afterOf,
  again,
  before,
  file,
  folder,
  newLogs,
  oldLogs,
  peers,
  shell,
  shellFile,
  stateOf,
} from './testing/verification.ts';
import { verifyAdvice } from './verify.ts';

describe('the flaws', () => {
  const at1 = (build: string, day: string): SourceFacts =>
    buildSource({ build, first: at(day), last: at(day) });
  const flaw = (from: string, to: string): readonly string[] => {
    const first = assess(caseOf({ sources: [...oldLogs, at1(from, '2021-03-05')] }));
    const after = afterOf([at1(to, '2021-03-15')]);
    return (verifyAdvice(first, after).servers[0]?.flaws ?? []).map(({ state }) => state);
  };

  test('are closed by the fixed build, and open without', () => {
    expect(new Set(flaw('15.1.2106.2', '15.1.2106.13'))).toEqual(new Set(['closed']));
    expect(new Set(flaw('15.1.2106.2', '15.1.2106.2'))).toEqual(new Set(['open']));
  });

  test('that were fixed are told of only where they are open again', () => {
    expect(flaw('15.1.2106.13', '15.1.2106.13')).toEqual([]);
  });

  test('cannot be told of by a cumulative update alone', () => {
    const first = assess(caseOf({ sources: [...oldLogs, at1('15.1.2106.2', '2021-03-05')] }));
    const day = { first: at('2021-03-15'), last: at('2021-03-15') };
    const after = afterOf([buildSource({ build: '15.1.2176.2', basis: 'log-column', ...day })]);
    const states = verifyAdvice(first, after).servers.flatMap(({ flaws }) => flaws.map(({ state }) => state));
    expect(new Set(states)).toEqual(new Set(['cannot-tell']));
  });

  test('are mitigated where a mitigation was seen and no fix, which is not closed', () => {
    const open = at1('15.1.2106.2', '2021-03-05');
    const first = assess(caseOf({ sources: [...oldLogs, open] }));
    const after = afterOf([open], { hits: [hit('mitigated', '2021-03-12 10:00:00')] });
    const flaws = verifyAdvice(first, after).servers.flatMap((server) => server.flaws);
    expect(flaws.map(({ state }) => state)).toContain('mitigated');
    expect(flaws.map(({ state }) => state)).not.toContain('closed');
  });

  test('cannot be told of without a build', () => {
    const first = assess(caseOf({ sources: [...oldLogs, at1('15.1.2106.2', '2021-03-05')] }));
    const flaws = verifyAdvice(first, afterOf([])).servers[0]?.flaws ?? [];
    expect(new Set(flaws.map(({ state }) => state))).toEqual(new Set(['cannot-tell']));
  });
});

describe('new things', () => {
  test('are back doors that BEFORE did not have', () => {
    const other = `${folder}\\other.aspx`;
    const after = afterOf([file('other', other), ...peers], {
      files: [page(other, 'remote-control', { source: 'other' })],
    });
    const [server] = verifyAdvice(before, after).servers;
    expect(server?.newImplants.map(({ path }) => path)).toEqual([other]);
  });

  test('are intrusions after the end of BEFORE, and not those before it', () => {
    const entered = (time: string) => hit('session', time, { 'c-ip': '203.0.113.7', agent: 'x' });
    const findingsAfter = (time: string): number | undefined =>
      verifyAdvice(before, afterOf([], { hits: [entered(time)] })).servers[0]?.newFindings.length;
    expect(findingsAfter('2021-03-12 10:00:00')).toBe(1);
    expect(findingsAfter('2021-03-05 10:00:00')).toBe(0);
  });

  test('are no removals', () => {
    const removed = hit('unlisted', '2021-03-12 10:00:00', { file: shellPath });
    const after = afterOf([], { hits: [removed] });
    expect(after.findings.length).toBe(1);
    expect(verifyAdvice(before, after).servers[0]?.newFindings).toEqual([]);
  });
});

describe('BEFORE and AFTER', () => {
  const named = (name: string): SourceFacts[] =>
    newLogs.map((log) => ({ ...log, hosts: new Map([[name, 10]]) }));

  test('must be the same server; both names are told', () => {
    const other = assess(caseOf({ sources: named('EX02.corp.example') }));
    expect(() => verifyAdvice(before, other)).toThrow(
      expect.objectContaining({
        code: 'POSTERN_INCIDENT_SERVERS',
        message: expect.stringMatching(/BEFORE has EX01.*; AFTER has EX02/s) as unknown,
      }),
    );
  });

  test('are matched by a shared name where the ids differ', () => {
    const after = afterOf([again]);
    const renamed = JSON.parse(
      JSON.stringify(after).replaceAll(after.servers[0]?.id ?? '', 'server-other'),
    ) as Assessment;
    expect(stateOf(renamed)).toMatch(/^closed/);
  });

  test('may have back doors of nobody, of which nothing is closed', () => {
    const lost = { ...shellFile, id: 'lost', collection: 'other', originalPath: shellPath };
    const two = assess(
      caseOf({
        sources: [...oldLogs, ...named('EX03.corp.example').slice(0, 1), lost],
        files: [page(shellPath, 'remote-control', { source: 'lost', collection: 'other' })],
      }),
    );
    expect(two.implants.length).toBe(1);
    const { servers } = verifyAdvice(two, afterOf([again, ...peers]));
    expect(servers.flatMap(({ implants }) => implants.map(({ state }) => state))).toEqual(['cannot-tell']);
  });

  test('name those servers that only one of them has', () => {
    const both = [...newLogs, ...named('EX02.corp.example').map((log) => ({ ...log, id: `${log.id}-2` }))];
    const after = assess(caseOf({ sources: [...both, again] }));
    expect(verifyAdvice(before, after).onlyAfter).toEqual(['EX02.corp.example']);
    expect(verifyAdvice(assess(caseOf({ sources: both })), afterOf([])).onlyBefore).toEqual([
      'EX02.corp.example',
    ]);
  });

  test('are refused in the wrong order', () => {
    expect(() => verifyAdvice(afterOf([]), before)).toThrow(
      expect.objectContaining({ code: 'POSTERN_INCIDENT_ORDER', hint: expect.any(String) as unknown }),
    );
  });
});

describe('advice', () => {
  const withAdvice = (id: string, why: readonly string[]): Assessment => {
    const server = before.servers[0]?.id ?? '';
    const item = { id, order: 1, title: id, servers: [server], why, steps: [], doneWhen: '', source: '' };
    return { ...before, advice: [item] };
  };
  const adviceState = (id: string, why: readonly string[], after: Assessment): string | undefined =>
    verifyAdvice(withAdvice(id, why), after).advice[0]?.state;
  const shells = before.implants.map(({ id }) => id);

  test('about back doors is done once AFTER shows all of them gone', () => {
    expect(adviceState('remove', shells, afterOf([again]))).toBe('done');
    expect(adviceState('remove', shells, afterOf([]))).toBe('cannot-tell');
    expect(adviceState('remove', shells, afterOf([shellFile], { files: [shell] }))).toBe('open');
  });

  test('about more than back doors is left to people', () => {
    expect(adviceState('remove', [...shells, 'finding-else'], afterOf([again]))).toBe('people');
  });

  test('to patch is done with the fixed build, and not by a mitigation', () => {
    const open = buildSource({ first: at('2021-03-05'), last: at('2021-03-05') });
    const first = assess(caseOf({ sources: [...oldLogs, open] }));
    const server = first.servers[0]?.id ?? '';
    const item = { order: 1, title: '', servers: [server], why: [], steps: [], doneWhen: '', source: '' };
    const advice = ['patch', 'mitigate'].map((id) => ({ ...item, id }));
    const states = (after: Assessment): string[] =>
      verifyAdvice({ ...first, advice }, after).advice.map(({ state }) => state);
    const day = { first: at('2021-03-15'), last: at('2021-03-15') };
    expect(states(afterOf([buildSource({ build: '15.1.2106.13', ...day })]))).toEqual(['done', 'done']);
    expect(states(afterOf([buildSource(day)]))).toEqual(['open', 'open']);
    expect(states(afterOf([]))).toEqual(['cannot-tell', 'cannot-tell']);
    expect(states(afterOf([open], { hits: [hit('mitigated', '2021-03-12 10:00:00')] }))[0]).toBe('open');
  });

  test.each(['preserve', 'credentials', 'duties'])('%s is for people to tick', (id) => {
    expect(adviceState(id, [], afterOf([again]))).toBe('people');
  });
});
