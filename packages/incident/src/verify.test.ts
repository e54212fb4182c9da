// Judgement section 9: done only where AFTER covers the place; otherwise it cannot be told; both of the same server.

import type { Assessment, CheckState, SourceFacts } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { assess } from './assess.ts';
import {
  at,
  buildSource,
  caseOf,
  collected,
  front,
  fullLogs,
  hit,
  options,
  page,
  requests,
  shellPath,
  shellUrl,
  source,
} from './testing/facts.ts';
import { verifyAdvice } from './verify.ts';

const folder = shellPath.slice(0, shellPath.lastIndexOf('\\'));
const middle = '2021-03-10';
const oldLogs = fullLogs([middle, collected]).filter(({ id }) => id !== 'events');
const newLogs = fullLogs();

/** A file of the web folders, of no host by itself. */
const file = (id: string, path: string, more: Partial<SourceFacts> = {}): SourceFacts =>
  source(id, { kind: 'web-page', originalPath: path, hosts: new Map(), ...more });
const shellFile = file('page', shellPath, { sha256: 'ab'.repeat(32) });
const peers = ['logon', 'logoff', 'errorFE'].map((name) => file(name, `${folder}\\${name}.aspx`));

const assumed = {
  code: 'POSTERN_JSONLOG_DRIVE_ASSUMED',
  severity: 'info',
  message: 'C: is assumed',
} as const;
const listing = (id: string, day: string, more: Partial<SourceFacts> = {}): SourceFacts => {
  const [first, last] = [at('2019-05-14'), at(`${day} 12:00:00`)];
  return source(id, {
    kind: 'file-listing',
    originalPath: `${day.replaceAll('-', '')}_MFTECmd_$MFT_Output.csv`,
    families: [{ family: 'file-listing', records: 200, first, last, hours: new Map() }],
    issues: [assumed],
    ...more,
  });
};
const listed = hit(
  'listed',
  '2021-03-03 10:00:00',
  { file: shellPath },
  {
    recorder: 'file-listing',
    source: 'mft-1',
  },
);

const shell = page(shellPath, 'remote-control');
/** A shell that the folder's files and a listing tell of. */
const before = assess(
  caseOf({
    sources: [...oldLogs, shellFile, ...peers, listing('mft-1', '2021-03-09')],
    files: [shell],
    hits: [listed],
  }),
);
const afterOf = (sources: readonly SourceFacts[], more: Parameters<typeof caseOf>[0] = {}): Assessment =>
  assess(caseOf({ sources: [...newLogs, ...sources], ...more }));
const again = listing('mft-2', '2021-03-17');

function stateOf(after: Assessment, first: Assessment = before): string {
  const [server] = verifyAdvice(first, after).servers;
  const [implant] = server?.implants ?? [];
  return `${implant?.state}: ${implant?.why}`;
}

