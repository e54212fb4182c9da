// Judgement section 9: a back door is closed only where AFTER covers the place it lay in; otherwise it cannot be told.

import type { Assessment, CheckState, SourceFacts } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { assess } from './assess.ts';
import {
  at,
  caseOf,
  front,
  hit,
  options,
  page,
  requests,
  shellPath,
  shellUrl,
  source,
} from './testing/facts.ts';
import {
  afterOf,
  again,
  assumed,
  before,
  file,
  folder,
  listed,
  listing,
  newLogs,
  oldLogs,
  peers,
  shell,
  shellFile,
  stateOf,
} from './testing/verification.ts';
import { isSame } from './verify-implants.ts';
import { verifyAdvice } from './verify.ts';

describe('a back door', () => {
  test('is closed where a later listing of the disk does not have it', () => {
    expect(stateOf(afterOf([again]))).toMatch(/^closed: a listing/);
  });

  test('is the same in whatever letters a scan shows it', () => {
    const [shown] = before.implants;
    const folded = { kind: 'web-shell', id: 'another' } as const;
    expect(shown?.url).toBeDefined();
    expect(shown && isSame(shown, { ...shown, ...folded, url: (shown.url ?? '').toUpperCase() })).toBe(true);
    expect(shown && isSame({ ...shown, path: 'C:\\y' }, { ...shown, ...folded, url: '/z' })).toBe(false);
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

  test.each([
    ['20210309_CopyLog.csv', false],
    ['results\\Windows.KapeFiles.Targets%2FAll File Metadata.json', false],
    ['20210309_bodyfile.txt', true],
  ])(
    'may have left a listing of the disk, not a list of what was collected: %s',
    (originalPath, isClosed) => {
      const named = { originalPath };
      const sources = [...oldLogs, shellFile, ...peers, listing('mft-1', '2021-03-09', named)];
      const first = assess(caseOf({ sources, files: [shell], hits: [listed] }));
      const state = stateOf(afterOf([listing('mft-2', '2021-03-17', named)]), first);
      expect(state.startsWith('closed')).toBe(isClosed);
    },
  );

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