describe('a back door', () => {
  test('is closed where a later listing of the disk does not have it', () => {
    expect(stateOf(afterOf([again]))).toMatch(/^closed: a listing/);
  });

  test('is closed where the files of its folder were collected again without it', () => {
    expect(stateOf(afterOf(peers))).toMatch(/^closed: the files/);
  });

  test('cannot be told of without files and listing', () => {
    expect(stateOf(afterOf([]))).toMatch(/^cannot-tell: AFTER has neither/);
  });

  test.each<readonly [string, readonly SourceFacts[]]>([
    ['a part of its folder', peers.slice(1)],
    ['files of another folder', peers.map((one) => ({ ...one, originalPath: `C:\\x\\${one.id}.aspx` }))],
    ['the old listing', [listing('mft-1', '2021-03-09')]],
    ['a listing that is no later', [listing('mft-2', '2021-03-08')]],
    ['a damaged listing', [{ ...again, damaged: 1 }]],
    ['a listing that was not read whole', [{ ...again, issues: [{ ...assumed, severity: 'warning' }] }]],
    ['an excerpt of a listing', [{ ...again, excerpt: true }]],
    ['a journal', [{ ...again, originalPath: '20210317_MFTECmd_$J_Output.csv' }]],
  ])('cannot be told of by %s', (_, sources) => {
    expect(stateOf(afterOf(sources))).toMatch(/^cannot-tell/);
  });

  test('cannot be told of by a listing, where no listing told of it before', () => {
    const byContent = assess(caseOf({ sources: [...oldLogs, shellFile, ...peers], files: [shell] }));
    expect(stateOf(afterOf([again]), byContent)).toMatch(/^cannot-tell/);
    expect(stateOf(afterOf(peers), byContent)).toMatch(/^closed/);
  });

  test('is closed by a removal after BEFORE ended, and not by one that BEFORE has seen the end of', () => {
    const removedAt = (time: string): string =>
      stateOf(
        afterOf([], { hits: [hit('unlisted', time, { file: shellPath }, { recorder: 'windows:Security' })] }),
      );
    expect(removedAt('2021-03-12 10:00:00')).toBe('closed: AFTER has its removal');
    expect(removedAt('2021-03-05 10:00:00')).toMatch(/^cannot-tell: AFTER has a removal, but/);
  });

  test('that BEFORE knew as removed stays closed as long as AFTER knows it too', () => {
    const gone = hit('unlisted', '2021-03-05 10:00:00', { file: shellPath });
    const first = assess(caseOf({ sources: oldLogs, hits: [gone] }));
    expect(first.implants.map(({ state }) => state)).toEqual(['removed']);
    expect(stateOf(afterOf([], { hits: [gone] }), first)).toBe('closed: AFTER has its removal');
    expect(stateOf(afterOf([]), first)).toMatch(/^cannot-tell/);
  });

  test('is open where its file is there', () => {
    expect(stateOf(afterOf([shellFile, ...peers], { files: [shell] }))).toBe('open: still there');
  });

  test('is open where its content is there and was excused', () => {
    const first = assess(caseOf({ sources: [...oldLogs, shellFile, ...peers.slice(1)], files: [shell] }));
    const after = afterOf([shellFile, ...peers.slice(1)], { files: [page(shellPath, 'benign')] });
    expect(stateOf(after, first)).toMatch(/^open: the same content/);
  });

  test("cannot be told of where a rule of the user's own found it, which may not have been given again", () => {
    const findings = before.findings.map(({ rule: { id, title, level }, ...finding }) => ({
      ...finding,
      rule: { id, title, level, kind: 'yara' as const },
    }));
    expect(stateOf(afterOf([again, ...peers]), { ...before, findings })).toMatch(/^cannot-tell/);
  });

  test('is open where it was used after BEFORE ended, whatever a listing says', () => {
    const used = { ...front(requests(shellUrl, [{ first: at('2021-03-12'), last: at('2021-03-12') }])) };
    const after = assess(
      caseOf({ sources: [...newLogs.filter(({ id }) => id !== 'iis-front'), used, again], hits: [] }),
    );
    expect(stateOf(after)).toMatch(/^open: used after BEFORE ended, last on 2021-03-12/);
  });

  test('cannot be told of where findings name it that people have set aside', () => {
    const other = { sha256: 'cd'.repeat(32) };
    const sources = [{ ...shellFile, ...other }, ...peers];
    const files = [page(shellPath, 'remote-control', other)];
    const found = afterOf(sources, { files }).findings.map(({ id }) => id);
    const ruling = {
      disposition: 'false-positive',
      author: 'eve',
      date: '2021-03-20',
      reason: 'ours',
    } as const;
    const reviews = new Map(found.map((id) => [id, ruling]));
    const after = afterOf(sources, { files, options: options({ reviews }) });
    expect(after.implants).toEqual([]);
    expect(stateOf(after)).toBe(
      `cannot-tell: findings of AFTER name it and do not count: ${found.join(', ')}`,
    );
  });

  test('cannot be told of where a file of its name was skipped', () => {
    const skipped = [{ path: 'C/x/qzx.aspx', reason: 'encrypted', bytes: 10 }] as const;
    expect(stateOf(afterOf([again], { skipped }))).toMatch(/^cannot-tell: AFTER has a file of this name/);
  });
});

describe('the silence of AFTER counts for nothing', () => {
  test.each<readonly [string, Parameters<typeof caseOf>[0], RegExp]>([
    ['where its scan was stopped', { complete: false }, /stopped/],
    [
      'where a stretch of time was asked for',
      { options: options({ shown: { until: '2021-03-12' } }) },
      /--until/,
    ],
    ['where other packs judged it', { packs: [] }, /not judged by what judged BEFORE \(.+\)/],
    ['where another version judged it', { version: '0.0.1' }, /not judged by what judged BEFORE \(postern\)/],
    [
      'where contents were excused that were not before',
      { options: options({ shown: { baseline: '3 contents' } }) },
      /another --baseline/,
    ],
    [
      'where the collection is broken',
      { issues: [{ code: 'POSTERN_X', severity: 'warning', message: 'torn' }] },
      /not read whole \(POSTERN_X\)/,
    ],
  ])('%s', (_, more, why) => {
    const after = afterOf([again, ...peers], more);
    expect(stateOf(after)).toMatch(/^cannot-tell/);
    expect(stateOf(after)).toMatch(why);
  });

  test('where its records end with those of BEFORE', () => {
    const after = assess(caseOf({ sources: [...oldLogs, again, ...peers] }));
    expect(stateOf(after)).toMatch(/^cannot-tell: AFTER does not reach beyond/);
  });

  test('where it has no times', () => {
    const after = assess(caseOf({ sources: [source('x', { kind: 'text' }), ...peers] }));
    expect(stateOf(after)).toMatch(/^cannot-tell: it cannot be told whether AFTER was collected later/);
  });
});

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

describe('for any coverage', () => {
  const pieces: readonly SourceFacts[] = [
    again,
    ...peers,
    file('more', `${folder}\\more.aspx`),
    listing('mft-3', '2021-03-16'),
    listing('mft-4', '2021-03-01'),
    shellFile,
  ];
  const rank: readonly string[] = ['cannot-tell', 'closed'];
  const state = (sources: readonly SourceFacts[]): CheckState => {
    const files = sources.includes(shellFile) ? [shell] : [];
    const [implant] = verifyAdvice(before, afterOf(sources, { files })).servers[0]?.implants ?? [];
    return implant?.state ?? 'open';
  };

  test('what AFTER has more never makes a closed door one that cannot be told of', () => {
    fc.assert(
      fc.property(fc.subarray([...pieces]), fc.subarray([...pieces]), (some, others) => {
        const more = pieces.filter((each) => some.includes(each) || others.includes(each));
        const order = more.includes(shellFile) ? [] : rank;
        // Where the page is among what was collected, it is open whatever else there is.
        expect(order.indexOf(state(more))).toBeGreaterThanOrEqual(order.indexOf(state(some)));
        expect(state(more) === 'open').toBe(more.includes(shellFile));
      }),
      propertyRuns(),
    );
  });

  test('an assessment held against itself closes nothing', () => {
    fc.assert(
      fc.property(
        fc.subarray([...pieces]),
        fc.constantFrom('present', 'unknown', 'returned'),
        (some, how) => {
          const one = afterOf(some, { files: [shell], hits: [listed] });
          const same = {
            ...one,
            implants: one.implants.map((implant) => ({ ...implant, state: how })),
          } as Assessment;
          const states = verifyAdvice(same, same).servers.flatMap((server) => [
            ...server.implants.map((implant) => implant.state),
            ...server.flaws.map((each) => each.state),
          ]);
          expect(states).not.toContain('closed');
          expect(verifyAdvice(same, same).servers.flatMap(({ newImplants }) => newImplants)).toEqual([]);
        },
      ),
      propertyRuns(),
    );
  });
});
